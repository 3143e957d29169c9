// Observer: the terms of the criterion that tells bounded spectra from those that noise drives apart.
import {
  type Block,
  blockParameter,
  type Channel,
  type Descent,
  defineObserver,
  EigenflowError,
  findBlock,
  onHeldOut,
  type Vector,
  weightsOf,
} from 'eigenflow';
import { requireDescent } from 'eigenflow/theory';
import { equalSpacingNoise, publishedTerms, widthSum } from './criterion-terms.js';
import { createLevelMoments, type LevelMoments } from './level-moments.js';
import { type LevelSamples, openHeldOutSamples, openTrainingSamples } from './level-samples.js';
import { type CoefficientBuffers, createCoefficientBuffers, writeCoefficients } from './measured-coefficients.js';

const scalar = (unit: string, doc: string): Channel => ({ shape: [], dims: [], unit, doc });

const CHANNELS: Readonly<Record<string, Channel>> = {
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
  publishedDrift: scalar('level / learning time', '|K_11| - |K_KK| on held-out inputs, as published'),
  publishedNoise: scalar('level / learning time / T', 'the same on held-out inputs, as published'),
};

/**
 * The width w = x_1 - x_K of the spectrum of X = W W^T moves by the level equation of `dyson-coefficients` as
 *
 *     dw/dt = K_11 - K_KK + T [ repulsion + D_1 - D_K ] + step size * stepDrift + noise
 *     repulsion = sum_{j > 1} V_1j/(x_1 - x_j) + sum_{j < K} V_Kj/(x_j - x_K) >= 0
 *
 * (arXiv:2509.01349 for drift and repulsion; trace drift and stepDrift derived), weight decay and momentum included as in
 * `dyson-coefficients`. Noise always widens; only the drift can
 * hold the spectrum together. Channels of these names, from all training samples, and with T of the noise as it is set.
 *
 * `startRepulsion` is the repulsion with the distances at step 0: whether this drift could hold this noise at the width
 * with which the run began. `equalNoise` is the same at equal distances and the mean initial width, times sigma_W^2.
 *
 * For the published criterion the terms as its code computes them, on held-out inputs (its 128 test inputs); NaN where
 * the model has none. See `publishedTerms`. Its noise depends on the signs of eigenvectors, which are arbitrary.
 *
 * Throws EigenflowError `parameter` for a block of a single row or one that the model does not have, `component` when the
 * model has no sample gradients or the optimiser does not say how steps follow from gradients, `scenario` for one-pass data.
 */
export const dysonCriterion = defineObserver({
  name: 'dyson-criterion',
  summary: 'Drift against noise of the spectral width: the terms of the published criterion and of the corrected one',
  params: { block: blockParameter },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create(params, { arena, kernels }) {
    let block: Block;
    let training: LevelSamples;
    let heldOut: LevelSamples | undefined;
    let moments: LevelMoments;
    let startLevels: Vector;
    let means: Vector;
    let variances: Vector;
    let buffers: CoefficientBuffers;
    let descent: Descent;

    const published = (theta: Vector, weights: Vector, K: number) => {
      if (!heldOut) return { drift: Number.NaN, noise: Number.NaN };
      moments.begin(weights);
      heldOut.addAll(theta, moments);
      moments.inEigenbasis.mean(means);
      moments.inOriginal.variance(variances);
      moments.basis.rotateMatrix(variances);
      return publishedTerms(means, variances, K, block.cols);
    };

    return {
      attach(view) {
        block = findBlock(view, params.block);
        descent = requireDescent(view.descent, 'dyson-criterion');
        const K = block.rows;
        if (K < 2) {
          const message = `block ${block.name} has a single row; a width needs two levels`;
          throw new EigenflowError('parameter', 'block', message);
        }
        training = openTrainingSamples(view, block, 'dyson-criterion', arena);
        heldOut = openHeldOutSamples(view, block, arena);
        moments = createLevelMoments(block, Math.max(training.chunk, heldOut?.chunk ?? 0), arena, kernels);
        [means, variances] = [arena.vector(K * K), arena.vector(K * K)];
        buffers = createCoefficientBuffers(K);
        // Attached at the initial weights, also in a run that goes on from a checkpoint.
        startLevels = arena.vector(K);
        moments.begin(weightsOf(view, block));
        startLevels.set(moments.basis.levels);
        const { publishedDrift, publishedNoise, ...onTraining } = CHANNELS;
        const published = { publishedDrift, publishedNoise };
        const { heldOut: inputs } = view.model;
        return { ...onTraining, ...(inputs ? onHeldOut(inputs, published) : published) };
      },
      observe(view, out) {
        const { theta } = view;
        const K = block.rows;
        const weights = weightsOf(view, block);
        const { drift, noise } = published(theta, weights, K);
        out.publishedDrift[0] = drift;
        out.publishedNoise[0] = noise;

        moments.begin(weights);
        training.addAll(theta, moments);
        writeCoefficients(moments, buffers, descent);
        const { levels, meanMatrix, variance, traceDrift, meanGradientSquares } = buffers;
        out.temperature[0] = view.temperature;
        out.stepSize[0] = view.plannedStep;
        out.width[0] = levels[0] - levels[K - 1];
        const differenceOf = (values: ArrayLike<number>) => values[0] - values[K - 1];
        out.topDrift[0] = meanMatrix[0];
        out.bottomDrift[0] = meanMatrix[K * K - 1];
        out.repulsion[0] = widthSum(levels, (i, j) => variance[i * K + j]);
        out.startRepulsion[0] = widthSum(startLevels, (i, j) => variance[i * K + j]);
        out.traceDrift[0] = differenceOf(traceDrift);
        out.stepDrift[0] = widthSum(levels, (i, j) => meanMatrix[i * K + j] ** 2) + differenceOf(meanGradientSquares);
        out.equalNoise[0] = equalSpacingNoise(variance, K, block.cols);
      },
    };
  },
});
