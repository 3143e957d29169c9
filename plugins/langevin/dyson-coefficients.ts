// Observer: the coefficients of the level dynamics, drift, variances and trace drift, at the weights as they stand.
import { defineObserver } from '../../core/contracts/component.js';
import type { Block, SampleGradients } from '../../core/contracts/model.js';
import type { Channel } from '../../core/contracts/observer.js';
import type { Vector } from '../../core/contracts/vector.js';
import { EigenflowError } from '../../core/errors.js';
import { symmetricEigenWork } from '../../core/kernels/kernels.js';
import { text } from '../../core/parameters/schema.js';
import { findBlock } from './block.js';
import { createPairMoments, type PairMoments } from './pair-moments.js';
import { createSampleDerivatives, requireSampleGradients, type SampleDerivatives } from './sample-derivatives.js';

/** Channels of `dyson-coefficients` by what they hold; K levels. */
function describe(block: Block): Record<string, Channel> {
  const K = block.rows;
  const vector = (doc: string): Channel => ({ shape: [K], dims: ['level'], unit: '1', doc });
  const matrix = (doc: string): Channel => ({ shape: [K, K], dims: ['level', 'otherLevel'], unit: '1', doc });
  return {
    levels: vector(`levels of X = W W^T, W = block ${block.name}, descending`),
    drift: vector('K_ii: mean of the first-order change of each level, per learning time'),
    meanMatrix: matrix('K_ij: mean of the first-order change of X in its eigenbasis'),
    variance: matrix('V_ij: variance over samples of the first-order change of X in its eigenbasis'),
    levelCovariance: matrix('Q_ij: covariance over samples of the first-order changes of levels i and j'),
    traceDrift: vector('D_i: variance over samples of row i of the gradient in the eigenbasis'),
    meanGradientSquares: vector('squared norm of row i of the mean gradient in the eigenbasis'),
    publishedVariance: matrix('element-wise variance of the change of X in the original basis, rotated like a tensor'),
  };
}

/**
 * Levels x_i of X = W W^T (W rows x cols, K = rows) move under SGD and its Langevin surrogate by
 *
 *     dx_i = { K_ii + T [ sum_{j != i} V_ij/(x_i - x_j) + D_i ] } dt + sqrt(T) dM_i,     d<M_i, M_j> = Q_ij dt
 *
 * (arXiv:2407.16427, arXiv:2509.01349; with the trace drift D and the covariance Q derived). With G_n = minus the
 * gradient of sample n's loss, U the eigenvectors of X, X1_n = G_n W^T + W G_n^T, and mean, variance and covariance over
 * all N samples (divisor N):
 *
 *     K_ij = E[(U^T X1 U)_ij]       V_ij = Var[(U^T X1 U)_ij]       Q_ij = Cov[(U^T X1 U)_ii, (U^T X1 U)_jj]
 *     D_i  = sum_l Var[(U^T G)_il]
 *
 * `drift` is the diagonal of `meanMatrix`; the diagonals of `variance` and `levelCovariance` are equal.
 * `meanGradientSquares` = sum_l E[(U^T G)_il]^2 is what a step of finite size adds in second order. They hold neither
 * learning rate nor batch size. All levels are in the order of `levels`, descending as in `gram-spectrum`.
 *
 * `publishedVariance` is U^T V_ab U with V_ab = Var[(X1)_ab] in the original basis: what the code of arXiv:2509.01349
 * puts in the place of V_ij, on 128 test inputs. A matrix of variances does not transform like that: its off-diagonal
 * elements are not variances, and about half of them are negative. For comparison with published figures only.
 *
 * G_n is an outer product in a layered network, so all of it costs O(N K (K + cols)). Everything is NaN when a weight
 * is not finite. Levels that coincide (as the rows - cols zeros of a tall matrix do) leave their eigenvectors open, and
 * with them the coefficients of these levels.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, `component` when the model has no sample
 * gradients, `scenario` for one-pass data.
 */
export const dysonCoefficients = defineObserver({
  name: 'dyson-coefficients',
  summary: 'Drift, variances and trace drift of the levels of W W^T, from the gradients of all samples',
  params: { block: text({ doc: 'name of the weight block, as the model calls it', unit: '1' }) },
  cite: ['arXiv:2407.16427', 'arXiv:2509.01349'],
  create(params, { arena, kernels }) {
    let block: Block;
    let sampleGradients: SampleGradients;
    let derivatives: SampleDerivatives;
    /** In the eigenbasis, and in the original one. */
    let rotated: PairMoments;
    let plain: PairMoments;
    /** X = W W^T, its eigenvalues in ascending order, its eigenvectors as rows, and the same in descending order. */
    let gram: Vector;
    let values: Vector;
    let vectors: Vector;
    let basis: Vector;
    let eigenWork: Vector;
    /** Of a chunk: -left, right, W right, and both of length K in the eigenbasis. */
    let a: Vector;
    let h: Vector;
    let z: Vector;
    let rotatedA: Vector;
    let rotatedZ: Vector;
    /** sum_n (U^T G_n), K x cols, and sum_n sum_l (U^T G_n)_il^2. */
    let gradientSum: Vector;
    let gradientSquares: Vector;
    let part: Vector;
    let matrix: Vector;

    const diagonalise = (weights: Vector) => {
      const { rows, cols } = block;
      kernels.dense(weights, rows, cols, weights, null, rows, gram);
      kernels.symmetricEigen(gram, rows, eigenWork, values, vectors);
      for (let i = 0; i < rows; i++) {
        const from = (rows - 1 - i) * rows;
        for (let k = 0; k < rows; k++) basis[i * rows + k] = vectors[from + k];
      }
    };

    /** Adds the squared norms of rows of U^T G_n, which are at_i^2 |h|^2. */
    const addSquares = (n: number) => {
      const { rows, cols } = block;
      for (let s = 0; s < n; s++) {
        let square = 0;
        for (let l = s * cols; l < (s + 1) * cols; l++) square += h[l] * h[l];
        for (let i = 0; i < rows; i++) gradientSquares[i] += rotatedA[s * rows + i] * rotatedA[s * rows + i] * square;
      }
    };

    const addSamples = (theta: Vector, weights: Vector, first: number, n: number) => {
      const { rows, cols } = block;
      const { batch, dOut } = derivatives;
      for (let s = 0; s < n; s++) batch[s] = first + s;
      derivatives.evaluate(theta, n);
      sampleGradients.factors(theta, batch, n, dOut, block, a, h);
      // G is minus the gradient of the loss.
      kernels.scale(-1, a, n * rows);
      kernels.dense(weights, rows, cols, h, null, n, z);
      kernels.dense(basis, rows, rows, a, null, n, rotatedA);
      kernels.dense(basis, rows, rows, z, null, n, rotatedZ);
      plain.add(z, a, n);
      rotated.add(rotatedZ, rotatedA, n);
      kernels.outer(rotatedA, rows, h, cols, null, n, part);
      kernels.axpy(1, part, rows * cols, gradientSum);
      addSquares(n);
    };

    return {
      attach(view) {
        const { model, loss } = view;
        if (!Number.isFinite(model.samples)) {
          throw new EigenflowError(
            'scenario',
            'observers',
            'dyson-coefficients: one-pass data have no mean over samples',
          );
        }
        block = findBlock(view, params.block);
        sampleGradients = requireSampleGradients(model, 'observers', 'dyson-coefficients');
        derivatives = createSampleDerivatives(model, loss, model.samples, arena);
        const { chunk } = derivatives;
        const { rows, cols } = block;
        [rotated, plain] = [1, 2].map(() => createPairMoments(rows, chunk, arena, kernels));
        [gram, vectors, basis, matrix] = Array.from({ length: 4 }, () => arena.vector(rows * rows));
        [a, z, rotatedA, rotatedZ] = Array.from({ length: 4 }, () => arena.vector(chunk * rows));
        [gradientSum, part] = Array.from({ length: 2 }, () => arena.vector(rows * cols));
        h = arena.vector(chunk * cols);
        values = arena.vector(rows);
        gradientSquares = arena.vector(rows);
        eigenWork = arena.vector(symmetricEigenWork(rows));
        return describe(block);
      },
      observe({ model, theta }, out) {
        const { rows, cols, offset } = block;
        const weights = theta.subarray(offset, offset + rows * cols);
        diagonalise(weights);
        rotated.clear();
        plain.clear();
        gradientSum.fill(0);
        gradientSquares.fill(0);
        for (let first = 0; first < model.samples; first += derivatives.chunk) {
          addSamples(theta, weights, first, Math.min(derivatives.chunk, model.samples - first));
        }

        rotated.mean(out.meanMatrix);
        rotated.variance(out.variance);
        rotated.diagonalCovariance(out.levelCovariance);
        for (let i = 0; i < rows; i++) {
          out.levels[i] = values[rows - 1 - i];
          out.drift[i] = out.meanMatrix[i * rows + i];
          let square = 0;
          for (let l = i * cols; l < (i + 1) * cols; l++) square += (gradientSum[l] / model.samples) ** 2;
          out.meanGradientSquares[i] = square;
          out.traceDrift[i] = gradientSquares[i] / model.samples - square;
        }
        // basis V basis^T in two products; V is symmetric.
        plain.variance(matrix);
        kernels.dense(basis, rows, rows, matrix, null, rows, gram);
        kernels.denseTransposed(gram, rows, rows, basis, rows, matrix);
        out.publishedVariance.set(matrix);
      },
    };
  },
});
