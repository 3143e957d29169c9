// A measured number with its error, and the plain mean as the simplest estimator.

export interface Estimate {
  readonly value: number;
  /** One standard error; NaN where it cannot be known, as from a single realisation. */
  readonly error: number;
  /** Independent realisations behind it. */
  readonly n: number;
}

/** NaN for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Unbiased (divisor n - 1); NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum / (values.length - 1);
}

/** The mean of independent values, with the standard error sqrt(variance / n). */
export function meanEstimate(values: ArrayLike<number>): Estimate {
  const n = values.length;
  return { value: mean(values), error: n < 2 ? Number.NaN : Math.sqrt(variance(values) / n), n };
}

/** Ascending copy. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Linear interpolation between order statistics, as `numpy.quantile` does by default; NaN for an empty list. Right for the
 * largest doubles too.
 *
 * @param ascending in ascending order
 * @param p probability, 0 to 1
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const place = p * (ascending.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ascending.length - 1);
  const part = place - below;
  const [low, high] = [ascending[below], ascending[above]];
  if (part === 0 || low === high) return low;
  const step = high - low;
  // The difference of two doubles can overflow.
  return Number.isFinite(step) ? low + part * step : (1 - part) * low + part * high;
}

/** @returns Infinity of none, NaN when one of them is */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** @returns -Infinity of none, NaN when one of them is */
export function largest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}
