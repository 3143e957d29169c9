/**
 * Singular values by one-sided Jacobi rotations (Hestenes 1958), without vectors. First a QR factorisation with column
 * pivoting of the long side; then the rows of R are made orthogonal to each other (Drmac and Veselic 2008, New fast and
 * accurate Jacobi SVD algorithm, part I): fewer sweeps on shorter vectors, and small singular values of graded
 * matrices keep their relative accuracy, which methods by way of A A^T or a bidiagonal form lose.
 */
import { dot } from './dot';
import { madd, pair } from './simd';

const SWEEP_LIMIT: i32 = 42;
const EPSILON: f64 = 2.220446049250313e-16;

/** b -= factor a. */
// @ts-ignore: decorator
@inline
function subtract(factor: f64, a: usize, b: usize, n: i32): void {
  const f = pair(-factor);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, b += 16) v128.store(b, madd(f, v128.load(a), v128.load(b)));
  if (n & 1) store<f64>(b, load<f64>(b) - factor * load<f64>(a));
}

/** Swaps two vectors. */
function swap(a: usize, b: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n << 3; i += 8) {
    const t = load<f64>(a + i);
    store<f64>(a + i, load<f64>(b + i));
    store<f64>(b + i, t);
  }
}

/** A power of two near 1 / largest, kept away from the ends of the range; NaN when an entry is not finite. */
export function scaleOf(x: usize, n: i32): f64 {
  let largest: f64 = 0, check: f64 = 0;
  for (let i: usize = 0; i < <usize>n << 3; i += 8) {
    const v = load<f64>(x + i);
    check += v - v;
    largest = max(largest, abs(v));
  }
  if (check != 0) return NaN;
  const exponent = <i32>((reinterpret<u64>(largest) >> 52) & 0x7ff) - 1023;
  const power = max(-1000, min(1000, -exponent));
  return largest == 0 ? 1 : reinterpret<f64>(<u64>(power + 1023) << 52);
}

/** Pivoted Householder QR of `n` vectors of length m, stored one after another; the rows of R go to r (n x stride). */
function triangle(vectors: usize, n: i32, m: i32, norms: usize, r: usize, stride: i32): void {
  const step = <usize>m << 3;
  for (let j = 0; j < n; j++) {
    const v = vectors + <usize>j * step;
    store<f64>(norms + (<usize>j << 3), dot(v, v, m));
  }
  memory.fill(r, 0, <usize>n * (<usize>stride << 3));
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let j = k + 1; j < n; j++) {
      if (load<f64>(norms + (<usize>j << 3)) > load<f64>(norms + (<usize>best << 3))) best = j;
    }
    const column = vectors + <usize>k * step;
    if (best != k) {
      swap(column, vectors + <usize>best * step, m);
      store<f64>(norms + (<usize>best << 3), load<f64>(norms + (<usize>k << 3)));
      // Row k' < k of R is spread over the vectors, so it follows the swap by itself.
    }
    const at = <usize>k << 3;
    const v = column + at;
    const left = m - k;
    const head = load<f64>(v);
    const size = sqrt(dot(v, v, left));
    if (size > 0) {
      const diagonal = head > 0 ? -size : size;
      const factor = 1 / (size * (size + abs(head)));
      store<f64>(v, head - diagonal);
      for (let j = k + 1; j < n; j++) {
        const u = vectors + <usize>j * step + at;
        subtract(dot(v, u, left) * factor, v, u, left);
        // Computed anew instead of downdated: cancellation would spoil the pivots of graded matrices.
        store<f64>(norms + (<usize>j << 3), dot(u + 8, u + 8, left - 1));
      }
      store<f64>(v, diagonal);
    }
  }
  for (let k = 0; k < n; k++) {
    for (let j = k; j < n; j++) {
      store<f64>(r + ((<usize>k * stride + j) << 3), load<f64>(vectors + <usize>j * step + (<usize>k << 3)));
    }
  }
}

/** (p, q) becomes (c p - s q, s p + c q). The length is even: rows are padded. */
// @ts-ignore: decorator
@inline
function rotate(p: usize, q: usize, c: f64, s: f64, n: i32): void {
  const cc = pair(c), ss = pair(s);
  const end = p + (<usize>n << 3);
  for (; p < end; p += 16, q += 16) {
    const a = v128.load(p), b = v128.load(q);
    v128.store(p, f64x2.sub(f64x2.mul(cc, a), f64x2.mul(ss, b)));
    v128.store(q, madd(ss, a, f64x2.mul(cc, b)));
  }
}

/** Sweeps until every pair of rows is orthogonal; the number of sweeps, or -1. */
function orthogonalise(r: usize, n: i32, stride: i32, norms: usize): i32 {
  const step = <usize>stride << 3;
  const tolerance = EPSILON * max(4, sqrt(<f64>n));
  const limit = tolerance * tolerance;
  for (let sweep = 1; sweep <= SWEEP_LIMIT; sweep++) {
    let rotations = 0;
    for (let i = 0; i < n; i++) {
      const row = r + <usize>i * step;
      store<f64>(norms + (<usize>i << 3), dot(row, row, stride));
    }
    for (let i = 0; i < n - 1; i++) {
      const p = r + <usize>i * step;
      let dp = load<f64>(norms + (<usize>i << 3));
      for (let j = i + 1; j < n; j++) {
        const q = r + <usize>j * step;
        const dq = load<f64>(norms + (<usize>j << 3));
        const g = dot(p, q, stride);
        const product = dp * dq;
        // The product of two squared lengths underflows long before the lengths do.
        const turn = product > 1e-250 ? g * g > limit * product : abs(g) > tolerance * sqrt(dp) * sqrt(dq);
        if (!turn) continue;
        rotations++;
        const zeta = (dq - dp) / (2 * g);
        const small = 1 / (abs(zeta) + sqrt(1 + zeta * zeta));
        const t = zeta > 0 ? small : -small;
        const cosine = 1 / sqrt(1 + t * t);
        // The larger vector shall come first: where it does not, the two rotated vectors change places.
        if (dp >= dq) {
          rotate(p, q, cosine, t * cosine, stride);
          dp -= t * g;
          store<f64>(norms + (<usize>j << 3), dq + t * g);
        } else {
          rotate(p, q, t * cosine, -cosine, stride);
          store<f64>(norms + (<usize>j << 3), dp - t * g);
          dp = dq + t * g;
        }
      }
    }
    if (rotations == 0) return sweep;
  }
  return -1;
}

/** Length of a row, safe against underflow of the squares. */
function lengthOf(row: usize, n: i32): f64 {
  const plain = dot(row, row, n);
  if (plain > 1e-250) return sqrt(plain);
  let largest: f64 = 0;
  for (let i: usize = 0; i < <usize>n << 3; i += 8) largest = max(largest, abs(load<f64>(row + i)));
  if (largest == 0) return 0;
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>n << 3; i += 8) {
    const x = load<f64>(row + i) / largest;
    total += x * x;
  }
  return largest * sqrt(total);
}

/** Counts of binary exponents for the sort below: one for each value of the exponent field, and one more. */
const counts: usize = memory.data(8196, 16);

/** Differences of exponents that are left unsorted: nothing is lost, and ordinary matrices keep their order. */
const EVEN: i32 = 8;

/**
 * The order in which the m coordinates enter the factorisation, largest first (by binary exponent), into order (i32);
 * false when they are of much the same size. Without it Householder reflections would lose the small ones of a matrix
 * graded along its long side (Cox and Higham 1998, Stability of Householder QR for weighted least squares).
 */
function sortCoordinates(matrix: usize, rows: i32, cols: i32, keys: usize, order: usize): bool {
  const m = max(rows, cols), n = min(rows, cols);
  const along = (rows <= cols ? 1 : cols) << 3, across = (rows <= cols ? cols : 1) << 3;
  let least = 2047, most = 0;
  for (let i = 0; i < m; i++) {
    let largest: f64 = 0;
    let from = matrix + <usize>i * along;
    for (let j = 0; j < n; j++, from += across) largest = max(largest, abs(load<f64>(from)));
    const key = <i32>(reinterpret<u64>(largest) >> 52);
    store<i32>(keys + (<usize>i << 2), key);
    least = min(least, key);
    most = max(most, key);
  }
  if (most - least <= EVEN) return false;
  memory.fill(counts, 0, 8196);
  for (let i = 0; i < m; i++) {
    const count = counts + ((2047 - <usize>load<i32>(keys + (<usize>i << 2)) + 1) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  for (let e: usize = 4; e < 8196; e += 4) store<i32>(counts + e, load<i32>(counts + e) + load<i32>(counts + e - 4));
  for (let i = 0; i < m; i++) {
    const count = counts + ((2047 - <usize>load<i32>(keys + (<usize>i << 2))) << 2);
    const place = load<i32>(count);
    store<i32>(count, place + 1);
    store<i32>(order + (<usize>place << 2), i);
  }
  return true;
}

export function singularValues(matrix: usize, rows: i32, cols: i32, work: usize, out: usize): i32 {
  const n = min(rows, cols), m = max(rows, cols);
  const factor = scaleOf(matrix, rows * cols);
  if (factor != factor) {
    for (let i = 0; i < n; i++) store<f64>(out + (<usize>i << 3), NaN);
    return -1;
  }
  // n vectors of length m, then the rows of R, the squared lengths, and two lists of m integers.
  const vectors = work;
  const stride = (n + 1) & ~1;
  const r = (work + (<usize>(n * m) << 3) + 15) & ~15;
  const norms = r + (<usize>(n * stride) << 3);
  const keys = norms + (<usize>n << 3), order = keys + (<usize>m << 2);
  const sorted = sortCoordinates(matrix, rows, cols, keys, order);
  const along = (rows <= cols ? 1 : cols) << 3, across = (rows <= cols ? cols : 1) << 3;
  let to = vectors;
  for (let j = 0; j < n; j++) {
    const from = matrix + <usize>j * across;
    for (let i = 0; i < m; i++, to += 8) {
      const source = sorted ? load<i32>(order + (<usize>i << 2)) : i;
      store<f64>(to, load<f64>(from + <usize>source * along) * factor);
    }
  }
  triangle(vectors, n, m, norms, r, stride);
  const sweeps = orthogonalise(r, n, stride, norms);
  for (let i = 0; i < n; i++) {
    const value = lengthOf(r + <usize>i * (<usize>stride << 3), stride) / factor;
    let j = i;
    for (; j > 0 && load<f64>(out + (<usize>(j - 1) << 3)) < value; j--) {
      store<f64>(out + (<usize>j << 3), load<f64>(out + (<usize>(j - 1) << 3)));
    }
    store<f64>(out + (<usize>j << 3), value);
  }
  return sweeps;
}
