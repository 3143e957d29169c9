/** The published step, a tanh layer W of 16 x 32 with a fixed read-out, 4000 samples, cyclic batches of 4; or other sizes. */
import { openWorkspace, type Workspace } from '../core/kernels/arena.js';
import type { Kernels, Vector } from '../core/kernels/kernels.js';

export const ROWS = 16;
export const COLS = 32;
export const BATCH = 4;
export const SAMPLES = 4000;

export interface Size {
  readonly rows: number;
  readonly cols: number;
  readonly batch: number;
}
export const PUBLISHED: Size = { rows: ROWS, cols: COLS, batch: BATCH };

export interface Problem extends Pick<Workspace, 'arena'>, Size {
  readonly kernels: Kernels;
  readonly weights: Vector;
  readonly readout: Vector;
  readonly inputs: Vector;
  readonly targets: Vector;
  readonly start: Float64Array;
  /** Puts the weights back to where they started. */
  reset(): void;
  /** Weights, read-out, inputs and targets one after another: what the other programs read. */
  bytes(): Buffer;
}

export function createProblem(
  { arena, kernels }: Workspace = openWorkspace(),
  { rows, cols, batch }: Size = PUBLISHED,
): Problem {
  const weights = arena.vector(rows * cols);
  const readout = arena.vector(rows);
  const inputs = arena.vector(SAMPLES * cols);
  const targets = arena.vector(SAMPLES);
  kernels.normals(1, 0, 0, 0, 0, weights.length, weights);
  kernels.scale(0.2, weights, weights.length);
  kernels.normals(2, 0, 0, 0, 0, readout.length, readout);
  kernels.normals(3, 0, 0, 0, 0, inputs.length, inputs);
  kernels.normals(4, 0, 0, 0, 0, targets.length, targets);
  const start = weights.slice();
  return {
    arena,
    kernels,
    rows,
    cols,
    batch,
    weights,
    readout,
    inputs,
    targets,
    start,
    reset: () => weights.set(start),
    bytes: () =>
      Buffer.concat([weights, readout, inputs, targets].map((v) => Buffer.from(v.slice().buffer as ArrayBuffer))),
  };
}

/** Sum of the weights and of their squares. */
export function checksum(weights: ArrayLike<number>): [number, number] {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    squares += weights[i] ** 2;
  }
  return [sum, squares];
}
