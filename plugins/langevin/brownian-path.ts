// Brownian increments of the steps of a run, such that runs with different step sizes can follow the same path.
import type { Arena, Kernels, Stream, Vector } from 'eigenflow';

/** Writes standard normals for a step into `out[0..length)`: the increment of the path over the root of its time. */
export type BrownianPath = (step: number, out: Vector) => void;

/**
 * Step s adds up the numbers s k .. s k + k - 1 of a row of normal vectors, k = `increments`, over sqrt(k): the path of
 * a run whose steps are k times shorter, seen at every k-th step.
 */
export function createBrownianPath(
  random: Stream,
  increments: number,
  length: number,
  arena: Arena,
  kernels: Kernels,
): BrownianPath {
  if (increments === 1) return (step, out) => random.normals(step, out, length);
  const increment = arena.vector(length);
  const scale = 1 / Math.sqrt(increments);
  return (step, out) => {
    const first = step * increments;
    random.normals(first, out, length);
    for (let k = 1; k < increments; k++) {
      random.normals(first + k, increment, length);
      kernels.axpy(1, increment, length, out);
    }
    kernels.scale(scale, out, length);
  };
}
