// Observer: the loss of a factorisation and its distance from gradient flow, which has a closed form.
import { defineObserver, observer, scalar } from 'eigenflow';
import { exactFactor, factorLoss, leadingAngle, neededRank } from './exact-flow.js';
import { requireFactorisation } from './view.js';

/** 1/4 of the sum of squares. */
const quarter = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0) / 4;

/**
 * With P = X X^T as it stands and P_e the closed form of gradient flow at the learning time of the run, from its initial
 * weights:
 *
 *     loss      f = 1/4 |P - M|^2                    exactLoss      the same of P_e
 *     excess    f above the least value that any X X^T has, 1/4 of the sum of squares of the negative eigenvalues
 *     floor     the least excess with r columns: 1/4 of the sum of squares of the positive eigenvalues that are left out
 *     distance  |P - P_e|/|P_e|
 *     angle     largest angle between the span of the leading min(r, r*) left singular vectors of X and that of the leading
 *               eigenvectors of M, r* the number of positive ones; ambiguous where eigenvalues on both sides are equal
 *
 * A run with minibatches, noise or momentum has another flow: `distance` then says how far it is from this one.
 *
 * Throws EigenflowError `component` for any other model. Source: arXiv:2411.15972; the closed form is derived.
 */
export const factorisationFlow = defineObserver({
  name: 'factorisation-flow',
  summary:
    'Loss of a symmetric factorisation, beside the closed form of gradient flow; angle to the leading eigenvectors',
  params: {},
  cite: ['arXiv:2411.15972'],
  create(_params, { run }) {
    const { factorisation, read } = requireFactorisation(run, 'factorisation-flow');
    const { values, rank } = factorisation;
    const start = read();
    const positive = [...values].filter((value) => value > 0);
    const least = quarter([...values].filter((value) => value < 0));
    const floor = quarter(positive.slice(Math.min(rank, neededRank(values))));
    return observer({
      channels: {
        loss: scalar('1', '1/4 |X X^T - M|^2', { label: 'f' }),
        exactLoss: scalar('1', 'loss of gradient flow in closed form', { label: 'f of gradient flow' }),
        excess: scalar('1', 'loss above that of the best X X^T of any rank', { label: 'f above its least value' }),
        floor: scalar('1', 'least excess with this number of columns', { label: 'least excess' }),
        distance: scalar('1', '|P - P_e|/|P_e|, P_e of gradient flow in closed form', {
          label: 'distance to the flow',
        }),
        angle: scalar('rad', 'largest angle between leading singular vectors of X and leading eigenvectors of M', {
          label: 'angle to the leading eigenvectors',
        }),
      },
      observe(frame) {
        const now = read();
        if (!now.to1DArray().every(Number.isFinite)) return;
        const exact = exactFactor(values, start, run.clock.time);
        const product = exact.mmul(exact.transpose());
        frame.loss[0] = factorLoss(values, now);
        frame.exactLoss[0] = factorLoss(values, exact);
        frame.excess[0] = frame.loss[0] - least;
        frame.floor[0] = floor;
        frame.distance[0] = now.mmul(now.transpose()).sub(product).norm('frobenius') / product.norm('frobenius');
        frame.angle[0] = leadingAngle(values, now);
      },
    });
  },
});
