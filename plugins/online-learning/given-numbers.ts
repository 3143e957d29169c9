// Lists of numbers in a scenario, as the vectors and matrices that they stand for.
import { EigenflowError } from 'eigenflow';

/** One number for all, or one for each. @throws EigenflowError `parameter` for another number of them */
export function vectorOf(name: string, given: readonly number[], length: number): Float64Array {
  if (given.length === 1) return new Float64Array(length).fill(given[0]);
  if (given.length === length) return Float64Array.from(given);
  throw new EigenflowError('parameter', `model.${name}`, `has ${given.length} numbers; give ${length}, or one for all`);
}

/**
 * n x n numbers, the diagonal, or one for the diagonal.
 *
 * @throws EigenflowError `parameter` for another number of them, or a matrix that is not symmetric
 */
export function symmetricOf(name: string, given: readonly number[], n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  if (given.length === n * n && n > 1) {
    matrix.set(given);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        if (matrix[i * n + k] === matrix[k * n + i]) continue;
        const entries = `row ${i + 1}, column ${k + 1} and row ${k + 1}, column ${i + 1}`;
        throw new EigenflowError('parameter', `model.${name}`, `is not symmetric: ${entries} differ; make them equal`);
      }
    }
    return matrix;
  }
  if (given.length !== n && given.length !== 1) {
    const expected = `${n * n}, its diagonal (${n}), or one for the diagonal`;
    throw new EigenflowError('parameter', `model.${name}`, `has ${given.length} numbers; give ${expected}`);
  }
  for (let i = 0; i < n; i++) matrix[i * (n + 1)] = given[given.length === 1 ? 0 : i];
  return matrix;
}
