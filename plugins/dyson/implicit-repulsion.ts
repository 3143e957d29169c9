// The equation that an implicit step of repelling levels solves: y_i - sum_j c_ij / (y_i - y_j) = b_i, with images behind a
// wall at 0 where there is one.
import type { Arena, Vector } from 'eigenflow';
import { reflectAndSort } from './order.js';

/** Newton's method has converged long before, unless the numbers are out of range. */
const ITERATION_LIMIT = 60;
/** Halvings of one Newton step; the shortest still moves a double. */
const HALVING_LIMIT = 60;
/** A correction below this fraction of the smallest gap leaves its square, less than rounding. */
const CLOSE = 1e-8;
/** Rounding, relative to the size of the levels. */
const ROUNDING = 1e-14;
/** A Newton step goes at most this far towards a collision. */
const TOWARDS_COLLISION = 0.95;

/** Solves (L L^T) x = b in place of b; `matrix` (n x n, lower triangle) is overwritten with L. Positive definite. */
function solvePositive(matrix: Vector, n: number, b: Vector): void {
  for (let j = 0; j < n; j++) {
    let pivot = matrix[j * n + j];
    for (let k = 0; k < j; k++) pivot -= matrix[j * n + k] * matrix[j * n + k];
    const diagonal = Math.sqrt(pivot);
    matrix[j * n + j] = diagonal;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = sum / diagonal;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= matrix[i * n + k] * b[k];
    b[i] = sum / matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= matrix[k * n + i] * b[k];
    b[i] = sum / matrix[i * n + i];
  }
}

/**
 * @param n number of levels
 * @returns `solve(free, strength, y, wall)`, which writes the ordered solution for free = b (n) and strength = c (n x n,
 * symmetric, not negative) into y, allocating nothing
 *
 * The solution is the minimum of
 *
 *     F(y) = 1/2 sum_i (y_i - b_i)^2 - sum_{i<j} c_ij log(y_j - y_i)
 *
 * over y_i < y_j for i < j with c_ij > 0. F is strictly convex there and rises without bound towards the edge and far
 * out, so the minimum exists, is unique, and is the only ordered root of grad F = 0. Newton's method on F finds it,
 * with steps shortened so that they stay inside and do not go far beyond the minimum along their line. Pairs with c_ij
 * = 0 may pass each other. NaN in b gives NaN.
 *
 * With `images`, levels repel those at -y_j too and, with strength w = wall[0], the origin: the equation is
 * y_i - sum_{j != i} [ c_ij / (y_i - y_j) + c_ij / (y_i + y_j) ] - w / y_i = b_i, and F has
 * - sum_{i<j} c_ij log(y_i + y_j) - w sum_i log y_i beside it, which is convex too. For w = 0 the lowest level may come out
 * negative, by less than the next one is positive.
 */
export function createRepulsionSolver(
  n: number,
  arena: Arena,
  images = false,
): (free: Vector, strength: Vector, y: Vector, wall: Vector) => void {
  const gradient = arena.vector(n);
  const hessian = arena.vector(n * n);
  const direction = arena.vector(n);
  const trial = arena.vector(n);

  const writeGradient = (at: Vector, free: Vector, strength: Vector, wall: Vector) => {
    for (let i = 0; i < n; i++) gradient[i] = at[i] - free[i];
    if (images && wall[0] > 0) for (let i = 0; i < n; i++) gradient[i] -= wall[0] / at[i];
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const c = strength[i * n + j];
        if (c === 0) continue;
        const push = c / (at[j] - at[i]);
        gradient[i] += push;
        gradient[j] -= push;
        if (!images) continue;
        const image = c / (at[j] + at[i]);
        gradient[i] -= image;
        gradient[j] -= image;
      }
    }
  };

  const writeHessian = (at: Vector, strength: Vector, wall: Vector) => {
    hessian.fill(0);
    for (let i = 0; i < n; i++) hessian[i * n + i] = 1;
    if (images && wall[0] > 0) for (let i = 0; i < n; i++) hessian[i * n + i] += wall[0] / (at[i] * at[i]);
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const c = strength[i * n + j];
        if (c === 0) continue;
        const gap = at[j] - at[i];
        const curvature = c / (gap * gap);
        hessian[i * n + i] += curvature;
        hessian[j * n + j] += curvature;
        hessian[j * n + i] -= curvature;
        if (!images) continue;
        const sum = at[j] + at[i];
        const beyond = c / (sum * sum);
        hessian[i * n + i] += beyond;
        hessian[j * n + j] += beyond;
        hessian[j * n + i] += beyond;
      }
    }
  };

  /** Ordered, apart by about the distance that two levels would keep, near the free positions. */
  const writeStart = (free: Vector, strength: Vector, y: Vector, wall: Vector) => {
    let strongest = 0;
    for (let i = 0; i < n * n; i++) if (strength[i] > strongest) strongest = strength[i];
    const distance = Math.sqrt(2 * strongest);
    y.set(free);
    reflectAndSort(y, images ? 0 : Number.NEGATIVE_INFINITY);
    if (images) y[0] = Math.max(y[0], Math.sqrt(2 * wall[0]), distance / 2);
    for (let i = 1; i < n; i++) {
      const least = y[i - 1] + distance;
      if (y[i] < least) y[i] = least;
    }
  };

  return (free, strength, y, wall) => {
    writeStart(free, strength, y, wall);
    writeGradient(y, free, strength, wall);
    for (let iteration = 0; iteration < ITERATION_LIMIT; iteration++) {
      writeHessian(y, strength, wall);
      for (let i = 0; i < n; i++) direction[i] = -gradient[i];
      solvePositive(hessian, n, direction);
      let size = 0;
      let largest = 0;
      let length = 1;
      let slope = 0;
      for (let i = 0; i < n; i++) {
        size = Math.max(size, Math.abs(y[i]));
        largest = Math.max(largest, Math.abs(direction[i]));
        slope += gradient[i] * direction[i];
        if (images && wall[0] > 0 && direction[i] < 0) {
          length = Math.min(length, (TOWARDS_COLLISION * y[i]) / -direction[i]);
        }
        for (let j = i + 1; j < n; j++) {
          if (strength[i * n + j] === 0) continue;
          const closing = direction[i] - direction[j];
          if (closing > 0) length = Math.min(length, (TOWARDS_COLLISION * (y[j] - y[i])) / closing);
          const falling = -direction[i] - direction[j];
          if (images && falling > 0) length = Math.min(length, (TOWARDS_COLLISION * (y[j] + y[i])) / falling);
        }
      }
      for (let halving = 0; halving < HALVING_LIMIT; halving++) {
        for (let i = 0; i < n; i++) trial[i] = y[i] + length * direction[i];
        writeGradient(trial, free, strength, wall);
        let end = 0;
        for (let i = 0; i < n; i++) end += gradient[i] * direction[i];
        // The slope along the line rises from `slope` < 0 and is 0 at the minimum.
        if (!(end > -slope / 2)) break;
        length /= 2;
      }
      y.set(trial);
      let smallest = Number.POSITIVE_INFINITY;
      for (let i = 1; i < n; i++) smallest = Math.min(smallest, Math.abs(y[i] - y[i - 1]));
      if (images && n > 1) smallest = Math.min(smallest, Math.abs(y[1] + y[0]));
      if (images && wall[0] > 0) smallest = Math.min(smallest, y[0]);
      if (!(largest > Math.max(CLOSE * smallest, ROUNDING * size))) break;
    }
  };
}
