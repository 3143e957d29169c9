// Observer: how far the stationary state of a sampler is from the posterior that it should sample.
import { defineObserver, EigenflowError, elementary, number, observer, scalar } from 'eigenflow';
import { jackknifeAll, Matrix } from 'eigenflow/theory';
import { excursionParameters, momentsOf, openExcursion, stepsPerLook } from './excursion.js';
import { stateOf } from './theory/batch-noise.js';
import { effectiveMinimum } from './theory/effective-landscape.js';
import { isPositive, traceOfProduct } from './theory/linear-state.js';
import { spectrumOf } from './theory/minimum.js';
import { findWell, requireSampling } from './well.js';

const { log } = elementary;

/**
 * The posterior is exp(-L/temperature) with L the mean loss, weight decay included; near the minimum the normal law of
 * covariance P = temperature H^-1 about it, exactly so for a quadratic loss. With m and C mean and covariance of the
 * weights along the run, as deviations from the minimum, and n the number of weights:
 *
 *     varianceRatio       r = tr(P^-1 C)/n: 1 where the sampler has the variance of the posterior
 *     divergence          KL of the normal law (m, C) from the posterior,
 *                         1/2 [tr(P^-1 C) - n + m^T P^-1 m - ln det(P^-1 C)]
 *     varianceDivergence  (r - 1 - ln r)/2, its part per weight that the ratio alone tells: divergence/n at most, equal
 *                         to it where all directions have one ratio, and hardly biased by finite samples
 *
 * `...Theory` is the linear map at the minimum (see `steady-state`), its mean that of the effective landscape for
 * batches without replacement. The measured divergence is not 0 for a perfect sampler: finite samples add about
 * n (n + 3)/4 over the number of independent looks. Errors by the jackknife over blocks. NaN where a covariance is
 * singular.
 *
 * Throws EigenflowError as `steady-state` does.
 */
export const posteriorDivergence = defineObserver({
  name: 'posterior-divergence',
  summary: 'Kullback-Leibler divergence of the stationary state from the posterior, both as normal laws, with theory',
  params: {
    temperature: number({
      doc: 'of the posterior exp(-L/temperature) of the mean loss: s^2/N for N samples of variance s^2',
      unit: 'loss',
      above: 0,
    }),
    ...excursionParameters,
  },
  cite: ['arXiv:2306.03521'],
  create(params, environment) {
    const { run } = environment;
    const { size } = run.model;
    const { temperature } = params;
    const { landscape, minimum } = findWell(environment, 'posterior-divergence');
    const sampling = requireSampling(run, 'posterior-divergence');
    const steps = stepsPerLook(params, run);
    if (params.looks < params.blocks * 2) {
      const message = `is ${params.looks}, too few for ${params.blocks} blocks; take two for each at least`;
      throw new EigenflowError('parameter', 'looks', message);
    }
    const excursion = openExcursion(run.shadowTrajectory(), size, steps, params);
    const precision = Matrix.mul(minimum.hessian, 1 / temperature);
    const logDeterminant = (matrix: Matrix) => spectrumOf(matrix).values.reduce((sum, value) => sum + log(value), 0);
    const ofPrecision = logDeterminant(precision);

    const ofRatio = (ratio: number) => (ratio - 1 - log(ratio)) / 2;
    /** Variance ratio and divergence. */
    const compare = (mean: ArrayLike<number>, covariance: Matrix): [number, number] => {
      const symmetric = Matrix.add(covariance, covariance.transpose()).mul(1 / 2);
      const trace = traceOfProduct(precision, symmetric);
      if (!isPositive(symmetric)) return [trace / size, Number.NaN];
      const m = Matrix.columnVector(Array.from(mean));
      const shift = traceOfProduct(m.transpose(), precision.mmul(m));
      return [trace / size, (trace - size + shift - ofPrecision - logDeterminant(symmetric)) / 2];
    };

    return observer({
      channels: {
        varianceRatio: scalar('1', 'variance of the weights over that of the posterior', { label: 'variance ratio' }),
        varianceRatioError: scalar('1', 'its standard error'),
        varianceRatioTheory: scalar('1', 'the same by theory'),
        varianceDivergence: scalar('1', 'divergence per weight by the variance ratio alone', {
          label: 'divergence from the posterior, per weight',
        }),
        varianceDivergenceTheory: scalar('1', 'the same by theory'),
        divergence: scalar('1', 'divergence of the stationary state from the posterior', {
          label: 'divergence from the posterior',
        }),
        divergenceError: scalar('1', 'its standard error'),
        divergenceTheory: scalar('1', 'the same by theory'),
      },
      observe(frame) {
        // What has no theory stays so.
        for (const channel of Object.values(frame)) channel.fill(Number.NaN);
        const stepSize = run.nextStepSize;
        excursion.follow(minimum.theta);
        const [ratio, divergence] = jackknifeAll(
          excursion.blocks,
          (some) => {
            const { mean, covariance } = momentsOf(some);
            return covariance.to1DArray().every(Number.isFinite) ? compare(mean, covariance) : [Number.NaN, Number.NaN];
          },
          excursion.blocks.length,
        );
        frame.varianceRatio[0] = ratio.value;
        frame.varianceRatioError[0] = ratio.error;
        frame.varianceDivergence[0] = ofRatio(ratio.value);
        frame.divergence[0] = divergence.value;
        frame.divergenceError[0] = divergence.error;
        const state = stateOf(minimum, landscape, { sampling, stepSize, steps });
        if (!state) return;
        const centre =
          sampling.order === 'reshuffled'
            ? effectiveMinimum(minimum, landscape, sampling.batchSize, stepSize)
            : minimum.theta;
        if (!centre) return;
        const theory = compare(
          centre.map((weight, i) => weight - minimum.theta[i]),
          state.covariance,
        );
        frame.varianceRatioTheory[0] = theory[0];
        frame.varianceDivergenceTheory[0] = ofRatio(theory[0]);
        frame.divergenceTheory[0] = theory[1];
      },
    });
  },
});
