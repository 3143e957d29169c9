/**
 * Eigenvalues of a real symmetric tridiagonal matrix, given its diagonal and the squares of the elements beside it, all
 * of size 1 or less. Two ways: Laguerre's method on all values at once, where good first guesses are known, and
 * otherwise the rational QL algorithm of Pal, Walker and Kahan (Parlett 1980, The symmetric eigenvalue problem).
 */
import { pair } from './simd';

const ITERATION_LIMIT: i32 = 60;
const EPSILON: f64 = 2.220446049250313e-16;
/** Below this the product of two squares may have lost digits to underflow. */
const SMALL: f64 = 1e-280;

/** Laguerre's method has found every value after two or three evaluations, or is on the wrong track. */
const EVALUATION_LIMIT: i32 = 4;
/** A last correction below this fraction of the gaps beside it leaves a third power of it, less than rounding. */
const CLOSE: f64 = 1e-5;

// @ts-ignore: decorator
@inline
function at(x: usize, i: i32): usize {
  return x + (<usize>i << 3);
}

/** n p / (p' +- sqrt((n - 1)^2 p'^2 - n (n - 1) p p'')), the sign that makes the correction small; half = p'' / 2. */
// @ts-ignore: decorator
@inline
function correction(n: f64, p: v128, slope: v128, half: v128): v128 {
  const a = f64x2.mul(pair((n - 1) * (n - 1)), f64x2.mul(slope, slope));
  const b = f64x2.mul(pair(2 * n * (n - 1)), f64x2.mul(p, half));
  // Never negative but for rounding: all roots are real.
  const root = f64x2.sqrt(f64x2.pmax(pair(0), f64x2.sub(a, b)));
  const signed = v128.or(root, v128.and(slope, i64x2.splat(0x8000000000000000)));
  return f64x2.div(f64x2.mul(pair(n), p), f64x2.add(slope, signed));
}

/**
 * One step of Laguerre's method for every root of the characteristic polynomial, two at a time. Value p, first
 * derivative d and half the second derivative h come from the three-term recurrence of the leading minors.
 */
function improve(n: i32, diagonal: usize, squares: usize, roots: usize, corrections: usize): void {
  const first = v128.load64_splat(diagonal);
  for (let i: usize = 0; i < <usize>n << 3; i += 16) {
    const x = v128.load(roots + i);
    let p0 = pair(1), d0 = pair(0), h0 = pair(0);
    let p1 = f64x2.sub(first, x), d1 = pair(-1), h1 = pair(0);
    for (let k: usize = 8; k < <usize>n << 3; k += 8) {
      const t = f64x2.sub(v128.load64_splat(diagonal + k), x), b = v128.load64_splat(squares + k - 8);
      const h = f64x2.sub(f64x2.mul(t, h1), f64x2.add(d1, f64x2.mul(b, h0)));
      const d = f64x2.sub(f64x2.mul(t, d1), f64x2.add(p1, f64x2.mul(b, d0)));
      const p = f64x2.sub(f64x2.mul(t, p1), f64x2.mul(b, p0));
      p0 = p1; d0 = d1; h0 = h1;
      p1 = p; d1 = d; h1 = h;
    }
    const delta = correction(n, p1, d1, h1);
    v128.store(corrections + i, delta);
    v128.store(roots + i, f64x2.sub(x, delta));
  }
}

/** In ascending order, and the last corrections small against the gaps on both sides. */
function isConverged(n: i32, roots: usize, corrections: usize): bool {
  let converged = true;
  let size = abs(load<f64>(corrections));
  for (let i = 1; i < n; i++) {
    const limit = CLOSE * (load<f64>(at(roots, i)) - load<f64>(at(roots, i - 1)));
    const next = abs(load<f64>(at(corrections, i)));
    if (!(size <= limit && next <= limit)) converged = false;
    size = next;
  }
  return converged;
}

/** Sum and sum of squares are those of the matrix. A value found twice, in place of another one, would show here. */
function isComplete(n: i32, diagonal: usize, squares: usize, roots: usize): bool {
  let trace: f64 = 0, size: f64 = 0, sum: f64 = 0, sumSquares: f64 = 0;
  for (let i = 0; i < n; i++) {
    const a = load<f64>(at(diagonal, i)), x = load<f64>(at(roots, i));
    trace += a;
    size += a * a;
    if (i < n - 1) size += 2 * load<f64>(at(squares, i));
    sum += x;
    sumSquares += x * x;
  }
  const tolerance = 4 * <f64>n * EPSILON;
  return abs(sum - trace) <= tolerance * sqrt(size) && abs(sumSquares - size) <= tolerance * size;
}

/**
 * Turns guesses, ascending, into eigenvalues; returns the number of evaluations, or -1 when some value was not found.
 * `roots` and `corrections` have room for an even number of values. n <= 64, so that no product leaves the range.
 */
export function refineGuesses(n: i32, diagonal: usize, squares: usize, roots: usize, corrections: usize): i32 {
  if (n & 1) store<f64>(at(roots, n), load<f64>(at(roots, n - 1)));
  for (let evaluation = 1; evaluation <= EVALUATION_LIMIT; evaluation++) {
    improve(n, diagonal, squares, roots, corrections);
    if (isConverged(n, roots, corrections)) {
      return isComplete(n, diagonal, squares, roots) ? evaluation : -1;
    }
  }
  return -1;
}

/**
 * Overwrites the diagonal with the eigenvalues, in no particular order; squares[i] belongs to the element between i and
 * i + 1 and is destroyed. Returns the largest number of iterations that a value needed, or -1.
 */
export function rationalQl(n: i32, diagonal: usize, squares: usize): i32 {
  let most = 0;
  store<f64>(at(squares, n - 1), 0);
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = EPSILON * (abs(load<f64>(at(diagonal, m))) + abs(load<f64>(at(diagonal, m + 1))));
        if (load<f64>(at(squares, m)) <= size * size) break;
      }
      if (m == l) {
        most = max(most, iteration);
        break;
      }
      if (iteration == ITERATION_LIMIT) return -1;
      const beside = sqrt(load<f64>(at(squares, l))), dl = load<f64>(at(diagonal, l));
      const theta = (load<f64>(at(diagonal, l + 1)) - dl) / (2 * beside);
      const root = sqrt(theta * theta + 1);
      const shift = dl - beside / (theta + (theta < 0 ? -root : root));
      // c and s are squares of cosine and sine; p = gamma^2 / c.
      let gamma = load<f64>(at(diagonal, m)) - shift;
      let p = gamma * gamma, c: f64 = 1, s: f64 = 0;
      for (let i = m - 1; i >= l; i--) {
        const square = load<f64>(at(squares, i)), alpha = load<f64>(at(diagonal, i)) - shift;
        const r = p + square, product = r * p, old = gamma, oldCosine = c;
        store<f64>(at(squares, i + 1), s * r);
        if (product > SMALL) {
          // One division instead of three, one after the other.
          const inverse = 1 / product, scaled = p * inverse, next = p * alpha - square * old;
          c = p * scaled;
          s = square * scaled;
          gamma = next * scaled;
          p = next * next * inverse;
        } else {
          c = p / r;
          s = square / r;
          gamma = c * alpha - s * old;
          p = c != 0 ? gamma * gamma / c : oldCosine * square;
        }
        store<f64>(at(diagonal, i + 1), old + (alpha - gamma) + shift);
      }
      store<f64>(at(squares, l), s * p);
      store<f64>(at(diagonal, l), gamma + shift);
      store<f64>(at(squares, m), 0);
    }
  }
  return most;
}
