// Everything that does not depend on the trained matrices: the activations below the first of them, which teacher and
// student share, and the teacher's outputs.
import {
  type ActivationName,
  createHiddenPass,
  createLayer,
  createNetwork,
  type Environment,
  type Vector,
} from 'eigenflow';
import type { Task, WriteSample } from './task.js';

export interface Teacher {
  /** Numbers per sample in `shared`: the fan-in of the first trained matrix. */
  readonly width: number;
  readonly outputs: number;
  /** Shared activations of n samples (n x width), valid until the next call; the inputs themselves if M is trained. */
  shared(inputs: Vector, n: number): Vector;
  /** Teacher outputs (n x outputs) from what `shared` returned. */
  targets(shared: Vector, n: number, out: Vector): void;
}

/**
 * @param first number of the first trained matrix
 * @param capacity the most samples of one call
 */
export function createTeacher(
  { arena, kernels }: Environment,
  activation: ActivationName,
  task: Task,
  first: number,
  capacity: number,
): Teacher {
  const last = task.matrices.length - 1;
  const layers = task.matrices.map((shape, i) =>
    i === last
      ? createLayer(shape, task.teacher[i], null, 0, arena)
      : createLayer(shape, task.teacher[i], null, capacity, arena, { activation }),
  );
  const below = createHiddenPass(kernels, layers.slice(0, first));
  const above = createNetwork(kernels, layers.slice(first, last), layers[last]);
  return {
    width: task.matrices[first].cols,
    outputs: task.matrices[last].rows,
    shared: (inputs, n) => below(inputs, null, n),
    targets: (shared, n, out) => above.forward(shared, null, n, out),
  };
}

/** Samples per call when a whole data set is tabulated: bounds the memory in between, does not touch the numbers. */
export const TABLE_CHUNK = 256;

/** Shared activations and teacher outputs of samples 0 .. count - 1. */
export interface Table {
  /** count x width */
  readonly shared: Vector;
  /** count x outputs, without label noise */
  readonly targets: Vector;
}

/**
 * Runs each sample once through all that stays fixed during a run.
 *
 * @param teacher of capacity `TABLE_CHUNK`
 * @param inputs numbers that `input` writes for each sample
 */
export function tabulate(
  { arena }: Environment,
  teacher: Teacher,
  inputs: number,
  input: WriteSample,
  count: number,
): Table {
  const { width, outputs } = teacher;
  const shared = arena.vector(count * width);
  const targets = arena.vector(count * outputs);
  const x = arena.vector(TABLE_CHUNK * inputs);
  for (let start = 0; start < count; start += TABLE_CHUNK) {
    const n = Math.min(TABLE_CHUNK, count - start);
    for (let s = 0; s < n; s++) input(start + s, x, s * inputs);
    const values = teacher.shared(x, n);
    shared.set(values.subarray(0, n * width), start * width);
    teacher.targets(values, n, targets.subarray(start * outputs));
  }
  return { shared, targets };
}
