// Activations of a perceptron with their first two derivatives, and the law of their sign for a Gaussian field.
import { EigenflowError, type Vector } from 'eigenflow';
import { erfc } from 'eigenflow/theory';

export interface Activation {
  /** Values and the first two derivatives at fields h, n each. The outputs may not be h itself. */
  evaluate(h: Vector, n: number, value: Vector, first: Vector, second: Vector): void;
  /** Probability that the activation of a normal field is above 0; 1/2 on the threshold itself. */
  positive(mean: number, deviation: number): number;
}

/** P(z > threshold) for z ~ N(mean, deviation^2), also for deviation 0. */
function above(threshold: number, mean: number, deviation: number): number {
  if (deviation > 0) return erfc((threshold - mean) / (Math.SQRT2 * deviation)) / 2;
  return (1 + Math.sign(mean - threshold)) / 2;
}

/** phi(h) = h */
const linear: Activation = {
  evaluate(h, n, value, first, second) {
    for (let s = 0; s < n; s++) {
      value[s] = h[s];
      first[s] = 1;
      second[s] = 0;
    }
  },
  positive: (mean, deviation) => above(0, mean, deviation),
};

/** phi(h) = h^2 - L^2 */
function door(halfWidth: number): Activation {
  const threshold = halfWidth * halfWidth;
  return {
    evaluate(h, n, value, first, second) {
      for (let s = 0; s < n; s++) {
        value[s] = h[s] * h[s] - threshold;
        first[s] = 2 * h[s];
        second[s] = 2;
      }
    },
    positive: (mean, deviation) => above(halfWidth, mean, deviation) + above(halfWidth, -mean, deviation),
  };
}

/** @throws EigenflowError `parameter` for a name that there is not */
export function activationOf(name: string, doorWidth: number): Activation {
  if (name === 'linear') return linear;
  if (name === 'door') return door(doorWidth);
  throw new EigenflowError('parameter', 'model', `no activation called "${name}"; there are linear and door`);
}
