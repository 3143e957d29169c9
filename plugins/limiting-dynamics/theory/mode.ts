// One mode of descent with momentum under noise that is independent from step to step: exact laws of the discrete
// steps, and those of the continuous limit.
import { elementary } from 'eigenflow';

/**
 * The step v <- momentum v - curvature q - noise, q <- q + learningRate v, q the distance from where the mean comes to
 * rest: PyTorch's convention with the velocity turned round, as arXiv:2107.09133 writes it.
 */
export interface Mode {
  readonly learningRate: number;
  readonly momentum: number;
  /** Eigenvalue of the Hessian, weight decay included. */
  readonly curvature: number;
  /** Variance of the gradient of one step along the mode. */
  readonly noise: number;
}

/** a b; c d */
type Matrix2 = readonly [number, number, number, number];

const multiply = ([a, b, c, d]: Matrix2, [e, f, g, h]: Matrix2): Matrix2 => [
  a * e + b * g,
  a * f + b * h,
  c * e + d * g,
  c * f + d * h,
];

/** By squaring. @param k whole, not negative */
function powerOf(matrix: Matrix2, k: number): Matrix2 {
  let [result, square, rest]: [Matrix2, Matrix2, number] = [[1, 0, 0, 1], matrix, k];
  while (rest > 0) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
    rest = Math.floor(rest / 2);
  }
  return result;
}

/** Of (q, v), without noise. */
const stepOf = ({ learningRate, momentum, curvature }: Mode): Matrix2 => [
  1 - learningRate * curvature,
  learningRate * momentum,
  -curvature,
  momentum,
];

/** Second moments of (q, v) in the stationary state. */
export interface Moments {
  readonly position: number;
  readonly velocity: number;
  readonly covariance: number;
}

/**
 * Where learningRate x curvature < 2 (1 + momentum), with e the learning rate, b the momentum, h the curvature and s
 * the noise:
 *
 *     position   = e s (1 + b)/((1 - b) h (2 (1 + b) - e h))
 *     velocity   = 2 s/((1 - b) (2 (1 + b) - e h))
 *     covariance = e velocity/2
 *
 * Derived: positions are an autoregressive process of second order; the solution of the discrete Lyapunov equation. NaN
 * where there is no stationary state; the position of a mode without curvature and noise has no law, and none is given.
 */
export function stationary({ learningRate, momentum, curvature, noise }: Mode): Moments {
  const room = 2 * (1 + momentum) - learningRate * curvature;
  if (!(curvature > 0 && room > 0)) return { position: Number.NaN, velocity: Number.NaN, covariance: Number.NaN };
  const velocity = (2 * noise) / ((1 - momentum) * room);
  return {
    position: (learningRate * noise * (1 + momentum)) / ((1 - momentum) * curvature * room),
    velocity,
    covariance: (learningRate * velocity) / 2,
  };
}

/** Correlation of positions `lag` steps apart in the stationary state. */
function correlation(mode: Mode, lag: number): number {
  const first = 1 - (mode.learningRate * mode.curvature) / (1 + mode.momentum);
  // Yule-Walker: r(k) = (1 + b - e h) r(k - 1) - b r(k - 2).
  const [a, b] = powerOf([(1 + mode.momentum) * first, -mode.momentum, 1, 0], lag);
  // (r(lag), r(lag - 1)) from (r(0), r(-1)) = (1, first).
  return a + b * first;
}

/** Mean of (q(t + lag) - q(t))^2 in the stationary state. Derived. */
export const displacement = (mode: Mode, lag: number): number =>
  2 * stationary(mode).position * (1 - correlation(mode, lag));

/**
 * Area that (q, v) goes round in a step, 1/2 <q(k) v(k+1) - v(k) q(k+1)> in the stationary state. Negative: clockwise
 * with q to the right and v up. Derived: a quarter of the displacement over two steps per learning rate.
 */
export const circulation = (mode: Mode): number => -displacement(mode, 2) / (4 * mode.learningRate);

/** Mean of (q, v) after k steps from (q, 0). */
export function meanAfter(mode: Mode, k: number, start: number): readonly [position: number, velocity: number] {
  const [a, , c] = powerOf(stepOf(mode), k);
  return [a * start, c * start];
}

/** Second moments about the mean, k steps after a start without any scatter: V - A^k V A^kT. Derived. */
export function scatterAfter(mode: Mode, k: number): Moments {
  const { position, velocity, covariance } = stationary(mode);
  const [a, b, c, d] = powerOf(stepOf(mode), k);
  return {
    position: position - (a * a * position + 2 * a * b * covariance + b * b * velocity),
    velocity: velocity - (c * c * position + 2 * c * d * covariance + d * d * velocity),
    covariance: covariance - (a * c * position + (a * d + b * c) * covariance + b * d * velocity),
  };
}

/**
 * Friction over frequency of the discrete steps, (1 - sqrt(momentum))^2/(learningRate curvature): below 1 the two
 * eigenvalues of a step are a complex pair and the mode oscillates, under-damped; above it does not. 1 is critical.
 */
export const damping = ({ learningRate, momentum, curvature }: Omit<Mode, 'noise'>): number =>
  (1 - Math.sqrt(momentum)) ** 2 / (learningRate * curvature);

/**
 * The continuous limit of arXiv:2107.09133, time learningRate x steps: q'' + 2 friction q' + frequency^2 q = noise, an
 * oscillator in a heat bath.
 */
export function oscillator({ learningRate, momentum, curvature, noise }: Mode) {
  const friction = (1 - momentum) / (learningRate * (1 + momentum));
  const square = (2 * curvature) / (learningRate * (1 + momentum));
  const position = (learningRate * noise) / (2 * (1 - momentum) * curvature);
  const velocity = noise / (1 - momentum * momentum);
  return {
    friction,
    frequency: Math.sqrt(square),
    /** Stationary variances: the Gibbs law exp(-q^2/(2 position) - v^2/(2 velocity)), without a covariance. */
    position,
    velocity,
    /** Area in one step. */
    circulation: -learningRate * velocity,
    /** Mean of (q, v) at time t from (q0, v0). */
    mean(t: number, q0: number, v0: number): readonly [position: number, velocity: number] {
      const { even, odd } = decay(friction, square, t);
      return [even * q0 + odd * (friction * q0 + v0), even * v0 - odd * (square * q0 + friction * v0)];
    },
    displacement(lag: number): number {
      const { even, odd } = decay(friction, square, learningRate * lag);
      return 2 * position * (1 - even - friction * odd);
    },
    /** Correlation of velocities a time t apart. */
    velocityCorrelation(t: number): number {
      const { even, odd } = decay(friction, square, t);
      return even - friction * odd;
    },
  };
}

/** exp(-friction t) times cos(d t) and sin(d t)/d, d^2 = square - friction^2; times cosh and sinh where that is negative. */
function decay(friction: number, square: number, t: number): { readonly even: number; readonly odd: number } {
  const d2 = square - friction * friction;
  if (d2 > 0) {
    const d = Math.sqrt(d2);
    const left = elementary.exp(-friction * t);
    return { even: left * elementary.cos(d * t), odd: (left * elementary.sin(d * t)) / d };
  }
  const d = Math.sqrt(-d2);
  if (d * t < 1e-9) {
    const left = elementary.exp(-friction * t);
    return { even: left, odd: left * t };
  }
  // Two exponentials, since cosh and sinh overflow where their product with the decay does not.
  const [slow, fast] = [elementary.exp(-(friction - d) * t), elementary.exp(-(friction + d) * t)];
  return { even: (slow + fast) / 2, odd: (slow - fast) / (2 * d) };
}
