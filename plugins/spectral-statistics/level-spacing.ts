// Observer: spacings of chosen pairs of neighbouring levels, and over windows of frames how well they follow Wigner's
// surmise.
import { choice, defineObserver, EigenflowError, integers, observeBlocks, observer, vector } from 'eigenflow';
import { type Beta, mean, testSpacings } from 'eigenflow/theory';
import { levelParameters, openLevels } from './levels.js';
import { overWindows, windowParameter } from './windows.js';

const BETA: Readonly<Record<string, Beta>> = { orthogonal: 1, unitary: 2, symplectic: 4 };

function derivedChannels(pairs: number) {
  const perPair = (unit: string, doc: string) => vector('pair', pairs, unit, doc);
  return {
    meanSpacing: perPair('level', 'mean spacing <S> over the frames of a window'),
    secondMoment: perPair('1', '<s^2> with s = S/<S>; 4/pi = 1.273 for the surmise of beta = 1'),
    wignerDistance: perPair('1', "Kolmogorov-Smirnov distance of s to Wigner's surmise"),
    pValue: perPair('1', 'probability of a larger distance under the surmise, the fitted mean accounted for'),
  };
}

/**
 * Channel `spacing`, one for each pair: level `pair` minus level `pair + 1` of the descending spectrum, NaN with the
 * levels. With `frames`, each window gives `meanSpacing`, `secondMoment`, `wignerDistance` and `pValue` (NaN below 5
 * frames). One run is one sequence: for the law over seeds apply `testSpacings` of `eigenflow/theory` to stored
 * spacings.
 *
 * Throws EigenflowError `parameter` for a block or a pair that there is not.
 */
export const levelSpacing = defineObserver({
  name: 'level-spacing',
  summary: "Spacings of chosen pairs of neighbouring levels, and their distance to Wigner's surmise",
  params: {
    ...levelParameters,
    pairs: integers({
      doc: 'pairs by the number of their upper level, counted from 0 at the largest',
      unit: '1',
      default: [0],
      min: 0,
    }),
    frames: windowParameter,
    ensemble: choice({
      doc: "Dyson's index of the surmise: 1, 2 or 4; real weight matrices are orthogonal",
      values: ['orthogonal', 'unitary', 'symplectic'],
      default: 'orthogonal',
    }),
  },
  cite: ['arXiv:2407.16427'],
  create: (all, environment) =>
    observeBlocks(environment.run, all.block, (block) => {
      const params = { ...all, block };
      const { pairs, frames } = params;
      const derived = derivedChannels(pairs.length);
      const stage = {
        derived,
        derive: overWindows('spacing', frames ?? 1, derived, (window) => {
          const ofPair = pairs.map((_, i) => window.map((frame) => frame[i]));
          const tests = ofPair.map((spacings) => testSpacings(spacings, BETA[params.ensemble]));
          return {
            meanSpacing: ofPair.map(mean),
            secondMoment: tests.map(({ secondMoment }) => secondMoment),
            wignerDistance: tests.map(({ distance }) => distance),
            pValue: tests.map(({ pValue }) => pValue),
          };
        }),
      };
      const levels = openLevels(params, environment);
      const missing = pairs.find((pair) => pair + 1 >= levels.count);
      if (missing !== undefined) {
        throw new EigenflowError(
          'parameter',
          'pairs',
          `there is no pair ${missing} among ${levels.count} levels; the last one is ${levels.count - 2}`,
        );
      }
      const doc = `spacings of pairs ${pairs.join(', ')} of the ${levels.name}`;
      return observer({
        channels: { spacing: vector('pair', pairs.length, 'level', doc) },
        observe(frame) {
          const values = levels.read();
          for (let i = 0; i < pairs.length; i++) frame.spacing[i] = values[pairs[i]] - values[pairs[i] + 1];
        },
        ...(frames === undefined ? {} : stage),
      });
    }),
});
