// The terms of the criterion that compares drift and noise of the spectral width, as it was published and as the level
// equation has it. Pure functions of measured coefficients; K levels, descending; matrices K x K, row-major.
import { coulombSum } from 'eigenflow/theory';

/** Sum over the levels beside the outermost ones, at equal distances. `offset` moves the index at the smallest one. */
function harmonicSum(variance: ArrayLike<number>, K: number, offset: number): number {
  const last = K - 1;
  let sum = (2 * variance[last]) / (K - 1);
  for (let k = 1; k <= K - 2; k++) sum += (variance[k] + variance[last * K + (last - k + offset)]) / k;
  return sum;
}

/**
 * From a harmonic sum to what noise adds to the width per learning time and T: the sum over the distance of levels,
 * which the law of Marchenko and Pastur puts at 4 sigma^2/(sqrt(r) (K - 1)), r = cols/rows, for entries of variance
 * sigma^2/cols. Times sigma^2, which the observer does not know.
 */
const perDistance = (sum: number, K: number, cols: number) => (sum * Math.sqrt(cols / K) * (K - 1)) / 4;

/**
 * `limit_matrix_new` of the code of arXiv:2509.01349, term by term; the run passes when
 *
 *     drift >= T noise / sigma_W^2
 *     drift = |K_11| - |K_KK|
 *     noise = sqrt(r) (K - 1)/4 { 2 V_1K/(K - 1) + sum_{k=1}^{K-2} (V_{1,1+k} + V_{K,K-k+1})/k }        levels from 1
 *
 * Its two oddities are kept: V is the matrix of element-wise variances rotated like a tensor, and the second index in
 * the sum is off by one, so that k = 1 picks the diagonal element of the smallest level.
 */
export function publishedTerms(
  meanMatrix: ArrayLike<number>,
  rotatedVariance: ArrayLike<number>,
  K: number,
  cols: number,
): { readonly drift: number; readonly noise: number } {
  return {
    drift: Math.abs(meanMatrix[0]) - Math.abs(meanMatrix[K * K - 1]),
    noise: perDistance(harmonicSum(rotatedVariance, K, 1), K, cols),
  };
}

/** The same noise with V_ij = Var[(U^T X1 U)_ij] and the neighbours as the derivation has them. */
export function equalSpacingNoise(variance: ArrayLike<number>, K: number, cols: number): number {
  return perDistance(harmonicSum(variance, K, 0), K, cols);
}

/** sum_{j > 1} M_1j/(x_1 - x_j) + sum_{j < K} M_Kj/(x_j - x_K): what second-order perturbations add to the width. */
export function widthSum(levels: ArrayLike<number>, element: (i: number, j: number) => number): number {
  const sums = coulombSum(levels, element);
  return sums[0] - sums[levels.length - 1];
}
