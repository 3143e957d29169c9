// Observer: how far the weights move in one epoch from the minimum, over many histories of the batches: the noise that
// is left after an epoch, and the mean drift.
import { defineObserver, EigenflowError, integer, observer, scalar, vector } from 'eigenflow';
import { jackknifeAll, Matrix, solve } from 'eigenflow/theory';
import { stateOf } from './theory/batch-noise.js';
import { effectiveGradient } from './theory/effective-landscape.js';
import { isPositive } from './theory/linear-state.js';
import { findWell, requireSampling } from './well.js';

/**
 * Each of `repeats` epochs starts at the minimum that descent from the initial weights leads to; the batches are those
 * of the run from the next start of an epoch on. With M = N/B steps of size eta in an epoch:
 *
 *     trace   trace of the covariance of the displacement: O(eta^2) for independent batches, whose noise adds up, and
 *             O(eta^4) without replacement, where it cancels over the epoch but for the motion in between
 *     drift   mean displacement; without replacement -eta M times the gradient of the effective landscape, O(eta^2),
 *             else 0 to that order
 *
 * `...Theory`: noise carried on by the linear map at the minimum; without replacement beside it the variance of
 * sum_(k > l) H_k g_l over permutations, exact in N and B and to leading order in eta (derived). `driftOverlap` is the
 * measured drift in units of its theory, 1 where they agree: d^T S^-1 drift / (d^T S^-1 d) with d and S the theory of
 * drift and covariance, the combination of directions with the least error. Errors by the jackknife over
 * 50 blocks of repeats, which are independent.
 *
 * Theory is NaN for periodic batches. Throws EigenflowError as `steady-state` does, and `parameter` where an epoch is
 * no whole number of steps.
 */
export const epochDisplacement = defineObserver({
  name: 'epoch-displacement',
  summary: 'Mean and covariance of the displacement in one epoch from the minimum, over histories of the batches',
  params: {
    repeats: integer({ doc: 'epochs that start at the minimum', unit: '1', default: 2000, min: 100 }),
  },
  cite: ['arXiv:2306.03521'],
  create({ repeats }, environment) {
    const { run } = environment;
    const { size } = run.model;
    const { landscape, minimum } = findWell(environment, 'epoch-displacement');
    const sampling = requireSampling(run, 'epoch-displacement');
    const steps = run.stepsPerEpoch;
    if (!Number.isInteger(steps)) {
      const message = `epoch-displacement needs a whole number of steps in an epoch, found ${steps}`;
      throw new EigenflowError('parameter', 'observers', `${message}; take a batch size that divides the data set`);
    }
    const shadow = run.shadowTrajectory();
    const displacements = new Float64Array(repeats * size);
    const indices = Array.from({ length: repeats }, (_, repeat) => repeat);

    /** Mean displacement of some repeats. */
    const driftOf = (some: readonly number[]) => {
      const mean = new Float64Array(size);
      for (const repeat of some) {
        for (let i = 0; i < size; i++) mean[i] += displacements[repeat * size + i] / some.length;
      }
      return mean;
    };
    const traceOf = (some: readonly number[], mean: Float64Array) => {
      let sum = 0;
      for (const repeat of some) {
        for (let i = 0; i < size; i++) sum += (displacements[repeat * size + i] - mean[i]) ** 2;
      }
      return sum / (some.length - 1);
    };

    return observer({
      channels: {
        trace: scalar('1', 'trace of the covariance of the displacement in an epoch', {
          label: 'covariance of the displacement per epoch, trace',
        }),
        traceError: scalar('1', 'its standard error'),
        traceTheory: scalar('1', 'the same by theory'),
        drift: vector('weight', size, '1', 'mean displacement in an epoch'),
        driftTheory: vector('weight', size, '1', 'the same by theory'),
        driftOverlap: scalar('1', 'drift in units of its theory, 1 where they agree'),
        driftOverlapError: scalar('1', 'its standard error'),
      },
      observe(frame) {
        // What has no theory stays so.
        for (const channel of Object.values(frame)) channel.fill(Number.NaN);
        const stepSize = run.nextStepSize;
        const { theta } = minimum;
        shadow.reset();
        const { step } = shadow.clock;
        shadow.advance(steps * Math.ceil(step / steps) - step);
        for (let repeat = 0; repeat < repeats; repeat++) {
          shadow.theta.set(theta);
          shadow.advance(steps);
          for (let i = 0; i < size; i++) displacements[repeat * size + i] = shadow.theta[i] - theta[i];
        }
        const isEpoch = sampling.order === 'reshuffled' && sampling.batchSize < landscape.samples;
        const driftTheory = new Float64Array(size);
        if (isEpoch) {
          const gradient = effectiveGradient(minimum.expansion, landscape, sampling.batchSize, stepSize);
          for (let i = 0; i < size; i++) driftTheory[i] = -stepSize * steps * gradient[i];
        }
        const state = stateOf(minimum, landscape, { sampling, stepSize, steps });
        const weights =
          isEpoch && state && isPositive(state.noise)
            ? solve(state.noise, Matrix.columnVector(driftTheory)).to1DArray()
            : new Array<number>(size).fill(Number.NaN);
        const strength = driftTheory.reduce((sum, x, i) => sum + x * weights[i], 0);
        const [trace, overlap] = jackknifeAll(
          indices,
          (some) => {
            const drift = driftOf(some);
            const product = drift.reduce((sum, x, i) => sum + x * weights[i], 0);
            return [traceOf(some, drift), product / strength];
          },
          50,
        );
        frame.trace[0] = trace.value;
        frame.traceError[0] = trace.error;
        frame.drift.set(driftOf(indices));
        frame.driftTheory.set(driftTheory);
        frame.driftOverlap[0] = overlap.value;
        frame.driftOverlapError[0] = overlap.error;
        if (state) frame.traceTheory[0] = state.noise.trace();
      },
    });
  },
});
