// Model: a symmetric matrix is approximated by X X^T, X of few columns or many.
import { choice, defineModel, integer, type Model, number, numbers } from 'eigenflow';
import { createSpectrum, type Spectrum } from './spectrum.js';

export interface SymmetricFactorisation extends Model {
  readonly factorisation: Spectrum & {
    /** Side of M and columns of X. */
    readonly n: number;
    readonly rank: number;
  };
}

export const isFactorisation = (model: Model): model is SymmetricFactorisation => 'factorisation' in model;

/**
 * X (n x r) learns a symmetric M (n x n): with the loss `half-mean-square` the full loss is
 *
 *     f(X) = 1/4 |X X^T - M|_F^2,        so that gradient flow is dX/dt = (M - X X^T) X.
 *
 * Row i of the matrix is sample i, with the row of sqrt(n/2) X X^T as outputs and that of sqrt(n/2) M as targets, so that a
 * minibatch is some of the rows. X starts with independent normal elements.
 *
 * Source: arXiv:2411.15972. The defaults are of this program: n = 6, M of rank 3.
 */
export const symmetricFactorisation = defineModel({
  name: 'symmetric-factorisation',
  summary: 'Factor X of a symmetric matrix, loss 1/4 |X X^T - M|^2, with as many columns as one likes',
  params: {
    eigenvalues: numbers({
      doc: 'eigenvalues of M, in any order; their number n is its side. X X^T has none below 0',
      unit: '1',
      default: [3, 2, 1, 0, 0, 0],
    }),
    basis: choice({
      doc: 'eigenvectors of M: the unit vectors, or a random orthogonal basis, drawn for every seed',
      values: ['identity', 'random'],
      default: 'identity',
    }),
    rank: integer({ doc: 'r, columns of X: the largest rank that X X^T can have', unit: '1', default: 3, min: 1 }),
    initialWidth: number({ doc: 'standard deviation of an initial element of X', unit: '1', default: 0.1, min: 0 }),
  },
  cite: ['arXiv:2411.15972'],
  kernelsOnly: true,
  create(params, environment): SymmetricFactorisation {
    const { arena, kernels, random } = environment;
    const { eigenvalues, basis, rank, initialWidth } = params;
    const n = eigenvalues.length;
    const size = n * rank;
    const spectrum = createSpectrum(eigenvalues, basis, environment);
    const scale = Math.sqrt(n / 2);
    const target = arena.vector(n * n);
    target.set(spectrum.matrix.map((each) => scale * each));
    const identity = arena.vector(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;

    return {
      layout: [{ name: 'X', rows: n, cols: rank, offset: 0 }],
      size,
      outputs: n,
      task: 'regression',
      samples: n,
      initialise(theta) {
        random.child('initial').normals(0, theta, size);
        for (let i = 0; i < size; i++) theta[i] *= initialWidth;
      },
      withoutHeldOut: 'its samples are the rows of one matrix: take full-loss',
      factorisation: { ...spectrum, n, rank },
      open(capacity) {
        /** Which row each sample is, as a matrix of zeros and ones: what adds to these rows. */
        const rows = arena.vector(capacity * n);
        const ofRows = arena.vector(capacity * rank);
        const changeOfRows = arena.vector(capacity * rank);
        const term = arena.vector(Math.max(size, capacity * n));
        return {
          forward(theta, batch, drawn, out) {
            kernels.dense(theta, n, rank, theta, batch, drawn, out);
            kernels.scale(scale, out, drawn * n);
          },
          targets: (batch, drawn, out) => kernels.gather(target, n, batch, drawn, out),
          backward(theta, batch, drawn, dOut, gradient) {
            kernels.outer(dOut, n, theta, rank, batch, drawn, gradient);
            kernels.denseTransposed(theta, n, rank, dOut, drawn, ofRows);
            kernels.gather(identity, n, batch, drawn, rows);
            kernels.outer(rows, n, ofRows, rank, null, drawn, term);
            kernels.axpy(1, term, size, gradient);
            kernels.scale(scale, gradient, size);
          },
          hessianVector: {
            outputs(theta, direction, batch, drawn, out) {
              kernels.dense(direction, n, rank, theta, batch, drawn, out);
              kernels.dense(theta, n, rank, direction, batch, drawn, term);
              kernels.axpy(1, term, drawn * n, out);
              kernels.scale(scale, out, drawn * n);
            },
            gradient(theta, direction, batch, drawn, dOut, dOutChange, out) {
              kernels.outer(dOutChange, n, theta, rank, batch, drawn, out);
              kernels.outer(dOut, n, direction, rank, batch, drawn, term);
              kernels.axpy(1, term, size, out);
              kernels.denseTransposed(theta, n, rank, dOutChange, drawn, ofRows);
              kernels.denseTransposed(direction, n, rank, dOut, drawn, changeOfRows);
              kernels.axpy(1, changeOfRows, drawn * rank, ofRows);
              kernels.gather(identity, n, batch, drawn, rows);
              kernels.outer(rows, n, ofRows, rank, null, drawn, term);
              kernels.axpy(1, term, size, out);
              kernels.scale(scale, out, size);
            },
          },
        };
      },
    };
  },
});
