/** Parameter updates, in place. Without weight decay the decay term is left out, not multiplied by zero. */
import { madd, pair } from './simd';

export function sgdStep(theta: usize, gradient: usize, n: i32, rate: f64, decay: f64): void {
  const r = pair(-rate), d = pair(decay);
  let end = theta + ((<usize>n & ~7) << 3);
  if (decay == 0) {
    for (; theta < end; theta += 64, gradient += 64) {
      const a = madd(r, v128.load(gradient), v128.load(theta));
      const b = madd(r, v128.load(gradient, 16), v128.load(theta, 16));
      const c = madd(r, v128.load(gradient, 32), v128.load(theta, 32));
      const e = madd(r, v128.load(gradient, 48), v128.load(theta, 48));
      v128.store(theta, a);
      v128.store(theta, b, 16);
      v128.store(theta, c, 32);
      v128.store(theta, e, 48);
    }
    end = theta + ((<usize>n & 6) << 3);
    for (; theta < end; theta += 16, gradient += 16) {
      v128.store(theta, madd(r, v128.load(gradient), v128.load(theta)));
    }
    if (n & 1) {
      const t = madd(r, v128.load64_splat(gradient), v128.load64_splat(theta));
      store<f64>(theta, f64x2.extract_lane(t, 0));
    }
    return;
  }
  end = theta + ((<usize>n & ~1) << 3);
  for (; theta < end; theta += 16, gradient += 16) {
    const t = v128.load(theta);
    v128.store(theta, madd(r, madd(d, t, v128.load(gradient)), t));
  }
  if (n & 1) {
    const t = v128.load64_splat(theta);
    store<f64>(theta, f64x2.extract_lane(madd(r, madd(d, t, v128.load64_splat(gradient)), t), 0));
  }
}

// @ts-ignore: decorator
@inline
function decayed(gradient: v128, theta: v128, decay: f64): v128 {
  return decay == 0 ? gradient : madd(pair(decay), theta, gradient);
}

export function momentumStep(
  theta: usize, gradient: usize, velocity: usize, n: i32, rate: f64, momentum: f64, decay: f64,
): void {
  const r = pair(-rate), m = pair(momentum);
  const end = theta + ((<usize>n & ~1) << 3);
  for (; theta < end; theta += 16, gradient += 16, velocity += 16) {
    const t = v128.load(theta);
    const v = madd(m, v128.load(velocity), decayed(v128.load(gradient), t, decay));
    v128.store(velocity, v);
    v128.store(theta, madd(r, v, t));
  }
  if (n & 1) {
    const t = v128.load64_splat(theta);
    const v = madd(m, v128.load64_splat(velocity), decayed(v128.load64_splat(gradient), t, decay));
    store<f64>(velocity, f64x2.extract_lane(v, 0));
    store<f64>(theta, f64x2.extract_lane(madd(r, v, t), 0));
  }
}

export function nesterovStep(
  theta: usize, gradient: usize, velocity: usize, n: i32, rate: f64, momentum: f64, decay: f64,
): void {
  const r = pair(-rate), m = pair(momentum);
  const end = theta + ((<usize>n & ~1) << 3);
  for (; theta < end; theta += 16, gradient += 16, velocity += 16) {
    const t = v128.load(theta);
    const g = decayed(v128.load(gradient), t, decay);
    const v = madd(m, v128.load(velocity), g);
    v128.store(velocity, v);
    v128.store(theta, madd(r, madd(m, v, g), t));
  }
  if (n & 1) {
    const t = v128.load64_splat(theta);
    const g = decayed(v128.load64_splat(gradient), t, decay);
    const v = madd(m, v128.load64_splat(velocity), g);
    store<f64>(velocity, f64x2.extract_lane(v, 0));
    store<f64>(theta, f64x2.extract_lane(madd(r, madd(m, v, g), t), 0));
  }
}
