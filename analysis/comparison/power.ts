// What a comparison could have found: the smallest shift of a mean, and the smallest ratio of standard deviations, that it
// would have called a failure with a stated probability. Derived, and held against simulation in the tests.
import { exp, log } from '../../core/kernels/elementary.js';
import { mean, quantile, sorted } from '../../core/statistics/estimate.js';
import { studentTwoSidedQuantile } from '../../core/statistics/student.js';
import type { MeanContrast } from './means.js';
import { criticalSpreads, PERMUTATIONS, type SpreadContrast } from './spread.js';

/** Probability with which a deviation of the stated size would have been found. */
export const POWER = 0.9;
/** Normal quantile of it. */
export const POWER_QUANTILE = 1.2815515655446004;

/** A deviation that would have been found with probability `POWER`. */
export interface Detectable {
  /** Where all levels deviate alike at all times of the window. */
  readonly common: number;
  /** Where only one level does, at one time: the median over them. */
  readonly single: number;
}

/**
 * Difference of two means that a two-sided test at p finds. With t the quantile of Student's law with v degrees of
 * freedom, the noncentral law has P(|T| > t) = POWER where the difference is about
 * t (1 - 1/(4 v)) + z sqrt(1 + t^2/(2 v)) errors (Abramowitz and Stegun 26.7.10).
 *
 * @param p significance of this one test
 * @returns in the unit of the means; 0 where nothing fluctuates, NaN where the error is not known
 */
export function detectableDifference({ error, degrees }: MeanContrast, p: number): number {
  if (error === 0) return 0;
  const t = studentTwoSidedQuantile(p, degrees);
  return error * (t * (1 - 1 / (4 * degrees)) + POWER_QUANTILE * Math.sqrt(1 + t ** 2 / (2 * degrees)));
}

/** log of the number of ways to choose n of m. */
function logChoices(m: number, n: number): number {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += log((m - n + i) / i);
  return sum;
}

/** Of this many expected repetitions of one exchange among the permutations, or more, none can be significant. */
const MOST_REPETITIONS = 4;

/** Whether so few realisations have so few exchanges that the one at hand comes up too often to be significant. */
function hasTooFewExchanges(n: number, m: number): boolean {
  const same = n === m ? 2 : 1;
  return same * PERMUTATIONS > MOST_REPETITIONS * exp(logChoices(n + m, n));
}

/** How the log ratios of one level at one time scatter, in dependence on the true ratio. */
interface RatioScatter {
  /** Over ensembles; the same whatever the ratio. */
  readonly own: number;
  /** Over exchanges, which mix both samples, where the true ratio has this logarithm. */
  readonly exchanged: (logRatio: number) => number;
}

/**
 * For two samples of n and m from laws of one shape with kurtosis k, the log ratio of standard deviations has the variance
 * (k - 1)/4 (1/n + 1/m). Both samples together have the kurtosis k f(r), f(r) = (a + b r^4)/(a + b r^2)^2 with the shares
 * a and b of realisations, so that exchanges scatter more the farther the ratio r is from 1. k follows from the scatter
 * that was found.
 */
function scatterOf({ logRatio, error }: SpreadContrast, [n, m]: Sizes): RatioScatter {
  const [a, b] = [n / (n + m), m / (n + m)];
  const perRealisation = (1 / n + 1 / m) / 4;
  const mixing = (logOfRatio: number) => {
    const square = exp(2 * logOfRatio);
    return (a + b * square ** 2) / (a + b * square) ** 2;
  };
  // The limit of f where one side does not fluctuate.
  const found = Number.isFinite(logRatio) ? mixing(logRatio) : 1 / (logRatio > 0 ? b : a);
  const kurtosis = Math.max(1, (1 + error ** 2 / perRealisation) / found);
  const scatter = (k: number) => Math.sqrt(Math.max(0, k - 1) * perRealisation);
  return { own: scatter(kurtosis), exchanged: (log) => scatter(kurtosis * mixing(log)) };
}

/** Realisations of the reference and of the surrogate. */
type Sizes = readonly [reference: number, surrogate: number];

/**
 * What is said above of scatter holds for many realisations. By how much logarithms must be larger with few: by
 * simulation, normal and Laplace laws, 8 to 64 realisations.
 */
const smallSampleAllowance = ([n, m]: Sizes) => 1 + 2 / n + 2 / m;

/** The smallest log with log >= needed(log), needed being bounded; of both signs the larger one. */
function smallestLog(needed: (log: number) => number): number {
  const smallest = (sign: 1 | -1) => {
    let log = needed(0);
    for (let i = 0; i < 200; i++) log = needed(sign * log);
    return log;
  };
  return Math.max(smallest(1), smallest(-1));
}

/**
 * |log ratio| that `spreadPValue` finds, in one level at one time (median over them) and in all alike.
 *
 * @param spreads of a window
 * @param significance of the whole window
 * @returns infinity where none can be found, NaN where nothing fluctuates
 */
export function detectableLogRatio(spreads: readonly SpreadContrast[], significance: number, sizes: Sizes): Detectable {
  const judged = spreads.filter(({ logRatio }) => !Number.isNaN(logRatio));
  if (judged.length === 0) return { common: Number.NaN, single: Number.NaN };
  if (hasTooFewExchanges(...sizes)) return { common: Number.POSITIVE_INFINITY, single: Number.POSITIVE_INFINITY };
  const critical = criticalSpreads(judged, significance);
  const scatters = judged.map((spread) => scatterOf(spread, sizes));
  const singles = scatters.map(({ own, exchanged }) =>
    smallestLog((log) => critical.farthest * exchanged(log) + POWER_QUANTILE * own),
  );
  // Of all together, exchanges scatter as found, more or less as those of each level would on average.
  const growth = (log: number) => mean(scatters.map(({ exchanged }, i) => exchanged(log) / judged[i].error));
  const shrink = mean(scatters.map(({ own }, i) => own / judged[i].error));
  const permuted = Array.from({ length: PERMUTATIONS }, (_, p) => mean(judged.map((spread) => spread.permuted[p])));
  const together = Math.sqrt(mean(permuted.map((log) => log * log)));
  const common = smallestLog((log) => critical.common * growth(log) + POWER_QUANTILE * together * shrink);
  const allowance = smallSampleAllowance(sizes);
  return { common: allowance * common, single: allowance * quantile(sorted(singles), 0.5) };
}
