// Second implementations of the laws of one mode: the discrete Lyapunov equation by summing its series, moments on the
// way by stepping them, and the displacement as a sum over correlations of velocities.
import type { Mode } from '../../../../plugins/limiting-dynamics/theory/mode.js';

export interface Moments {
  readonly position: number;
  readonly velocity: number;
  readonly covariance: number;
  /** Mean position of a start at 1 with no velocity. */
  readonly mean: number;
}

/** Steps mean and second moments of (q, v) as the update is written. @param steps default: until nothing changes */
export function lyapunov({ learningRate: e, momentum: b, curvature: h, noise: s }: Mode, steps?: number): Moments {
  let [qq, qv, vv] = [0, 0, 0];
  let [q, v] = [1, 0];
  for (let k = 0; k < (steps ?? 1_000_000); k++) {
    // v' = b v - h q - noise, q' = q + e v'.
    const nextVV = b * b * vv - 2 * b * h * qv + h * h * qq + s;
    const qNext = b * qv - h * qq;
    const nextQV = qNext + e * nextVV;
    const nextQQ = qq + 2 * e * qNext + e * e * nextVV;
    const done = Math.abs(nextQQ - qq) < 1e-15 * nextQQ;
    [qq, qv, vv] = [nextQQ, nextQV, nextVV];
    v = b * v - h * q;
    q += e * v;
    if (done && steps === undefined) break;
  }
  return { position: qq, velocity: vv, covariance: qv, mean: q };
}

/** Stationary <(q(k + lag) - q(k))^2>: 2 (P - A^lag P)_00, A^lag by stepping. */
export function solvedDisplacement(mode: Mode, lag: number): number {
  const { learningRate: e, momentum: b, curvature: h } = mode;
  const { position, covariance } = lyapunov(mode);
  // The first row of A^lag P is what becomes of (q, v) = (<q q>, <v q>).
  let [q, v] = [position, covariance];
  for (let k = 0; k < lag; k++) {
    v = b * v - h * q;
    q += e * v;
  }
  return 2 * (position - q);
}

/**
 * Speed^2 (k + 2 k sum_(j=1..k) (1 - j/k) sum_i rho_i C_i(j)), C_i the correlation of the velocity of the continuous
 * oscillator and rho_i its share of the mean square: how arXiv:2107.09133 sums it up.
 */
export function displacementByQuadrature(modes: readonly Mode[], lag: number): number {
  const total = modes.reduce((sum, { noise }) => sum + noise, 0);
  const { learningRate: e, momentum: b } = modes[0];
  let correlations = 0;
  for (const { curvature, noise } of modes) {
    const friction = (1 - b) / (e * (1 + b));
    const square = (2 * curvature) / (e * (1 + b)) - friction * friction;
    const d = Math.sqrt(Math.abs(square));
    for (let j = 1; j <= lag; j++) {
      const t = e * j;
      const [even, odd] = square > 0 ? [Math.cos(d * t), Math.sin(d * t)] : [Math.cosh(d * t), Math.sinh(d * t)];
      correlations += (noise / total) * (1 - j / lag) * Math.exp(-friction * t) * (even - (friction / d) * odd);
    }
  }
  return ((e * e * total) / (1 - b * b)) * (lag + 2 * lag * correlations);
}
