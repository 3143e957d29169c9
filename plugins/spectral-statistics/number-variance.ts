// Observer: number variance over windows of frames, the frames unfolded by the mean spectrum of their window.
import { defineObserver, integer, numbers, observeBlocks, observer, vector } from 'eigenflow';
import { estimateNumberVariance, unfoldByEnsemble } from 'eigenflow/theory';
import { levelParameters, openLevels } from './levels.js';
import { overWindows } from './windows.js';

/**
 * Channel `levels`, ascending, NaN where not finite, and where they are no more than rounding of the weights. Each
 * window of `frames` frames gives `variance` and its `error`, one for each of `lengths`: the variance of the number of
 * levels in an interval of that many mean spacings, over frames and over positions of the interval in the middle half
 * of the spectrum. NaN for a length that does not fit there, and when a level of the window is not finite. Theory:
 * `numberVarianceTheory` of `eigenflow/theory`.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const numberVariance = defineObserver({
  name: 'number-variance',
  summary: 'Variance of the number of levels in an interval, over windows of frames',
  params: {
    ...levelParameters,
    lengths: numbers({ doc: 'lengths of the interval', unit: 'mean spacing', default: [0.5, 1, 2, 4], above: 0 }),
    frames: integer({
      doc: 'frames in one window; they count as independent, so measure less often than the levels relax',
      unit: 'frames',
      default: 100,
      min: 3,
    }),
  },
  cite: [],
  create: (all, environment) =>
    observeBlocks(environment.run, all.block, (block) => {
      const params = { ...all, block };
      const { lengths, frames } = params;
      const perLength = (doc: string) => vector('length', lengths.length, '1', doc);
      const derived = {
        variance: perLength(`number variance of intervals of ${lengths.join(', ')} mean spacings`),
        error: perLength('standard error of the variance, by jackknife over frames'),
      };
      const levels = openLevels(params, environment);
      return observer({
        channels: { levels: vector('level', levels.count, '1', `${levels.name}, ascending`) },
        observe(frame) {
          frame.levels.set(levels.read());
          const { rank } = levels.rank();
          if (rank < levels.count) frame.levels.fill(Number.NaN, rank);
          frame.levels.reverse();
        },
        derived,
        derive: overWindows('levels', frames, derived, (window) => {
          if (!window.every((frame) => frame.every(Number.isFinite))) {
            const nothing = lengths.map(() => Number.NaN);
            return { variance: nothing, error: nothing };
          }
          const unfolded = unfoldByEnsemble(window);
          const count = window[0].length;
          const estimates = lengths.map((length) =>
            estimateNumberVariance(unfolded, length, [count / 4, (3 * count) / 4]),
          );
          return { variance: estimates.map(({ value }) => value), error: estimates.map(({ error }) => error) };
        }),
      });
    }),
});
