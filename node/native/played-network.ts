// Steps of a small network as a tape, made by WebAssembly or by a player: what players are checked and timed with.
import { openWorkspace } from '../../core/kernels/arena.js';
import { heapBase } from '../../core/kernels/create-kernels.js';
import type { ActivationCode } from '../../core/kernels/kernels.js';
import { createTape } from '../../core/kernels/tape.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';

export interface NetworkShape {
  readonly rows: number;
  readonly cols: number;
  readonly batch: number;
  readonly activation: ActivationCode;
  readonly outputs: number;
  readonly update: 'descend' | 'momentum' | 'adam';
}

export interface PlayedNetwork {
  /** Goes on, through all batches once. */
  play(): void;
  /** All memory of the run. */
  readonly memory: Uint8Array;
}

const BYTES = 2 ** 22;

/**
 * A network of two layers, W of rows x cols and a read-out of outputs x rows, on data and targets that are drawn.
 *
 * @param steps that one `play` makes, each with a batch of its own
 * @param player default: WebAssembly
 * @throws EigenflowError where the network does not fit into 4 MiB
 */
export function openNetwork(shape: NetworkShape, steps: number, player?: TapePlayer): PlayedNetwork {
  const { rows, cols, batch, activation, outputs, update } = shape;
  const { arena, kernels: k } = openWorkspace(BYTES, 'strict', player);
  let drawn = 0;
  const normals = (n: number) => {
    const x = arena.vector(n);
    k.normals(7, drawn++, 0, 0, 0, n, x);
    return x;
  };
  const samples = batch * steps;
  const [weights, readout, inputs, targets] = [rows * cols, outputs * rows, samples * cols, samples * outputs].map(
    normals,
  );
  k.scale(1 / Math.sqrt(cols), weights, weights.length);
  const [z, value, upstream] = [0, 1, 2].map(() => arena.vector(batch * rows));
  const [out, target, slope] = [0, 1, 2].map(() => arena.vector(batch * outputs));
  const [gradient, mean, square] = [0, 1, 2].map(() => arena.vector(rows * cols));
  const [loss, sum] = [arena.vector(1), arena.vector(1)];
  const shares = arena.vector(batch).fill(1 / batch);
  // In an order of its own, so that rows do not follow one another.
  const batches = arena.indices(samples);
  for (let i = 0; i < samples; i++) batches[i] = (7 * i) % samples;
  const index = batches.subarray(0, batch);
  const calls = k.record(() => {
    k.gather(targets, outputs, index, batch, target);
    k.dense(weights, rows, cols, inputs, index, batch, z);
    k.activate(activation, z, batch * rows, value);
    k.dense(readout, outputs, rows, value, null, batch, out);
    k.halfMeanSquare(out, target, shares, batch, outputs, slope, loss);
    k.denseTransposed(readout, outputs, rows, slope, batch, upstream);
    k.activationGradient(activation, z, value, batch * rows, upstream, upstream);
    if (update === 'descend') k.outerDescend(upstream, rows, inputs, cols, index, batch, weights, 0.01, gradient);
    else k.outer(upstream, rows, inputs, cols, index, batch, gradient);
    const n = rows * cols;
    if (update === 'momentum') k.momentumStep(weights, gradient, mean, n, 0.01, 0.9, 1e-4);
    if (update === 'adam')
      k.adamStep(weights, gradient, mean, square, null, n, 0.01, 0.9, 0.99, 1e-8, 0.5, 0.7, 0, 0.1);
  });
  const tape = createTape(k, arena, calls, [{ first: index, stride: 4 * batch }]);
  return {
    play: () => void tape?.play(steps, loss, Number.POSITIVE_INFINITY, sum),
    memory: new Uint8Array(weights.buffer as ArrayBuffer, heapBase),
  };
}
