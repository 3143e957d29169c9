/** Updates by signs, in place. */
import { read, towards, write } from './pairwise';
import { pair } from './simd';

/** sign(x): 0 at either zero, NaN for NaN, so that a run that has diverged does not look alive. */
// @ts-ignore: decorator
@inline
function signs(x: v128): v128 {
  const one = v128.or(v128.and(x, i64x2.splat(0x8000000000000000)), pair(1));
  return v128.bitselect(one, x, v128.or(f64x2.gt(x, pair(0)), f64x2.lt(x, pair(0))));
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
