// The deterministic part of the equation of motion, with the Coulomb sum written out.
import type { Arena, LevelProcess, Vector } from 'eigenflow';

/** What images at -x_j and the wall at 0 add; see `RegularEquation`. */
function addImages(variance: Vector, wall: number, x: Vector, out: Vector): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    if (x[i] !== 0) out[i] += wall / x[i];
    for (let j = i + 1; j < n; j++) {
      const sum = x[i] + x[j];
      if (sum === 0) continue;
      const push = variance[i * n + j] / sum;
      out[i] += push;
      out[j] += push;
    }
  }
}

export interface Velocity {
  /** V_ij after `at`, K x K. */
  readonly variance: Vector;
  /** K_i + T D_i after `at`. */
  readonly drift: Vector;
  /** Brings `variance` and `drift` to these levels; constant variance stands there from the start. */
  at(levels: Vector): void;
  /**
   * K_i + T [ sum_{j != i} V_ij / (x_i - x_j) + D_i ] at the levels of the last `at`. Two levels at exactly the same
   * place do not push each other: by symmetry neither direction is preferred. With the forces of a wall, where there is
   * one.
   */
  write(levels: Vector, out: Vector): void;
}

/** @param wall of the equation; see `RegularEquation` */
export function createVelocity(process: LevelProcess, arena: Arena, wall?: number): Velocity {
  const { levels, constantNoise } = process;
  const variance = arena.vector(levels * levels);
  const drift = arena.vector(levels);
  const traceDrift = arena.vector(levels);
  // The same at all levels, so also at these.
  if (constantNoise) process.offDiagonalVariance(drift, variance);
  return {
    variance,
    drift,
    at(x) {
      if (!constantNoise) process.offDiagonalVariance(x, variance);
      process.drift(x, drift);
      process.traceDrift(x, traceDrift);
      const { temperature } = process;
      for (let i = 0; i < levels; i++) drift[i] += temperature * traceDrift[i];
    },
    write(x, out) {
      const { temperature } = process;
      for (let i = 0; i < levels; i++) out[i] = 0;
      for (let i = 0; i < levels; i++) {
        for (let j = i + 1; j < levels; j++) {
          const gap = x[i] - x[j];
          if (gap === 0) continue;
          const push = variance[i * levels + j] / gap;
          out[i] += push;
          out[j] -= push;
        }
      }
      if (wall !== undefined) addImages(variance, wall, x, out);
      for (let i = 0; i < levels; i++) out[i] = drift[i] + temperature * out[i];
    },
  };
}
