// Observer: norm of the mean minibatch gradient along the past epoch, the "gradient" that was published.
import { defineObserver } from '../../core/contracts/component.js';
import type { Vector } from '../../core/contracts/vector.js';
import { EigenflowError } from '../../core/errors.js';

/** Epochs that may be under way at once. Each keeps a copy of the weights. */
const OPEN_EPOCHS = 8;

/** Marks a free place. */
const FREE = -1;

/**
 * Channel `norm`, a number: Frobenius norm of the mean, over the epoch that ends here, of the minibatch gradients along
 * the moving weights. For plain `sgd` without weight decay that mean is exactly
 *
 *     -(theta(end) - theta(start)) / (time(end) - time(start)),     time = sum of learning rates      (derived)
 *
 * and the norm of this is what is measured; with a learning rate that changes inside the epoch the mean is weighted by
 * it. For any other optimiser it is a mean velocity, not a mean gradient.
 *
 * The gradients of an epoch largely cancel, so this net displacement is much smaller than a gradient norm at fixed
 * weights (`gradient-norm`). It is the quantity that the code of arXiv:2509.01349 stores as the gradient.
 *
 * One epoch is round(samples / samplesPerStep) steps. Nothing is measured before the end of the first epoch. Frames may
 * lie closer than an epoch, as long as no more than 8 fall into one.
 *
 * Throws EigenflowError `scenario` for one-pass data, and when more than 8 epochs would be under way at once.
 */
export const epochMeanGradientNorm = defineObserver({
  name: 'epoch-mean-gradient-norm',
  summary: 'Net displacement of the weights over the past epoch per learning time',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels }) {
    let lead = 0;
    /** Weights at the start of each open epoch, OPEN_EPOCHS x size, and the step and time of that start. */
    let starts: Vector;
    let steps: Vector;
    let times: Vector;
    let displacement: Vector;
    let sum: Vector;

    return {
      attach({ model: { size }, stepsPerEpoch }) {
        if (!Number.isFinite(stepsPerEpoch)) {
          throw new EigenflowError('scenario', 'observers', 'epoch-mean-gradient-norm: one-pass data have no epochs');
        }
        lead = Math.max(1, Math.round(stepsPerEpoch));
        starts = arena.vector(OPEN_EPOCHS * size);
        steps = arena.vector(OPEN_EPOCHS).fill(FREE);
        times = arena.vector(OPEN_EPOCHS);
        displacement = arena.vector(size);
        sum = arena.vector(1);
        const doc =
          'Frobenius norm of the mean minibatch gradient along the past epoch (net displacement / learning time)';
        return { norm: { shape: [], dims: [], unit: '1', doc } };
      },
      get lead() {
        return lead;
      },
      get state() {
        return [starts, steps, times];
      },
      prepare({ theta, clock }) {
        // A frame at this very step has been measured by now, so an epoch that ends here is over.
        const place = steps.findIndex((step) => step === FREE || step + lead <= clock.step);
        if (place < 0) {
          throw new EigenflowError(
            'scenario',
            'observers',
            `epoch-mean-gradient-norm can measure at most ${OPEN_EPOCHS} times in one epoch (${lead} steps)`,
          );
        }
        starts.set(theta, place * theta.length);
        steps[place] = clock.step;
        times[place] = clock.time;
      },
      observe({ theta, clock }, out) {
        const place = steps.indexOf(clock.step - lead);
        if (place < 0) {
          out.norm[0] = Number.NaN;
          return;
        }
        const { length } = theta;
        kernels.copy(theta, length, displacement);
        kernels.axpy(-1, starts.subarray(place * length, (place + 1) * length), length, displacement);
        kernels.sumSquares(displacement, length, sum);
        out.norm[0] = Math.sqrt(sum[0]) / (clock.time - times[place]);
      },
    };
  },
});
