// Whether two means differ by more than chance: Welch's test, since neither dynamics owes the other its spread, and since
// errors that come from a few realisations are themselves uncertain.
import { studentTwoSided } from '../../core/statistics/student.js';

/** A mean with its standard error over n realisations. */
export interface MeasuredMean {
  readonly mean: number;
  readonly meanError: number;
  readonly n: number;
}

export interface MeanContrast {
  /** Surrogate mean - reference mean. */
  readonly difference: number;
  /** Its standard error. */
  readonly error: number;
  /** Degrees of freedom of that error; NaN where nothing fluctuates. */
  readonly degrees: number;
  /** Probability of a difference as large, were the means the same; NaN where one of them is. */
  readonly pValue: number;
}

/**
 * t = difference / error follows Student's law with v = (s^2 + r^2)^2 / (s^4 / (n - 1) + r^4 / (m - 1)) degrees of
 * freedom, s and r being the two standard errors (Welch 1947, doi:10.1093/biomet/34.1-2.28). Close to exact for normal
 * values: on the safe side where spreads are alike; where they differ tenfold and n = 4, p = 0.01 is rather 0.03. Where
 * nothing fluctuates any difference is certain.
 */
export function contrastMeans(reference: MeasuredMean, surrogate: MeasuredMean): MeanContrast {
  const difference = surrogate.mean - reference.mean;
  const [s, r] = [reference.meanError ** 2, surrogate.meanError ** 2];
  const error = Math.sqrt(s + r);
  if (error === 0)
    return {
      difference,
      error,
      degrees: Number.NaN,
      pValue: difference === 0 ? 1 : Number.isNaN(difference) ? Number.NaN : 0,
    };
  const degrees = (s + r) ** 2 / (s ** 2 / (reference.n - 1) + r ** 2 / (surrogate.n - 1));
  return { difference, error, degrees, pValue: studentTwoSided(difference / error, degrees) };
}

/**
 * Probability, at most, that the farthest of several means is as far off as found, were all the same: their number times
 * the smallest p (Bonferroni), however levels and times are correlated. 1 without a mean, NaN where one is not a number.
 */
export function meansPValue(contrasts: readonly MeanContrast[]): number {
  // Math.min keeps NaN.
  return Math.min(
    1,
    Math.max(1, contrasts.length) * contrasts.reduce((least, { pValue }) => Math.min(least, pValue), 1),
  );
}
