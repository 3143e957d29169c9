/**
 * RMSprop and Adagrad, in place. The plain cases are compiled for themselves, since the processor takes as long to go
 * through the instructions as it takes for the roots.
 */
import { rowOf } from './four-samples';
import { gradientAt, isModerate, keep, kept, read, towards, write } from './pairwise';
import { madd, pair } from './simd';

/** What an update keeps of the squares: their average, their average about the average gradient, their sum. */
const AVERAGE = 0, CENTERED = 1, SUM = 2;

/** Slots of the constants. */
const RATE: usize = 0, SHARE: usize = 1, REMAIN: usize = 2, EPSILON: usize = 3, START: usize = 4;
const MOMENTUM: usize = 5, L2: usize = 6;

/** Where there is no decay it is left out, not multiplied by 0: infinite weights would make NaN of themselves. */
// @ts-ignore: decorator
@inline
function withDecay(gradient: v128, theta: v128): v128 {
  return f64x2.extract_lane(kept(L2), 0) == 0 ? gradient : madd(kept(L2), theta, gradient);
}

/** Updates the state. @returns what the gradient is divided by */
// @ts-ignore: decorator
@inline
function divisor(
  kind: i32, theta: usize, gradient: v128, square: usize, mean: usize, whole: bool, plain: bool, share: v128,
  remain: v128, epsilon: v128,
): v128 {
  const g = plain ? gradient : withDecay(gradient, read(theta, whole));
  if (kind == SUM) {
    const s = madd(g, g, read(square, whole));
    write(square, s, whole);
    return f64x2.add(f64x2.sqrt(f64x2.add(s, kept(START))), epsilon);
  }
  let v = madd(f64x2.mul(share, g), g, f64x2.mul(remain, read(square, whole)));
  write(square, v, whole);
  if (kind == CENTERED) {
    const c = towards(read(mean, whole), g, share);
    write(mean, c, whole);
    // Rounding may leave less than nothing where the gradient does not change. NaN stays NaN in this order.
    v = f64x2.pmax(f64x2.sub(v, f64x2.mul(c, c)), pair(0));
  }
  return f64x2.add(f64x2.sqrt(v), epsilon);
}

/** theta -= rate g times the reciprocal of a divisor, through a velocity where there is one. */
// @ts-ignore: decorator
@inline
function follow(
  theta: usize, gradient: v128, velocity: usize, reciprocal: v128, whole: bool, plain: bool, rate: v128,
): void {
  const t = read(theta, whole);
  const g = plain ? gradient : withDecay(gradient, t);
  if (!plain) if (velocity) {
    const b = madd(g, reciprocal, f64x2.mul(kept(MOMENTUM), read(velocity, whole)));
    write(velocity, b, whole);
    write(theta, f64x2.sub(t, f64x2.mul(rate, b)), whole);
    return;
  }
  write(theta, f64x2.sub(t, f64x2.mul(f64x2.mul(rate, g), reciprocal)), whole);
}

/** Four weights with gradients g and h. */
// @ts-ignore: decorator
@inline
function four(
  kind: i32, theta: usize, g: v128, h: v128, square: usize, mean: usize, velocity: usize, plain: bool, rate: v128,
  share: v128, remain: v128, epsilon: v128,
): void {
  const u = divisor(kind, theta, g, square, mean, true, plain, share, remain, epsilon);
  const v = divisor(kind, theta + 16, h, square + 16, mean + 16, true, plain, share, remain, epsilon);
  const next = velocity ? velocity + 16 : 0;
  const product = f64x2.mul(u, v);
  if (isModerate(product)) {
    const both = f64x2.div(pair(1), product);
    follow(theta, g, velocity, f64x2.mul(v, both), true, plain, rate);
    follow(theta + 16, h, next, f64x2.mul(u, both), true, plain, rate);
  } else {
    follow(theta, g, velocity, f64x2.div(pair(1), u), true, plain, rate);
    follow(theta + 16, h, next, f64x2.div(pair(1), v), true, plain, rate);
  }
}

// @ts-ignore: decorator
@inline
function all(
  kind: i32, theta: usize, gradient: usize, square: usize, mean: usize, velocity: usize, n: i32, plain: bool,
): void {
  const rate = kept(RATE), share = kept(SHARE), remain = kept(REMAIN), e = kept(EPSILON);
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, square += 32) {
    const g = v128.load(gradient), h = v128.load(gradient, 16);
    four(kind, theta, g, h, square, mean, velocity, plain, rate, share, remain, e);
    if (kind == CENTERED) mean += 32;
    if (!plain) velocity += velocity ? 32 : 0;
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, square += 16) {
    const g = v128.load(gradient);
    const u = divisor(kind, theta, g, square, mean, true, plain, share, remain, e);
    follow(theta, g, velocity, f64x2.div(pair(1), u), true, plain, rate);
    if (kind == CENTERED) mean += 16;
    if (!plain) velocity += velocity ? 16 : 0;
  }
  if (n & 1) {
    const g = v128.load64_splat(gradient);
    const u = divisor(kind, theta, g, square, mean, false, plain, share, remain, e);
    follow(theta, g, velocity, f64x2.div(pair(1), u), false, plain, rate);
  }
}

/** The plain cases with the gradient of four samples. cols is a multiple of 8. */
// @ts-ignore: decorator
@inline
function allOfFourSamples(
  kind: i32, upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, square: usize, mean: usize,
): void {
  const rate = kept(RATE), share = kept(SHARE), remain = kept(REMAIN), e = kept(EPSILON);
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
      four(kind, theta, g, h, square, mean, 0, true, rate, share, remain, e);
      const p = gradientAt(u0, u1, u2, u3, a, b, c, d, 32), q = gradientAt(u0, u1, u2, u3, a, b, c, d, 48);
      four(kind, theta + 32, p, q, square + 32, mean + 32, 0, true, rate, share, remain, e);
      a += 64;
      b += 64;
      c += 64;
      d += 64;
      theta += 64;
      square += 64;
      if (kind == CENTERED) mean += 64;
    }
  }
}

/** @returns whether there is neither decay nor velocity */
function prepareRmsprop(rate: f64, smoothing: f64, momentum: f64, epsilon: f64, l2: f64, velocity: usize): bool {
  keep(RATE, rate);
  keep(SHARE, 1 - smoothing);
  keep(REMAIN, smoothing);
  keep(EPSILON, epsilon);
  keep(MOMENTUM, momentum);
  keep(L2, l2);
  return l2 == 0 && velocity == 0;
}

export function rmspropStep(
  theta: usize, gradient: usize, square: usize, mean: usize, velocity: usize, n: i32, rate: f64, smoothing: f64,
  momentum: f64, epsilon: f64, l2: f64,
): void {
  const plain = prepareRmsprop(rate, smoothing, momentum, epsilon, l2, velocity);
  if (mean) {
    if (plain) all(CENTERED, theta, gradient, square, mean, 0, n, true);
    else all(CENTERED, theta, gradient, square, mean, velocity, n, false);
  } else {
    if (plain) all(AVERAGE, theta, gradient, square, 0, 0, n, true);
    else all(AVERAGE, theta, gradient, square, 0, velocity, n, false);
  }
}

/** `outer` of four samples, then `rmspropStep` without velocity and without decay. cols is a multiple of 8. */
export function rmspropOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, square: usize, mean: usize, rate: f64,
  smoothing: f64, epsilon: f64,
): void {
  prepareRmsprop(rate, smoothing, 0, epsilon, 0, 0);
  if (mean) allOfFourSamples(CENTERED, upstream, rows, x, cols, index, theta, square, mean);
  else allOfFourSamples(AVERAGE, upstream, rows, x, cols, index, theta, square, 0);
}

/** @returns whether there is no decay */
function prepareAdagrad(rate: f64, slowing: f64, start: f64, epsilon: f64, l2: f64): bool {
  keep(RATE, rate / slowing);
  keep(START, start);
  keep(EPSILON, epsilon);
  keep(L2, l2);
  return l2 == 0;
}

export function adagradStep(
  theta: usize, gradient: usize, sum: usize, n: i32, rate: f64, slowing: f64, start: f64, epsilon: f64, l2: f64,
): void {
  if (prepareAdagrad(rate, slowing, start, epsilon, l2)) all(SUM, theta, gradient, sum, 0, 0, n, true);
  else all(SUM, theta, gradient, sum, 0, 0, n, false);
}

/** `outer` of four samples, then `adagradStep` without decay. cols is a multiple of 8. */
export function adagradOfFourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, theta: usize, sum: usize, rate: f64, slowing: f64,
  start: f64, epsilon: f64,
): void {
  prepareAdagrad(rate, slowing, start, epsilon, 0);
  allOfFourSamples(SUM, upstream, rows, x, cols, index, theta, sum, 0);
}
