// The metric of an optimiser that preconditions: its diagonal P, and symmetric matrices seen in it.
import type { Arena, Descent, Vector } from 'eigenflow';

type Product = (direction: Vector, out: Vector) => void;

export interface Metric {
  /** P, one number for each weight; to be filled before `of`. */
  readonly diagonal: Vector;
  /** For A v the product P^(1/2) A P^(1/2) v with the same eigenvalues as P A. */
  of(product: Product): Product;
}

/** @param size number of weights */
export function createMetric(size: number, { vector }: Pick<Arena, 'vector'>): Metric {
  const diagonal = vector(size);
  const scaled = vector(size);
  return {
    diagonal,
    of: (product) => (direction, out) => {
      for (let i = 0; i < size; i++) scaled[i] = Math.sqrt(diagonal[i]) * direction[i];
      product(scaled, out);
      for (let i = 0; i < size; i++) out[i] *= Math.sqrt(diagonal[i]);
    },
  };
}

/** For the doc of a channel. */
export const metricOf = (descent: Descent | undefined) =>
  descent ? 'P = 1 for this optimiser' : 'P the diagonal by which the optimiser multiplies gradients';
