// Derivatives of a network along a direction in the space of its trained weights: of its outputs forward, of its
// gradient backward, both exact (Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147).
import type { Arena } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Layer } from './layer.js';

/** A layer with what its values and gradients change by. */
export interface TangentLayer {
  readonly layer: Layer;
  /** Change of the weights, rows x cols, and of the biases, rows; null where they are not trained. */
  direction: Vector | null;
  biasDirection: Vector | null;
  /** Where the change of their gradients goes; null where they are not trained. */
  result: Vector | null;
  biasResult: Vector | null;
  /** Change of `preactivation` and of `value`, capacity x rows. */
  readonly preactivation: Vector;
  readonly value: Vector;
  /** Gradient with respect to `value`, and its change, capacity x rows. */
  readonly upstream: Vector;
  readonly upstreamChange: Vector;
  /** The same with respect to `preactivation`; the same memory where no input goes past the layer. */
  readonly delta: Vector;
  readonly deltaChange: Vector;
}

export function createTangentLayer(layer: Layer, capacity: number, arena: Arena): TangentLayer {
  const memory = () => arena.vector(capacity * layer.rows);
  const [upstream, upstreamChange] = [memory(), memory()];
  return {
    layer,
    direction: null,
    biasDirection: null,
    result: null,
    biasResult: null,
    preactivation: memory(),
    value: memory(),
    upstream,
    upstreamChange,
    delta: layer.branch === 0 ? upstream : memory(),
    deltaChange: layer.branch === 0 ? upstreamChange : memory(),
  };
}

export interface Tangents {
  /** After a forward pass on the same batch: change of the outputs, n x rows of the read-out. */
  forward(input: Vector, index: Indices | null, n: number, out: Vector): void;
  /** After `forward` on the same batch: the change of every gradient that has a place for it. */
  backward(input: Vector, index: Indices | null, n: number, dOut: Vector, dOutChange: Vector): void;
}

/**
 * @param hidden of the same layers as those of the network, whose values it reads
 * @param readOut capacity 0 will do
 * @param scratch as long as the largest pass and the largest matrix
 * @param ones as in `createNetwork`
 */
export function createTangents(
  kernels: Kernels,
  hidden: readonly TangentLayer[],
  readOut: TangentLayer,
  scratch: Vector,
  ones: Vector | null = null,
): Tangents {
  /** target += what a second kernel call writes into scratch. */
  const add = (count: number, target: Vector, write: (out: Vector) => void) => {
    write(scratch);
    kernels.axpy(1, scratch, count, target);
  };

  /** Change of weightScale W x + biasScale b, x being the input or the value of the layer below. */
  const spread = (
    { layer, direction, biasDirection }: TangentLayer,
    below: TangentLayer | null,
    input: Vector,
    index: Indices | null,
    n: number,
    out: Vector,
  ) => {
    const { weights, rows, cols, weightScale, biasScale } = layer;
    if (direction)
      kernels.dense(direction, rows, cols, below ? below.layer.value : input, below ? null : index, n, out);
    else out.fill(0, 0, n * rows);
    if (below) add(n * rows, out, (sum) => kernels.dense(weights, rows, cols, below.value, null, n, sum));
    if (weightScale !== 1) kernels.scale(weightScale, out, n * rows);
    if (biasDirection) kernels.addRow(biasScale, biasDirection, rows, n, out);
  };

  const writeResults = (
    { layer, result, biasResult }: TangentLayer,
    delta: Vector,
    deltaChange: Vector,
    below: TangentLayer | null,
    input: Vector,
    index: Indices | null,
    n: number,
  ) => {
    const { rows, cols, weightScale, biasScale } = layer;
    if (result) {
      kernels.outer(deltaChange, rows, below ? below.layer.value : input, cols, below ? null : index, n, result);
      if (below) {
        const change = below.value;
        add(rows * cols, result, (sum) => kernels.outer(delta, rows, change, cols, null, n, sum));
      }
      if (weightScale !== 1) kernels.scale(weightScale, result, rows * cols);
    }
    if (biasResult && ones) {
      kernels.outer(deltaChange, rows, ones, 1, null, n, biasResult);
      if (biasScale !== 1) kernels.scale(biasScale, biasResult, rows);
    }
  };

  /**
   * From gradients, and their changes, with respect to what `at` gives before its activation to the same for `below`.
   */
  const propagate = (at: TangentLayer, delta: Vector, deltaChange: Vector, below: TangentLayer, n: number) => {
    const { layer, direction } = at;
    const { weights, rows, cols, weightScale } = layer;
    const { upstream, upstreamChange } = below;
    const { activation, branch, active, preactivation } = below.layer;
    const count = n * cols;
    kernels.denseTransposed(weights, rows, cols, delta, n, upstream);
    kernels.denseTransposed(weights, rows, cols, deltaChange, n, upstreamChange);
    if (direction) {
      add(count, upstreamChange, (sum) => kernels.denseTransposed(direction, rows, cols, delta, n, sum));
    }
    if (weightScale !== 1) {
      kernels.scale(weightScale, upstream, count);
      kernels.scale(weightScale, upstreamChange, count);
    }
    if (layer.branch !== 0) {
      kernels.axpy(1, at.upstream, count, upstream);
      kernels.axpy(1, at.upstreamChange, count, upstreamChange);
    }
    if (activation !== null) {
      kernels.activationGradient(activation, preactivation, active, count, upstreamChange, below.deltaChange);
      const moved = below.preactivation;
      kernels.activationCurvature(activation, preactivation, active, count, upstream, moved, below.deltaChange);
      kernels.activationGradient(activation, preactivation, active, count, upstream, below.delta);
    } else if (branch !== 0) {
      kernels.copy(upstream, count, below.delta);
      kernels.copy(upstreamChange, count, below.deltaChange);
    }
    if (branch !== 0 && branch !== 1) {
      kernels.scale(branch, below.delta, count);
      kernels.scale(branch, below.deltaChange, count);
    }
  };

  return {
    forward(input, index, n, out) {
      let below: TangentLayer | null = null;
      for (const at of hidden) {
        const { rows, activation, preactivation, active, branch } = at.layer;
        const count = n * rows;
        spread(at, below, input, index, n, at.preactivation);
        kernels.copy(at.preactivation, count, at.value);
        if (activation !== null)
          kernels.activationGradient(activation, preactivation, active, count, at.value, at.value);
        if (branch !== 0) {
          kernels.scale(branch, at.value, count);
          if (below) kernels.axpy(1, below.value, count, at.value);
        }
        below = at;
      }
      spread(readOut, below, input, index, n, out);
    },
    backward(input, index, n, dOut, dOutChange) {
      let [delta, deltaChange] = [dOut, dOutChange];
      let at = readOut;
      for (let l = hidden.length; ; l--) {
        const below = l > 0 ? hidden[l - 1] : null;
        writeResults(at, delta, deltaChange, below, input, index, n);
        if (!below) return;
        propagate(at, delta, deltaChange, below, n);
        [delta, deltaChange] = [below.delta, below.deltaChange];
        at = below;
      }
    },
  };
}
