// Builds the model for these tests: checked parameters, real streams and kernels, arrays made in memory.

import type { NamedArrays, NumberArray } from '../../../core/contracts/arrays.js';
import type { Environment } from '../../../core/contracts/environment.js';
import type { Model } from '../../../core/contracts/model.js';
import type { Indices, Vector } from '../../../core/contracts/vector.js';
import { openWorkspace, type Workspace } from '../../../core/kernels/arena.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { createStream } from '../../../core/random/stream.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';

export interface BuildOptions {
  /** Numbers of the root seed and of the replica. */
  readonly seed?: number;
  readonly replica?: number;
  readonly workspace?: Workspace;
  readonly arrays?: NamedArrays;
}

export interface Build {
  readonly model: Model;
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** A copy of plain numbers in the arena. */
  vector(numbers: ArrayLike<number>): Vector;
  zeros(length: number): Vector;
  batch(numbers: readonly number[]): Indices;
}

export function build(given: Readonly<Record<string, unknown>>, options: BuildOptions = {}): Build {
  const { seed = 1, replica = 0, workspace = openWorkspace(), arrays } = options;
  const { arena, kernels } = workspace;
  const environment: Environment = {
    random: createStream(kernels, seed, ['replica', String(replica), 'model']),
    common: createStream(kernels, seed, ['common', 'model']),
    arena,
    kernels,
  };
  const params = { ...checkParameters('model', given, teacherStudent.params), arrays };
  return {
    model: teacherStudent.create(params as never, environment) as Model,
    workspace,
    environment,
    vector(numbers) {
      const vector = arena.vector(numbers.length);
      vector.set(numbers);
      return vector;
    },
    zeros: (length) => arena.vector(length),
    batch(numbers) {
      const batch = arena.indices(numbers.length);
      batch.set(numbers);
      return batch;
    },
  };
}

/** The initial weights. */
export function initialTheta({ model, zeros }: Build): Vector {
  const theta = zeros(model.size);
  model.initialise(theta);
  return theta;
}

/** Training targets of some samples, as an owned copy. */
export function targetsOf({ model, zeros, batch }: Build, samples: readonly number[]): number[] {
  const out = zeros(samples.length * model.outputs);
  model.open(samples.length).targets(batch(samples), samples.length, out);
  return [...out];
}

export const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Arrays as `readNpz` would return them. */
export function namedArrays(arrays: Readonly<Record<string, NumberArray>>): NamedArrays {
  return {
    source: 'weights.npz',
    digest: 'made in memory',
    names: Object.keys(arrays),
    has: (name) => Object.hasOwn(arrays, name),
    get: (name) => arrays[name],
  };
}

/** Largest deviation over the largest expected magnitude. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers, expected ${expected.length}`);
  let deviation = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    if (Number.isNaN(difference)) return Number.NaN;
    deviation = Math.max(deviation, difference);
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return deviation === 0 ? 0 : deviation / magnitude;
}
