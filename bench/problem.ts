/** The published step: a tanh layer W of 16 x 32 with a fixed read-out, 4000 samples, cyclic batches of 4. */
import { createKernels, heapBase, type KernelBuildName, type Kernels, type Vector } from '../core/kernels/kernels.js';

export const ROWS = 16;
export const COLS = 32;
export const BATCH = 4;
export const SAMPLES = 4000;

export interface Problem {
  readonly kernels: Kernels;
  readonly weights: Vector;
  readonly readout: Vector;
  readonly inputs: Vector;
  readonly targets: Vector;
  readonly start: Float64Array;
  vector(length: number): Vector;
  indices(length: number): Int32Array;
  /** Puts the weights back to where they started. */
  reset(): void;
  /** Weights, read-out, inputs and targets one after another: what the other programs read. */
  bytes(): Buffer;
}

export function createProblem(build: KernelBuildName = 'strict'): Problem {
  const memory = new WebAssembly.Memory({ initial: 1000 });
  const kernels = createKernels(memory, build);
  let next = heapBase;
  const take = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const vector = (length: number) => new Float64Array(memory.buffer, take(8 * length), length);
  const indices = (length: number) => new Int32Array(memory.buffer, take(4 * length), length);
  const weights = vector(ROWS * COLS);
  const readout = vector(ROWS);
  const inputs = vector(SAMPLES * COLS);
  const targets = vector(SAMPLES);
  kernels.normals(1, 0, 0, 0, 0, weights.length, weights);
  kernels.scale(0.2, weights, weights.length);
  kernels.normals(2, 0, 0, 0, 0, readout.length, readout);
  kernels.normals(3, 0, 0, 0, 0, inputs.length, inputs);
  kernels.normals(4, 0, 0, 0, 0, targets.length, targets);
  const start = weights.slice();
  return {
    kernels,
    weights,
    readout,
    inputs,
    targets,
    start,
    vector,
    indices,
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
