// Samples one by one: the derivative of each sample's own loss with respect to its outputs, chunk by chunk.
import {
  type Arena,
  EigenflowError,
  FULL_BATCH_CHUNK,
  type Indices,
  type Loss,
  type Model,
  type SampleGradients,
  type Vector,
} from 'eigenflow';

export interface SampleDerivatives {
  /** Most samples of one evaluation; never more than the model was told to reserve. */
  readonly chunk: number;
  /** Sample numbers of the chunk; to be filled before `evaluate`. */
  readonly batch: Indices;
  /** Derivative of the loss of each sample, not of their mean, after `evaluate`; n x outputs. */
  readonly dOut: Vector;
  /** Forward pass and loss for `batch[0..n)`; the model then knows these samples and weights. */
  evaluate(theta: Vector, n: number): void;
}

/** @param most samples that will ever be evaluated */
export function createSampleDerivatives(model: Model, loss: Loss, most: number, arena: Arena): SampleDerivatives {
  const chunk = Math.min(FULL_BATCH_CHUNK, most);
  const { outputs } = model;
  const batch = arena.indices(chunk);
  const out = arena.vector(chunk * outputs);
  const target = arena.vector(chunk * outputs);
  const dOut = arena.vector(chunk * outputs);
  const ones = arena.vector(chunk).fill(1);
  const value = arena.vector(1);
  return {
    chunk,
    batch,
    dOut,
    evaluate(theta, n) {
      model.forward(theta, batch, n, out);
      model.targets(batch, n, target);
      loss.valueAndGradient(out, target, ones, n, outputs, dOut, value);
    },
  };
}

/**
 * @param path where the component stands in the scenario
 * @param what the component, for the message
 * @throws EigenflowError `component` when the model has no sample gradients.
 */
export function requireSampleGradients(model: Model, path: string, what: string): SampleGradients {
  if (model.sampleGradients) return model.sampleGradients;
  throw new EigenflowError('component', path, `${what} needs gradients sample by sample, which this model has not`);
}
