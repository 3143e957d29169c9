// Forward and backward pass through consecutive layers: hidden ones, then a linear read-out. Every arithmetic operation
// is a kernel call. What is not asked for (biases, factors, inputs that go past) costs no call.
import type { Indices, Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Layer } from './layer.js';

/**
 * Values of the last of some hidden layers, n x rows, valid until the next pass; without layers the input itself.
 * Sample s is row `index[s]` of the input, or row s if `index` is null.
 */
export type HiddenPass = (input: Vector, index: Indices | null, n: number) => Vector;

/** out = weightScale W input + biasScale b. */
function apply(kernels: Kernels, layer: Layer, input: Vector, index: Indices | null, n: number, out: Vector): void {
  const { weights, bias, rows, cols, weightScale, biasScale } = layer;
  kernels.dense(weights, rows, cols, input, index, n, out);
  if (weightScale !== 1) kernels.scale(weightScale, out, n * rows);
  if (bias) kernels.addRow(biasScale, bias, rows, n, out);
}

export function createHiddenPass(kernels: Kernels, layers: readonly Layer[]): HiddenPass {
  return (input, index, n) => {
    let values = input;
    let rows = index;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      const { preactivation, active, value, activation, branch } = layer;
      const count = n * layer.rows;
      apply(kernels, layer, values, rows, n, preactivation);
      if (activation !== null) kernels.activate(activation, preactivation, count, active);
      if (branch !== 0) {
        if (rows) kernels.gather(values, layer.cols, rows, n, value);
        else kernels.copy(values, count, value);
        kernels.axpy(branch, active, count, value);
      }
      values = value;
      rows = null;
    }
    return values;
  };
}

/** Which numbers of a layer a derivative is taken of. */
export type LayerPart = 'weights' | 'bias';

export interface Network {
  /** Values of the last hidden layer. */
  readonly features: HiddenPass;
  /** What they are activations of, n x rows, after `features` or `forward`; null without hidden layers. */
  readonly preactivations: Vector | null;
  /** Outputs, n x rows of the read-out. */
  forward(input: Vector, index: Indices | null, n: number, out: Vector): void;
  /**
   * After `forward` on the same batch: the gradient of sum_s dOut_s . out_s with respect to all weights and biases that
   * have a place for it. Nothing is propagated below the first layer, so the first layer must be a trained one.
   */
  backward(input: Vector, index: Indices | null, n: number, dOut: Vector): void;
  /**
   * After `forward` on the same batch: the two factors whose outer product is the gradient of dOut_s . out_s with
   * respect to the weights of `layer`, or to its biases, sample by sample.
   *
   * @param layer one of the layers of this network
   * @param left n x rows, overwritten
   * @param right what the weights read, n x cols, overwritten; n ones for biases
   */
  factors(
    layer: Layer,
    part: LayerPart,
    input: Vector,
    index: Indices | null,
    n: number,
    dOut: Vector,
    left: Vector,
    right: Vector,
  ): void;
}

/** @param ones as many as a pass has samples; read where there are biases */
export function createNetwork(
  kernels: Kernels,
  hidden: readonly Layer[],
  readOut: Layer,
  ones: Vector | null = null,
): Network {
  const features = createHiddenPass(kernels, hidden);
  const shallow = hidden.length === 0;
  const last = shallow ? null : hidden[hidden.length - 1];

  /**
   * From the gradient with respect to what `layer` gives before its activation to the same for the hidden layer below.
   *
   * @param passing gradient with respect to what `layer` gives after it, where its input goes past it
   */
  const propagate = (layer: Layer, delta: Vector, passing: Vector | null, below: Layer, n: number): Vector => {
    const { weights, rows, cols, weightScale } = layer;
    const { upstream, preactivation, active, activation, branch } = below;
    const count = n * cols;
    kernels.denseTransposed(weights, rows, cols, delta, n, upstream);
    if (weightScale !== 1) kernels.scale(weightScale, upstream, count);
    if (passing) kernels.axpy(1, passing, count, upstream);
    if (activation !== null) {
      kernels.activationGradient(activation, preactivation, active, count, upstream, below.delta);
    } else if (branch !== 0) kernels.copy(upstream, count, below.delta);
    if (branch !== 0 && branch !== 1) kernels.scale(branch, below.delta, count);
    return below.delta;
  };

  const writeGradients = (layer: Layer, delta: Vector, values: Vector, index: Indices | null, n: number) => {
    const { rows, cols, gradient, biasGradient, weightScale, biasScale } = layer;
    if (gradient) {
      kernels.outer(delta, rows, values, cols, index, n, gradient);
      if (weightScale !== 1) kernels.scale(weightScale, gradient, rows * cols);
    }
    if (biasGradient && ones) {
      kernels.outer(delta, rows, ones, 1, null, n, biasGradient);
      if (biasScale !== 1) kernels.scale(biasScale, biasGradient, rows);
    }
  };

  const passing = (layer: Layer) => (layer.branch === 0 ? null : layer.upstream);

  return {
    features,
    preactivations: last?.preactivation ?? null,
    forward(input, index, n, out) {
      apply(kernels, readOut, features(input, index, n), shallow ? index : null, n, out);
    },
    backward(input, index, n, dOut) {
      let layer = readOut;
      let delta = dOut;
      for (let l = hidden.length - 1; l >= 0; l--) {
        const below = hidden[l];
        writeGradients(layer, delta, below.value, null, n);
        delta = propagate(layer, delta, passing(layer), below, n);
        layer = below;
      }
      writeGradients(layer, delta, input, index, n);
    },
    factors(wanted, part, input, index, n, dOut, left, right) {
      let layer = readOut;
      let delta = dOut;
      let l = hidden.length - 1;
      for (; layer !== wanted && l >= 0; l--) {
        delta = propagate(layer, delta, passing(layer), hidden[l], n);
        layer = hidden[l];
      }
      const scale = part === 'bias' ? layer.biasScale : layer.weightScale;
      kernels.copy(delta, n * layer.rows, left);
      if (scale !== 1) kernels.scale(scale, left, n * layer.rows);
      if (part === 'bias') right.fill(1, 0, n);
      else if (l >= 0) kernels.copy(hidden[l].value, n * layer.cols, right);
      else if (index) kernels.gather(input, layer.cols, index, n, right);
      else kernels.copy(input, n * layer.cols, right);
    },
  };
}
