/**
 * Adam and its kin, in place. Each case is compiled for itself (`largest`, whether there is decay), since the processor
 * takes as long to go through the instructions as it takes for the roots.
 */
import { rowOf } from './four-samples';
import { gradientAt, isModerate, keep, kept, read, towards, write } from './pairwise';
import { madd, pair } from './simd';

/** Slots of the constants. */
const ONE: usize = 0, TWO: usize = 1, REMAIN: usize = 2, ROOT: usize = 3, EPSILON: usize = 4, SIZE: usize = 5;
const SHRINK: usize = 6, L2: usize = 7;

/** @returns whether weights decay in either way */
function prepare(
  rate: f64, beta1: f64, beta2: f64, epsilon: f64, first: f64, second: f64, l2: f64, decoupled: f64,
): bool {
  const shrink = 1 - rate * decoupled;
  keep(ONE, 1 - beta1);
  keep(TWO, 1 - beta2);
  keep(REMAIN, beta2);
  keep(ROOT, 1 / Math.sqrt(second));
  keep(EPSILON, epsilon);
  keep(SIZE, rate / first);
  keep(SHRINK, shrink);
  keep(L2, l2);
  return l2 != 0 || shrink != 1;
}

/** Updates the averages. @returns what the average gradient is divided by */
// @ts-ignore: decorator
@inline
function divisor(
  theta: usize, gradient: v128, mean: usize, square: usize, largest: usize, whole: bool, max: bool, decays: bool,
  one: v128, two: v128, remain: v128, root: v128, epsilon: v128,
): v128 {
  let g = gradient;
  // Not multiplied where it is 0: infinite weights would make NaN of themselves.
  if (decays) if (f64x2.extract_lane(kept(L2), 0) != 0) g = madd(kept(L2), read(theta, whole), gradient);
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
function move(theta: usize, x: v128, reciprocal: v128, size: v128, decays: bool, whole: bool): void {
  let t = read(theta, whole);
  if (decays) t = f64x2.mul(kept(SHRINK), t);
  write(theta, f64x2.sub(t, f64x2.mul(f64x2.mul(size, x), reciprocal)), whole);
}

/** Four weights with gradients g and h. */
// @ts-ignore: decorator
@inline
function four(
  theta: usize, g: v128, h: v128, mean: usize, square: usize, largest: usize, max: bool, decays: bool, one: v128,
  two: v128, remain: v128, root: v128, epsilon: v128, size: v128,
): void {
  const u = divisor(theta, g, mean, square, largest, true, max, decays, one, two, remain, root, epsilon);
  const v = divisor(
    theta + 16, h, mean + 16, square + 16, largest + 16, true, max, decays, one, two, remain, root, epsilon,
  );
  const product = f64x2.mul(u, v);
  if (isModerate(product)) {
    const both = f64x2.div(pair(1), product);
    move(theta, v128.load(mean), f64x2.mul(v, both), size, decays, true);
    move(theta + 16, v128.load(mean, 16), f64x2.mul(u, both), size, decays, true);
  } else {
    move(theta, v128.load(mean), f64x2.div(pair(1), u), size, decays, true);
    move(theta + 16, v128.load(mean, 16), f64x2.div(pair(1), v), size, decays, true);
  }
}

// @ts-ignore: decorator
@inline
function all(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, n: i32, max: bool, decays: bool,
): void {
  const one = kept(ONE), two = kept(TWO), remain = kept(REMAIN), root = kept(ROOT), e = kept(EPSILON);
  const size = kept(SIZE);
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, mean += 32, square += 32) {
    const g = v128.load(gradient), h = v128.load(gradient, 16);
    four(theta, g, h, mean, square, largest, max, decays, one, two, remain, root, e, size);
    if (max) largest += 32;
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, mean += 16, square += 16) {
    const g = v128.load(gradient);
    const u = divisor(theta, g, mean, square, largest, true, max, decays, one, two, remain, root, e);
    move(theta, v128.load(mean), f64x2.div(pair(1), u), size, decays, true);
    if (max) largest += 16;
  }
  if (n & 1) {
    const g = v128.load64_splat(gradient);
    const u = divisor(theta, g, mean, square, largest, false, max, decays, one, two, remain, root, e);
    move(theta, v128.load64_splat(mean), f64x2.div(pair(1), u), size, decays, false);
  }
}

export function adamStep(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, n: i32, rate: f64, beta1: f64, beta2: f64,
  epsilon: f64, first: f64, second: f64, l2: f64, decoupled: f64,
): void {
  const decays = prepare(rate, beta1, beta2, epsilon, first, second, l2, decoupled);
  if (largest) {
    if (decays) all(theta, gradient, mean, square, largest, n, true, true);
    else all(theta, gradient, mean, square, largest, n, true, false);
  } else {
    if (decays) all(theta, gradient, mean, square, 0, n, false, true);
    else all(theta, gradient, mean, square, 0, n, false, false);
  }
}

/** `outer` of four samples, then `adamStep` without `largest` and without decay. cols is a multiple of 8. */
export function adamOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, mean: usize, square: usize, rate: f64,
  beta1: f64, beta2: f64, epsilon: f64, first: f64, second: f64,
): void {
  prepare(rate, beta1, beta2, epsilon, first, second, 0, 0);
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
      four(theta, g, h, mean, square, 0, false, false, one, two, remain, root, e, size);
      const p = gradientAt(u0, u1, u2, u3, a, b, c, d, 32), q = gradientAt(u0, u1, u2, u3, a, b, c, d, 48);
      four(theta + 32, p, q, mean + 32, square + 32, 0, false, false, one, two, remain, root, e, size);
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
