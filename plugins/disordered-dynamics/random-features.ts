// Model: regression on random linear features, a flow whose matrix is a product of two covariances and so not symmetric;
// and its symmetric twin, which has the same levels.
import { choice, defineModel, integer, openLinearPass, type Vector } from 'eigenflow';
import { Matrix } from 'eigenflow/theory';
import type { KnownErrors } from './known-errors.js';
import { createQuadraticFlow } from './quadratic-flow.js';

const params = {
  dimension: integer({ doc: 'dimension D of the inputs', unit: '1', default: 200, min: 1 }),
  features: integer({ doc: 'number N of features, random projections of the input', unit: '1', default: 120, min: 1 }),
  samples: integer({ doc: 'size P of the training set', unit: 'samples', default: 100, min: 1 }),
  flow: choice({
    doc:
      'features: the weights of the features are trained, so that the error h moves by -F M h, which is not normal; ' +
      'symmetric-twin: h itself is trained by -M^(1/2) F M^(1/2) h, which has the same levels and is symmetric',
    values: ['features', 'symmetric-twin'],
    default: 'features',
  }),
} as const;

/** Row-major and in the arena, as the kernels need it. */
const entriesOf = (matrix: Matrix, into: Vector): Vector => {
  into.set(matrix.to1DArray());
  return into;
};

/** The root of a symmetric matrix without negative levels. */
function rootOf(matrix: Matrix): Matrix {
  const { levels, basis } = createQuadraticFlow(matrix);
  const roots = levels.map((level) => Math.sqrt(Math.max(0, level)));
  return basis.mmul(Matrix.diag(roots)).mmul(basis.transpose());
}

/**
 * Inputs psi of D independent standard normals, P of them; targets psi . beta with |beta|^2 = D and no noise; features A
 * psi/sqrt(N), A of N x D standard normals. The error of the predictor theta . features is psi . h with h = beta - A^T
 * theta/sqrt(N), and gradient flow of half the mean square from theta = 0 is
 *
 *     dh/dt = -F M h,     F = A^T A/N,     M = Psi^T Psi/P,     h(0) = beta,
 *
 * in learning time. The test error is |h|^2/D, that on the training set h^T M h/D: mean squares over the mean square of
 * the targets, 1 and about 1 at the start. `symmetric-twin` trains h from beta by -M^(1/2) F M^(1/2) h: regression on the
 * N rows of A M^(1/2), whose levels are those of F M. For the loss `half-mean-square` with all samples at every step
 * (`full-batch`); a minibatch of the twin would be a choice of features. The law of the errors is the flow itself, solved
 * in the basis of its matrix. Source: the abstract of arXiv:2601.01010; the form is derived.
 */
export const randomFeatures = defineModel({
  name: 'random-features',
  summary: 'Regression on random linear features, a flow that is not normal, or its symmetric twin',
  params,
  cite: ['arXiv:2601.01010'],
  kernelsOnly: true,
  create({ dimension, features, samples, flow }, { arena, kernels, random }): KnownErrors {
    const drawn = (name: string, rows: number) => {
      const values = arena.vector(rows * dimension);
      random.child(name).normals(0, values);
      return Matrix.from1DArray(rows, dimension, values);
    };
    const inputs = drawn('inputs', samples);
    const projection = drawn('features', features).mul(1 / Math.sqrt(features));
    const signal = drawn('signal', 1);
    signal.mul(Math.sqrt(dimension) / signal.norm('frobenius'));
    const covariance = inputs
      .transpose()
      .mmul(inputs)
      .mul(1 / samples);
    const isTwin = flow === 'symmetric-twin';

    // Theta -> h = offset + theta x back; residual of sample s: theta . design_s - target_s.
    const design = isTwin
      ? projection.mmul(rootOf(covariance)).mul(Math.sqrt(features))
      : inputs.mmul(projection.transpose());
    const { rows: count, columns: size } = design;
    const values = entriesOf(design, arena.vector(count * size));
    const targets = arena.vector(count);
    if (!isTwin) entriesOf(inputs.mmul(signal.transpose()), targets);
    const start = entriesOf(signal, arena.vector(dimension));
    const back = entriesOf(projection, arena.vector(features * dimension));
    const field = entriesOf(inputs, arena.vector(samples * dimension));
    const error = arena.vector(dimension);
    const fitted = arena.vector(samples);
    const slot = arena.vector(1);
    const meanSquare = (x: Vector, length: number) => {
      kernels.sumSquares(x, length, slot);
      return slot[0] / length;
    };
    /** h at these weights. */
    const errorAt = (theta: Vector): Vector => {
      if (isTwin) return theta;
      kernels.denseTransposed(back, features, dimension, theta, 1, error);
      for (let i = 0; i < dimension; i++) error[i] = start[i] - error[i];
      return error;
    };
    const errorsAt = (theta: Vector) => {
      const h = errorAt(theta);
      const test = meanSquare(h, dimension);
      kernels.dense(h, 1, dimension, field, null, samples, fitted);
      return { test, train: meanSquare(fitted, samples) / dimension };
    };
    return {
      layout: [{ name: 'w', rows: 1, cols: size, offset: 0 }],
      size,
      outputs: 1,
      task: 'regression',
      samples: count,
      withoutHeldOut: 'has none because its test error is known exactly; take `regression-error`',
      initialise(theta) {
        if (isTwin) theta.set(start);
        else theta.fill(0);
      },
      errors: {
        test: (theta) => errorsAt(theta).test,
        train: (theta) => errorsAt(theta).train,
        law(from) {
          const move = createQuadraticFlow(
            design
              .transpose()
              .mmul(design)
              .mul(1 / count),
          );
          const force = design
            .transpose()
            .mmul(Matrix.columnVector([...targets]))
            .mul(1 / count);
          const path = move.from(Matrix.columnVector([...from]), force);
          const at = arena.vector(size);
          return (time) => errorsAt(entriesOf(path(time), at));
        },
      },
      open: () => {
        const rows = { values, inOrder: false, prepare() {} };
        return openLinearPass(kernels, size, rows, (batch, n, out) => kernels.gather(targets, 1, batch, n, out));
      },
    };
  },
});
