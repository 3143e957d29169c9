/**
 * Eigenvalues of a real symmetric matrix without vectors: Householder reduction to tridiagonal form, then one of the
 * two ways of ./tridiagonal-values. A matrix that is nearly diagonal, as one step of a stochastic process on levels
 * makes it, gets first guesses from its 2 x 2 blocks and Laguerre's method, which is twice as fast.
 */
import { madd, pair, sum } from './simd';
import { rationalQl, refineGuesses } from './tridiagonal-values';

/** Guesses are tried up to this ratio of the root mean square element beside the diagonal to the mean gap. */
const NEARLY_DIAGONAL: f64 = 0.35;
/** Laguerre's method evaluates products of n factors. */
const LARGEST_GUESSED: i32 = 64;

// @ts-ignore: decorator
@inline
function at(x: usize, i: i32): usize {
  return x + (<usize>i << 3);
}

/** The upper triangle of matrix as a full matrix with rows of even length. */
function symmetrise(matrix: usize, n: i32, stride: i32, a: usize): void {
  for (let i = 0; i < n; i++) {
    if (n & 1) store<f64>(at(a, i * stride + n), 0);
    for (let j = i; j < n; j++) {
      const x = load<f64>(at(matrix, i * n + j));
      store<f64>(at(a, i * stride + j), x);
      store<f64>(at(a, j * stride + i), x);
    }
  }
}

/** A power of two near 1 / largest, kept away from the ends of the range; NaN when an element is not finite. */
function scaleOf(a: usize, count: i32): f64 {
  // Infinity - Infinity and anything with NaN are NaN. The sum of two chains does not wait for itself.
  let largest0 = pair(0), largest1 = pair(0), check = pair(0);
  let i: usize = 0;
  for (; i + 32 <= <usize>count << 3; i += 32) {
    const x = v128.load(a + i), y = v128.load(a + i, 16);
    largest0 = f64x2.pmax(largest0, f64x2.abs(x));
    largest1 = f64x2.pmax(largest1, f64x2.abs(y));
    check = v128.or(check, v128.or(f64x2.sub(x, x), f64x2.sub(y, y)));
  }
  if (i < <usize>count << 3) {
    const x = v128.load(a + i);
    largest0 = f64x2.pmax(largest0, f64x2.abs(x));
    check = v128.or(check, f64x2.sub(x, x));
  }
  if (v128.any_true(check)) return NaN;
  const largest = f64x2.pmax(largest0, largest1);
  const size = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  const exponent = <i32>((reinterpret<u64>(size) >> 52) & 0x7ff) - 1023;
  // One binary place further down, so that nothing exceeds 1.
  const power = max(-1000, min(1000, -exponent - 1));
  return reinterpret<f64>(<u64>(power + 1023) << 52);
}

/**
 * Guesses from the 2 x 2 block of every pair of indices: each moves its two diagonal elements apart by
 * sqrt(gap^2/4 + x^2) - |gap|/2, which is second-order perturbation theory where the gap is wide and stays finite where
 * it is not. Returns the sum of the squares above the diagonal.
 */
function guess(a: usize, n: i32, stride: i32, diagonal: usize, roots: usize): f64 {
  for (let i = 0; i < stride; i++) store<f64>(at(roots, i), i < n ? load<f64>(at(diagonal, i)) : 0);
  let squares = pair(0);
  for (let i = 0; i < n - 1; i++) {
    const row = at(a, i * stride);
    const own = v128.load64_splat(at(diagonal, i));
    let moved = pair(0);
    const start = <usize>((i + 1) & ~1) << 3;
    for (let j = start; j < <usize>stride << 3; j += 16) {
      let x = v128.load(row + j);
      // The first pair of an even row begins with the diagonal element itself.
      if (j == start && !(i & 1)) x = f64x2.replace_lane(x, 0, 0);
      const square = f64x2.mul(x, x);
      const half = f64x2.mul(pair(0.5), f64x2.sub(v128.load(diagonal + j), own));
      const size = f64x2.sub(f64x2.sqrt(madd(half, half, square)), f64x2.abs(half));
      const apart = v128.or(size, v128.and(half, i64x2.splat(0x8000000000000000)));
      v128.store(roots + j, f64x2.add(v128.load(roots + j), apart));
      moved = f64x2.add(moved, apart);
      squares = f64x2.add(squares, square);
    }
    store<f64>(at(roots, i), load<f64>(at(roots, i)) - sum(moved));
  }
  return sum(squares);
}

/** In ascending order, by insertion: they nearly are. */
function sort(values: usize, n: i32): void {
  for (let i = 1; i < n; i++) {
    const x = load<f64>(at(values, i));
    let j = i;
    for (; j > 0 && load<f64>(at(values, j - 1)) > x; j--) store<f64>(at(values, j), load<f64>(at(values, j - 1)));
    store<f64>(at(values, j), x);
  }
}

/** Row k right of the diagonal into v, zeros before it; the sum of its squares. */
// @ts-ignore: decorator
@inline
function takeRow(head: usize, k: i32, row: usize, v: usize): f64 {
  const start = <usize>((k + 1) & ~1) << 3;
  let squares = pair(0);
  for (let i = start; i < row; i += 16) {
    let x = v128.load(head + i);
    if (i == start && !(k & 1)) x = f64x2.replace_lane(x, 0, 0);
    v128.store(v + i, x);
    squares = madd(x, x, squares);
  }
  return sum(squares);
}

/**
 * Diagonal and squares of the elements beside it. The update A + u w^T + w u^T of one reflection is applied in the same
 * pass over the rows that multiplies the next reflector v, p = A v, so that each element is loaded once per reflection.
 * u, w, v, p: `stride` numbers each.
 */
function tridiagonalise(
  a: usize, n: i32, stride: i32, diagonal: usize, squares: usize, u: usize, w: usize, v: usize, p: usize,
): void {
  const row = <usize>stride << 3;
  memory.fill(u, 0, row);
  memory.fill(w, 0, row);
  memory.fill(v, 0, row);
  for (let k = 0; k < n - 1; k++) {
    const head = a + <usize>k * row;
    const uk = v128.load64_splat(at(u, k)), wk = v128.load64_splat(at(w, k));
    for (let i = <usize>(k & ~1) << 3; i < row; i += 16) {
      v128.store(head + i, madd(wk, v128.load(u + i), madd(uk, v128.load(w + i), v128.load(head + i))));
    }
    store<f64>(at(diagonal, k), load<f64>(at(head, k)));
    const square = takeRow(head, k, row, v);
    store<f64>(at(squares, k), square);
    // v = 0 in place of a reflector leaves the rest of the matrix as it is.
    const first = load<f64>(at(v, k + 1)), size = sqrt(square);
    let factor: f64 = 0;
    const from = <usize>((k + 1) & ~1) << 3;
    if (k < n - 2 && size > 0) {
      factor = 1 / (size * (size + abs(first)));
      store<f64>(at(v, k + 1), first > 0 ? first + size : first - size);
    } else {
      memory.fill(v + from, 0, row - from);
    }
    memory.fill(p + from, 0, row - from);
    let j = k + 1;
    let r = a + <usize>j * row;
    for (; j + 1 < n; j += 2, r += row << 1) {
      const s = r + row;
      const u0 = v128.load64_splat(at(u, j)), w0 = v128.load64_splat(at(w, j)), v0 = v128.load64_splat(at(v, j));
      const u1 = v128.load64_splat(at(u, j), 8), w1 = v128.load64_splat(at(w, j), 8);
      const v1 = v128.load64_splat(at(v, j), 8);
      for (let i = from; i < row; i += 16) {
        const uu = v128.load(u + i), ww = v128.load(w + i);
        const x = madd(w0, uu, madd(u0, ww, v128.load(r + i)));
        const y = madd(w1, uu, madd(u1, ww, v128.load(s + i)));
        v128.store(r + i, x);
        v128.store(s + i, y);
        v128.store(p + i, madd(v0, x, madd(v1, y, v128.load(p + i))));
      }
    }
    if (j < n) {
      const u0 = v128.load64_splat(at(u, j)), w0 = v128.load64_splat(at(w, j)), v0 = v128.load64_splat(at(v, j));
      for (let i = from; i < row; i += 16) {
        const x = madd(w0, v128.load(u + i), madd(u0, v128.load(w + i), v128.load(r + i)));
        v128.store(r + i, x);
        v128.store(p + i, madd(v0, x, v128.load(p + i)));
      }
    }
    let product = pair(0);
    for (let i = from; i < row; i += 16) product = madd(v128.load(v + i), v128.load(p + i), product);
    const f = pair(-factor), half = pair(0.5 * factor * factor * sum(product));
    for (let i = from; i < row; i += 16) {
      const x = v128.load(v + i);
      v128.store(u + i, x);
      v128.store(w + i, madd(half, x, f64x2.mul(f, v128.load(p + i))));
    }
  }
  // The last reflection that does anything is that of row n - 3; row n - 2 has passed its update on.
  store<f64>(at(diagonal, n - 1), load<f64>(at(a + <usize>(n - 1) * row, n - 1)));
}

export function symmetricEigenvalues(matrix: usize, n: i32, work: usize, values: usize): i32 {
  const stride = (n + 1) & ~1;
  const a = work;
  const diagonal = at(a, n * stride), squares = at(diagonal, stride);
  const roots = at(squares, stride), corrections = at(roots, stride);
  const u = at(corrections, stride), w = at(u, stride), v = at(w, stride), p = at(v, stride);
  symmetrise(matrix, n, stride, a);
  const factor = scaleOf(a, n * stride);
  if (factor != factor) {
    for (let i = 0; i < n; i++) store<f64>(at(values, i), NaN);
    return -1;
  }
  const scale = pair(factor);
  for (let i: usize = 0; i < <usize>(n * stride) << 3; i += 16) {
    v128.store(a + i, f64x2.mul(scale, v128.load(a + i)));
  }
  for (let i = 0; i < stride; i++) store<f64>(at(diagonal, i), i < n ? load<f64>(at(a, i * stride + i)) : 0);
  const beside = sqrt(guess(a, n, stride, diagonal, roots) * 2 / <f64>max(1, n * (n - 1)));
  sort(roots, n);
  const gap = (load<f64>(at(roots, n - 1)) - load<f64>(roots)) / <f64>max(1, n - 1);
  tridiagonalise(a, n, stride, diagonal, squares, u, w, v, p);
  let iterations = -1;
  let found = diagonal;
  if (n <= LARGEST_GUESSED && beside <= NEARLY_DIAGONAL * gap) {
    iterations = refineGuesses(n, diagonal, squares, roots, corrections);
    found = roots;
  }
  if (iterations < 0) {
    iterations = rationalQl(n, diagonal, squares);
    sort(diagonal, n);
    found = diagonal;
  }
  for (let i = 0; i < n; i++) store<f64>(at(values, i), load<f64>(at(found, i)) / factor);
  return iterations;
}
