// Levels at a floor off which they are reflected.
import type { Environment, LevelProcess, Stream, Vector } from 'eigenflow';
import { reflectAndSort } from './order.js';

export interface Reflection {
  /** Called with the levels before a step, which has the length `length[0]`, a slot. */
  before(levels: Vector, length: Vector): void;
  /** Called with those after it, in the same order: brings them above the floor, and sorts them. */
  after(levels: Vector, step: number): void;
}

/**
 * Between its values a and b above the floor before and after a step, a level with the noise of the step comes down to
 *
 *     m = [ a + b - sqrt((a - b)^2 - 2 T Q_ii h ln U) ] / 2,    U uniform on (0, 1),
 *
 * the minimum of a Brownian bridge, and is pushed up by -m where that is negative: the exact reflected motion for
 * constant drift and noise (Lepingle 1995, doi:10.1016/0378-4754(93)E0083-H). Mirroring b instead throws a level that is
 * pressed against the floor as far up as its step went down. U of level i is uniform i of counter `step` of the child
 * stream `floor`.
 *
 * @returns undefined without a floor
 */
export function createReflection(
  process: LevelProcess,
  random: Stream,
  { arena, kernels }: Environment,
): Reflection | undefined {
  const { levels, floor } = process;
  if (floor === Number.NEGATIVE_INFINITY) return undefined;
  const uniforms = random.child('floor');
  const start = arena.vector(levels);
  const spread = arena.vector(levels);
  const logarithm = arena.vector(levels);
  return {
    before(x, length) {
      start.set(x);
      process.diagonalVariance(x, spread);
      const scale = 2 * process.temperature * length[0];
      for (let i = 0; i < levels; i++) spread[i] *= scale;
    },
    after(x, step) {
      uniforms.uniforms(step, logarithm);
      kernels.log(logarithm, levels, logarithm);
      for (let i = 0; i < levels; i++) {
        const a = start[i] - floor;
        const b = x[i] - floor;
        const lowest = (a + b - Math.sqrt((a - b) * (a - b) - spread[i] * logarithm[i])) / 2;
        if (lowest < 0) x[i] -= lowest;
      }
      // Rounding may leave a level just below the floor.
      reflectAndSort(x, floor);
    },
  };
}
