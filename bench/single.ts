/** Section 4: single kernels. Random numbers a second, elementary functions, singular values against ml-matrix. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { createKernels, heapBase } from '../core/kernels/create-kernels.js';
import { type Kernels, singularValuesWork, type Vector } from '../core/kernels/kernels.js';
import { clock, takeTurns } from './measure.js';

export interface Single {
  readonly millionsPerSecond: Record<string, number>;
  readonly functionNanoseconds: Record<string, number>;
  readonly singularValues: { readonly size: string; readonly kernel: number; readonly mlMatrix: number }[];
}

const N = 10_000;
const SINGULAR_SIZES = [
  [16, 32],
  [64, 128],
] as const;

/** Microseconds of one call, ours and that of ml-matrix, on the same matrix. */
async function compareSingularValues(
  k: Kernels,
  x: Vector,
  work: Vector,
  y: Vector,
  rows: number,
  cols: number,
  turns: number,
): Promise<Single['singularValues'][number]> {
  k.normals(rows, 0, 0, 0, 0, rows * cols, x);
  const lines = Array.from({ length: rows }, (_, i) => [...x.subarray(i * cols, (i + 1) * cols)]);
  const matrix = new Matrix(lines);
  if (singularValuesWork(rows, cols) > work.length) throw new Error('more work space is needed');
  const options = { autoTranspose: true, computeLeftSingularVectors: false, computeRightSingularVectors: false };
  const units = rows < 20 ? 50 : 2;
  const [kernel, mlMatrix] = await takeTurns(
    [
      {
        name: 'kernel',
        measure: () =>
          clock(units, (n) => {
            for (let i = 0; i < n; i++) k.singularValues(x, rows, cols, work, y);
          }),
      },
      {
        name: 'ml-matrix',
        measure: () =>
          clock(units, (n) => {
            for (let i = 0; i < n; i++) new SingularValueDecomposition(matrix, options);
          }),
      },
    ],
    turns,
  );
  return { size: `${rows} x ${cols}`, kernel: kernel.median / 1000, mlMatrix: mlMatrix.median / 1000 };
}

export async function measureSingle(turns: number): Promise<Single> {
  const memory = new WebAssembly.Memory({ initial: 200 });
  const k = createKernels(memory);
  const x = new Float64Array(memory.buffer, heapBase, N);
  const y = new Float64Array(memory.buffer, heapBase + 8 * N, N);
  const integers = new Int32Array(memory.buffer, heapBase + 16 * N, N);
  const work = new Float64Array(memory.buffer, heapBase + 24 * N, 100_000);

  const random = await takeTurns(
    [
      { name: 'normals', measure: () => clock(1, () => k.normals(1, 2, 3, 4, 5, N, y)) },
      { name: 'uniforms', measure: () => clock(1, () => k.uniforms(1, 2, 3, 4, 5, N, y)) },
      { name: 'integers', measure: () => clock(1, () => k.integers(4000, 1, 2, 3, 4, 5, N, integers)) },
    ],
    10 * turns,
  );
  k.normals(1, 0, 0, 0, 0, N, x);
  const names = ['exp', 'log', 'sin', 'cos', 'tanh', 'erf'] as const;
  const functions = await takeTurns(
    names.map((name) => ({ name, measure: () => clock(1, () => k[name](x, N, y)) })),
    10 * turns,
  );
  const singularValues = [];
  for (const [rows, cols] of SINGULAR_SIZES) {
    singularValues.push(await compareSingularValues(k, x, work, y, rows, cols, turns));
  }
  return {
    millionsPerSecond: Object.fromEntries(random.map((t) => [t.name, (1000 * N) / t.median])),
    functionNanoseconds: Object.fromEntries(functions.map((t) => [t.name, t.median / N])),
    singularValues,
  };
}
