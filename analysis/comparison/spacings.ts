// Compares the distributions of spacings between neighbouring levels of two ensembles.
import { type Estimate, meanEstimate, quantile, sorted } from '../../core/statistics/estimate.js';
import { twoSampleDistance, twoSamplePValue } from '../../core/statistics/kolmogorov-smirnov.js';
import type { Ensemble } from './realisations.js';

/** Where the distribution functions of spacings are told. */
export const SPACING_QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

export interface SpacingContrast {
  /** Upper level of the pair, from 1. */
  readonly level: number;
  /** Means with their standard errors, each over its own number of realisations. */
  readonly reference: Estimate;
  readonly surrogate: Estimate;
  /** Of both, at the probabilities `SPACING_QUANTILES`. */
  readonly referenceQuantiles: readonly number[];
  readonly surrogateQuantiles: readonly number[];
  /** Two-sample Kolmogorov-Smirnov distance. */
  readonly distance: number;
  /** Probability of a distance as large or larger for two samples of one law; see `twoSamplePValue`. */
  readonly pValue: number;
}

function quantilesOf(spacings: Float64Array): number[] {
  const ascending = sorted(spacings);
  return SPACING_QUANTILES.map((p) => quantile(ascending, p));
}

/** Pairs of the `top` largest levels in the last frame. */
export function contrastSpacings(reference: Ensemble, surrogate: Ensemble, top: number): SpacingContrast[] {
  const spacings = ({ time, levels }: Ensemble, level: number) => {
    const last = time.length - 1;
    return Float64Array.from(levels, (run) => run[last][level] - run[last][level + 1]);
  };
  return Array.from({ length: top - 1 }, (_, level) => {
    const a = spacings(reference, level);
    const b = spacings(surrogate, level);
    const distance = twoSampleDistance(a, b);
    return {
      level: level + 1,
      reference: meanEstimate(a),
      surrogate: meanEstimate(b),
      referenceQuantiles: quantilesOf(a),
      surrogateQuantiles: quantilesOf(b),
      distance,
      pValue: twoSamplePValue(distance, a.length, b.length),
    };
  });
}
