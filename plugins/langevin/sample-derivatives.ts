// Samples one by one: derivatives of each sample's own loss, chunk by chunk.
import {
  type Arena,
  type Block,
  EigenflowError,
  FULL_BATCH_CHUNK,
  type Indices,
  type Loss,
  type Model,
  type Vector,
} from 'eigenflow';

/** All of it is about the loss of each sample, not about their mean. */
export interface SampleDerivatives {
  /** Most samples of one evaluation. */
  readonly chunk: number;
  /** Sample numbers of the chunk; to be filled before `evaluate`. */
  readonly batch: Indices;
  /** Forward pass and loss of samples `batch[0..n)`. The other two are about these samples and weights. */
  evaluate(theta: Vector, n: number): void;
  /** Gradients of these samples with respect to a block, left_s right_s^T each: n x rows and n x cols, overwritten. */
  factors(theta: Vector, n: number, block: Block, left: Vector, right: Vector): void;
  /** Sum of their gradients (size of theta), overwritten. */
  sum(theta: Vector, n: number, gradient: Vector): void;
}

/**
 * @param path where the component stands in the scenario
 * @param what the component, for the message
 * @throws EigenflowError `component` when the model has no sample gradients
 */
export function openSampleDerivatives(
  model: Model,
  loss: Loss,
  arena: Arena,
  path: string,
  what: string,
): SampleDerivatives {
  const { outputs } = model;
  const chunk = Math.min(FULL_BATCH_CHUNK, model.samples);
  const modelPass = model.open(chunk);
  const { sampleGradients } = modelPass;
  if (!sampleGradients) {
    throw new EigenflowError('component', path, `${what} needs gradients sample by sample, which this model has not`);
  }
  const lossPass = loss.open(chunk, outputs);
  const batch = arena.indices(chunk);
  const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(chunk * outputs));
  const ones = arena.vector(chunk).fill(1);
  const value = arena.vector(1);
  return {
    chunk,
    batch,
    evaluate(theta, n) {
      modelPass.forward(theta, batch, n, out);
      modelPass.targets(batch, n, target);
      lossPass.valueAndGradient(out, target, ones, n, dOut, value);
    },
    factors: (theta, n, block, left, right) => sampleGradients.factors(theta, batch, n, dOut, block, left, right),
    sum: (theta, n, gradient) => modelPass.backward(theta, batch, n, dOut, gradient),
  };
}
