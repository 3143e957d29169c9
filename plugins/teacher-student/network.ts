// Forward and backward pass through consecutive layers without biases: value = activation(weights . input) in every
// hidden layer, then a linear read-out. Teacher, student and held-out inputs share it.
import { type ActivationName, type Arena, activationCode, type Indices, type Kernels, type Vector } from 'eigenflow';
import type { MatrixShape } from './architecture.js';

/** One layer with the memory that it computes in. */
export interface Layer {
  readonly rows: number;
  readonly cols: number;
  /** rows x cols */
  weights: Vector;
  /** Where the gradient of `weights` goes (rows x cols); null for a matrix that is not trained. */
  gradient: Vector | null;
  /** weights . input, capacity x rows */
  readonly preactivation: Vector;
  /** activation(preactivation), capacity x rows */
  readonly value: Vector;
  /** Gradient with respect to `value`, then to `preactivation`, capacity x rows */
  readonly upstream: Vector;
}

/** @param capacity the most samples of one pass; 0 for a read-out, whose outputs belong to the caller */
export function createLayer({ rows, cols }: MatrixShape, weights: Vector, capacity: number, arena: Arena): Layer {
  const memory = () => arena.vector(capacity * rows);
  return { rows, cols, weights, gradient: null, preactivation: memory(), value: memory(), upstream: memory() };
}

/**
 * Values of the last of some hidden layers, n x rows, valid until the next pass; without layers the input itself.
 * Sample s is row `index[s]` of the input, or row s if `index` is null.
 */
export type HiddenPass = (input: Vector, index: Indices | null, n: number) => Vector;

/** Forward pass through hidden layers: two kernel calls for each, and none for the identity. */
export function createHiddenPass(kernels: Kernels, activation: ActivationName, layers: readonly Layer[]): HiddenPass {
  const code = activationCode[activation];
  const linear = activation === 'identity';
  return (input, index, n) => {
    let values = input;
    let rows = index;
    for (let l = 0; l < layers.length; l++) {
      const { weights, rows: width, cols, preactivation, value } = layers[l];
      kernels.dense(weights, width, cols, values, rows, n, linear ? value : preactivation);
      if (!linear) kernels.activate(code, preactivation, n * width, value);
      values = value;
      rows = null;
    }
    return values;
  };
}

export interface Network {
  /** Values of the last hidden layer. */
  readonly features: HiddenPass;
  /** What they are activations of, n x rows, after `features` or `forward`; null without hidden layers. */
  readonly preactivations: Vector | null;
  /** Outputs, n x rows of the read-out. */
  forward(input: Vector, index: Indices | null, n: number, out: Vector): void;
  /**
   * After `forward` on the same batch: the gradient of sum_s dOut_s . out_s with respect to every matrix that has a
   * place for it. Nothing is propagated below the first layer, so the first layer must be a trained one.
   */
  backward(input: Vector, index: Indices | null, n: number, dOut: Vector): void;
  /**
   * After `forward` on the same batch: the two factors whose outer product is the gradient of dOut_s . out_s with
   * respect to the matrix of `layer`, sample by sample.
   *
   * @param layer one of the layers of this network
   * @param left gradient with respect to what the matrix gives, n x rows, overwritten
   * @param right what the matrix reads, n x cols, overwritten
   */
  factors(
    layer: Layer,
    input: Vector,
    index: Indices | null,
    n: number,
    dOut: Vector,
    left: Vector,
    right: Vector,
  ): void;
}

export function createNetwork(
  kernels: Kernels,
  activation: ActivationName,
  hidden: readonly Layer[],
  readOut: Layer,
): Network {
  const code = activationCode[activation];
  const linear = activation === 'identity';
  const features = createHiddenPass(kernels, activation, hidden);
  const shallow = hidden.length === 0;
  const last = shallow ? null : hidden[hidden.length - 1];

  /** From the gradient with respect to what `layer` gives to the same for the hidden layer below it. */
  const propagate = (layer: Layer, upstream: Vector, below: Layer, n: number): Vector => {
    kernels.denseTransposed(layer.weights, layer.rows, layer.cols, upstream, n, below.upstream);
    if (!linear) {
      const { preactivation, value } = below;
      kernels.activationGradient(code, preactivation, value, n * below.rows, below.upstream, below.upstream);
    }
    return below.upstream;
  };

  return {
    features,
    preactivations: last && (linear ? last.value : last.preactivation),
    forward(input, index, n, out) {
      const values = features(input, index, n);
      kernels.dense(readOut.weights, readOut.rows, readOut.cols, values, shallow ? index : null, n, out);
    },
    backward(input, index, n, dOut) {
      let layer = readOut;
      let upstream = dOut;
      for (let l = hidden.length - 1; l >= 0; l--) {
        const below = hidden[l];
        if (layer.gradient) kernels.outer(upstream, layer.rows, below.value, layer.cols, null, n, layer.gradient);
        upstream = propagate(layer, upstream, below, n);
        layer = below;
      }
      if (layer.gradient) kernels.outer(upstream, layer.rows, input, layer.cols, index, n, layer.gradient);
    },
    factors(wanted, input, index, n, dOut, left, right) {
      let layer = readOut;
      let upstream = dOut;
      let l = hidden.length - 1;
      for (; layer !== wanted && l >= 0; l--) {
        upstream = propagate(layer, upstream, hidden[l], n);
        layer = hidden[l];
      }
      kernels.copy(upstream, n * layer.rows, left);
      if (l >= 0) kernels.copy(hidden[l].value, n * layer.cols, right);
      else if (index) kernels.gather(input, layer.cols, index, n, right);
      else kernels.copy(input, n * layer.cols, right);
    },
  };
}
