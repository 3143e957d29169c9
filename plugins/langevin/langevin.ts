// Noise model: Langevin noise. The covariance of minibatch noise at a temperature of its own, whatever the step size.
import {
  type Clock,
  choice,
  createFreshSubset,
  type DrawSubset,
  defineNoiseModel,
  EigenflowError,
  integer,
  number,
  replica,
  replicaStream,
} from 'eigenflow';
import { createBrownianPath } from './brownian-path.js';
import { createScatter } from './scatter.js';

const wholeDataSet =
  (samples: number): DrawSubset =>
  (_step, out) => {
    for (let n = 0; n < samples; n++) out[n] = n;
  };

/** @throws EigenflowError `parameter` for one-pass data, and for a subset larger than the data set. */
function samplesInStep(samples: number, subset: number | undefined): number {
  if (!Number.isFinite(samples)) {
    throw new EigenflowError(
      'parameter',
      'noise',
      'one-pass data have no covariance over a data set; give the model a finite number of samples, or use minibatch',
    );
  }
  if (subset !== undefined && subset > samples) {
    throw new EigenflowError(
      'parameter',
      'noise.subset',
      `${subset} distinct samples cannot be drawn from a data set of ${samples}; leave it out to use all of them`,
    );
  }
  return subset ?? samples;
}

/**
 * With `sgd` of learning rate dt, one step is Euler-Maruyama for the Ito equation
 *
 *     dW = -grad L(W) dt + sqrt(T) C(W)^(1/2) dB
 *
 * where C is the covariance of the per-sample gradients g_n over the N samples (divisor N): the diffusion limit of
 * minibatch SGD at T = learning rate / batch size (surrogate of arXiv:2407.16427 and arXiv:2509.01349; derived). C is
 * never formed. A step weighs the samples by
 *
 *     w_n = 1/m + sqrt(T/(m dt)) (e_n - mean e),     e_n independent standard normals, m = N,
 *
 * so that sum_n w_n g_n has mean grad L and covariance (T/dt) C exactly, and a Gaussian law. With T = 0 it is gradient
 * descent, bit for bit that of `full-batch`.
 *
 * `subset` = m < N takes a fresh subset of m distinct samples in every step, at m/N of the cost. 1/m under the root is
 * then (N - 1)/(N (m - 1)), so that the covariance above stays (T/dt) C on average over subsets. To it the mean over
 * the subset adds C/m (N - m)/(N - 1) of its own, as if the temperature were higher by dt/m (N - m)/(N - 1) (derived).
 *
 * `covariance: 'isotropic'` keeps the trace of C and forgets the rest: weights 1/m, and independent normals of variance
 * (T/dt) tr C / size on every component of the gradient. tr C takes a second pass over the samples. It needs a model
 * with sample gradients.
 *
 * The noise is multiplicative. Schemes that average gradients over a step with the same weights, such as Heun's,
 * converge to the Stratonovich equation, whose drift is larger by T/4 grad tr C: not to this one. For a higher order
 * see `extrapolatePairs` of `eigenflow/theory`. The step must resolve the curvature, dt lambda_max(Hessian) <= 0.1:
 * `sharpness` measures it.
 *
 * Throws EigenflowError `parameter` for one-pass data and for a subset larger than the data set, `component` when the
 * isotropic variant meets a model without sample gradients.
 */
export const langevin = defineNoiseModel({
  name: 'langevin',
  summary: 'Gaussian noise with the covariance of minibatch noise, at a temperature independent of the step',
  params: {
    temperature: number({
      doc: 'T, the noise per learning time: that of SGD is learning rate / batch size',
      unit: 'learning rate / batch size',
      min: 0,
      schedulable: true,
    }),
    subset: integer({
      doc:
        'size m of a fresh random subset of distinct samples in every step, instead of the whole data set of N; adds ' +
        'step size / m (N - m)/(N - 1) to the temperature',
      unit: 'samples',
      min: 2,
      optional: true,
    }),
    covariance: choice({
      doc:
        'exact: that of the per-sample gradients; isotropic: the same on every component of the gradient, with the ' +
        'same trace',
      values: ['exact', 'isotropic'],
      default: 'exact',
    }),
    increments: integer({
      doc:
        'Brownian increments that one step adds up: a run with k times the step and k increments follows the path of ' +
        'one with one increment',
      unit: '1',
      default: 1,
      min: 1,
    }),
    replica,
  },
  cite: ['arXiv:2407.16427', 'arXiv:2509.01349', 'arXiv:1511.06251'],
  create(params, environment) {
    const { arena, kernels, model, loss } = environment;
    const random = replicaStream(environment.random, params.replica);
    const { samples, size } = model;
    const count = samplesInStep(samples, params.subset);
    const choose = count < samples ? createFreshSubset(count, samples, random, arena) : wholeDataSet(samples);
    /** Covariance over the N samples = this times the scatter of those drawn, on average. */
    const perScatter = count > 1 ? (samples - 1) / (samples * (count - 1)) : 0;
    /** Standard deviation of the gradient per root of the scatter. */
    const strength = (at: Clock) => Math.sqrt((params.temperature / at.stepSize) * perScatter);
    const shared = { maxBatch: count, samplesPerStep: count, temperature: () => params.temperature };

    if (params.covariance === 'isotropic') {
      const traceOfScatter = createScatter(model, loss, arena, kernels);
      const trace = arena.vector(1);
      const normals = arena.vector(size);
      const drawn = arena.indices(count);
      const path = createBrownianPath(random, params.increments, size, arena, kernels);
      return {
        ...shared,
        draw(batch, weights, at) {
          choose(at.step, batch);
          for (let n = 0; n < count; n++) {
            drawn[n] = batch[n];
            weights[n] = 1 / count;
          }
          return count;
        },
        perturb(gradient, theta, at) {
          if (params.temperature === 0) return;
          traceOfScatter(theta, drawn, count, trace);
          path(at.step, normals);
          kernels.axpy(strength(at) * Math.sqrt(trace[0] / size), normals, size, gradient);
        },
      };
    }

    const path = createBrownianPath(random, params.increments, count, arena, kernels);
    return {
      ...shared,
      draw(batch, weights, at) {
        choose(at.step, batch);
        const amplitude = strength(at);
        if (amplitude === 0) {
          for (let n = 0; n < count; n++) weights[n] = 1 / count;
          return count;
        }
        path(at.step, weights);
        let sum = 0;
        for (let n = 0; n < count; n++) sum += weights[n];
        const mean = sum / count;
        for (let n = 0; n < count; n++) weights[n] = 1 / count + amplitude * (weights[n] - mean);
        return count;
      },
    };
  },
});
