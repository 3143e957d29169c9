// Observer: one step of SGD from the weights as they stand, over many batches, against the level equation.
import {
  type Block,
  blockParameter,
  defineObserver,
  EigenflowError,
  type Environment,
  findBlock,
  integer,
  number,
  observer,
  scalar,
  symmetricEigenvaluesWork,
  type Vector,
  vector,
  weightsOf,
} from 'eigenflow';
import { noiseShift, shiftVariance } from 'eigenflow/theory';
import { createLevelMoments } from './level-moments.js';
import { openTrainingSamples } from './level-samples.js';
import { createCoefficientBuffers, PLAIN, writeCoefficients } from './measured-coefficients.js';
import { openSampleDerivatives } from './sample-derivatives.js';

function describe({ rows, name }: Block) {
  const perLevel = (doc: string) => vector('level', rows, '1', doc);
  return {
    shift: perLevel(`mean change of the levels of block ${name} in one step, beyond that of gradient descent`),
    shiftStandardError: perLevel('its standard error; 0 where all batches were gone through'),
    predictedShift: perLevel('the same by the level equation: step size x T x (repulsion + trace drift)'),
    variance: perLevel('variance of the change of each level in one step'),
    predictedVariance: perLevel('the same by the level equation: step size x T x Q_ii'),
    shiftError: scalar('1', '|predicted - measured| / |measured| of the mean change, over all levels'),
    varianceError: scalar('1', 'the same of the variance'),
  };
}

/** Levels after a step of the whole matrix, in the eigenbasis of W W^T, where the result is nearly diagonal. */
function createMovedLevels({ rows, cols }: Block, { arena, kernels }: Environment) {
  const rotated = arena.vector(rows * cols);
  const moved = arena.vector(rows * cols);
  const gram = arena.vector(rows * rows);
  const work = arena.vector(symmetricEigenvaluesWork(rows));
  /** Ascending, after `move`. */
  const levels = arena.vector(rows);
  return {
    levels,
    /** U^T W. */
    rotated,
    /** Rotates a matrix like W (rows x cols) into the basis whose rows are `vectors`. */
    rotate: (vectors: Vector, matrix: Vector, out: Vector) =>
      kernels.denseTransposed(matrix, rows, cols, vectors, rows, out),
    /** Levels of U^T W + rate direction. */
    move(direction: Vector, rate: number) {
      kernels.copy(rotated, rows * cols, moved);
      kernels.axpy(rate, direction, rows * cols, moved);
      kernels.dense(moved, rows, cols, moved, null, rows, gram);
      kernels.symmetricEigenvalues(gram, rows, work, levels);
    },
  };
}

/** |found - predicted| / |found| */
function relativeError(found: Float64Array, predicted: Float64Array): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < found.length; i++) {
    difference += (found[i] - predicted[i]) ** 2;
    size += found[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

const DEFAULT_DRAWS = 1000;
const MOST_PER_BATCH = 256;

/**
 * Makes every step that SGD may make from the weights as they stand, or `draws` of them, with fresh batches of
 * `batchSize` samples drawn with replacement, and holds mean and variance of the change of every level against
 * `noiseShift` and `shiftVariance` of eigenflow/theory: the surrogate whose coefficients are re-evaluated at the
 * weights of every realisation, tested step by step (arXiv:2407.16427; trace drift and covariance derived). Both errors
 * are of first order in the step size.
 *
 * Batches of one sample are enumerated unless `draws` is given, so that the result is exact. Otherwise the first-order
 * change of each batch, whose mean is known, is subtracted before averaging. Costs one spectrum for every batch.
 *
 * The steps are those of plain SGD without weight decay, whatever the optimiser of the run. Throws EigenflowError
 * `parameter` for a block that the model does not have and for batches larger than the data set, `component` when the
 * model has no sample gradients, `scenario` for one-pass data.
 */
export const oneStep = defineObserver({
  name: 'one-step',
  summary: 'One step of SGD over many batches against the prediction of the level equation',
  params: {
    block: blockParameter,
    batchSize: integer({ doc: 'samples in a batch', unit: 'samples', default: 1, min: 1, max: MOST_PER_BATCH }),
    stepSize: number({
      doc: 'learning rate; that of the coming step when left out',
      unit: '1',
      optional: true,
      above: 0,
    }),
    draws: integer({
      doc: 'random batches; when left out, every sample for batches of one, and 1000 otherwise',
      unit: '1',
      optional: true,
      min: 2,
    }),
  },
  cite: ['arXiv:2407.16427', 'arXiv:2509.01349'],
  create(params, environment) {
    const { arena, kernels, random, run } = environment;
    const { model, loss, theta, clock } = run;
    const { batchSize } = params;
    const enumerated = batchSize === 1 && params.draws === undefined;
    const draws = params.draws ?? (batchSize === 1 ? model.samples : DEFAULT_DRAWS);
    const block = findBlock(run, params.block);
    const { rows, cols, offset } = block;
    if (batchSize > model.samples) {
      const message = `${batchSize} is more than the data set has, ${model.samples}`;
      throw new EigenflowError('parameter', 'batchSize', message);
    }
    const training = openTrainingSamples(run, block, 'one-step', arena);
    const weights = weightsOf(run, block);
    const moments = createLevelMoments(block, weights, training.chunk, arena, kernels);
    const buffers = createCoefficientBuffers(rows);
    const movement = createMovedLevels(block, environment);
    const gradient = arena.vector(rows * cols);
    const rotatedGradient = arena.vector(rows * cols);

    const derivatives = openSampleDerivatives(model, loss, arena, 'observers', 'one-step');
    const { chunk, batch } = derivatives;
    const [left, rotatedLeft] = [arena.vector(chunk * rows), arena.vector(chunk * rows)];
    const right = arena.vector(chunk * cols);
    const samples = arena.indices(draws * batchSize);
    for (let s = 0; s < samples.length; s++) samples[s] = s;
    const perChunk = Math.max(1, Math.floor(chunk / batchSize)) * batchSize;

    /** Calls back with the gradient of every batch in `rotatedGradient`, in the eigenbasis. */
    const forEachBatch = (act: () => void) => {
      if (!enumerated) random.integers(clock.step, model.samples, samples);
      for (let first = 0; first < samples.length; first += perChunk) {
        const n = Math.min(perChunk, samples.length - first);
        for (let s = 0; s < n; s++) batch[s] = samples[first + s];
        derivatives.evaluate(theta, n);
        derivatives.factors(theta, n, block, left, right);
        moments.basis.rotate(left, n, rotatedLeft);
        for (let s = 0; s < n; s += batchSize) {
          const ofBatch = rotatedLeft.subarray(s * rows, (s + batchSize) * rows);
          kernels.outer(ofBatch, rows, right.subarray(s * cols), cols, null, batchSize, rotatedGradient);
          kernels.scale(1 / batchSize, rotatedGradient, rows * cols);
          act();
        }
      }
    };

    /** Sums over batches of what each change is beyond first order, and of the squares of this and of the change. */
    const gather = (stepSize: number) => {
      const { rotated, levels: moved } = movement;
      const { levels, meanMatrix } = buffers;
      const [rest, restSquares, squares] = Array.from({ length: 3 }, () => new Float64Array(rows));
      forEachBatch(() => {
        movement.move(rotatedGradient, -stepSize);
        for (let i = 0; i < rows; i++) {
          let slope = 0;
          for (let l = i * cols; l < (i + 1) * cols; l++) slope -= 2 * rotated[l] * rotatedGradient[l];
          const change = moved[rows - 1 - i] - levels[i];
          const beyond = change - stepSize * slope;
          rest[i] += beyond;
          restSquares[i] += beyond * beyond;
          squares[i] += (change - stepSize * meanMatrix[i * rows + i]) ** 2;
        }
      });
      return { rest, restSquares, squares };
    };

    return observer({
      channels: describe(block),
      observe(frame) {
        const stepSize = params.stepSize ?? run.nextStepSize;
        moments.begin();
        training.addAll(theta, moments);
        writeCoefficients(moments, buffers, PLAIN);
        movement.rotate(moments.basis.vectors, weights, movement.rotated);
        const { rest, restSquares, squares } = gather(stepSize);
        gradient.set(run.fullBatch().gradient.subarray(offset, offset + rows * cols));
        movement.rotate(moments.basis.vectors, gradient, rotatedGradient);
        movement.move(rotatedGradient, -stepSize);
        const step = { stepSize, temperature: stepSize / batchSize };
        frame.predictedShift.set(noiseShift(buffers, step));
        frame.predictedVariance.set(shiftVariance(buffers, step));
        for (let i = 0; i < rows; i++) {
          const mean = rest[i] / draws;
          const meanChange = stepSize * buffers.meanMatrix[i * rows + i] + mean;
          frame.shift[i] = buffers.levels[i] + meanChange - movement.levels[rows - 1 - i];
          frame.shiftStandardError[i] = enumerated
            ? 0
            : Math.sqrt((restSquares[i] / draws - mean * mean) / (draws - 1));
          frame.variance[i] = squares[i] / draws - mean * mean;
        }
        frame.shiftError[0] = relativeError(frame.shift, frame.predictedShift);
        frame.varianceError[0] = relativeError(frame.variance, frame.predictedVariance);
      },
    });
  },
});
