/** Vectors as long as they may be, or as they should be, by their Euclidean norm. */
import { madd, pair, sum } from './simd';

/** Euclidean norm, over four running pairs. */
function normOf(x: usize, n: i32): f64 {
  let s0 = pair(0), s1 = pair(0), s2 = pair(0), s3 = pair(0);
  let end = x + ((<usize>n & ~15) << 3);
  for (; x < end; x += 128) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
    s2 = madd(c, c, s2);
    s3 = madd(d, d, s3);
    const a1 = v128.load(x, 64), b1 = v128.load(x, 80), c1 = v128.load(x, 96), d1 = v128.load(x, 112);
    s0 = madd(a1, a1, s0);
    s1 = madd(b1, b1, s1);
    s2 = madd(c1, c1, s2);
    s3 = madd(d1, d1, s3);
  }
  end = x + ((<usize>n & 8) << 3);
  for (; x < end; x += 64) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    s0 = madd(a, a, s0);
    s1 = madd(b, b, s1);
    s2 = madd(c, c, s2);
    s3 = madd(d, d, s3);
  }
  end = x + ((<usize>n & 6) << 3);
  for (; x < end; x += 16) s0 = madd(v128.load(x), v128.load(x), s0);
  let total = sum(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  if (n & 1) total += load<f64>(x) * load<f64>(x);
  return Math.sqrt(total);
}

/** out = factor x. */
// @ts-ignore: decorator
@inline
function scaled(factor: f64, x: usize, n: i32, out: usize): void {
  const f = pair(factor);
  let end = x + ((<usize>n & ~7) << 3);
  for (; x < end; x += 64, out += 64) {
    v128.store(out, f64x2.mul(f, v128.load(x)));
    v128.store(out, f64x2.mul(f, v128.load(x, 16)), 16);
    v128.store(out, f64x2.mul(f, v128.load(x, 32)), 32);
    v128.store(out, f64x2.mul(f, v128.load(x, 48)), 48);
  }
  end = x + ((<usize>n & 6) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, f64x2.mul(f, v128.load(x)));
  if (n & 1) store<f64>(out, factor * load<f64>(x));
}

export function clipNorm(x: usize, n: i32, limit: f64, out: usize): void {
  const factor = limit / (normOf(x, n) + 1e-6);
  // Written so that NaN is not below 1 and reaches every number.
  scaled(factor >= 1 ? 1 : factor, x, n, out);
}

export function normalise(x: usize, n: i32, floor: f64, out: usize): void {
  const norm = normOf(x, n);
  const f = pair(norm < floor ? floor : norm);
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, f64x2.div(v128.load(x), f));
  if (n & 1) store<f64>(out, load<f64>(x) / f64x2.extract_lane(f, 0));
}

export function ascend(theta: usize, gradient: usize, n: i32, radius: f64, out: usize): void {
  const factor = radius / (normOf(gradient, n) + 1e-12);
  const f = pair(factor);
  let end = theta + ((<usize>n & ~7) << 3);
  for (; theta < end; theta += 64, gradient += 64, out += 64) {
    v128.store(out, madd(f, v128.load(gradient), v128.load(theta)));
    v128.store(out, madd(f, v128.load(gradient, 16), v128.load(theta, 16)), 16);
    v128.store(out, madd(f, v128.load(gradient, 32), v128.load(theta, 32)), 32);
    v128.store(out, madd(f, v128.load(gradient, 48), v128.load(theta, 48)), 48);
  }
  end = theta + ((<usize>n & 6) << 3);
  for (; theta < end; theta += 16, gradient += 16, out += 16) {
    v128.store(out, madd(f, v128.load(gradient), v128.load(theta)));
  }
  if (n & 1) store<f64>(out, load<f64>(theta) + factor * load<f64>(gradient));
}
