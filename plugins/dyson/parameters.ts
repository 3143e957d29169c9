// Parameters that models or integrators of this plugin share.
import { EigenflowError, integer, number } from 'eigenflow';

export const temperature = number({
  doc: 'temperature T of the noise; learningRate / batchSize in the correspondence with stochastic gradient descent',
  unit: '1',
  min: 0,
  schedulable: true,
});

export const noiseStrength = number({
  doc: 'strength of the noise at T = 1',
  unit: '1',
  default: 1,
  min: 0,
});

export const betaParameter = integer({
  doc: 'real components of a matrix element: 1 real symmetric, 2 Hermitian, 4 quaternion self-dual matrices',
  unit: '1',
  default: 1,
  min: 1,
  max: 4,
});

/** @throws EigenflowError `parameter` for 3, which no matrix has. */
export function checkBeta(beta: number): 1 | 2 | 4 {
  if (beta === 1 || beta === 2 || beta === 4) return beta;
  throw new EigenflowError('parameter', 'model.beta', `expected 1, 2 or 4, found ${beta}`);
}

export const stepSize = number({
  doc: 'learning time of one step',
  unit: '1',
  above: 0,
  schedulable: true,
});
