// Ratios of standard deviations on a logarithmic scale, judged by permutation: the levels of noise-driven runs have tails
// so heavy that the error of a standard deviation cannot be read off the sample itself.
import { log } from '../../core/kernels/elementary.js';
import { mean } from '../../core/statistics/estimate.js';
import { createRandomSource, type RandomSource } from '../../core/statistics/random-source.js';
import type { Ensemble } from './realisations.js';

/** How the spread of one level differs between two ensembles at one time. */
export interface SpreadContrast {
  /** log(surrogate deviation / reference deviation); infinite where one of them does not fluctuate, NaN where neither does. */
  readonly logRatio: number;
  /** Standard deviation of `logRatio` over permutations: what it would scatter by if both had the same law. */
  readonly error: number;
  /** Log ratio in every permutation, to be combined over levels and times. */
  readonly permuted: Float64Array;
}

/** p-values are multiples of 1/PERMUTATIONS. */
export const PERMUTATIONS = 1000;

/** Below this fraction of the mean a spread is rounding, not fluctuation. */
const ROUNDING = 1e-12;

/** `n` of `total` replicas at random, the same for all levels and times, so that their correlations are kept. */
function choose(n: number, total: number, random: RandomSource): Uint32Array {
  const chosen = new Uint32Array(n);
  for (let count = 0, i = 0; count < n; i++) {
    if (random.below(total - i) < n - count) chosen[count++] = i;
  }
  return chosen;
}

/** log of the ratio of the standard deviation of all other values to that of the chosen ones. */
function logRatioOf(values: Float64Array, chosen: Uint32Array, total: { sum: number; squares: number }): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < chosen.length; i++) {
    const x = values[chosen[i]];
    sum += x;
    squares += x * x;
  }
  const variance = (s: number, q: number, n: number) => Math.max(0, q - (s * s) / n) / (n - 1);
  const [n, m] = [chosen.length, values.length - chosen.length];
  return log(variance(total.sum - sum, total.squares - squares, m) / variance(sum, squares, n)) / 2;
}

/** Deviations from the mean, all zero where they are rounding. */
function fluctuations(values: Float64Array): Float64Array {
  const centre = mean(values);
  const centred = values.map((x) => x - centre);
  return centred.some((x) => !(Math.abs(x) <= ROUNDING * Math.abs(centre))) ? centred : centred.fill(0);
}

function spreadOf(a: Float64Array, b: Float64Array, choices: readonly Uint32Array[]): SpreadContrast {
  const values = Float64Array.from([...fluctuations(a), ...fluctuations(b)]);
  const total = { sum: 0, squares: 0 };
  for (const x of values) {
    total.sum += x;
    total.squares += x * x;
  }
  if (total.squares === 0) {
    return { logRatio: Number.NaN, error: Number.NaN, permuted: new Float64Array(choices.length).fill(Number.NaN) };
  }
  const ratios = Float64Array.from(choices, (chosen) => logRatioOf(values, chosen, total));
  const error = Math.sqrt(mean(ratios.map((r) => r * r)));
  const own = logRatioOf(
    values,
    Uint32Array.from(a, (_, i) => i),
    total,
  );
  return { logRatio: own, error, permuted: ratios };
}

/**
 * Level by level and time by time. Were both ensembles of one law, up to where it is centred, labels could be exchanged:
 * the scatter of the ratio over exchanges is its error, whatever the tails. Exact for known centres; taking the means
 * off first is an approximation that vanishes with the number of replicas.
 *
 * @returns frames x levels
 */
export function contrastSpreads(reference: Ensemble, surrogate: Ensemble, top: number): SpreadContrast[][] {
  const [n, m] = [reference.levels.length, surrogate.levels.length];
  const random = createRandomSource(1, 'permutation of replicas');
  const choices = Array.from({ length: PERMUTATIONS }, () => choose(n, n + m, random));
  const column = ({ levels }: Ensemble, frame: number, level: number) =>
    Float64Array.from(levels, (run) => run[frame][level]);
  return reference.time.map((_, frame) =>
    Array.from({ length: top }, (_, level) =>
      spreadOf(column(reference, frame, level), column(surrogate, frame, level), choices),
    ),
  );
}

/**
 * Two numbers that sum up the ratios of a window. Each has a distribution over exchanges that holds the correlations of
 * levels and times (Westfall and Young 1993).
 */
interface Summary {
  /** The largest |log ratio| / error: for one level that differs. */
  readonly farthest: number;
  /** |mean log ratio|: for all levels that differ alike, as they do at another temperature. */
  readonly common: number;
}

const judgedOf = (spreads: readonly SpreadContrast[]) => spreads.filter(({ logRatio }) => !Number.isNaN(logRatio));

function summarise(spreads: readonly SpreadContrast[], logRatioOf: (spread: SpreadContrast) => number): Summary {
  let [farthest, sum] = [0, 0];
  for (const spread of spreads) {
    const log = logRatioOf(spread);
    sum += log;
    const size = Math.abs(log) / spread.error;
    if (size > farthest) farthest = size;
  }
  return { farthest, common: Math.abs(sum) / spreads.length };
}

const overPermutations = (spreads: readonly SpreadContrast[]): Summary[] =>
  Array.from({ length: PERMUTATIONS }, (_, p) => summarise(spreads, ({ permuted }) => permuted[p]));

/**
 * Probability of ratios as far from 1 as found, one of them or all together, were the laws the same: twice the smaller
 * of the two probabilities (Bonferroni). 1 without a ratio.
 */
export function spreadPValue(spreads: readonly SpreadContrast[]): number {
  const judged = judgedOf(spreads);
  if (judged.length === 0) return 1;
  const found = summarise(judged, ({ logRatio }) => logRatio);
  const permuted = overPermutations(judged);
  // The arrangement at hand counts as one of them.
  const probability = (kind: keyof Summary) =>
    (permuted.filter((other) => other[kind] >= found[kind]).length + 1) / (PERMUTATIONS + 1);
  return Math.min(1, 2 * Math.min(probability('farthest'), probability('common')));
}

/** What `farthest` and `common` must exceed for `spreadPValue` to be below p; NaN without a ratio. */
export function criticalSpreads(spreads: readonly SpreadContrast[], p: number): Summary {
  const judged = judgedOf(spreads);
  if (judged.length === 0) return { farthest: Number.NaN, common: Number.NaN };
  const permuted = overPermutations(judged);
  // So many permutations may reach what is found, and p is still not.
  const allowed = Math.max(0, Math.ceil((p / 2) * (PERMUTATIONS + 1)) - 2);
  const critical = (kind: keyof Summary) =>
    Float64Array.from(permuted, (summary) => summary[kind]).sort()[PERMUTATIONS - 1 - allowed];
  return { farthest: critical('farthest'), common: critical('common') };
}
