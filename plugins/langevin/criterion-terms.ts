// The terms of the criterion that compares drift and noise of the spectral width, as it was published and as the level
// equation has it. Pure functions of measured coefficients; K levels, descending; matrices K x K, row-major.
import { coulombSum } from '../../core/level-equation/one-step.js';

/**
 * `limit_matrix_new` of the code of arXiv:2509.01349, term by term. Its two oddities are kept: `rotatedVariance` is the
 * matrix of element-wise variances rotated like a tensor, and the second index in the sum is off by one, so that k = 1
 * picks the diagonal element of the smallest level.
 *
 *     drift = |K_11| - |K_KK|
 *     noise = 2 V_1K/(K - 1) + sum_{k=1}^{K-2} (V_{1,1+k} + V_{K,K-k+1})/k        levels counted from 1
 */
export function publishedTerms(
  meanMatrix: ArrayLike<number>,
  rotatedVariance: ArrayLike<number>,
  K: number,
): { readonly drift: number; readonly noise: number } {
  const last = K - 1;
  let noise = (2 * rotatedVariance[last]) / (K - 1);
  for (let k = 1; k <= K - 2; k++) noise += (rotatedVariance[k] + rotatedVariance[last * K + (K - k)]) / k;
  return { drift: Math.abs(meanMatrix[0]) - Math.abs(meanMatrix[K * K - 1]), noise };
}

/**
 * The same with V_ij = Var[(U^T X1 U)_ij] and the neighbours as the derivation has them, for levels at equal distances:
 * the distance of levels times the part of d(width)/dt per temperature that is due to their repulsion.
 */
export function equalSpacingNoise(variance: ArrayLike<number>, K: number): number {
  const last = K - 1;
  let noise = (2 * variance[last]) / (K - 1);
  for (let k = 1; k <= K - 2; k++) noise += (variance[k] + variance[last * K + (last - k)]) / k;
  return noise;
}

/** sum_{j > 1} M_1j/(x_1 - x_j) + sum_{j < K} M_Kj/(x_j - x_K): what second-order perturbation theory adds to the width. */
export function widthSum(levels: ArrayLike<number>, element: (i: number, j: number) => number): number {
  const sums = coulombSum(levels, element);
  return sums[0] - sums[levels.length - 1];
}
