// Steps of two-layer networks, played from a tape as the engine does, and all memory that they leave.
import { openWorkspace } from '../../core/kernels/arena.js';
import { heapBase } from '../../core/kernels/create-kernels.js';
import { fuseUpdate } from '../../core/kernels/fuse.js';
import { type ActivationName, activationCode, type Kernels, type Vector } from '../../core/kernels/kernels.js';
import { createTape } from '../../core/kernels/tape.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';

/** Last calls of a step: what is done to n weights. */
const UPDATES = {
  descend: (k: Kernels, w: Vector, g: Vector, _: readonly Vector[], n: number) => k.sgdStep(w, g, n, 1e-3, 0),
  decay: (k: Kernels, w: Vector, g: Vector, _: readonly Vector[], n: number) => k.sgdStep(w, g, n, 1e-3, 1e-3),
  momentum: (k: Kernels, w: Vector, g: Vector, [m]: readonly Vector[], n: number) =>
    k.momentumStep(w, g, m, n, 1e-4, 0.9, 0),
  nesterov: (k: Kernels, w: Vector, g: Vector, [m]: readonly Vector[], n: number) =>
    k.nesterovStep(w, g, m, n, 1e-4, 0.9, 1e-4),
  adam: (k: Kernels, w: Vector, g: Vector, [m, s]: readonly Vector[], n: number) =>
    k.adamStep(w, g, m, s, null, n, 1e-3, 0.9, 0.99, 1e-8, 0.5, 0.7, 0, 0),
  amsgrad: (k: Kernels, w: Vector, g: Vector, [m, s, l]: readonly Vector[], n: number) =>
    k.adamStep(w, g, m, s, l, n, 1e-3, 0.9, 0.99, 1e-8, 0.5, 0.7, 1e-3, 1e-2),
  rmsprop: (k: Kernels, w: Vector, g: Vector, [m, s]: readonly Vector[], n: number) =>
    k.rmspropStep(w, g, s, m, null, n, 1e-3, 0.99, 0, 1e-8, 0),
  adagrad: (k: Kernels, w: Vector, g: Vector, [m]: readonly Vector[], n: number) =>
    k.adagradStep(w, g, m, n, 1e-2, 1, 1e-3, 1e-8, 0),
  sign: (k: Kernels, w: Vector, g: Vector, [m]: readonly Vector[], n: number) =>
    k.signStep(w, g, m, n, 1e-4, 0.9, 0.99, 1e-2),
} as const;

export interface Shape {
  readonly rows: number;
  readonly cols: number;
  readonly batch: number;
  readonly outputs: number;
  readonly activation: ActivationName;
  readonly update: keyof typeof UPDATES;
  readonly steps: number;
}

const shape = (
  [rows, cols, batch, outputs]: readonly number[],
  activation: ActivationName,
  update: keyof typeof UPDATES,
  steps: number,
): Shape => ({ rows, cols, batch, outputs, activation, update, steps });

export const SHAPES: readonly Shape[] = [
  shape([16, 32, 4, 1], 'relu', 'momentum', 20_000),
  shape([16, 32, 4, 1], 'tanh', 'adam', 20_000),
  shape([16, 32, 7, 3], 'erf', 'decay', 20_000),
  shape([5, 9, 3, 1], 'tanh', 'descend', 50_000),
  shape([7, 11, 1, 2], 'gelu', 'nesterov', 20_000),
  shape([13, 27, 2, 1], 'sigmoid', 'amsgrad', 10_000),
  shape([17, 33, 6, 5], 'softplus', 'sign', 5000),
  shape([3, 1, 9, 1], 'identity', 'descend', 20_000),
  shape([1, 5, 4, 1], 'tanh', 'rmsprop', 20_000),
  shape([8, 16, 4, 1], 'relu', 'rmsprop', 20_000),
  shape([8, 24, 4, 4], 'tanh', 'adagrad', 20_000),
  shape([2, 63, 11, 1], 'tanh', 'descend', 10_000),
  shape([33, 40, 33, 10], 'relu', 'adagrad', 1000),
  shape([64, 128, 16, 1], 'tanh', 'descend', 5000),
  shape([70, 513, 300, 2], 'tanh', 'descend', 30),
  shape([256, 512, 64, 1], 'tanh', 'descend', 60),
];

export interface Left {
  /** All of it above the static data of the kernels, with zeros for what the contract of a kernel leaves open. */
  readonly memory: Uint8Array;
  readonly loss: number;
  readonly moved: boolean;
}

export function memoryAfter(
  { rows, cols, batch, outputs, activation, update, steps }: Shape,
  player?: TapePlayer,
): Left {
  const samples = batch * (rows * cols > 4096 ? 12 : 50);
  const room = 8 * (samples * (cols + outputs) + 8 * rows * cols + 8 * batch * (rows + outputs)) + 2 ** 18;
  const { arena, kernels: k } = openWorkspace(heapBase + room, 'strict', player);
  let drawn = 0;
  const normals = (n: number, size: number) => {
    const x = arena.vector(n);
    k.normals(5, drawn++, 0, 0, 0, n, x);
    k.scale(size, x, n);
    return x;
  };
  const weights = normals(rows * cols, 1 / Math.sqrt(cols));
  const readout = normals(outputs * rows, 1 / Math.sqrt(rows));
  const [inputs, targets] = [normals(samples * cols, 1), normals(samples * outputs, 1)];
  const [z, value, upstream] = [0, 1, 2].map(() => arena.vector(batch * rows));
  const [out, target, slope] = [0, 1, 2].map(() => arena.vector(batch * outputs));
  const [gradient, ...state] = [0, 1, 2, 3].map(() => arena.vector(rows * cols));
  const [loss, sum, shares] = [arena.vector(1), arena.vector(1), arena.vector(batch).fill(1 / batch)];
  const batches = arena.indices(samples);
  for (let i = 0; i < samples; i++) batches[i] = (7 * i) % samples;
  const index = batches.subarray(0, batch);
  const start = weights.slice();
  const kind = activationCode[activation];
  const calls = k.record(() => {
    k.gather(targets, outputs, index, batch, target);
    k.dense(weights, rows, cols, inputs, index, batch, z);
    k.activate(kind, z, batch * rows, value);
    k.dense(readout, outputs, rows, value, null, batch, out);
    k.halfMeanSquare(out, target, shares, batch, outputs, slope, loss);
    k.denseTransposed(readout, outputs, rows, slope, batch, upstream);
    k.activationGradient(kind, z, value, batch * rows, upstream, upstream);
    k.outer(upstream, rows, inputs, cols, index, batch, gradient);
    UPDATES[update](k, weights, gradient, state, rows * cols);
  });
  const fused = fuseUpdate({ calls, scheduled: [] }, arena.startOf).calls;
  const tape = createTape(k, arena, fused, [{ first: index, stride: 4 * batch }]);
  const most = samples / batch;
  for (let left = steps; left > 0; left -= most) tape?.play(Math.min(left, most), loss, Number.POSITIVE_INFINITY, sum);
  // A step made with a gradient may leave anything in its place.
  if (fused.some(({ name }) => name === 'outerDescend')) gradient.fill(0);
  return {
    memory: new Uint8Array(weights.buffer as ArrayBuffer, heapBase),
    loss: loss[0],
    moved: weights.some((w, i) => w !== start[i]),
  };
}
