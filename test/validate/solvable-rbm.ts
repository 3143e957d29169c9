// Levels of the Gaussian restricted Boltzmann machine at three temperatures: spacing of its four degenerate pairs, width
// of its two single levels, and the shift of all of them.
import type { Estimate } from '../../core/statistics/estimate.js';
import { mean, variance } from '../../core/statistics/estimate.js';
import { jackknife } from '../../core/statistics/jackknife.js';
import { fitStraightLine } from '../../core/statistics/linear-fit.js';
import {
  latticeLevels,
  levelSigma,
  meanLevels,
  type RbmSetting,
  varianceFactor,
} from '../plugins/solvable/theory/rbm-levels.js';
import { about, type Check, NOT_NEGATIVE, type Validation } from './check.js';
import { framesOf, runSeeds } from './solvable-ensemble.js';

const setting: RbmSetting = { sites: 10, visibleMass: 3, latticeMass: 2 };
const massSquared = setting.visibleMass ** 2;
const kappa = latticeLevels(setting);
const LEARNING_RATE = 0.1;
const SWEEPS = 3;
/** Lower levels of the pairs; 0 and 9 are single. */
const PAIRS = [1, 3, 5, 7];

const STEPS = 28_000;
/**
 * The slowest level, kappa = 8, grows by the factor e in 720 steps and relaxes in 320: from initial weights of width 0.3
 * it arrives within 5000 steps in 99 of 100 runs.
 */
const BURN_IN = 8000;
const INITIAL_WIDTH = 0.3;

/** Number of chains and of replicas: as many steps as the means need to be known to 0.0003 to 0.0005 of a level. */
const PLAN = [
  { chains: 64, replicas: 20 },
  { chains: 32, replicas: 24 },
  { chains: 16, replicas: 36 },
] as const;

/** Frames of the levels lambda, ascending, by replica. */
type Replicas = readonly (readonly (readonly number[])[])[];

function simulate(chains: number, replicas: number): Promise<Replicas> {
  return runSeeds(
    {
      title: 'validation: levels of the machine',
      seed: 400 + chains,
      steps: STEPS,
      model: { use: 'gaussian-rbm', initialWidth: INITIAL_WIDTH },
      loss: { use: 'mean-output' },
      noise: { use: 'persistent-chains', chains, sweeps: SWEEPS },
      optimiser: { use: 'sgd', learningRate: LEARNING_RATE },
      observers: { levels: { use: 'singular-values', block: 'W', when: { every: 100 } } },
      sweep: { seeds: replicas },
    },
    (result) =>
      framesOf(result, 'levels.values')
        .slice(BURN_IN / 100)
        .map((values) => values.map((s) => massSquared - s * s)),
  );
}

/** Mean over frames of a number of each frame; frames are correlated, replicas are not. */
function frameMean(replicas: Replicas, of: (levels: readonly number[]) => number): Estimate {
  return jackknife(
    replicas.map((frames) => mean(frames.map(of))),
    mean,
  );
}

export const rbmLevels: Validation = {
  title: 'Levels of the Gaussian restricted Boltzmann machine, learning rate 0.1',
  source:
    'test/plugins/solvable/theory/rbm-levels.ts, derived for the setting of arXiv:2407.16427: spacings 2.507 sqrt(T (mu^2 - ' +
    'kappa)) in the limit of small T and learning rate; levels to first order in T. Errors by jackknife over replicas',
  async run() {
    const checks: Check[] = [];
    const ratios = new Map<number, { x: number; y: number; error: number }[]>(PAIRS.map((pair) => [pair, []]));
    for (const { chains, replicas: count } of PLAN) {
      const temperature = LEARNING_RATE / chains;
      const replicas = await simulate(chains, count);
      const at = `T ${temperature}`;
      const scaleOf = (level: number) => Math.sqrt(temperature * (massSquared - kappa[level]));
      for (const pair of PAIRS) {
        const { value, error } = frameMean(replicas, (levels) => (levels[pair + 1] - levels[pair]) / scaleOf(pair));
        ratios.get(pair)?.push({ x: temperature, y: value, error });
      }
      if (chains === 64) {
        const combined = jackknife(
          replicas.map((frames) =>
            mean(PAIRS.map((pair) => mean(frames.map((levels) => (levels[pair + 1] - levels[pair]) / scaleOf(pair))))),
          ),
          mean,
        );
        const limit = Math.sqrt(2 * Math.PI);
        checks.push({
          what: `<S>/sqrt(T (mu^2 - kappa)), mean of the four pairs, ${at}`,
          expected: limit,
          measured: combined.value,
          error: combined.error,
          n: count,
          tolerance: '0 to 4 % below, and 3 errors',
          possible: NOT_NEGATIVE,
          accepted: [0.96 * limit - 3 * combined.error, limit + 3 * combined.error],
          precise: combined.error < 0.01 * limit,
        });
        for (const single of [0, 9]) {
          const deviation = jackknife(replicas, (some) =>
            Math.sqrt(variance(some.flatMap((frames) => frames.map((levels) => levels[single])))),
          );
          const sigma = levelSigma(setting, kappa[single], temperature);
          checks.push({
            what: `standard deviation over sigma, single level ${kappa[single]}, ${at}`,
            expected: 0.965,
            measured: deviation.value / sigma,
            error: deviation.error / sigma,
            n: count,
            tolerance: '0.05',
            possible: NOT_NEGATIVE,
            accepted: about(0.965, 0.05),
            precise: deviation.error < 0.035 * sigma,
          });
        }
      }
      if (chains === 32) continue;
      const expected = meanLevels(setting, temperature);
      for (const [lower, upper] of [[0, 0], ...PAIRS.map((pair) => [pair, pair + 1]), [9, 9]]) {
        const shift = frameMean(replicas, (levels) => (levels[lower] + levels[upper]) / 2 / kappa[lower]);
        const tolerance = lower === 0 ? 0.01 : 0.001;
        checks.push({
          what: `<lambda>/kappa, kappa ${kappa[lower].toFixed(3)}, ${at}`,
          expected: expected[lower] / kappa[lower],
          measured: shift.value,
          error: shift.error,
          n: count,
          tolerance: `${tolerance} and 2 errors`,
          possible: NOT_NEGATIVE,
          accepted: about(expected[lower] / kappa[lower], tolerance + 2 * shift.error),
          precise: shift.error < 0.5 * tolerance,
        });
      }
    }
    for (const pair of PAIRS) {
      const { intercept } = fitStraightLine(ratios.get(pair) ?? []);
      const factor = varianceFactor(setting, kappa[pair], { learningRate: LEARNING_RATE, sweeps: SWEEPS });
      const expected = Math.sqrt(2 * Math.PI * factor);
      checks.push({
        what: `<S>/sqrt(T (mu^2 - kappa)) as T -> 0 by a straight line, kappa ${kappa[pair].toFixed(3)}`,
        expected,
        measured: intercept.value,
        error: intercept.error,
        n: PLAN.reduce((sum, { replicas }) => sum + replicas, 0),
        tolerance: '4 errors',
        possible: NOT_NEGATIVE,
        accepted: about(expected, 4 * intercept.error),
        precise: intercept.error < 0.03 * expected,
      });
    }
    return checks;
  },
};
