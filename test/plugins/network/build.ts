// Builds the model `network` for these tests: checked parameters, real streams and kernels, arrays made in memory or
// read.
import { fileURLToPath } from 'node:url';
import type { NamedArrays, NumberArray } from '../../../core/contracts/arrays.js';
import type { Model } from '../../../core/contracts/model.js';
import type { Indices, Vector } from '../../../core/contracts/vector.js';
import { openWorkspace, type Workspace } from '../../../core/kernels/arena.js';
import { bindParameters } from '../../../core/plugin/bind-parameters.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { createStream } from '../../../core/random/stream.js';
import { type NpzArrays, readNpz } from '../../../node/files/npz.js';
import { network } from '../../../plugins/network/model.js';

export interface Built extends Workspace {
  readonly model: Model;
  vector(numbers: ArrayLike<number>): Vector;
  zeros(length: number): Vector;
  batch(numbers: readonly number[]): Indices;
  /** First weights. */
  theta(): Vector;
}

export interface BuildOptions {
  /** Arrays by the path that a parameter names. */
  readonly files?: Readonly<Record<string, NamedArrays>>;
  /** Of the root. */
  readonly seed?: number;
  readonly replica?: number;
}

export function build(
  params: Readonly<Record<string, unknown>>,
  { files = {}, seed = 1, replica = 0 }: BuildOptions = {},
): Built {
  const workspace = openWorkspace();
  const { arena, kernels } = workspace;
  const checked = checkParameters('model', params, network.params);
  const load = (path: string) => {
    if (files[path] === undefined) throw new Error(`no file ${path} in this test`);
    return files[path];
  };
  const { values } = bindParameters('model', network.params, checked, load);
  const model = network.create(values as never, {
    arena,
    kernels,
    random: createStream(kernels, seed, [`replica ${replica}`, 'model']),
    common: createStream(kernels, seed, ['common', 'model']),
  });
  return {
    ...workspace,
    model,
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
    theta() {
      const theta = arena.vector(model.size);
      model.initialise(theta);
      return theta;
    },
  };
}

export const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A file of arrays made in memory. */
export function arraysOf(arrays: Readonly<Record<string, NumberArray>>, source = 'task.npz'): NamedArrays {
  return {
    source,
    digest: 'made in memory',
    names: Object.keys(arrays),
    has: (name) => Object.hasOwn(arrays, name),
    get: (name) => arrays[name],
  };
}

export const matrix = (rows: readonly (readonly number[])[]): NumberArray => ({
  shape: [rows.length, rows[0].length],
  data: Float64Array.from(rows.flat()),
});

export const vectorOf = (values: readonly number[]): NumberArray => ({
  shape: [values.length],
  data: Float64Array.from(values),
});

export const reference = (name: string): NpzArrays =>
  readNpz(fileURLToPath(new URL(`../../reference/optimisers/${name}.npz`, import.meta.url)));

/** A setting of a reference file, or what stands for it where the file has none. */
export function setting(file: NpzArrays, name: string, fallback: number): number {
  return file.has(name) ? file.get(name).data[0] : fallback;
}

/** Blocks of a vector as long as theta, one after the other by name, compared with arrays of a file. */
export function blocksOf(model: Model, vector: ArrayLike<number>): ReadonlyMap<string, number[]> {
  const all = Array.from(vector);
  return new Map(model.layout.map(({ name, rows, cols, offset }) => [name, all.slice(offset, offset + rows * cols)]));
}

/** Largest absolute difference. NaN where something is NaN. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers, expected ${expected.length}`);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** How a scenario writes the network of a reference file. */
export function networkOf(file: NpzArrays): Record<string, unknown> {
  const dims = [...file.get('dims').data];
  return {
    data: 'file',
    targets: 'regression',
    standardise: 'none',
    test: 0,
    hidden: dims.slice(1, -1),
    activation: file.text('activation'),
    residual: setting(file, 'residual', 0) * setting(file, 'branch', 1),
    initial: 'file',
  };
}

/**
 * Largest deviation of a weight from PyTorch's, by the number of steps: what rounding makes of a sum in another order
 * inside PyTorch itself.
 */
export const TOLERANCES: Readonly<Record<number, number>> = {
  0: 0,
  1: 1e-15,
  2: 1e-15,
  10: 1e-14,
  100: 1e-13,
  1000: 1e-12,
};
