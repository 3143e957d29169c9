// Noise model: Gaussian noise of a given covariance on the gradient, the same at every weight. What theory of the
// stationary state of SGD assumes of minibatches.
import { choice, defineNoiseModel, EigenflowError, number, replica, replicaStream, type Vector } from 'eigenflow';
import { findQuadraticForm } from 'eigenflow/theory';

/**
 * Gradients of all data plus noise of covariance (variance/batchSize) K, independent from step to step and of the size
 * of the step, K the identity or the Hessian of the loss. For linear regression with independent residuals of variance
 * s^2 minibatches have this covariance at the minimum with K = H and variance s^2 (derived); they have more away from
 * it, which this noise leaves out. `sgld` is another noise: it grows as the step shrinks, `langevin` has the covariance
 * of the samples at the weights as they stand.
 *
 * K = H takes a loss that is a quadratic form of the weights, where H is the same everywhere: `findQuadraticForm` makes
 * its root before the first step. Copies, the rows of a linear map, get independent noise.
 *
 * Throws EigenflowError `parameter` for one-pass data, `component` where K = H and the loss is not quadratic.
 */
export const gaussianGradient = defineNoiseModel({
  name: 'gaussian-gradient',
  summary: 'Gaussian noise on the gradient, of the shape of the identity or of the Hessian',
  params: {
    covariance: choice({
      doc: 'K: hessian, that of the loss, which has to be a quadratic form; identity, the same in all directions',
      values: ['hessian', 'identity'],
      default: 'hessian',
    }),
    variance: number({
      doc: 'factor of K in the covariance of the gradient of one sample: the variance of residuals where K is the Hessian',
      unit: 'loss',
      min: 0,
      schedulable: true,
    }),
    batchSize: number({
      doc: 'samples that a step is taken to average over; it divides the variance',
      unit: 'samples',
      default: 1,
      above: 0,
    }),
    replica,
  },
  cite: ['arXiv:2107.09133'],
  create(params, environment) {
    const { model, loss, arena, kernels } = environment;
    const { samples, size } = model;
    if (!Number.isFinite(samples)) {
      throw new EigenflowError('parameter', 'noise', 'one-pass data have no full batch; use minibatch');
    }
    const white = replicaStream(environment.random, params.replica).child('white');
    const normals = arena.vector(size);
    let shaped = normals;
    let shape: () => void = () => {};
    if (params.covariance === 'hessian') {
      const { modes, copies, eigenvalues, eigenvectors } = findQuadraticForm(
        model,
        loss,
        environment,
        'gaussian-gradient with the covariance of the Hessian',
      );
      const root: Vector = arena.vector(modes * modes);
      for (let i = 0; i < modes; i++) {
        for (let k = 0; k < modes; k++) {
          let sum = 0;
          for (let m = 0; m < modes; m++) {
            sum += Math.sqrt(eigenvalues[m]) * eigenvectors[m * modes + i] * eigenvectors[m * modes + k];
          }
          root[i * modes + k] = sum;
        }
      }
      shaped = arena.vector(size);
      shape = () => kernels.dense(root, modes, modes, normals, null, copies, shaped);
    }
    return {
      maxBatch: samples,
      samplesPerStep: samples,
      temperature: (stepSize) => stepSize / params.batchSize,
      // All samples in every batch: what is added is all the noise there is.
      sampling: {
        batchSize: samples,
        order: 'cyclic',
        addedVariance: () => params.variance / params.batchSize,
        addedShape: params.covariance,
      },
      draw(batch, weights) {
        for (let i = 0; i < samples; i++) {
          batch[i] = i;
          weights[i] = 1 / samples;
        }
        return samples;
      },
      perturb(gradient, _theta, at) {
        white.normals(at.step, normals);
        shape();
        // A loop, because a number that is computed and handed to a function may be boxed.
        const amplitude = Math.sqrt(params.variance / params.batchSize);
        for (let k = 0; k < size; k++) gradient[k] += amplitude * shaped[k];
      },
    };
  },
});
