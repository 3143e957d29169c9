// The Brownian path within one step, on a dyadic grid that can be refined anywhere at any time: the same path, seen
// more closely.
import type { Arena, Stream, Vector } from 'eigenflow';

/**
 * Goes through the dyadic intervals of one step from left to right. Depth d has 2^d intervals; the current one is
 * given by its depth and its place, 0 .. 2^d - 1. Increments are those of independent standard Brownian motions in
 * units of sqrt(step size).
 */
export interface BrownianBridge {
  /** Increments over the current interval, one for each motion. */
  readonly increments: Vector;
  readonly depth: number;
  /** Length of the current interval as a fraction of the step, 2^-depth; one slot. */
  readonly fraction: Vector;
  /** Starts step number `step`: the current interval is all of it. */
  open(step: number): void;
  /** Makes the left half of the current interval the current one. */
  split(): void;
  /**
   * Goes to the next interval, the largest one that starts where the current one ends. @returns false after the last.
   */
  next(): boolean;
}

/**
 * The path is a pure function of the stream and the step, whatever the order and the number of refinements: over the
 * whole of step s the increments are the normals of counter s of the child stream `whole`; the midpoint of interval
 * `place` of depth d comes from the normals of counter s 2^d + place, the number of this interval since the start of
 * the run, of the child stream `midpoint <d>`. Given the increment W over an interval of length l, that over its left
 * half is normal with mean W/2 and variance l/4 (Levy). Counters are exact up to 2^53, so step numbers go up to 2^(53
 * - deepest).
 *
 * @param size number of motions
 * @param deepest largest depth
 */
export function createBrownianBridge(size: number, deepest: number, random: Stream, arena: Arena): BrownianBridge {
  const whole = random.child('whole');
  const midpoints = Array.from({ length: deepest }, (_, depth) => random.child(`midpoint ${depth}`));
  // right[d]: increments over the right sibling of the interval of depth d on the way to the current one.
  const right = Array.from({ length: deepest + 1 }, () => arena.vector(size));
  const increments = arena.vector(size);
  const normals = arena.vector(size);
  const fraction = arena.vector(1);
  // Typed slots: numbers of this size would be boxed. 0: step, 1: place.
  const at = new Float64Array(2);
  let depth = 0;

  return {
    increments,
    fraction,
    get depth() {
      return depth;
    },
    open(step) {
      at[0] = step;
      at[1] = 0;
      depth = 0;
      fraction[0] = 1;
      whole.normals(step, increments);
    },
    split() {
      midpoints[depth].normals(at[0] / fraction[0] + at[1], normals);
      const spread = Math.sqrt(fraction[0]) / 2;
      depth += 1;
      at[1] *= 2;
      fraction[0] /= 2;
      const sibling = right[depth];
      for (let i = 0; i < size; i++) {
        const left = increments[i] / 2 + spread * normals[i];
        sibling[i] = increments[i] - left;
        increments[i] = left;
      }
    },
    next() {
      while (at[1] % 2 === 1) {
        depth -= 1;
        at[1] = (at[1] - 1) / 2;
        fraction[0] *= 2;
      }
      if (depth === 0) return false;
      at[1] += 1;
      increments.set(right[depth]);
      return true;
    },
  };
}
