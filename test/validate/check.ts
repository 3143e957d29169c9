// What one validation reports: expected and measured value with error and N, and whether they agree.
import { betaQuantile } from '../../core/statistics/beta.js';

export interface Check {
  readonly what: string;
  readonly expected: number;
  readonly measured: number;
  /** One standard error of the measured value, or NaN with the reason in `note`. */
  readonly error: number;
  /** Realisations behind the measured value. */
  readonly n: number;
  /** What counts as agreement, in words. */
  readonly tolerance: string;
  readonly passed: boolean;
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
