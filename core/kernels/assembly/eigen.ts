/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder reduction to tridiagonal form, then the implicit
 * QL algorithm with Wilkinson's shift (Bowdler, Martin, Reinsch, Wilkinson 1968). Eigenvectors are kept as rows, so
 * that every rotation runs along two contiguous rows.
 */
import { dot } from './dot';
import { madd, pair } from './simd';
import { scaleOf } from './singular';

const ITERATION_LIMIT: i32 = 60;
const EPSILON: f64 = 2.220446049250313e-16;

// @ts-ignore: decorator
@inline
function at(x: usize, i: i32): usize {
  return x + (<usize>i << 3);
}

/** c -= f a + g b. */
// @ts-ignore: decorator
@inline
function subtractTwo(f: f64, a: usize, g: f64, b: usize, c: usize, n: i32): void {
  const ff = pair(-f), gg = pair(-g);
  let i: usize = 0;
  for (; i < (<usize>n & ~1) << 3; i += 16) {
    v128.store(c + i, madd(ff, v128.load(a + i), madd(gg, v128.load(b + i), v128.load(c + i))));
  }
  if (n & 1) store<f64>(c + i, load<f64>(c + i) - g * load<f64>(b + i) - f * load<f64>(a + i));
}

/** Row k of a keeps the reflector v_k in its columns k + 1 .. n - 1, factors[k] its 2 / |v|^2. */
function tridiagonal(a: usize, n: i32, diagonal: usize, beside: usize, factors: usize, p: usize): void {
  for (let k = 0; k < n; k++) {
    store<f64>(at(diagonal, k), load<f64>(at(a, k * n + k)));
    store<f64>(at(factors, k), 0);
    if (k == n - 1) break;
    const v = at(a, k * n + k + 1);
    const left = n - k - 1;
    const head = load<f64>(v);
    const size = left == 1 ? 0 : sqrt(dot(v, v, left));
    if (!(size > 0)) {
      store<f64>(at(beside, k), head);
      continue;
    }
    const next = head > 0 ? -size : size;
    const factor = 1 / (size * (size + abs(head)));
    store<f64>(at(beside, k), next);
    store<f64>(at(factors, k), factor);
    store<f64>(v, head - next);
    for (let i = 0; i < left; i++) {
      store<f64>(at(p, i), factor * dot(at(a, (k + 1 + i) * n + k + 1), v, left));
    }
    const half = 0.5 * factor * dot(p, v, left);
    for (let i = 0; i < left; i++) store<f64>(at(p, i), load<f64>(at(p, i)) - half * load<f64>(at(v, i)));
    for (let i = 0; i < left; i++) {
      subtractTwo(load<f64>(at(v, i)), p, load<f64>(at(p, i)), v, at(a, (k + 1 + i) * n + k + 1), left);
    }
  }
}

/** Rows of the transposed product of all reflectors. */
function accumulate(a: usize, n: i32, factors: usize, vectors: usize): void {
  memory.fill(vectors, 0, <usize>(n * n) << 3);
  for (let i = 0; i < n; i++) store<f64>(at(vectors, i * n + i), 1);
  for (let k = n - 3; k >= 0; k--) {
    const factor = load<f64>(at(factors, k));
    if (factor == 0) continue;
    const v = at(a, k * n + k + 1);
    const left = n - k - 1;
    for (let i = k + 1; i < n; i++) {
      const row = at(vectors, i * n + k + 1);
      const f = pair(-factor * dot(row, v, left));
      let j: usize = 0;
      for (; j < (<usize>left & ~1) << 3; j += 16) {
        v128.store(row + j, madd(f, v128.load(v + j), v128.load(row + j)));
      }
      if (left & 1) store<f64>(row + j, load<f64>(row + j) + f64x2.extract_lane(f, 0) * load<f64>(v + j));
    }
  }
}

/** Rows p and q = p + n become c p - s q and s p + c q. */
// @ts-ignore: decorator
@inline
function rotate(p: usize, n: i32, c: f64, s: f64): void {
  const cc = pair(c), ss = pair(s);
  const q = at(p, n);
  let i: usize = 0;
  for (; i < (<usize>n & ~1) << 3; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i);
    v128.store(p + i, f64x2.sub(f64x2.mul(cc, x), f64x2.mul(ss, y)));
    v128.store(q + i, madd(ss, x, f64x2.mul(cc, y)));
  }
  if (n & 1) {
    const x = load<f64>(p + i), y = load<f64>(q + i);
    store<f64>(p + i, c * x - s * y);
    store<f64>(q + i, s * x + c * y);
  }
}

/** sqrt(a^2 + b^2); the entries were scaled, so only small numbers can underflow, which does no harm here. */
// @ts-ignore: decorator
@inline
function length(a: f64, b: f64): f64 {
  return sqrt(a * a + b * b);
}

/** Diagonalises; the largest number of iterations a value needed, or -1. beside[i] couples i and i + 1. */
function iterate(n: i32, diagonal: usize, beside: usize, vectors: usize): i32 {
  let most = 0;
  store<f64>(at(beside, n - 1), 0);
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = abs(load<f64>(at(diagonal, m))) + abs(load<f64>(at(diagonal, m + 1)));
        if (abs(load<f64>(at(beside, m))) <= EPSILON * size) break;
      }
      if (m == l) {
        most = max(most, iteration);
        break;
      }
      if (iteration == ITERATION_LIMIT) return -1;
      const dl = load<f64>(at(diagonal, l)), el = load<f64>(at(beside, l));
      const theta = (load<f64>(at(diagonal, l + 1)) - dl) / (2 * el);
      const root = length(theta, 1);
      // Start of the bulge: d_m minus the shift.
      let g = load<f64>(at(diagonal, m)) - dl + el / (theta + (theta < 0 ? -root : root));
      let s: f64 = 1, c: f64 = 1, shift: f64 = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const e = load<f64>(at(beside, i));
        const f = s * e, b = c * e;
        const r = length(f, g);
        store<f64>(at(beside, i + 1), r);
        if (r == 0) {
          store<f64>(at(diagonal, i + 1), load<f64>(at(diagonal, i + 1)) - shift);
          store<f64>(at(beside, m), 0);
          break;
        }
        s = f / r;
        c = g / r;
        g = load<f64>(at(diagonal, i + 1)) - shift;
        const t = (load<f64>(at(diagonal, i)) - g) * s + 2 * c * b;
        shift = s * t;
        store<f64>(at(diagonal, i + 1), g + shift);
        g = c * t - b;
        rotate(at(vectors, i * n), n, c, s);
      }
      if (i >= l) continue;
      store<f64>(at(diagonal, l), load<f64>(at(diagonal, l)) - shift);
      store<f64>(at(beside, l), g);
      store<f64>(at(beside, m), 0);
    }
  }
  return most;
}

export function symmetricEigen(matrix: usize, n: i32, work: usize, values: usize, vectors: usize): i32 {
  const factor = scaleOf(matrix, n * n);
  if (factor != factor) {
    for (let i = 0; i < n; i++) store<f64>(at(values, i), NaN);
    for (let i = 0; i < n * n; i++) store<f64>(at(vectors, i), NaN);
    return -1;
  }
  const a = work;
  const beside = at(a, n * n), factors = at(beside, n), p = at(factors, n);
  // Only the upper triangle is read.
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const x = load<f64>(at(matrix, i * n + j)) * factor;
      store<f64>(at(a, i * n + j), x);
      store<f64>(at(a, j * n + i), x);
    }
  }
  tridiagonal(a, n, values, beside, factors, p);
  accumulate(a, n, factors, vectors);
  const iterations = iterate(n, values, beside, vectors);
  // Ascending, by selection: as few exchanges of rows as possible.
  for (let i = 0; i < n; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) {
      if (load<f64>(at(values, j)) < load<f64>(at(values, least))) least = j;
    }
    const value = load<f64>(at(values, least));
    if (least != i) {
      store<f64>(at(values, least), load<f64>(at(values, i)));
      for (let j = 0; j < n; j++) {
        const t = load<f64>(at(vectors, i * n + j));
        store<f64>(at(vectors, i * n + j), load<f64>(at(vectors, least * n + j)));
        store<f64>(at(vectors, least * n + j), t);
      }
    }
    store<f64>(at(values, i), value / factor);
  }
  return iterations;
}
