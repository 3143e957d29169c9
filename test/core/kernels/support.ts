/** Memory, views and comparisons for the tests of the kernels. */
import { readFileSync } from 'node:fs';
import { createKernels, heapBase } from '../../../core/kernels/create-kernels.js';
import type { Kernels, Vector } from '../../../core/kernels/kernels.js';

export interface Bench {
  readonly kernels: Kernels;
  vector(length: number): Vector;
  indices(length: number): Int32Array;
  words(values: readonly number[]): Uint32Array;
}

/** Kernels on a memory of their own. */
export function createBench(pages = 64): Bench {
  const memory = new WebAssembly.Memory({ initial: pages });
  let next = heapBase;
  const take = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / 16) * 16 + 16;
    if (next > memory.buffer.byteLength) throw new Error('the test needs more pages');
    return at;
  };
  return {
    kernels: createKernels(memory),
    vector: (length) => new Float64Array(memory.buffer, take(8 * length), length),
    indices: (length) => new Int32Array(memory.buffer, take(4 * length), length),
    words: (values) => {
      const view = new Uint32Array(memory.buffer, take(4 * values.length), values.length);
      view.set(values);
      return view;
    },
  };
}

/** Largest |a - b| relative to the larger of |b| and `floor`. */
export function largestError(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1): number {
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    const error = Math.abs(a[i] - b[i]) / Math.max(floor, Math.abs(b[i]));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/** A table of the folder: its doubles. */
export function readTable(name: string): Float64Array {
  const bytes = readFileSync(new URL(`./tables/${name}`, import.meta.url));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
