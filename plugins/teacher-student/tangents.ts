// Derivatives of a network along a direction in the space of its trained matrices: of its outputs forward, of its
// gradient backward, both exact.
import { type ActivationName, type Arena, activationCode, type Indices, type Kernels, type Vector } from 'eigenflow';
import type { Layer } from './network.js';

/** A layer with what its values and gradients change by. */
export interface TangentLayer {
  readonly layer: Layer;
  /** Change of the weights, rows x cols; null for a matrix that is not trained. */
  direction: Vector | null;
  /** Where the change of its gradient goes, rows x cols; null for a matrix that is not trained. */
  result: Vector | null;
  /** Change of `preactivation` and of `value`, capacity x rows. */
  readonly preactivation: Vector;
  readonly value: Vector;
  /** Gradient with respect to `preactivation`, and its change, capacity x rows. */
  readonly upstream: Vector;
  readonly upstreamChange: Vector;
}

export function createTangentLayer(layer: Layer, capacity: number, arena: Arena): TangentLayer {
  const memory = () => arena.vector(capacity * layer.rows);
  return {
    layer,
    direction: null,
    result: null,
    preactivation: memory(),
    value: memory(),
    upstream: memory(),
    upstreamChange: memory(),
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
 */
export function createTangents(
  kernels: Kernels,
  activation: ActivationName,
  hidden: readonly TangentLayer[],
  readOut: TangentLayer,
  scratch: Vector,
): Tangents {
  const code = activationCode[activation];
  const linear = activation === 'identity';

  /** target += what a second kernel call writes into scratch. */
  const add = (count: number, target: Vector, write: (out: Vector) => void) => {
    write(scratch);
    kernels.axpy(1, scratch, count, target);
  };

  /** Change of weights . x, x being the input or the value of the layer below. */
  const spread = (
    { layer: { weights, rows, cols }, direction }: TangentLayer,
    below: TangentLayer | null,
    input: Vector,
    index: Indices | null,
    n: number,
    out: Vector,
  ) => {
    if (direction)
      kernels.dense(direction, rows, cols, below ? below.layer.value : input, below ? null : index, n, out);
    else out.fill(0, 0, n * rows);
    if (below) add(n * rows, out, (sum) => kernels.dense(weights, rows, cols, below.value, null, n, sum));
  };

  /** f''(z) x, given b = f'(z) x, is minus twice this factor times b: the value for tanh, z for erf; 0 for the others. */
  const bend = (at: TangentLayer, n: number) => {
    if (activation !== 'tanh' && activation !== 'erf') return;
    const { layer, preactivation, upstream, upstreamChange } = at;
    const factor = activation === 'tanh' ? layer.value : layer.preactivation;
    for (let i = 0; i < n * layer.rows; i++) upstreamChange[i] -= 2 * factor[i] * upstream[i] * preactivation[i];
  };

  const differentiate = ({ layer }: TangentLayer, count: number, values: Vector) => {
    if (!linear) kernels.activationGradient(code, layer.preactivation, layer.value, count, values, values);
  };

  return {
    forward(input, index, n, out) {
      let below: TangentLayer | null = null;
      for (const at of hidden) {
        const { rows } = at.layer;
        spread(at, below, input, index, n, at.preactivation);
        kernels.copy(at.preactivation, n * rows, at.value);
        differentiate(at, n * rows, at.value);
        below = at;
      }
      spread(readOut, below, input, index, n, out);
    },
    backward(input, index, n, dOut, dOutChange) {
      let [upstream, upstreamChange] = [dOut, dOutChange];
      let at = readOut;
      for (let l = hidden.length; ; l--) {
        const below = l > 0 ? hidden[l - 1] : null;
        const { weights, rows, cols } = at.layer;
        const { direction, result } = at;
        const values = below ? below.layer.value : input;
        const rowsOf = below ? null : index;
        if (result) {
          kernels.outer(upstreamChange, rows, values, cols, rowsOf, n, result);
          if (below) {
            const change = below.value;
            add(rows * cols, result, (sum) => kernels.outer(upstream, rows, change, cols, null, n, sum));
          }
        }
        if (!below) return;
        const { upstream: next, upstreamChange: nextChange } = below;
        kernels.denseTransposed(weights, rows, cols, upstream, n, next);
        kernels.denseTransposed(weights, rows, cols, upstreamChange, n, nextChange);
        if (direction) {
          const matrix = direction;
          const from = upstream;
          add(n * cols, nextChange, (sum) => kernels.denseTransposed(matrix, rows, cols, from, n, sum));
        }
        differentiate(below, n * cols, next);
        differentiate(below, n * cols, nextChange);
        bend(below, n);
        [upstream, upstreamChange] = [next, nextChange];
        at = below;
      }
    },
  };
}
