/**
 * Adam and its kin, in place. Each case is compiled for itself (`largest`, which decay there is), since the processor
 * takes as long to go through the instructions as it takes for the roots.
 */
import { rowOf } from './four-samples';
import { gradientAt, isModerate, keep, kept, read, towards, write } from './pairwise';
import { madd, pair } from './simd';

/** Slots of the constants. */
const ONE: usize = 0, TWO: usize = 1, REMAIN: usize = 2, ROOT: usize = 3, EPSILON: usize = 4, SIZE: usize = 5;
const SHRINK: usize = 6, L2: usize = 7;

/** Decay: none, of the weights alone, or in the gradient and perhaps of the weights as well. */
const NONE = 0, SHRINKS = 1, ANY = 2;

/** @returns which decay there is */
function prepare(
  rate: f64, beta1: f64, beta2: f64, epsilon: f64, first: f64, second: f64, l2: f64, decoupled: f64,
): i32 {
  const shrink = 1 - rate * decoupled;
  keep(ONE, 1 - beta1);
  keep(TWO, 1 - beta2);
  keep(REMAIN, beta2);
  keep(ROOT, 1 / Math.sqrt(second));
  keep(EPSILON, epsilon);
  keep(SIZE, rate / first);
  keep(SHRINK, shrink);
  keep(L2, l2);
  return l2 != 0 ? ANY : shrink != 1 ? SHRINKS : NONE;
}

/** Updates the averages. @returns what the average gradient is divided by */
// @ts-ignore: decorator
@inline
function divisor(
  theta: usize, gradient: v128, mean: usize, square: usize, largest: usize, whole: bool, max: bool, decay: i32,
  one: v128, two: v128, remain: v128, root: v128, epsilon: v128,
): v128 {
  const g = decay == ANY ? madd(kept(L2), read(theta, whole), gradient) : gradient;
  write(mean, towards(read(mean, whole), g, one), whole);
  const v = madd(f64x2.mul(two, g), g, f64x2.mul(remain, read(square, whole)));
  write(square, v, whole);
  let u = v;
  if (max) {
    // In this order NaN stays NaN.
    u = f64x2.pmax(v, read(largest, whole));
    write(largest, u, whole);
  }
  return madd(f64x2.sqrt(u), root, epsilon);
}

/** theta = shrink theta - size x, times the reciprocal of a divisor. */
// @ts-ignore: decorator
@inline
function move(theta: usize, x: v128, reciprocal: v128, size: v128, decay: i32, whole: bool): void {
  let t = read(theta, whole);
  // A factor of 1 changes no bit.
  if (decay != NONE) t = f64x2.mul(kept(SHRINK), t);
  write(theta, f64x2.sub(t, f64x2.mul(f64x2.mul(size, x), reciprocal)), whole);
}

/** Four weights with gradients g and h. */
// @ts-ignore: decorator
@inline
function four(
  theta: usize, g: v128, h: v128, mean: usize, square: usize, largest: usize, max: bool, decay: i32, one: v128,
  two: v128, remain: v128, root: v128, epsilon: v128, size: v128,
): void {
  const u = divisor(theta, g, mean, square, largest, true, max, decay, one, two, remain, root, epsilon);
  const v = divisor(
    theta + 16, h, mean + 16, square + 16, largest + 16, true, max, decay, one, two, remain, root, epsilon,
  );
  const product = f64x2.mul(u, v);
  if (isModerate(product)) {
    const both = f64x2.div(pair(1), product);
    move(theta, v128.load(mean), f64x2.mul(v, both), size, decay, true);
    move(theta + 16, v128.load(mean, 16), f64x2.mul(u, both), size, decay, true);
  } else {
    move(theta, v128.load(mean), f64x2.div(pair(1), u), size, decay, true);
    move(theta + 16, v128.load(mean, 16), f64x2.div(pair(1), v), size, decay, true);
  }
}

// @ts-ignore: decorator
@inline
function all(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, n: i32, max: bool, decay: i32,
): void {
  const one = kept(ONE), two = kept(TWO), remain = kept(REMAIN), root = kept(ROOT), e = kept(EPSILON);
  const size = kept(SIZE);
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, mean += 32, square += 32) {
    const g = v128.load(gradient), h = v128.load(gradient, 16);
    four(theta, g, h, mean, square, largest, max, decay, one, two, remain, root, e, size);
    if (max) largest += 32;
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, mean += 16, square += 16) {
    const g = v128.load(gradient);
    const u = divisor(theta, g, mean, square, largest, true, max, decay, one, two, remain, root, e);
    move(theta, v128.load(mean), f64x2.div(pair(1), u), size, decay, true);
    if (max) largest += 16;
  }
  if (n & 1) {
    const g = v128.load64_splat(gradient);
    const u = divisor(theta, g, mean, square, largest, false, max, decay, one, two, remain, root, e);
    move(theta, v128.load64_splat(mean), f64x2.div(pair(1), u), size, decay, false);
  }
}

export function adamStep(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, n: i32, rate: f64, beta1: f64, beta2: f64,
  epsilon: f64, first: f64, second: f64, l2: f64, decoupled: f64,
): void {
  const decay = prepare(rate, beta1, beta2, epsilon, first, second, l2, decoupled);
  if (largest) {
    if (decay == NONE) all(theta, gradient, mean, square, largest, n, true, NONE);
    else if (decay == SHRINKS) all(theta, gradient, mean, square, largest, n, true, SHRINKS);
    else all(theta, gradient, mean, square, largest, n, true, ANY);
  } else {
    if (decay == NONE) all(theta, gradient, mean, square, 0, n, false, NONE);
    else if (decay == SHRINKS) all(theta, gradient, mean, square, 0, n, false, SHRINKS);
    else all(theta, gradient, mean, square, 0, n, false, ANY);
  }
}

/** Without `largest` and without decay in the gradient. */
// @ts-ignore: decorator
@inline
function allOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, mean: usize, square: usize, decay: i32,
): void {
  const one = kept(ONE), two = kept(TWO), remain = kept(REMAIN), root = kept(ROOT), e = kept(EPSILON);
  const size = kept(SIZE);
  const row = <usize>cols << 3, up = <usize>rows << 3;
  const x0 = rowOf(x, row, index, 0), x1 = rowOf(x, row, index, 1);
  const x2 = rowOf(x, row, index, 2), x3 = rowOf(x, row, index, 3);
  for (let k = 0; k < rows; k++, upstream += 8) {
    const u0 = v128.load64_splat(upstream), u1 = v128.load64_splat(upstream + up);
    const u2 = v128.load64_splat(upstream + 2 * up), u3 = v128.load64_splat(upstream + 3 * up);
    let a = x0, b = x1, c = x2, d = x3;
    const end = a + row;
    while (a < end) {
      const g = gradientAt(u0, u1, u2, u3, a, b, c, d, 0), h = gradientAt(u0, u1, u2, u3, a, b, c, d, 16);
      four(theta, g, h, mean, square, 0, false, decay, one, two, remain, root, e, size);
      const p = gradientAt(u0, u1, u2, u3, a, b, c, d, 32), q = gradientAt(u0, u1, u2, u3, a, b, c, d, 48);
      four(theta + 32, p, q, mean + 32, square + 32, 0, false, decay, one, two, remain, root, e, size);
      a += 64;
      b += 64;
      c += 64;
      d += 64;
      theta += 64;
      mean += 64;
      square += 64;
    }
  }
}

/** `outer` of four samples, then `adamStep` without `largest` and without decay. cols is a multiple of 8. */
export function adamOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, mean: usize, square: usize, rate: f64,
  beta1: f64, beta2: f64, epsilon: f64, first: f64, second: f64,
): void {
  prepare(rate, beta1, beta2, epsilon, first, second, 0, 0);
  allOfFourSamples(upstream, rows, x, cols, index, theta, mean, square, NONE);
}

/** The same with decay of the weights. A function of its own: together V8 compiles both to slower code. */
export function adamwOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, mean: usize, square: usize, rate: f64,
  beta1: f64, beta2: f64, epsilon: f64, first: f64, second: f64, decoupled: f64,
): void {
  prepare(rate, beta1, beta2, epsilon, first, second, 0, decoupled);
  allOfFourSamples(upstream, rows, x, cols, index, theta, mean, square, SHRINKS);
}
