/** Parameter updates, in place. Without weight decay the decay term is left out, not multiplied by zero. */
import { madd, pair } from './simd';

/** Eight elements of a step without decay, at a fixed offset. */
// @ts-ignore: decorator
@inline
function plainEight(theta: usize, gradient: usize, rate: v128, offset: usize): void {
  const a = madd(rate, v128.load(gradient + offset), v128.load(theta + offset));
  const b = madd(rate, v128.load(gradient + offset, 16), v128.load(theta + offset, 16));
  const c = madd(rate, v128.load(gradient + offset, 32), v128.load(theta + offset, 32));
  const d = madd(rate, v128.load(gradient + offset, 48), v128.load(theta + offset, 48));
  v128.store(theta + offset, a);
  v128.store(theta + offset, b, 16);
  v128.store(theta + offset, c, 32);
  v128.store(theta + offset, d, 48);
}

export function sgdStep(theta: usize, gradient: usize, n: i32, rate: f64, decay: f64): void {
  const r = pair(-rate), d = pair(decay);
  let end = theta + ((<usize>n & ~15) << 3);
  if (decay == 0) {
    for (; theta < end; theta += 128, gradient += 128) {
      plainEight(theta, gradient, r, 0);
      plainEight(theta, gradient, r, 64);
    }
    end = theta + ((<usize>n & 14) << 3);
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
