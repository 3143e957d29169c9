// Linear systems by elimination with pivots, row by row: what the product solves with a package, tests solve with this.

/**
 * @param matrix n x n, row by row
 * @param sides n x columns, row by row
 * @returns x with matrix x = sides; n x columns
 */
export function eliminate(
  matrix: ArrayLike<number>,
  n: number,
  sides: ArrayLike<number>,
  columns: number,
): Float64Array {
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(sides);
  const swap = (values: Float64Array, width: number, i: number, j: number) => {
    const row = values.slice(i * width, (i + 1) * width);
    values.copyWithin(i * width, j * width, (j + 1) * width);
    values.set(row, j * width);
  };
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    swap(a, n, k, pivot);
    swap(x, columns, k, pivot);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      for (let j = 0; j < columns; j++) x[i * columns + j] -= factor * x[k * columns + j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < columns; j++) x[i * columns + j] /= a[i * n + i];
  return x;
}
