// Ensembles of replicas: runs of the published network that share teacher, data and first weights and differ in their
// noise alone.
import type { Scenario } from '../../core/scenario/scenario.js';
import { mean, variance } from '../../core/statistics/estimate.js';
import { publishedNetwork } from '../../scenarios/published.js';
import { compute } from './study.js';

/** Levels that are compared, from the largest. */
export const TOP = 6;

export interface Setting {
  /** Root seed: another one is another teacher, data set and start. */
  readonly seed: number;
  readonly noise: Scenario['noise'];
  /** Learning rate, or step in time. */
  readonly stepSize: number;
  /** Learning time at which the levels are read. */
  readonly duration: number;
  readonly replicas: number;
  /**
   * Number of the first replica, 0 when left out. Runs of the same noise model at other step sizes draw the same numbers
   * in steps of the same number: independent ensembles need replicas of their own.
   */
  readonly first?: number;
}

/** Means and spreads of the top levels over replicas. */
export interface Replicas {
  readonly mean: readonly number[];
  /** Standard deviation over replicas. */
  readonly deviation: readonly number[];
  readonly n: number;
}

export const iid = (batchSize: number) => ({ use: 'minibatch', batchSize, order: 'iid' });

/** Initial width 0.5: every level moves, none is lost in its neighbours. */
const network = {
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'langevin', 'stability'],
  model: { ...publishedNetwork.model, initialWidth: 0.5 },
};

export async function replicas(setting: Setting): Promise<Replicas> {
  const { seed, noise, stepSize, duration, replicas: n, first = 0 } = setting;
  const { rows, last } = await compute({
    ...network,
    title: `validation: ${noise.use} replicas`,
    seed,
    steps: Math.round(duration / stepSize),
    noise,
    optimiser: { use: 'sgd', learningRate: stepSize },
    observers: { spectrum: { use: 'gram-spectrum', block: 'W', when: { at: 'end' } } },
    sweep: { axes: { 'noise.replica': { linear: [first, first + n - 1], count: n } } },
  });
  const levels = rows.map((row) => last(row, 'spectrum.levels'));
  const each = Array.from({ length: TOP }, (_, i) => levels.map((list) => list[i]));
  return { mean: each.map(mean), deviation: each.map((values) => Math.sqrt(variance(values))), n };
}

/** Largest eigenvalue of the Hessian at the first weights. */
export async function initialSharpness(seed: number): Promise<number> {
  const { rows, last } = await compute({
    ...network,
    title: 'validation: sharpness',
    seed,
    steps: 0,
    observers: { stability: { use: 'sharpness', when: { at: [0] } } },
  });
  return last(rows[0], 'stability.sharpness')[0];
}

/** What two ensembles say about one level. */
export interface Contrast {
  /** Relative difference of the means, and its standard error. */
  readonly shift: number;
  readonly shiftError: number;
  /** Ratio of the standard deviations, and its standard error for normal fluctuations. */
  readonly ratio: number;
  readonly ratioError: number;
  readonly n: number;
}

/** Level by level, as departures of `found` from `reference`. */
export function contrast(found: Replicas, reference: Replicas): Contrast[] {
  return found.mean.map((value, i) => {
    const centre = reference.mean[i];
    const errors = [found, reference].map(({ deviation, n }) => deviation[i] / Math.sqrt(n));
    const ratio = found.deviation[i] / reference.deviation[i];
    return {
      shift: value / centre - 1,
      shiftError: Math.hypot(...errors) / centre,
      ratio,
      ratioError: ratio * Math.sqrt(1 / (2 * (found.n - 1)) + 1 / (2 * (reference.n - 1))),
      n: Math.min(found.n, reference.n),
    };
  });
}

export const percent = (fraction: number) => `${Number((100 * fraction).toPrecision(2))} %`;
