// Coefficients of the level dynamics against their definition: per-sample matrices written out, eigenvectors by an
// independent library.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { levelMeter, measure, open, published } from '../../physics/langevin/published-network.js';
import { relativeError } from '../teacher-student/build.js';

const SAMPLES = 300;

/** Every coefficient by definition, from one gradient matrix per sample. */
function byDefinition(W: Matrix, gradients: readonly Matrix[]) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(W.mmul(W.transpose()), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const U = new Matrix(order.map((i) => eigenvectorMatrix.getColumn(i))).transpose();
  const change = (G: Matrix) => G.mmul(W.transpose()).add(W.mmul(G.transpose()));
  const mean = (matrices: readonly Matrix[]) =>
    matrices.reduce((sum, matrix) => sum.add(matrix), Matrix.zeros(matrices[0].rows, matrices[0].columns)).div(SAMPLES);
  const variance = (matrices: readonly Matrix[]) => {
    const centre = mean(matrices);
    return mean(matrices.map((matrix) => Matrix.sub(matrix, centre).pow(2)));
  };
  const inBasis = gradients.map((G) => U.transpose().mmul(change(G)).mmul(U));
  const diagonals = new Matrix(inBasis.map((matrix) => matrix.diagonal()));
  const centred = diagonals.subRowVector(diagonals.mean('column'));
  const rotatedGradients = gradients.map((G) => U.transpose().mmul(G));
  const rowSums = (matrix: Matrix) => matrix.sum('row');
  return {
    U,
    levels: order.map((i) => realEigenvalues[i]),
    drift: mean(inBasis).diagonal(),
    meanMatrix: mean(inBasis).to1DArray(),
    variance: variance(inBasis).to1DArray(),
    levelCovariance: centred.transpose().mmul(centred).div(SAMPLES).to1DArray(),
    traceDrift: rowSums(variance(rotatedGradients)),
    meanGradientSquares: rowSums(mean(rotatedGradients).pow(2)),
    publishedVariance: U.transpose()
      .mmul(variance(gradients.map(change)))
      .mmul(U)
      .to1DArray(),
  };
}

const CASES = [
  { model: { hidden: [6], features: 4 }, block: 'W' },
  { model: { hidden: [5, 4], features: 3, outputs: 2, trained: ['M', 'W1', 'W2', 'Z'] }, block: 'W2' },
  // Its rows are the four hidden units, its columns the five inputs.
  { model: { inputs: 5, hidden: [4], features: 3, outputs: 2, trained: ['M', 'W'] }, block: 'M' },
];

describe.each(CASES)('block $block of $model', ({ model: params, block: name }) => {
  const run = open({
    ...published,
    model: { use: 'teacher-student', samples: SAMPLES, testSamples: 1, initialWidth: 0.7, ...params },
    observers: { coefficients: { use: 'dyson-coefficients', block: name } },
  });
  const found = measure(run, 'coefficients');
  const { model, view, workspace } = run;
  const block = model.layout.find((candidate) => candidate.name === name) ?? model.layout[0];
  const { rows, cols, offset } = block;
  const matrixOf = (flat: Float64Array) =>
    Matrix.from1DArray(rows, cols, [...flat.subarray(offset, offset + rows * cols)]);

  const { arena } = workspace;
  const batch = arena.indices(1);
  const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(model.outputs));
  const [value, gradient, one] = [arena.vector(1), arena.vector(model.size), arena.vector(1).fill(1)];
  const modelPass = model.open(1);
  const lossPass = view.loss.open(1, model.outputs);
  const gradients = Array.from({ length: SAMPLES }, (_, n) => {
    batch[0] = n;
    modelPass.forward(view.theta, batch, 1, out);
    modelPass.targets(batch, 1, target);
    lossPass.valueAndGradient(out, target, one, 1, dOut, value);
    modelPass.backward(view.theta, batch, 1, dOut, gradient);
    // G_n is minus the gradient of the loss.
    return matrixOf(gradient).mul(-1);
  });
  const { U, ...expected } = byDefinition(matrixOf(view.theta), gradients);

  it.each(['levels', 'drift', 'variance', 'levelCovariance', 'traceDrift', 'meanGradientSquares'] as const)(
    '%s',
    (channel) => {
      expect(relativeError(found[channel], expected[channel])).toBeLessThan(1e-10);
    },
  );

  it.each(['meanMatrix', 'publishedVariance'] as const)('%s, up to the signs of eigenvectors', (channel) => {
    const absolute = (values: ArrayLike<number>) => Array.from(values, Math.abs);
    expect(relativeError(absolute(found[channel]), absolute(expected[channel]))).toBeLessThan(1e-10);
  });

  it('the diagonals of variance and covariance are one thing', () => {
    for (let i = 0; i < rows; i++) {
      expect(found.levelCovariance[i * rows + i]).toBeCloseTo(found.variance[i * rows + i], 12);
    }
  });

  it('the trace drift adds up to the trace of the covariance of the gradient', () => {
    const mean = gradients.reduce((sum, G) => sum.add(G), Matrix.zeros(rows, cols)).div(SAMPLES);
    const trace = gradients.reduce((sum, G) => sum + Matrix.sub(G, mean).pow(2).sum(), 0) / SAMPLES;
    expect(found.traceDrift.reduce((a, b) => a + b, 0) / trace).toBeCloseTo(1, 12);
    expect(U.columns).toBe(rows);
  });
});

describe('momentum and weight decay', () => {
  const learningRate = 1e-6;
  const cases = [
    { use: 'sgd', weightDecay: 0.1 },
    { use: 'momentum', momentum: 0.9, weightDecay: 0.1 },
    { use: 'nesterov', momentum: 0.8 },
  ];

  it.each(cases)('%j: levels move at the drift per learning time, once velocities have come up', (optimiser) => {
    const run = open({
      ...published,
      model: { use: 'teacher-student', samples: 100, testSamples: 1, hidden: [6], features: 4, initialWidth: 2 },
      noise: { use: 'full-batch' },
      optimiser: { ...optimiser, learningRate },
      observers: { coefficients: { use: 'dyson-coefficients', block: 'W' } },
    });
    const { drift } = measure(run, 'coefficients');
    const { rows, cols, offset } = run.model.layout[0];
    const shadow = run.view.shadowTrajectory();
    const levels = levelMeter(rows, cols);
    const block = () => shadow.theta.subarray(offset, offset + rows * cols);
    shadow.reset();
    shadow.advance(200);
    const before = levels(block());
    shadow.advance(10);
    const rates = levels(block()).map((level, i) => (level - before[i]) / (10 * learningRate));
    // Where they are measured, the levels have moved a little.
    expect(relativeError(rates, drift)).toBeLessThan(3e-3);
  });

  it('weight decay belongs to the mean gradient, whose squared rows are what a finite step adds', () => {
    const weightDecay = 0.3;
    const run = open({
      ...published,
      model: { use: 'teacher-student', samples: 100, testSamples: 1, hidden: [6], features: 4, initialWidth: 2 },
      optimiser: { use: 'sgd', learningRate, weightDecay },
      observers: { coefficients: { use: 'dyson-coefficients', block: 'W' } },
    });
    const found = measure(run, 'coefficients');
    const { rows, cols, offset } = run.model.layout[0];
    const blockOf = (flat: Float64Array) =>
      Matrix.from1DArray(rows, cols, [...flat.subarray(offset, offset + rows * cols)]);
    const W = blockOf(run.view.theta);
    const force = blockOf(run.view.fullBatch().gradient).add(Matrix.mul(W, weightDecay)).mul(-1);
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(W.mmul(W.transpose()), {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
    const U = new Matrix(order.map((i) => eigenvectorMatrix.getColumn(i)));
    const squares = U.mmul(force).pow(2).sum('row');
    const slopes = U.mmul(force.mmul(W.transpose()).add(W.mmul(force.transpose()))).mmul(U.transpose());
    expect(relativeError(found.meanGradientSquares, squares)).toBeLessThan(1e-10);
    expect(relativeError(found.drift, slopes.diagonal())).toBeLessThan(1e-10);
  });

  it.each(cases.slice(1))('%j: variances are those of plain descent times the square of the gain', (optimiser) => {
    const coefficientsOf = (used: Readonly<Record<string, unknown>>) =>
      measure(
        open({
          ...published,
          model: { use: 'teacher-student', samples: 100, testSamples: 1, hidden: [6], features: 4 },
          optimiser: { ...used, learningRate } as typeof published.optimiser,
          observers: { coefficients: { use: 'dyson-coefficients', block: 'W' } },
        }),
        'coefficients',
      );
    const found = coefficientsOf(optimiser);
    const plain = coefficientsOf({ use: 'sgd' });
    const gain = 1 / (1 - (optimiser.momentum ?? 0));
    for (const channel of ['variance', 'levelCovariance', 'traceDrift'] as const) {
      expect(
        relativeError(
          found[channel],
          plain[channel].map((value) => gain * gain * value),
        ),
      ).toBeLessThan(1e-12);
    }
  });
});

describe('mistakes', () => {
  const openWith = (model: Readonly<Record<string, unknown>>, block = 'W') =>
    open({
      ...published,
      model: { use: 'teacher-student', testSamples: 1, ...model },
      observers: { coefficients: { use: 'dyson-coefficients', block } },
    });

  it('a block that the model does not have', () => {
    expect(() => openWith({ samples: 20 }, 'V')).toThrow('block: no block called "V"');
  });

  it('one-pass data', () => {
    expect(() => openWith({ samples: 'endless' })).toThrow('dyson-coefficients needs the whole data set');
  });
});
