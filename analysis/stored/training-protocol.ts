// What a step of the training was, as far as somebody says: checkpoints do not hold it. Spectra need none of it.

export const OPTIMISERS = ['sgd', 'momentum', 'other'] as const;

export interface TrainingProtocol {
  readonly learningRate?: number;
  readonly batchSize?: number;
  /** `other`, such as Adam: its step has no one size, so neither learning time nor T is defined. Default: `sgd`. */
  readonly optimiser?: (typeof OPTIMISERS)[number];
  /** Of `momentum`, from 0 to below 1. */
  readonly momentum?: number;
}

/** Learning time of a step: the learning rate, with momentum too. NaN where it is not known. */
export function timeOfStep({ learningRate = Number.NaN, optimiser = 'sgd' }: TrainingProtocol): number {
  return optimiser === 'other' ? Number.NaN : learningRate;
}

/** T = learning rate / (batch size (1 - momentum)), arXiv:1711.00489; NaN where it is not known. */
export function temperatureOf(protocol: TrainingProtocol): number {
  const { batchSize = Number.NaN, optimiser, momentum = 0 } = protocol;
  return timeOfStep(protocol) / (batchSize * (optimiser === 'momentum' ? 1 - momentum : 1));
}
