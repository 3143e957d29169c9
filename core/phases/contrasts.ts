// Softmax probabilities of K labels from K - 1 contrasts: adding a number to all logits changes no probability, so that
// direction is left out. Contrasts of independent logits of equal variance are independent, with that variance.
import { exponentials } from '../statistics/exponentials.js';

/**
 * Orthonormal columns that sum to zero (Helmert), labels x (labels - 1), row by row.
 *
 * @param labels 2 or more
 */
export function contrastBasis(labels: number): Float64Array {
  const columns = labels - 1;
  const basis = new Float64Array(labels * columns);
  for (let j = 0; j < columns; j++) {
    const norm = Math.sqrt((j + 1) * (j + 2));
    for (let k = 0; k <= j; k++) basis[k * columns + j] = 1 / norm;
    basis[(j + 1) * columns + j] = -(j + 1) / norm;
  }
  return basis;
}

/**
 * @param contrasts points x (labels - 1)
 * @returns points x labels; every row sums to 1
 */
export function softmax(contrasts: Float64Array, basis: Float64Array, labels: number): Float64Array {
  const columns = labels - 1;
  const points = contrasts.length / columns;
  const logits = new Float64Array(points * labels);
  for (let i = 0; i < points; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < labels; k++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += basis[k * columns + j] * contrasts[i * columns + j];
      logits[i * labels + k] = sum;
      largest = Math.max(largest, sum);
    }
    for (let k = 0; k < labels; k++) logits[i * labels + k] -= largest;
  }
  exponentials(logits);
  for (let i = 0; i < points; i++) {
    let sum = 0;
    for (let k = 0; k < labels; k++) sum += logits[i * labels + k];
    for (let k = 0; k < labels; k++) logits[i * labels + k] /= sum;
  }
  return logits;
}
