// Distance of the origin from the convex hull of points, by Wolfe's algorithm (1976, doi:10.1007/BF01580381).
import { Matrix, solve } from 'ml-matrix';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Factors of sum 1 with which points of a corral give the point of their affine hull that is nearest to the origin. */
function nearestAffine(points: readonly Float64Array[]): number[] {
  const n = points.length;
  const matrix = Matrix.zeros(n + 1, n + 1);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(points[i], points[j]);
      matrix.set(i, j, product);
      matrix.set(j, i, product);
    }
    matrix.set(i, n, 1);
    matrix.set(n, i, 1);
  }
  const right = Matrix.zeros(n + 1, 1);
  right.set(n, 0, 1);
  return solve(matrix, right).to1DArray().slice(0, n);
}

/** @returns the distance; that of rounding where the origin lies in the hull */
export function distanceFromHull(points: readonly Float64Array[]): number {
  const d = points[0].length;
  const size = Math.max(...points.map((point) => dot(point, point)));
  const norms = points.map((point) => dot(point, point));
  let corral = [norms.indexOf(Math.min(...norms))];
  let factors = [1];
  const nearest = () => {
    const sum = new Float64Array(d);
    corral.forEach((k, i) => {
      for (let j = 0; j < d; j++) sum[j] += factors[i] * points[k][j];
    });
    return sum;
  };
  for (let rounds = 0; rounds < 100 * d; rounds++) {
    const x = nearest();
    const square = dot(x, x);
    const products = points.map((point) => dot(point, x));
    const best = products.indexOf(Math.min(...products));
    if (square < 1e-16 * size || products[best] > square - 1e-12 * size || corral.includes(best)) {
      return Math.sqrt(square / size);
    }
    corral = [...corral, best];
    factors = [...factors, 0];
    for (;;) {
      const wanted = nearestAffine(corral.map((k) => points[k]));
      if (wanted.every((factor) => factor > 1e-12)) {
        factors = wanted;
        break;
      }
      let part = 1;
      wanted.forEach((factor, i) => {
        if (factor <= 1e-12) part = Math.min(part, factors[i] / (factors[i] - factor));
      });
      factors = factors.map((factor, i) => factor + part * (wanted[i] - factor));
      const kept = factors.map((factor) => factor > 1e-12);
      corral = corral.filter((_, i) => kept[i]);
      factors = factors.filter((_, i) => kept[i]);
    }
  }
  throw new Error('the nearest point was not found');
}
