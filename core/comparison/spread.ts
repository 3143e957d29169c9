// Ratios of standard deviations on a logarithmic scale, judged by permutation: the levels of noise-driven runs have tails
// so heavy that the error of a standard deviation cannot be read off the sample itself.
import { mean } from '../statistics/estimate.js';
import { createRandomSource, type RandomSource } from '../statistics/random-source.js';
import type { Ensemble } from './ensemble.js';

/** How the spread of one level differs between two ensembles at one time. */
export interface SpreadContrast {
  /** log(surrogate deviation / reference deviation); infinite where one of them does not fluctuate, NaN where neither does. */
  readonly logRatio: number;
  /** Standard deviation of `logRatio` over permutations: what it would scatter by if both had the same law. */
  readonly error: number;
  /** |log ratio| / error in every permutation, to be combined over levels and times. */
  readonly permuted: Float64Array;
}

/** p-values are multiples of 1/PERMUTATIONS. */
const PERMUTATIONS = 1000;

/** Below this fraction of the mean a spread is rounding, not fluctuation. */
const ROUNDING = 1e-12;

/** A random half of the replicas, the same for all levels and times, so that their correlations are kept. */
function shuffledLabels(n: number, total: number, random: RandomSource): Uint8Array {
  const labels = new Uint8Array(total);
  for (let chosen = 0, i = 0; i < total; i++) {
    if (random.below(total - i) < n - chosen) {
      labels[i] = 1;
      chosen += 1;
    }
  }
  return labels;
}

/** log of the ratio of the standard deviations of the values with label 0 and of those with label 1. */
function logRatioOf(values: Float64Array, labels: Uint8Array): number {
  let [n, sum, squares, m, otherSum, otherSquares] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (labels[i] === 1) {
      n += 1;
      sum += x;
      squares += x * x;
    } else {
      m += 1;
      otherSum += x;
      otherSquares += x * x;
    }
  }
  const variance = (squares - (sum * sum) / n) / (n - 1);
  const other = (otherSquares - (otherSum * otherSum) / m) / (m - 1);
  return Math.log(other / variance) / 2;
}

function spreadOf(a: Float64Array, b: Float64Array, shuffles: readonly Uint8Array[]): SpreadContrast {
  const [centreA, centreB] = [mean(a), mean(b)];
  const values = Float64Array.from([...a.map((x) => x - centreA), ...b.map((x) => x - centreB)]);
  const labels = Uint8Array.from(values, (_, i) => (i < a.length ? 1 : 0));
  const moves = (centred: Float64Array, centre: number) =>
    centred.some((x) => Math.abs(x) > ROUNDING * Math.abs(centre));
  if (!moves(values.subarray(0, a.length), centreA) && !moves(values.subarray(a.length), centreB)) {
    return { logRatio: Number.NaN, error: Number.NaN, permuted: new Float64Array(shuffles.length).fill(Number.NaN) };
  }
  const ratios = Float64Array.from(shuffles, (shuffle) => logRatioOf(values, shuffle));
  const error = Math.sqrt(mean(ratios.map((r) => r * r)));
  return { logRatio: logRatioOf(values, labels), error, permuted: ratios.map((r) => Math.abs(r) / error) };
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
  const shuffles = Array.from({ length: PERMUTATIONS }, () => shuffledLabels(n, n + m, random));
  const column = ({ levels }: Ensemble, frame: number, level: number) =>
    Float64Array.from(levels, (run) => run[frame][level]);
  return reference.time.map((_, frame) =>
    Array.from({ length: top }, (_, level) =>
      spreadOf(column(reference, frame, level), column(surrogate, frame, level), shuffles),
    ),
  );
}

/**
 * Probability that the farthest of several ratios is as far from 1 as found, were the laws the same: by the largest of
 * |log ratio| / error over all of them in every permutation (Westfall and Young 1993), which takes the correlations of
 * levels and times into account. 1 without a ratio.
 */
export function spreadPValue(spreads: readonly SpreadContrast[]): number {
  const judged = spreads.filter(({ logRatio }) => !Number.isNaN(logRatio));
  const found = judged.reduce((most, { logRatio, error }) => Math.max(most, Math.abs(logRatio) / error), 0);
  let reached = 0;
  for (let p = 0; p < PERMUTATIONS; p++) {
    if (judged.some(({ permuted }) => permuted[p] >= found)) reached += 1;
  }
  // The arrangement at hand counts as one of them.
  return judged.length === 0 ? 1 : (reached + 1) / (PERMUTATIONS + 1);
}
