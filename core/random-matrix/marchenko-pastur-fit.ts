// Which part of a spectrum is noise: the law of Marchenko and Pastur fitted to the bulk, and the levels that stand out.
import { quantile, sorted } from '../statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../statistics/kolmogorov-smirnov.js';
import { marchenkoPasturCdf, marchenkoPasturEdges, marchenkoPasturQuantile } from './marchenko-pastur.js';

export interface MarchenkoPasturFit {
  /** Variance of an entry of W, from the median level. */
  readonly entryVariance: number;
  readonly lowerEdge: number;
  readonly upperEdge: number;
  /** Levels above `upperThreshold`. */
  readonly outliersAbove: number;
  /** The upper edge for these finite sides plus `SIGNIFICANCE` widths of its fluctuations. */
  readonly upperThreshold: number;
  /** Kolmogorov-Smirnov distance of the levels that are not outliers. */
  readonly distance: number;
}

/**
 * 99 % quantile of the Tracy-Widom law for beta = 1: one pure-noise matrix in a hundred shows a false outlier. Source:
 * Johnstone 2001, table 1.
 */
const SIGNIFICANCE = 2.0234;

/**
 * Centre and width of the largest level of W W^T for entries of variance 1. Source: Johnstone 2001,
 * doi:10.1214/aos/1009210544, equations 1.3 and 1.4.
 */
function largestLevel(rows: number, cols: number): { readonly centre: number; readonly width: number } {
  const long = Math.sqrt(Math.max(rows, cols) - 1);
  const short = Math.sqrt(Math.min(rows, cols));
  return { centre: (long + short) ** 2, width: (long + short) * Math.cbrt(1 / long + 1 / short) };
}

/**
 * The scale is fixed by the median, so that outliers do not move it while they are a minority. The law holds for large
 * sides: with 16 levels the median, and with it every edge, is uncertain by about 10 %.
 *
 * @param levels the min(rows, cols) levels of W W^T that are not trivially zero, in any order
 * @returns NaN throughout when a level is not finite
 * @throws RangeError when there are not min(rows, cols) levels
 */
export function fitMarchenkoPastur(levels: ArrayLike<number>, rows: number, cols: number): MarchenkoPasturFit {
  const expected = Math.min(rows, cols);
  if (levels.length !== expected) {
    throw new RangeError(`a matrix of ${rows} x ${cols} has ${expected} levels, found ${levels.length}`);
  }
  const ascending = sorted(levels);
  const unit = { rows, cols, entryVariance: 1 };
  const finite = ascending.every(Number.isFinite);
  const entryVariance = finite ? quantile(ascending, 0.5) / marchenkoPasturQuantile(unit, 0.5) : Number.NaN;
  const law = { rows, cols, entryVariance };
  const { lower, upper } = marchenkoPasturEdges(law);
  const { centre, width } = largestLevel(rows, cols);
  const upperThreshold = entryVariance * (centre + SIGNIFICANCE * width);
  const bulk = ascending.filter((level) => !(level > upperThreshold));
  return {
    entryVariance,
    lowerEdge: lower,
    upperEdge: upper,
    outliersAbove: finite ? ascending.length - bulk.length : Number.NaN,
    upperThreshold,
    distance: kolmogorovSmirnovDistance(bulk, (x) => marchenkoPasturCdf(law, x)),
  };
}
