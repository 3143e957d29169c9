// One layer of a feed-forward network, with the memory that it computes in.
import type { Arena } from '../contracts/environment.js';
import type { Vector } from '../contracts/vector.js';
import { type ActivationCode, type ActivationName, activationCode } from '../kernels/kernels.js';

/** Shape of a weight matrix; `cols` is its fan-in. */
export interface LayerShape {
  readonly rows: number;
  readonly cols: number;
}

/** What a layer makes of its weights: z = weightScale W input + biasScale b, and f(z) or input + branch f(z). */
export interface LayerForm {
  readonly activation: ActivationName;
  readonly weightScale: number;
  readonly biasScale: number;
  /** Factor of f(z) beside the input that goes past the layer; 0 where no input does. */
  readonly branch: number;
}

export interface Layer extends LayerShape {
  /** null for the identity, which is no call. */
  readonly activation: ActivationCode | null;
  readonly weightScale: number;
  readonly biasScale: number;
  readonly branch: number;
  /** rows x cols */
  weights: Vector;
  /** rows; null for a layer without biases. */
  bias: Vector | null;
  /** Where the gradient of `weights` goes (rows x cols); null for a matrix that is not trained. */
  gradient: Vector | null;
  /** Where that of the biases goes (rows); null where they are not trained. */
  biasGradient: Vector | null;
  /** z, capacity x rows. */
  readonly preactivation: Vector;
  /** f(z), capacity x rows. */
  readonly active: Vector;
  /** What the next layer reads, capacity x rows: f(z), or the input with f(z) added. */
  readonly value: Vector;
  /** Gradient with respect to `value`, capacity x rows. */
  readonly upstream: Vector;
  /**
   * Gradient with respect to `preactivation`, capacity x rows; the same memory as `upstream` where nothing goes past.
   */
  readonly delta: Vector;
}

const PLAIN: LayerForm = { activation: 'identity', weightScale: 1, biasScale: 1, branch: 0 };

/**
 * @param capacity the most samples of one pass; 0 for a read-out, whose outputs belong to the caller
 * @param form default: a matrix and nothing else
 */
export function createLayer(
  { rows, cols }: LayerShape,
  weights: Vector,
  bias: Vector | null,
  capacity: number,
  arena: Arena,
  form: Partial<LayerForm> = {},
): Layer {
  const { activation, weightScale, biasScale, branch } = { ...PLAIN, ...form };
  const memory = () => arena.vector(capacity * rows);
  const linear = activation === 'identity';
  const active = memory();
  const upstream = memory();
  return {
    rows,
    cols,
    activation: linear ? null : activationCode[activation],
    // Getters: a double in a field of an object is boxed anew whenever it goes to a kernel, the one of a closure is not.
    get weightScale() {
      return weightScale;
    },
    get biasScale() {
      return biasScale;
    },
    branch,
    weights,
    bias,
    gradient: null,
    biasGradient: null,
    preactivation: linear ? active : memory(),
    active,
    value: branch === 0 ? active : memory(),
    upstream,
    delta: branch === 0 ? upstream : memory(),
  };
}
