// Parameters that the optimisers of this plugin share.
import { number } from 'eigenflow';

export const learningRate = number({
  doc: 'factor of the gradient in one update',
  unit: '1',
  above: 0,
  schedulable: true,
});

export const momentum = number({
  doc: 'fraction of the velocity that survives one update',
  unit: '1',
  default: 0.9,
  min: 0,
  below: 1,
  schedulable: true,
});

export const weightDecay = number({
  doc: 'coefficient of the penalty weightDecay/2 |theta|^2, whose gradient is added to that of the loss',
  unit: '1',
  default: 0,
  min: 0,
  schedulable: true,
});
