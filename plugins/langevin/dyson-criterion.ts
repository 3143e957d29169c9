// Observer: the terms of the criterion that tells bounded spectra from those that noise drives apart.
import {
  blockParameter,
  defineObserver,
  EigenflowError,
  findBlock,
  observer,
  onHeldOut,
  scalar,
  weightsOf,
} from 'eigenflow';
import { requireDescent } from 'eigenflow/theory';
import { equalSpacingNoise, publishedTerms, widthSum } from './criterion-terms.js';
import { createLevelMoments } from './level-moments.js';
import { openHeldOutSamples, openTrainingSamples } from './level-samples.js';
import { createCoefficientBuffers, writeCoefficients } from './measured-coefficients.js';

const ON_TRAINING = {
  temperature: scalar('learning rate / batch size', 'T of the noise'),
  stepSize: scalar('learning rate', 'size of the coming step'),
  width: scalar('level', 'x_1 - x_K'),
  topDrift: scalar('level / learning time', 'K_11, mean first-order change of the largest level'),
  bottomDrift: scalar('level / learning time', 'K_KK, the same of the smallest one'),
  repulsion: scalar('level / learning time / T', 'rate at which noise drives the width apart, with the actual levels'),
  startRepulsion: scalar('level / learning time / T', 'the same, with the distances that the levels had at step 0'),
  traceDrift: scalar('level / learning time / T', 'D_1 - D_K, difference of the trace drift of the outermost levels'),
  stepDrift: scalar('level / learning time^2', 'second-order change of the width by the mean gradient, per step size'),
  equalNoise: scalar('level / learning time / T', 'repulsion at equal distances of the initial width, times sigma_W^2'),
};

const PUBLISHED = {
  publishedDrift: scalar('level / learning time', '|K_11| - |K_KK| on held-out inputs, as published'),
  publishedNoise: scalar('level / learning time / T', 'the same on held-out inputs, as published'),
};

/**
 * The width w = x_1 - x_K of the spectrum of X = W W^T moves by the level equation of `dyson-coefficients` as
 *
 *     dw/dt = K_11 - K_KK + T [ repulsion + D_1 - D_K ] + step size * stepDrift + noise
 *     repulsion = sum_{j > 1} V_1j/(x_1 - x_j) + sum_{j < K} V_Kj/(x_j - x_K) >= 0
 *
 * (arXiv:2509.01349 for drift and repulsion; trace drift and stepDrift derived), weight decay and momentum included as
 * in `dyson-coefficients`. Noise always widens; only the drift can hold the spectrum together. Channels of these names,
 * from all training samples, and with T of the noise as it is set.
 *
 * `startRepulsion` is the repulsion with the distances at step 0: whether this drift could hold this noise at the width
 * with which the run began. `equalNoise` is the same at equal distances and the mean initial width, times sigma_W^2.
 *
 * For the published criterion the terms as its code computes them, on held-out inputs (its 128 test inputs); NaN where
 * the model has none. See `publishedTerms`. Its noise depends on the signs of eigenvectors, which are arbitrary.
 *
 * Throws EigenflowError `parameter` for a block of a single row or one that the model does not have, `component` when
 * the model has no sample gradients or the optimiser does not say how steps follow from gradients, `scenario` for
 * one-pass data.
 */
export const dysonCriterion = defineObserver({
  name: 'dyson-criterion',
  summary: 'Drift against noise of the spectral width: the terms of the published criterion and of the corrected one',
  params: { block: blockParameter },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create(params, { arena, kernels, run }) {
    const { model, theta } = run;
    const block = findBlock(run, params.block);
    const descent = requireDescent(run.descent, 'dyson-criterion');
    const { rows: K, cols } = block;
    if (K < 2) {
      const message = `block ${block.name} has a single row; a width needs two levels`;
      throw new EigenflowError('parameter', 'block', message);
    }
    const training = openTrainingSamples(run, block, 'dyson-criterion', arena);
    const heldOut = openHeldOutSamples(run, block, arena);
    const chunk = Math.max(training.chunk, heldOut?.chunk ?? 0);
    const moments = createLevelMoments(block, weightsOf(run, block), chunk, arena, kernels);
    const [means, variances] = [arena.vector(K * K), arena.vector(K * K)];
    const buffers = createCoefficientBuffers(K);
    // Observers are created at the initial weights, also in a run that goes on from a checkpoint.
    moments.begin();
    const startLevels = moments.basis.levels.slice();

    const published = () => {
      if (!heldOut) return { drift: Number.NaN, noise: Number.NaN };
      moments.begin();
      heldOut.addAll(theta, moments);
      moments.inEigenbasis.mean(means);
      moments.inOriginal.variance(variances);
      moments.basis.rotateMatrix(variances);
      return publishedTerms(means, variances, K, cols);
    };
    const differenceOf = (values: ArrayLike<number>) => values[0] - values[K - 1];

    return observer({
      channels: { ...ON_TRAINING, ...(model.heldOut ? onHeldOut(model.heldOut, PUBLISHED) : PUBLISHED) },
      observe(frame) {
        const { drift, noise } = published();
        frame.publishedDrift[0] = drift;
        frame.publishedNoise[0] = noise;

        moments.begin();
        training.addAll(theta, moments);
        writeCoefficients(moments, buffers, descent);
        const { levels, meanMatrix, variance, traceDrift, meanGradientSquares } = buffers;
        frame.temperature[0] = run.temperature;
        frame.stepSize[0] = run.nextStepSize;
        frame.width[0] = differenceOf(levels);
        frame.topDrift[0] = meanMatrix[0];
        frame.bottomDrift[0] = meanMatrix[K * K - 1];
        frame.repulsion[0] = widthSum(levels, (i, j) => variance[i * K + j]);
        frame.startRepulsion[0] = widthSum(startLevels, (i, j) => variance[i * K + j]);
        frame.traceDrift[0] = differenceOf(traceDrift);
        frame.stepDrift[0] = widthSum(levels, (i, j) => meanMatrix[i * K + j] ** 2) + differenceOf(meanGradientSquares);
        frame.equalNoise[0] = equalSpacingNoise(variance, K, cols);
      },
    });
  },
});
