// A task of any shape made of plain arrays, so that a test knows every number that the model works with.

import type { NumberArray } from '../../../core/contracts/arrays.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { matrixShapes } from '../../../plugins/teacher-student/architecture.js';
import { namedArrays } from './build.js';
import { type Matrix, rowsOf } from './plain-network.js';

const { kernels, arena } = openWorkspace();
const stream = createStream(kernels, 99, ['random-network']);
let drawn = 0;

/** Standard normals, different at each call, the same in each execution of a test file. */
export function normals(n: number): number[] {
  arena.clear();
  const out = arena.vector(n);
  stream.normals(drawn++, out);
  return [...out];
}

export interface RandomNetwork {
  readonly names: readonly string[];
  readonly teacher: readonly Matrix[];
  /** The student's first weights; the teacher's where nothing is trained. */
  readonly initial: readonly Matrix[];
  readonly x: Matrix;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

/** @param widths inputs, hidden layers, features, outputs */
export function randomNetwork(widths: readonly number[], trained: readonly string[], samples: number): RandomNetwork {
  const arrays: Record<string, NumberArray> = {};
  const draw = (name: string, rows: number, cols: number): Matrix => {
    const flat = normals(rows * cols);
    arrays[name] = { shape: [rows, cols], data: Float64Array.from(flat) };
    return rowsOf(flat, rows, cols);
  };
  const matrices = matrixShapes(widths).map(({ name, rows, cols }) => {
    if (!trained.includes(name)) {
      const shared = draw(name, rows, cols);
      return { name, teacher: shared, initial: shared };
    }
    return { name, teacher: draw(`${name}_teacher`, rows, cols), initial: draw(`${name}_initial`, rows, cols) };
  });
  return {
    names: matrices.map(({ name }) => name),
    teacher: matrices.map(({ teacher }) => teacher),
    initial: matrices.map(({ initial }) => initial),
    x: draw('x', samples, widths[0]),
    arrays,
  };
}

/** The same task as `NamedArrays`, with arrays replaced, added or (undefined) taken away. */
export function arraysOf(network: RandomNetwork, changes: Readonly<Record<string, NumberArray | undefined>> = {}) {
  const entries = Object.entries({ ...network.arrays, ...changes });
  return namedArrays(Object.fromEntries(entries.filter((entry): entry is [string, NumberArray] => !!entry[1])));
}

/** Every non-empty choice of some names. */
export function subsets(names: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** names.length - 1 }, (_, code) => names.filter((_, i) => (code + 1) & (1 << i)));
}
