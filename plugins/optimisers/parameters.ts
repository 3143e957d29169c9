// Parameters that the optimisers of this plugin share.
import { number } from 'eigenflow';

export const learningRate = number({
  doc: 'factor of the update, and what learning time advances by in a step',
  unit: '1',
  above: 0,
  schedulable: true,
});

/** Decay that enters the gradient, as in PyTorch's Adam, RMSprop, Adagrad and SGD. */
export const gradientDecay = number({
  doc: 'coefficient of the penalty weightDecay/2 |theta|^2, whose gradient is added to that of the loss',
  unit: '1',
  default: 0,
  min: 0,
  schedulable: true,
});

/** Decoupled decay, as in PyTorch's AdamW and Muon. */
export const decoupledDecay = number({
  doc: 'weights are multiplied by 1 - learningRate weightDecay before they move; gradients do not see it',
  unit: '1',
  default: 0,
  min: 0,
  schedulable: true,
});

/** @param fallback default of the parameter */
export const epsilon = <const D extends number>(fallback: D) =>
  number({ doc: 'added to the root of the averaged square, not under it', unit: '1', default: fallback, min: 0 });

/** @param what is averaged */
export const averaging = <const D extends number>(what: string, fallback: D) =>
  number({ doc: `share of ${what} that survives one update`, unit: '1', default: fallback, min: 0, below: 1 });
