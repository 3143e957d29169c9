// Observer: the minimum of the loss, and that of the landscape which batches without replacement descend.
import { defineObserver, observer, scalar, vector } from 'eigenflow';
import { effectiveMinimum as findEffective } from './theory/effective-landscape.js';
import { findWell, requireSampling } from './well.js';

/**
 *     minimum    of the loss, weight decay included, to which descent from the initial weights leads (Newton's method)
 *     effective  that of L + (eta/4) <|g_k|^2> - (eta M/4) |g|^2, which an epoch of M steps of size eta descends on
 *                average to second order in eta (derived), g_k the gradients of batches; NaN for other orders than
 * `reshuffled`
 *     shift      distance between the two
 *     curvatures eigenvalues of the Hessian at the minimum, ascending
 *
 * Theory alone: nothing is simulated. Throws EigenflowError as `steady-state` does.
 */
export const effectiveMinimum = defineObserver({
  name: 'effective-minimum',
  summary: 'Minimum of the loss and of the effective landscape of batches without replacement (theory)',
  params: {},
  cite: ['arXiv:2306.03521'],
  create(_params, environment) {
    const { run } = environment;
    const { size } = run.model;
    const { landscape, minimum } = findWell(environment, 'effective-minimum');
    const sampling = requireSampling(run, 'effective-minimum');
    return observer({
      channels: {
        minimum: vector('weight', size, '1', 'minimum of the loss'),
        loss: scalar('loss', 'loss at the minimum, ridge included'),
        curvatures: vector('direction', size, 'loss', 'eigenvalues of the Hessian at the minimum'),
        effective: vector('weight', size, '1', 'minimum of the effective landscape'),
        shift: scalar('1', 'distance of the effective minimum from that of the loss'),
      },
      observe(frame) {
        // What has no theory stays so.
        for (const channel of Object.values(frame)) channel.fill(Number.NaN);
        frame.minimum.set(minimum.theta);
        frame.loss[0] = landscape.loss(minimum.theta);
        frame.curvatures.set(minimum.spectrum.values);
        if (sampling.order !== 'reshuffled') return;
        const found = findEffective(minimum, landscape, sampling.batchSize, run.nextStepSize);
        if (!found) return;
        frame.effective.set(found);
        frame.shift[0] = Math.sqrt(found.reduce((sum, x, i) => sum + (x - minimum.theta[i]) ** 2, 0));
      },
    });
  },
});
