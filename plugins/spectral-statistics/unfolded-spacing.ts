// Observer: all spacings of a spectrum, unfolded by their local mean.
import { defineObserver, EigenflowError, integer, observeBlocks, observer, scalar, vector } from 'eigenflow';
import { testSpacings, unfoldLocally } from 'eigenflow/theory';
import { levelParameters, openLevels } from './levels.js';
import { overWindows, windowParameter } from './windows.js';

const derived = {
  secondMoment: scalar('1', '<s^2> over all spacings of a window, s = S/<S>'),
  wignerDistance: scalar(
    '1',
    "Kolmogorov-Smirnov distance of all spacings of a window to Wigner's surmise for beta = 1. It has no p-value: " +
      'neighbouring spacings of one spectrum are not independent',
  ),
};

/** Spacings of one frame, without those of rounding; NaN where nothing was measured. */
const spacingsOf = (frame: Float64Array) =>
  Number.isFinite(frame[0]) ? Array.from(frame.filter(Number.isFinite)) : [Number.NaN];

/**
 * Channel `spacing`, one fewer than levels, from the largest level down: each spacing over the mean of itself and up to
 * `neighbours` spacings on either side. Mean spacing 1 wherever the density varies slowly; the window takes away part
 * of the fluctuations (core/theory/random-matrix/unfolding.ts). NaN with the levels, and below the last level that is
 * more than rounding of the weights (core/theory/random-matrix/numerical-rank.ts); the derived channels leave such
 * spacings out.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, or of a single level.
 */
export const unfoldedSpacing = defineObserver({
  name: 'unfolded-spacing',
  summary: 'All spacings of a spectrum over their local mean',
  params: {
    ...levelParameters,
    neighbours: integer({ doc: 'spacings on either side in the local mean', unit: '1', default: 5, min: 1 }),
    frames: windowParameter,
  },
  cite: [],
  create: (all, environment) =>
    observeBlocks(environment.run, all.block, (block) => {
      const params = { ...all, block };
      const { frames, neighbours } = params;
      const stage = {
        derived,
        derive: overWindows('spacing', frames ?? 1, derived, (window) => {
          const { distance, secondMoment } = testSpacings(window.flatMap(spacingsOf));
          return { secondMoment: [secondMoment], wignerDistance: [distance] };
        }),
      };
      const levels = openLevels(params, environment);
      if (levels.count < 2) {
        throw new EigenflowError('parameter', 'block', `block ${block} has a single level and no spacing`);
      }
      const doc = `spacings of the ${levels.name}, over their local mean`;
      return observer({
        channels: { spacing: vector('spacing', levels.count - 1, '1', doc) },
        observe(frame) {
          const values = levels.read();
          const { rank } = levels.rank();
          frame.spacing.fill(Number.NaN);
          if (rank > 0) frame.spacing.set(unfoldLocally(values.subarray(0, rank), neighbours));
        },
        ...(frames === undefined ? {} : stage),
      });
    }),
});
