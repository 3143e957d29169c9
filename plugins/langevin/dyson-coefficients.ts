// Observer: the coefficients of the level dynamics, drift, variances and trace drift, at the weights as they stand.
import {
  type Block,
  blockParameter,
  type Channel,
  defineObserver,
  findBlock,
  observer,
  vector,
  weightsOf,
} from 'eigenflow';
import { requireDescent } from 'eigenflow/theory';
import { createLevelMoments } from './level-moments.js';
import { openTrainingSamples } from './level-samples.js';
import { writeCoefficients } from './measured-coefficients.js';

/** Channels of `dyson-coefficients` by what they hold; K levels. */
function describe({ rows: K, name }: Block) {
  const perLevel = (doc: string) => vector('level', K, '1', doc);
  const matrix = (doc: string): Channel => ({ shape: [K, K], dims: ['level', 'otherLevel'], unit: '1', doc });
  return {
    levels: perLevel(`levels of X = W W^T, W = block ${name}, descending`),
    drift: perLevel('K_ii: mean of the first-order change of each level, per learning time'),
    meanMatrix: matrix('K_ij: mean of the first-order change of X in its eigenbasis'),
    variance: matrix('V_ij: variance over samples of the first-order change of X in its eigenbasis'),
    levelCovariance: matrix('Q_ij: covariance over samples of the first-order changes of levels i and j'),
    traceDrift: perLevel('D_i: variance over samples of row i of the gradient in the eigenbasis'),
    meanGradientSquares: perLevel('squared norm of row i of the mean gradient in the eigenbasis'),
    publishedVariance: matrix('element-wise variance of the change of X in the original basis, rotated like a tensor'),
  };
}

/**
 * Levels x_i of X = W W^T (W rows x cols, K = rows) move under SGD and its Langevin surrogate by
 *
 *     dx_i = { K_ii + T [ sum_{j != i} V_ij/(x_i - x_j) + D_i ] } dt + sqrt(T) dM_i,     d<M_i, M_j> = Q_ij dt
 *
 * (arXiv:2407.16427, arXiv:2509.01349; with the trace drift D and the covariance Q derived). With G_n = minus the
 * gradient of sample n's loss, U the eigenvectors of X, X1_n = G_n W^T + W G_n^T, and mean, variance and covariance
 * over all N samples (divisor N):
 *
 *     K_ij = E[(U^T X1 U)_ij]       V_ij = Var[(U^T X1 U)_ij]       Q_ij = Cov[(U^T X1 U)_ii, (U^T X1 U)_jj]
 *     D_i  = sum_l Var[(U^T G)_il]
 *
 * With weight decay w, -2 w x_i belongs to K_ii. With momentum m, means stand multiplied by 1/(1 - m) and variances by
 * its square, so that the equation holds in the same time and with the same T, where gradients vary little while
 * velocities are remembered (derived; both momentum and Nesterov's form).
 *
 * `drift` is the diagonal of `meanMatrix`; the diagonals of `variance` and `levelCovariance` are equal.
 * `meanGradientSquares` = sum_l E[(U^T G)_il]^2, G less w W, is what a step of finite size adds in second order. They
 * hold neither learning rate nor batch size. All levels are in the order of `levels`, descending as in `gram-spectrum`.
 *
 * `publishedVariance` is U^T V_ab U with V_ab = Var[(X1)_ab] in the original basis: what the code of arXiv:2509.01349
 * puts in the place of V_ij, on 128 test inputs. A matrix of variances does not transform like that: its off-diagonal
 * elements are not variances, and their signs are those of the eigenvectors, which are arbitrary. For comparison with
 * published figures only. The off-diagonal signs of `meanMatrix` are arbitrary in the same way.
 *
 * G_n is an outer product in a layered network, so all of it costs O(N K (K + cols)). Everything is NaN when a weight
 * is not finite. Levels that coincide (as the rows - cols zeros of a tall matrix do) leave their eigenvectors open, and
 * with them the coefficients of these levels.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, `component` when the model has no sample
 * gradients or the optimiser does not say how steps follow from gradients, `scenario` for one-pass data.
 */
export const dysonCoefficients = defineObserver({
  name: 'dyson-coefficients',
  summary: 'Drift, variances and trace drift of the levels of W W^T, from the gradients of all samples',
  params: { block: blockParameter },
  cite: ['arXiv:2407.16427', 'arXiv:2509.01349'],
  create(params, { arena, kernels, run }) {
    const block = findBlock(run, params.block);
    const descent = requireDescent(run.descent, 'dyson-coefficients');
    const { rows } = block;
    const samples = openTrainingSamples(run, block, 'dyson-coefficients', arena);
    const moments = createLevelMoments(block, weightsOf(run, block), samples.chunk, arena, kernels);
    const { basis, inOriginal } = moments;
    const matrix = arena.vector(rows * rows);
    return observer({
      channels: describe(block),
      observe(frame) {
        moments.begin();
        samples.addAll(run.theta, moments);
        writeCoefficients(moments, frame, descent);
        for (let i = 0; i < rows; i++) frame.drift[i] = frame.meanMatrix[i * rows + i];
        inOriginal.variance(matrix);
        basis.rotateMatrix(matrix);
        frame.publishedVariance.set(matrix);
      },
    });
  },
});
