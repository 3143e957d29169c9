// What the observers of curvature share: how eigenvalues are searched for.
import { integer, number } from 'eigenflow';

export const curvatureParameters = {
  iterations: integer({
    doc: 'most products with vectors; as many vectors of the length of the weights are kept',
    unit: '1',
    default: 100,
    min: 1,
  }),
  tolerance: number({
    doc: 'residual over the largest eigenvalue at which the search stops; the error is of second order in it',
    unit: '1',
    default: 1e-5,
    above: 0,
  }),
} as const;
