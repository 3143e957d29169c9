/** Section 3: a layer of 256 x 512 with batch 64, against the best rate that our own `dense` reaches on a big square. */
import { createKernels, heapBase } from '../core/kernels/create-kernels.js';
import { activationCode } from '../core/kernels/kernels.js';
import { clock, takeTurns } from './measure.js';

export interface Large {
  readonly size: string;
  /** GFLOP/s of dense on BOUND x BOUND weights and BOUND samples: the bound that percentages refer to. */
  readonly bound: number;
  readonly boundSize: number;
  readonly gigaflops: Record<string, number>;
  readonly percentOfBound: Record<string, number>;
  readonly microseconds: Record<string, number>;
}

const ROWS = 256;
const COLS = 512;
const BATCH = 64;
const BOUND = 384;

export async function measureLarge(turns: number): Promise<Large> {
  const memory = new WebAssembly.Memory({ initial: 400 });
  const k = createKernels(memory);
  let next = heapBase;
  const vector = (n: number) => {
    const view = new Float64Array(memory.buffer, next, n);
    next += Math.ceil(n / 8) * 64;
    k.normals(1, next, 0, 0, 0, n, view);
    return view;
  };
  const [weights, inputs, gradient] = [vector(ROWS * COLS), vector(1000 * COLS), vector(ROWS * COLS)];
  const [z, hidden, upstream] = [vector(BATCH * ROWS), vector(BATCH * ROWS), vector(BATCH * ROWS)];
  const [readout, out, target, slope, loss] = [vector(ROWS), vector(BATCH), vector(BATCH), vector(BATCH), vector(1)];
  const [a, b, c] = [vector(BOUND * BOUND), vector(BOUND * BOUND), vector(BOUND * BOUND)];
  const back = vector(BATCH * COLS);
  const index = new Int32Array(memory.buffer, next, BATCH);
  k.integers(1000, 5, 0, 0, 0, 0, BATCH, index);
  k.scale(0.04, weights, weights.length);
  const flops = 2 * ROWS * COLS * BATCH;

  const works: [string, number, number, () => void][] = [
    ['bound', 2 * BOUND ** 3, 1, () => k.dense(a, BOUND, BOUND, b, null, BOUND, c)],
    ['dense', flops, 10, () => k.dense(weights, ROWS, COLS, inputs, index, BATCH, z)],
    ['denseTransposed', flops, 10, () => k.denseTransposed(weights, ROWS, COLS, upstream, BATCH, back)],
    ['outer', flops, 10, () => k.outer(upstream, ROWS, inputs, COLS, index, BATCH, gradient)],
    [
      'whole step',
      2 * flops,
      5,
      () => {
        k.dense(weights, ROWS, COLS, inputs, index, BATCH, z);
        k.activate(activationCode.tanh, z, BATCH * ROWS, hidden);
        k.dense(readout, 1, ROWS, hidden, null, BATCH, out);
        k.halfMeanSquare(out, target, target, BATCH, 1, slope, loss);
        k.denseTransposed(readout, 1, ROWS, slope, BATCH, upstream);
        k.activationGradient(activationCode.tanh, z, hidden, BATCH * ROWS, upstream, upstream);
        k.outerDescend(upstream, ROWS, inputs, COLS, index, BATCH, weights, 1e-9, gradient);
      },
    ],
  ];
  const timings = await takeTurns(
    works.map(([name, , units, work]) => ({
      name,
      measure: () =>
        clock(units, (n) => {
          for (let i = 0; i < n; i++) work();
        }),
    })),
    turns,
  );
  // The bound is the best of all turns, the others are medians: percentages err on the low side.
  const bound = works[0][1] / timings[0].fastest;
  const rest = works.slice(1).map(([name, work], i) => ({ name, work, time: timings[i + 1].median }));
  const table = (f: (x: { work: number; time: number }) => number) =>
    Object.fromEntries(rest.map((x) => [x.name, f(x)]));
  return {
    size: `W ${ROWS} x ${COLS}, batch ${BATCH}, tanh`,
    bound,
    boundSize: BOUND,
    gigaflops: table((x) => x.work / x.time),
    percentOfBound: table((x) => (100 * x.work) / x.time / bound),
    microseconds: table((x) => x.time / 1000),
  };
}
