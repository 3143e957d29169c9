// Model: the mean of given numbers is estimated. Loss and posterior are quadratic and the gradient noise does not
// depend on the weights, so that the stationary state of every sampler is known exactly.
import { defineModel, EigenflowError, integer, type Model, number } from 'eigenflow';

const params = {
  dimensions: integer({
    doc: 'numbers per sample, each with a mean of its own: so many copies of the problem, uncorrelated in their noise',
    unit: '1',
    default: 1,
    min: 1,
  }),
  samples: integer({ doc: 'size of the data set', unit: 'samples', default: 200, min: 2 }),
  initial: number({
    doc: 'first weights: standard deviation about the mean of the data',
    unit: '1',
    default: 0,
    min: 0,
  }),
} as const;

/**
 * The output of every sample is theta itself, the targets are its numbers x_n, and with the loss `half-mean-square`
 *
 *     L = 1/2 mean_n |theta - x_n|^2
 *
 * has the Hessian 1 and the minimum 0. The data are normal numbers, standardised: mean 0, variance 1 in each direction
 * and covariance 0 between any two (divisor N), to rounding, so that the gradients of single samples have the
 * covariance 1 at any theta. The posterior of N numbers of variance s2 is exp(-N L/s2): `temperature` s2/N for `sgld`;
 * a step of size eta on the summed loss, sum_n (w - x_n)^2/(2 s2), is one of size eta N/s2 here. Source: a
 * posterior that is known exactly, as arXiv:2306.03521 has one; the standardised data are derived.
 *
 * Throws EigenflowError `parameter` for as many dimensions as samples.
 */
export const meanEstimation = defineModel({
  name: 'mean-estimation',
  summary: 'Mean of standardised data: posterior and stationary states of samplers known exactly',
  params,
  cite: ['arXiv:2306.03521'],
  kernelsOnly: true,
  create({ dimensions, samples, initial }, { arena, kernels, random }): Model {
    if (dimensions >= samples) {
      const message = `is ${dimensions}, but ${samples} samples have at most ${samples - 1} uncorrelated directions`;
      throw new EigenflowError('parameter', 'model.dimensions', `${message}; take fewer, or more samples`);
    }
    const x = arena.vector(samples * dimensions);
    random.child('data').normals(0, x);
    // Gram and Schmidt on the columns, after the constant one; twice against rounding.
    for (let d = 0; d < dimensions; d++) {
      for (let pass = 0; pass < 2; pass++) {
        for (let e = -1; e < d; e++) {
          let product = 0;
          for (let s = 0; s < samples; s++) product += x[s * dimensions + d] * (e < 0 ? 1 : x[s * dimensions + e]);
          product /= samples;
          for (let s = 0; s < samples; s++) x[s * dimensions + d] -= product * (e < 0 ? 1 : x[s * dimensions + e]);
        }
      }
      let square = 0;
      for (let s = 0; s < samples; s++) square += x[s * dimensions + d] * x[s * dimensions + d];
      const scale = Math.sqrt(samples / square);
      for (let s = 0; s < samples; s++) x[s * dimensions + d] *= scale;
    }
    return {
      layout: [{ name: 'mean', rows: dimensions, cols: 1, offset: 0 }],
      size: dimensions,
      outputs: dimensions,
      task: 'regression',
      samples,
      initialise(theta) {
        random.child('initial').normals(0, theta, dimensions);
        for (let i = 0; i < dimensions; i++) theta[i] *= initial;
      },
      open(capacity) {
        const one = arena.vector(capacity).fill(1);
        return {
          // theta as a matrix of one column that reads the input 1.
          forward: (theta, _batch, n, out) => kernels.dense(theta, dimensions, 1, one, null, n, out),
          targets: (batch, n, out) => kernels.gather(x, dimensions, batch, n, out),
          backward: (_theta, _batch, n, dOut, gradient) => kernels.outer(dOut, dimensions, one, 1, null, n, gradient),
          sampleGradients: {
            factors(_theta, _batch, n, dOut, _block, left, right) {
              kernels.copy(dOut, n * dimensions, left);
              right.fill(1, 0, n);
            },
          },
          hessianVector: {
            outputs: (_theta, direction, _batch, n, out) => kernels.dense(direction, dimensions, 1, one, null, n, out),
            gradient: (_theta, _direction, _batch, n, _dOut, dOutChange, out) =>
              kernels.outer(dOutChange, dimensions, one, 1, null, n, out),
          },
        };
      },
      withoutHeldOut: 'the mean of given numbers has no test part; take the model network for a task that has one',
    };
  },
});
