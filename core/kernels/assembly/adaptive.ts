/**
 * Updates with a step of its own for each weight, in place. Decay of either kind is left out where it is 0, not
 * multiplied. Address 0 stands for a vector that is not there.
 */
import { madd, pair } from './simd';

/** sign(x): 0 at either zero, NaN for NaN, so that a run that has diverged does not look alive. */
// @ts-ignore: decorator
@inline
function signs(x: v128): v128 {
  const one = v128.or(v128.and(x, i64x2.splat(0x8000000000000000)), pair(1));
  return v128.bitselect(one, x, v128.or(f64x2.gt(x, pair(0)), f64x2.lt(x, pair(0))));
}

/** x + weight (y - x). */
// @ts-ignore: decorator
@inline
function towards(x: v128, y: v128, weight: v128): v128 {
  return madd(weight, f64x2.sub(y, x), x);
}

// @ts-ignore: decorator
@inline
function withDecay(gradient: v128, theta: v128, decay: f64): v128 {
  return decay == 0 ? gradient : madd(pair(decay), theta, gradient);
}

/** Loads a pair, or a last single number twice. */
// @ts-ignore: decorator
@inline
function read(at: usize, whole: bool): v128 {
  return whole ? v128.load(at) : v128.load64_splat(at);
}

// @ts-ignore: decorator
@inline
function write(at: usize, x: v128, whole: bool): void {
  if (whole) v128.store(at, x);
  else store<f64>(at, f64x2.extract_lane(x, 0));
}

/**
 * Whether the reciprocals of two divisors may be taken from that of their product: one division in place of two, which
 * with the roots take most of the time here. False for NaN, 0 and what is far from 1, where each is divided by itself.
 */
// @ts-ignore: decorator
@inline
function isModerate(product: v128): bool {
  return i64x2.all_true(v128.and(f64x2.gt(product, pair(1e-250)), f64x2.lt(product, pair(1e250))));
}

/** Updates the averages. @returns what the average gradient is divided by */
// @ts-ignore: decorator
@inline
function adamDivisor(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, whole: bool, one: v128, two: v128,
  keep: v128, root: v128, epsilon: v128, l2: f64,
): v128 {
  const g = l2 == 0 ? read(gradient, whole) : withDecay(read(gradient, whole), read(theta, whole), l2);
  write(mean, towards(read(mean, whole), g, one), whole);
  const v = madd(f64x2.mul(two, g), g, f64x2.mul(keep, read(square, whole)));
  write(square, v, whole);
  let u = v;
  if (largest) {
    // In this order NaN stays NaN.
    u = f64x2.pmax(v, read(largest, whole));
    write(largest, u, whole);
  }
  return madd(f64x2.sqrt(u), root, epsilon);
}

/** theta = shrink theta - rate x, times the reciprocal of a divisor. */
// @ts-ignore: decorator
@inline
function move(theta: usize, x: v128, reciprocal: v128, rate: v128, shrink: f64, whole: bool): void {
  let t = read(theta, whole);
  if (shrink != 1) t = f64x2.mul(pair(shrink), t);
  write(theta, f64x2.sub(t, f64x2.mul(f64x2.mul(rate, x), reciprocal)), whole);
}

export function adamStep(
  theta: usize, gradient: usize, mean: usize, square: usize, largest: usize, n: i32, rate: f64, beta1: f64, beta2: f64,
  epsilon: f64, first: f64, second: f64, l2: f64, decoupled: f64,
): void {
  const one = pair(1 - beta1), two = pair(1 - beta2), keep = pair(beta2);
  const root = pair(1 / Math.sqrt(second)), e = pair(epsilon), size = pair(rate / first);
  const shrink = 1 - rate * decoupled;
  const mask: usize = largest ? -1 : 0;
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, mean += 32, square += 32, largest += 32 & mask) {
    const u = adamDivisor(theta, gradient, mean, square, largest, true, one, two, keep, root, e, l2);
    const next = largest + (16 & mask);
    const v = adamDivisor(
      theta + 16, gradient + 16, mean + 16, square + 16, next, true, one, two, keep, root, e, l2,
    );
    const product = f64x2.mul(u, v);
    if (isModerate(product)) {
      const both = f64x2.div(pair(1), product);
      move(theta, v128.load(mean), f64x2.mul(v, both), size, shrink, true);
      move(theta + 16, v128.load(mean, 16), f64x2.mul(u, both), size, shrink, true);
    } else {
      move(theta, v128.load(mean), f64x2.div(pair(1), u), size, shrink, true);
      move(theta + 16, v128.load(mean, 16), f64x2.div(pair(1), v), size, shrink, true);
    }
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, mean += 16, square += 16, largest += 16 & mask) {
    const u = adamDivisor(theta, gradient, mean, square, largest, true, one, two, keep, root, e, l2);
    move(theta, v128.load(mean), f64x2.div(pair(1), u), size, shrink, true);
  }
  if (n & 1) {
    const a = adamDivisor(theta, gradient, mean, square, largest, false, one, two, keep, root, e, l2);
    move(theta, v128.load64_splat(mean), f64x2.div(pair(1), a), size, shrink, false);
  }
}

/** Updates the averages. @returns what the gradient is divided by */
// @ts-ignore: decorator
@inline
function rmspropDivisor(
  theta: usize, gradient: usize, square: usize, mean: usize, whole: bool, share: v128, keep: v128, epsilon: v128,
  l2: f64,
): v128 {
  const g = l2 == 0 ? read(gradient, whole) : withDecay(read(gradient, whole), read(theta, whole), l2);
  let v = madd(f64x2.mul(share, g), g, f64x2.mul(keep, read(square, whole)));
  write(square, v, whole);
  if (mean) {
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
  theta: usize, gradient: usize, velocity: usize, reciprocal: v128, whole: bool, rate: v128, momentum: v128, l2: f64,
): void {
  const t = read(theta, whole);
  const g = withDecay(read(gradient, whole), t, l2);
  if (velocity) {
    const b = madd(g, reciprocal, f64x2.mul(momentum, read(velocity, whole)));
    write(velocity, b, whole);
    write(theta, f64x2.sub(t, f64x2.mul(rate, b)), whole);
  } else {
    write(theta, f64x2.sub(t, f64x2.mul(f64x2.mul(rate, g), reciprocal)), whole);
  }
}

export function rmspropStep(
  theta: usize, gradient: usize, square: usize, mean: usize, velocity: usize, n: i32, rate: f64, smoothing: f64,
  momentum: f64, epsilon: f64, l2: f64,
): void {
  const r = pair(rate), a = pair(smoothing), b = pair(1 - smoothing), m = pair(momentum), e = pair(epsilon);
  const means: usize = mean ? -1 : 0, velocities: usize = velocity ? -1 : 0;
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, square += 32, mean += 32 & means, velocity += 32 & velocities) {
    const u = rmspropDivisor(theta, gradient, square, mean, true, b, a, e, l2);
    const v = rmspropDivisor(theta + 16, gradient + 16, square + 16, mean + (16 & means), true, b, a, e, l2);
    const product = f64x2.mul(u, v);
    if (isModerate(product)) {
      const both = f64x2.div(pair(1), product);
      follow(theta, gradient, velocity, f64x2.mul(v, both), true, r, m, l2);
      follow(theta + 16, gradient + 16, velocity + (16 & velocities), f64x2.mul(u, both), true, r, m, l2);
    } else {
      follow(theta, gradient, velocity, f64x2.div(pair(1), u), true, r, m, l2);
      follow(theta + 16, gradient + 16, velocity + (16 & velocities), f64x2.div(pair(1), v), true, r, m, l2);
    }
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, square += 16, mean += 16 & means, velocity += 16 & velocities) {
    const u = rmspropDivisor(theta, gradient, square, mean, true, b, a, e, l2);
    follow(theta, gradient, velocity, f64x2.div(pair(1), u), true, r, m, l2);
  }
  if (n & 1) {
    const x = rmspropDivisor(theta, gradient, square, mean, false, b, a, e, l2);
    follow(theta, gradient, velocity, f64x2.div(pair(1), x), false, r, m, l2);
  }
}

/** Adds to the sum. @returns what the gradient is divided by */
// @ts-ignore: decorator
@inline
function adagradDivisor(
  theta: usize, gradient: usize, sum: usize, whole: bool, start: v128, epsilon: v128, l2: f64,
): v128 {
  const g = l2 == 0 ? read(gradient, whole) : withDecay(read(gradient, whole), read(theta, whole), l2);
  const s = madd(g, g, read(sum, whole));
  write(sum, s, whole);
  return f64x2.add(f64x2.sqrt(f64x2.add(s, start)), epsilon);
}

export function adagradStep(
  theta: usize, gradient: usize, sum: usize, n: i32, rate: f64, slowing: f64, start: f64, epsilon: f64, l2: f64,
): void {
  const r = pair(rate / slowing), s = pair(start), e = pair(epsilon), none = pair(0);
  let end = theta + ((<usize>n & ~3) << 3);
  for (; theta < end; theta += 32, gradient += 32, sum += 32) {
    const u = adagradDivisor(theta, gradient, sum, true, s, e, l2);
    const v = adagradDivisor(theta + 16, gradient + 16, sum + 16, true, s, e, l2);
    const product = f64x2.mul(u, v);
    if (isModerate(product)) {
      const both = f64x2.div(pair(1), product);
      follow(theta, gradient, 0, f64x2.mul(v, both), true, r, none, l2);
      follow(theta + 16, gradient + 16, 0, f64x2.mul(u, both), true, r, none, l2);
    } else {
      follow(theta, gradient, 0, f64x2.div(pair(1), u), true, r, none, l2);
      follow(theta + 16, gradient + 16, 0, f64x2.div(pair(1), v), true, r, none, l2);
    }
  }
  end = theta + ((<usize>n & 2) << 3);
  for (; theta < end; theta += 16, gradient += 16, sum += 16) {
    const u = adagradDivisor(theta, gradient, sum, true, s, e, l2);
    follow(theta, gradient, 0, f64x2.div(pair(1), u), true, r, none, l2);
  }
  if (n & 1) {
    const x = adagradDivisor(theta, gradient, sum, false, s, e, l2);
    follow(theta, gradient, 0, f64x2.div(pair(1), x), false, r, none, l2);
  }
}

// @ts-ignore: decorator
@inline
function signAt(
  theta: usize, gradient: usize, mean: usize, whole: bool, rate: v128, weight: v128, remember: v128, shrink: f64,
): void {
  let t = read(theta, whole);
  const g = read(gradient, whole);
  let c = g;
  if (mean) {
    const m = read(mean, whole);
    c = towards(m, g, weight);
    write(mean, towards(m, g, remember), whole);
  }
  if (shrink != 1) t = f64x2.mul(pair(shrink), t);
  write(theta, f64x2.sub(t, f64x2.mul(rate, signs(c))), whole);
}

export function signStep(
  theta: usize, gradient: usize, mean: usize, n: i32, rate: f64, beta1: f64, beta2: f64, decoupled: f64,
): void {
  const r = pair(rate), weight = pair(1 - beta1), remember = pair(1 - beta2);
  const shrink = 1 - rate * decoupled;
  const end = theta + ((<usize>n & ~1) << 3);
  if (mean == 0) {
    for (; theta < end; theta += 16, gradient += 16) signAt(theta, gradient, 0, true, r, weight, remember, shrink);
  } else {
    for (; theta < end; theta += 16, gradient += 16, mean += 16) {
      signAt(theta, gradient, mean, true, r, weight, remember, shrink);
    }
  }
  if (n & 1) signAt(theta, gradient, mean, false, r, weight, remember, shrink);
}
