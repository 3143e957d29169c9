// Summary of the seeds of one cell. Values that are not numbers are never averaged: callers count them as left out.
import { labelProbability } from '../../../core/phases/cells.js';
import { quantile } from '../../../core/statistics/estimate.js';

export type Statistic = 'median' | 'mean' | 'fraction';

export interface Summary {
  /** NaN when there is no value. */
  readonly value: number;
  /**
   * Ends of the band: 16 % and 84 % quantiles around a median, one standard error around a mean, both NaN below 2
   * values; a 68 % interval around a fraction.
   */
  readonly low: number;
  readonly high: number;
  /** Values that entered. */
  readonly n: number;
}

/** @param values of any order; those that are not finite are skipped, so that `n` may be smaller than their number. */
export function summarise(values: readonly number[], statistic: Statistic): Summary {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const n = sorted.length;
  const hasBand = n >= 2;
  if (statistic === 'median') {
    const at = (p: number) => quantile(sorted, p);
    return { value: at(0.5), low: hasBand ? at(0.16) : Number.NaN, high: hasBand ? at(0.84) : Number.NaN, n };
  }
  if (statistic === 'fraction') return fraction(sorted);
  const mean = sorted.reduce((sum, value) => sum + value / n, n === 0 ? Number.NaN : 0);
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const error = hasBand ? Math.sqrt(variance / n) : Number.NaN;
  return { value: mean, low: mean - error, high: mean + error, n };
}

/** The plain fraction of 1s among 0s and 1s, with the band of `labelProbability` for one label and its opposite. */
function fraction(values: readonly number[]): Summary {
  const n = values.length;
  const count = values.reduce((sum, each) => sum + each, 0);
  const { low, high } = labelProbability(count, n, 2);
  return { value: n === 0 ? Number.NaN : count / n, low, high, n };
}
