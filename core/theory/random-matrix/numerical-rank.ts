// Which levels of a weight matrix are numbers and which are rounding: a rank with the precision that the weights have.
// Levels here are singular values of W; those of W W^T are their squares.
import { power } from '../../kernels/elementary.js';

/** Significant bits of bfloat16, float16, float32 and float64. */
export type SignificantBits = 8 | 11 | 24 | 53;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * The coarsest of the usual formats that holds every weight exactly, by its significant bits; the range of exponents is not
 * looked at. Weights that were computed in float32 and stored as float64 have 24: what counts is how they were rounded, not
 * how they are kept.
 */
export function significantBits(weights: ArrayLike<number>): SignificantBits {
  let found: SignificantBits = 8;
  for (let i = 0; i < weights.length; i++) {
    const x = weights[i];
    single[0] = x;
    if (single[0] !== x) return 53;
    if (found < 24 && (bits[0] & 0x1fff) !== 0) found = 24;
    else if (found < 11 && (bits[0] & 0xffff) !== 0) found = 11;
  }
  return found;
}

/**
 * How far a tolerance lies above the largest singular value of independent rounding errors. Half precision is usually
 * the rounding of a result in float32; results in float32 and float64 carry the rounding of every sum that went into
 * them, for the product of a 64 x r and an r x 64 matrix up to six times as much at r = 64 (derived).
 */
const margin = (significant: SignificantBits) => (significant < 24 ? 1.5 : 16);

/** Relative error of the kernel that computes singular values, for each row or column; numpy.linalg.matrix_rank's. */
const KERNEL = 2 ** -52;

export interface NumericalRank {
  /** Levels above the rounding of the weights. */
  readonly rank: number;
  /** The largest singular value that would count as rounding beside those above it. */
  readonly tolerance: number;
  readonly significantBits: SignificantBits;
}

/**
 * The rank r is the smallest number for which singular value r + 1 is no larger than what rounding makes of min(rows, cols)
 * - r levels that are 0. An entry w that is rounded to b bits errs by at most 2^-b |w|, evenly distributed, so with a
 * standard deviation of at most 2^-b |w| / sqrt(3). The largest singular value of such errors lies by the root of the
 * largest sum of variances over a row plus that over a column (Bandeira and van Handel 2016, doi:10.1214/15-AOP1025),
 * and falls with the sides of what is left as (sqrt(rows - r) + sqrt(cols - r)) / (sqrt(rows) + sqrt(cols)) (Marchenko and
 * Pastur). Because of that last factor the small levels of an ordinary matrix of full rank stay: there are too few of them
 * for their size. What can be lost is the lowest level of a square matrix, which may lie anywhere from 0 on: for N x N
 * independent entries with a probability of about 0.009 sqrt(N) in bfloat16 and 0.001 sqrt(N) in float16 (derived from
 * the law of the smallest singular value, Edelman 1988, doi:10.1137/0609045).
 *
 * @param singular the min(rows, cols) singular values, descending and finite
 * @param weights rows x cols
 */
export function numericalRank(
  singular: ArrayLike<number>,
  weights: ArrayLike<number>,
  rows: number,
  cols: number,
): NumericalRank {
  const significant = significantBits(weights);
  const columnSums = new Float64Array(cols);
  let largestRow = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      const square = weights[i * cols + j] * weights[i * cols + j];
      sum += square;
      columnSums[j] += square;
    }
    if (sum > largestRow) largestRow = sum;
  }
  let largestColumn = 0;
  for (let j = 0; j < cols; j++) if (columnSums[j] > largestColumn) largestColumn = columnSums[j];
  const rounding = (power(2, -significant) / Math.sqrt(3)) * (Math.sqrt(largestRow) + Math.sqrt(largestColumn));
  const edge = (margin(significant) * rounding) / (Math.sqrt(rows) + Math.sqrt(cols));
  const least = Math.max(rows, cols) * KERNEL * singular[0];
  const count = Math.min(rows, cols);
  const toleranceFor = (rank: number) => Math.max(edge * (Math.sqrt(rows - rank) + Math.sqrt(cols - rank)), least);
  let rank = 0;
  while (rank < count && singular[rank] > toleranceFor(rank)) rank += 1;
  return { rank, tolerance: toleranceFor(Math.min(rank, count - 1)), significantBits: significant };
}

/** Lines (rows or columns) of a matrix that are neither zero nor a copy of another one. */
function distinctLines(
  weights: ArrayLike<number>,
  count: number,
  length: number,
  lineStride: number,
  stride: number,
): number {
  const compare = (a: number, b: number) => {
    for (let k = 0; k < length; k++) {
      const difference = weights[a * lineStride + k * stride] - weights[b * lineStride + k * stride];
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const isZero = (line: number) => {
    for (let k = 0; k < length; k++) if (weights[line * lineStride + k * stride] !== 0) return false;
    return true;
  };
  const lines = Array.from({ length: count }, (_, line) => line).filter((line) => !isZero(line));
  lines.sort(compare);
  return lines.filter((line, i) => i === 0 || compare(lines[i - 1], line) !== 0).length;
}

/**
 * Sides of the matrix without rows and columns of zeros and with copies counted once: as many of its entries can be
 * independent.
 *
 * @param weights rows x cols, finite
 */
export function distinctSides(
  weights: ArrayLike<number>,
  rows: number,
  cols: number,
): { readonly rows: number; readonly cols: number } {
  return {
    rows: distinctLines(weights, rows, cols, cols, 1),
    cols: distinctLines(weights, cols, rows, 1, cols),
  };
}
