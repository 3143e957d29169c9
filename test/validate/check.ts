// What one validation reports: expected and measured value with error and N, which values would have been agreement, and
// which are possible at all. Whether a row counts and agrees follows from these: see score.ts.

import { betaQuantile } from '../../core/statistics/beta.js';
import { twoSamplePValue } from '../../core/statistics/kolmogorov-smirnov.js';

/** Ends included; they may be infinite. */
export type Interval = readonly [low: number, high: number];

export const ANY: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
export const NOT_NEGATIVE: Interval = [0, Number.POSITIVE_INFINITY];
export const FRACTION: Interval = [0, 1];

export interface Check {
  readonly what: string;
  /** NaN where no value is expected, only a region. */
  readonly expected: number;
  readonly measured: number;
  /** One standard error of the measured value, or NaN with the reason in the text. */
  readonly error: number;
  /** Realisations behind the measured value. */
  readonly n: number;
  /** What counts as agreement, in words. */
  readonly tolerance: string;
  /** All values that the quantity can take. */
  readonly possible: Interval;
  /** Measured values that are agreement. Undefined where nothing is claimed and the row is for the reader. */
  readonly accepted: Interval | undefined;
  /** Whether the measurement is precise enough for agreement to mean anything; default: true. */
  readonly precise?: boolean;
  /**
   * The deviation that makes 100 %. Default: the width of a bounded range of possible values, otherwise the expected
   * value. To be given where the expected value is 0 and the range is not bounded.
   */
  readonly unit?: number;
  /**
   * For p-values: the smallest deviation that the test would have found, as a share, such as a distance between two
   * distribution functions; NaN where it is not known.
   */
  readonly finds?: number;
}

/** expected +- tolerance */
export const about = (expected: number, tolerance: number): Interval => [expected - tolerance, expected + tolerance];
export const below = (high: number): Interval => [Number.NEGATIVE_INFINITY, high];
export const above = (low: number): Interval => [low, Number.POSITIVE_INFINITY];

/** The smallest two-sample Kolmogorov-Smirnov distance whose p-value is below `p`; 1 where there is none. */
export function detectableDistance(n: number, m: number, p: number): number {
  const steps = n * m;
  let [kept, found] = [0, steps];
  while (found - kept > 1) {
    const middle = Math.floor((kept + found) / 2);
    if (twoSamplePValue(middle / steps, n, m) < p) found = middle;
    else kept = middle;
  }
  return found / steps;
}

export interface Validation {
  readonly title: string;
  /** Where the expected values come from. */
  readonly source: string;
  run(): Promise<readonly Check[]>;
  /** Draws what belongs to it. @returns markdown that goes below the table */
  illustrate?(): Promise<string>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of a statistic by leaving out one realisation at a time. */
export function jackknife(values: readonly number[], statistic: (values: readonly number[]) => number): number {
  const n = values.length;
  const without = values.map((_, i) => statistic(values.filter((_, j) => j !== i)));
  const centre = mean(without);
  return Math.sqrt(((n - 1) / n) * without.reduce((sum, value) => sum + (value - centre) ** 2, 0));
}

/** Half the width of the central 68 % of the bootstrap distribution: right for medians, where the jackknife is not. */
export function bootstrap(values: readonly number[], statistic: (values: readonly number[]) => number): number {
  let state = 12345;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * values.length);
  };
  const results = Array.from({ length: 400 }, () => statistic(values.map(() => values[draw()]))).sort((a, b) => a - b);
  return (results[336] - results[64]) / 2;
}

/** Probability that a normal value lies 3 standard deviations or more from its mean. */
const BEYOND_THREE = 0.0026998;

/**
 * The number of standard errors, estimated from n normal values themselves, that their mean is off as rarely as a mean
 * with a known error is off by 3: Student's law with n - 1 degrees of freedom.
 */
export function likeThreeErrors(n: number): number {
  const freedom = n - 1;
  return Math.sqrt(freedom / betaQuantile(BEYOND_THREE, freedom / 2, 1 / 2) - freedom);
}
