// Bootstrap errors and intervals over realisations, of any statistic.
import { type Estimate, quantile, sorted, variance } from './estimate.js';
import { createRandomSource } from './random-source.js';

export interface BootstrapEstimate extends Estimate {
  /** Ends of the central 68.27 % of the bootstrap distribution. */
  readonly low: number;
  readonly high: number;
}

/** Probability below minus one standard deviation of a normal law. */
const LOWER_TAIL = 0.158655253931457;

/**
 * Resamples whole realisations with replacement (Efron 1979, doi:10.1214/aos/1176344552). The error is the standard
 * deviation over the resamples; its own relative error is 1/sqrt(2 resamples) at least.
 *
 * Error and ends are NaN for a single realisation.
 *
 * @param resamples default 400: errors within 4 %
 * @param seed another seed gives another set of resamples
 * @throws RangeError without realisations or below two resamples
 */
export function bootstrap<T>(
  realisations: readonly T[],
  statistic: (some: readonly T[]) => number,
  { resamples = 400, seed = 1 }: { readonly resamples?: number; readonly seed?: number } = {},
): BootstrapEstimate {
  const n = realisations.length;
  if (n === 0 || resamples < 2) {
    throw new RangeError(`a bootstrap needs a realisation and 2 resamples: found ${n} and ${resamples}`);
  }
  const random = createRandomSource(seed, 'bootstrap');
  const resample: T[] = new Array(n);
  const results = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) resample[i] = realisations[random.below(n)];
    return statistic(resample);
  });
  const value = statistic(realisations);
  if (n < 2) return { value, error: Number.NaN, n, low: Number.NaN, high: Number.NaN };
  const ascending = sorted(results);
  const [low, high] = [LOWER_TAIL, 1 - LOWER_TAIL].map((p) => quantile(ascending, p));
  return { value, error: Math.sqrt(variance(results)), n, low, high };
}
