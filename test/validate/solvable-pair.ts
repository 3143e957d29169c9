// The repelling pair of levels of the 2 x 2 linear teacher-student: spacing against theory at 20 000 seeds with data of
// their own, and the law of the levels at 3000 seeds.

import { meanEstimate } from '../../core/statistics/estimate.js';
import { jackknife } from '../../core/statistics/jackknife.js';
import { testSpacings } from '../../core/theory/random-matrix/spacing-test.js';
import { estimateTwoLevelLaw, TWO_LEVEL_MEAN_SPACING } from '../../core/theory/random-matrix/two-level-density.js';
import {
  annealedSecondMoment,
  noiseScale,
  type PairSetting,
  pairSigma,
} from '../plugins/solvable/theory/pair-spacing.js';
import { about, above, type Check, FRACTION, NOT_NEGATIVE, type Validation } from './check.js';
import { framesOf, runSeeds } from './solvable-ensemble.js';

/** Steps after which the start is forgotten: exp(-learningRate steps) = 2e-9. */
export const stepsToForget = (learningRate: number) => Math.ceil(20 / learningRate);

/** Both singular values of the student at the end, for each seed. */
export async function pairs(
  setting: PairSetting,
  { seed, seeds, data, samples }: { seed: number; seeds: number; data: string; samples: number | 'endless' },
): Promise<readonly (readonly [number, number])[]> {
  const scenario = {
    title: 'validation: repelling pair',
    seed,
    steps: stepsToForget(setting.learningRate),
    model: { use: 'linear-teacher-student', noiseWidth: setting.noiseWidth, samples, data },
    loss: { use: 'mean-output' },
    noise: { use: 'minibatch', batchSize: setting.batchSize, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: setting.learningRate },
    observers: { levels: { use: 'singular-values', block: 'W', when: 'end' } },
    sweep: { seeds },
  } as const;
  return runSeeds(scenario, (result) => {
    const [[upper, lower]] = framesOf(result, 'levels.values');
    return [upper, lower] as const;
  });
}

const spacingsOf = (list: readonly (readonly [number, number])[]) => list.map(([upper, lower]) => upper - lower);

const describe = ({ learningRate, batchSize, noiseWidth }: PairSetting) =>
  `learning rate ${learningRate}, batch ${batchSize}, noise ${noiseWidth}`;

const settings: readonly PairSetting[] = [
  [0.1, 4],
  [0.1, 16],
  [0.1, 64],
  [0.3, 16],
  [0.5, 16],
].map(([learningRate, batchSize]) => ({ learningRate, batchSize, noiseWidth: 0.1 }));

const SEEDS = 20_000;

export const pairSpacing: Validation = {
  title: 'Spacing of the repelling pair, data of their own for every seed',
  source:
    'test/plugins/solvable/theory/pair-spacing.ts: sqrt(pi/(1 - learning rate/2)) is first order in T, and agreement within ' +
    '2 % is asked where the next order is below 1 %; the second moment is exact but for terms of the order of the ' +
    'spacing over the level squared, and 4 standard errors are asked',
  async run() {
    const checks: Check[] = [];
    for (const [i, setting] of settings.entries()) {
      const spacings = spacingsOf(
        await pairs(setting, { seed: 100 + i, seeds: SEEDS, data: 'per-seed', samples: 'endless' }),
      );
      const scale = noiseScale(setting);
      const first = meanEstimate(spacings.map((s) => s / scale));
      const leading = (TWO_LEVEL_MEAN_SPACING * pairSigma(setting)) / scale;
      const exact = annealedSecondMoment(setting) / scale ** 2;
      const higherOrder = Math.sqrt((Math.PI / 4) * exact) / leading - 1;
      const tolerance = higherOrder < 0.01 ? 0.02 : 0.02 + higherOrder;
      checks.push({
        what: `<S>/sqrt(TA), ${describe(setting)}`,
        expected: leading,
        measured: first.value,
        error: first.error,
        n: first.n,
        tolerance: higherOrder < 0.01 ? '2 %' : `2 % beside the next order, ${(100 * higherOrder).toFixed(1)} %`,
        possible: NOT_NEGATIVE,
        accepted: about(leading, tolerance * leading),
        precise: first.error < 0.005 * leading,
      });
      const second = meanEstimate(spacings.map((s) => (s / scale) ** 2));
      checks.push({
        what: `<S^2>/(TA), ${describe(setting)}`,
        expected: exact,
        measured: second.value,
        error: second.error,
        n: second.n,
        tolerance: '4 errors',
        possible: NOT_NEGATIVE,
        accepted: about(exact, 4 * second.error),
        precise: second.error < 0.01 * exact,
      });
    }
    return checks;
  },
};

const base: PairSetting = { learningRate: 0.1, batchSize: 16, noiseWidth: 0.1 };

export const pairLaw: Validation = {
  title: 'Law of the repelling pair, 3000 seeds',
  source: 'Wigner surmise and two-level density of arXiv:2407.16427',
  async run() {
    const list = await pairs(base, { seed: 200, seeds: 3000, data: 'per-seed', samples: 'endless' });
    const spacings = spacingsOf(list);
    const first = meanEstimate(spacings);
    const test = testSpacings(spacings);
    const secondMoment = jackknife(spacings, (some) => testSpacings(some).secondMoment);
    const law = estimateTwoLevelLaw(list);
    const ratio = jackknife(
      list,
      (some) => (TWO_LEVEL_MEAN_SPACING * estimateTwoLevelLaw(some).sigma.value) / meanEstimate(spacingsOf(some)).value,
      30,
    );
    return [
      {
        what: '<s^2>',
        expected: 4 / Math.PI,
        measured: secondMoment.value,
        error: secondMoment.error,
        n: secondMoment.n,
        tolerance: '0.02',
        possible: NOT_NEGATIVE,
        accepted: about(4 / Math.PI, 0.02),
        precise: secondMoment.error < 0.02,
      },
      {
        what: 'p-value of the Wigner surmise, fitted mean accounted for',
        expected: Number.NaN,
        measured: test.pValue,
        error: Number.NaN,
        n: test.n,
        tolerance: 'above 0.01',
        possible: FRACTION,
        accepted: above(0.01),
        finds: Number.NaN,
      },
      {
        what: 'sqrt(pi) sigma / <S>, sigma from the fit of the density',
        expected: 1,
        measured: ratio.value,
        error: ratio.error,
        n: ratio.n,
        tolerance: '2 %',
        possible: NOT_NEGATIVE,
        accepted: about(1, 0.02),
        precise: ratio.error < 0.01,
      },
      {
        what: 'sigma / sqrt(TA)',
        expected: pairSigma(base) / noiseScale(base),
        measured: law.sigma.value / noiseScale(base),
        error: law.sigma.error / noiseScale(base),
        n: first.n,
        tolerance: '4 errors + 1 %',
        possible: NOT_NEGATIVE,
        accepted: about(
          pairSigma(base) / noiseScale(base),
          (4 * law.sigma.error + 0.01 * pairSigma(base)) / noiseScale(base),
        ),
      },
      {
        what: 'fitted centre',
        expected: 2,
        measured: law.centre.value,
        error: law.centre.error,
        n: law.centre.n,
        tolerance: '5e-4',
        possible: NOT_NEGATIVE,
        accepted: about(2, 5e-4),
        precise: law.centre.error < 2e-4,
      },
    ];
  },
};
