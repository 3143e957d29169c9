// One small step against the equation of motion (3.A of the literature's notation, see LevelProcess), and the equation
// against what it stands for: a matrix that is changed by noise with a general covariance, and diagonalised.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { type Estimate, meanEstimate } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { eulerMaruyamaLevels } from '../../../plugins/dyson/euler-maruyama-levels.js';
import { generalLevels } from '../../../plugins/dyson/general-levels.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { covarianceRoot } from '../../../plugins/dyson/noise-root.js';
import { openProcess } from '../../plugins/dyson/process.js';

const TEMPERATURE = 0.5;

/**
 * A K x L matrix W with gradients G_n of N samples, and their coefficients in the eigenbasis of W W^T by the
 * definitions: K_i = <(dX_n)_ii>, V_ij = Var (dX_n)_ij, Q_ij = Cov((dX_n)_ii, (dX_n)_jj), D_i = sum_l Var (U^T G_n)_il
 * with dX_n = U^T (G_n W^T + W G_n^T) U. Averages over samples have divisor N.
 */
function createNetwork(rows: number, cols: number, samples: number) {
  const random = createRandomSource(3, 'one step');
  const draw = (m: number, n: number) =>
    new Matrix(Array.from({ length: m }, () => Array.from({ length: n }, () => random.normal())));
  const weights = draw(rows, cols);
  // A mean, correlated entries, and a law that is not normal.
  const [mean, mixing] = [draw(rows, cols), draw(rows, rows)];
  const gradients = Array.from({ length: samples }, () =>
    Matrix.add(mean, mixing.mmul(draw(rows, cols))).mul(random.uniform() + 0.5),
  );
  const decomposition = new EigenvalueDecomposition(weights.mmul(weights.transpose()), { assumeSymmetric: true });
  const order = decomposition.realEigenvalues.map((_, i) => i);
  order.sort((a, b) => decomposition.realEigenvalues[a] - decomposition.realEigenvalues[b]);
  const levels = order.map((i) => decomposition.realEigenvalues[i]);
  const basis = decomposition.eigenvectorMatrix.subMatrixColumn(order);
  // Everything is rotated into the eigenbasis once: the levels do not change by it.
  const w = basis.transpose().mmul(weights);
  const g = gradients.map((gradient) => basis.transpose().mmul(gradient));
  const changes = g.map((gradient) => {
    const half = gradient.mmul(w.transpose());
    return Matrix.add(half, half.transpose());
  });
  const average = (value: (n: number) => number) => {
    let sum = 0;
    for (let n = 0; n < samples; n++) sum += value(n);
    return sum / samples;
  };
  const covariance = (a: (n: number) => number, b: (n: number) => number) =>
    average((n) => a(n) * b(n)) - average(a) * average(b);
  const pairs = (value: (i: number, j: number) => number) =>
    Array.from({ length: rows * rows }, (_, k) => value(Math.floor(k / rows), k % rows));
  const change = (i: number, j: number) => (n: number) => changes[n].get(i, j);
  return {
    levels,
    w,
    g,
    meanGradient: g.reduce((sum, gradient) => sum.add(gradient), Matrix.zeros(rows, cols)).mul(1 / samples),
    drift: levels.map((_, i) => average(change(i, i))),
    variance: pairs((i, j) => (i === j ? 0 : covariance(change(i, j), change(i, j)))),
    covariance: pairs((i, j) => covariance(change(i, i), change(j, j))),
    trace: levels.map((_, i) =>
      Array.from({ length: cols }, (_, l) => (n: number) => g[n].get(i, l)).reduce(
        (sum, entry) => sum + covariance(entry, entry),
        0,
      ),
    ),
    random,
  };
}

/** T [ sum_j V_ij / (x_i - x_j) + D_i ]. */
function noiseDrift(levels: readonly number[], variance: readonly number[], trace: readonly number[]): number[] {
  const n = levels.length;
  return levels.map((x, i) => {
    let sum = trace[i];
    for (let j = 0; j < n; j++) if (j !== i) sum += variance[i * n + j] / (x - levels[j]);
    return TEMPERATURE * sum;
  });
}

/** Relative L2 distance of measured values from expected ones, with the relative L2 size of their errors. */
function compare(measured: readonly Estimate[], expected: readonly number[]) {
  const size = Math.hypot(...expected);
  return {
    distance: Math.hypot(...measured.map(({ value }, i) => value - expected[i])) / size,
    error: Math.hypot(...measured.map(({ error }) => error)) / size,
  };
}

const column = (rows: readonly (readonly number[])[], i: number) => rows.map((row) => row[i]);

describe('the general equation', () => {
  const [rows, cols, samples] = [4, 6, 40];
  const network = createNetwork(rows, cols, samples);
  const { levels, w, g, meanGradient, random } = network;
  const expected = noiseDrift(levels, network.variance, network.trace);
  const pairs = Array.from({ length: rows * rows }, (_, k) => [Math.floor(k / rows), k % rows] as const);

  test('is what a matrix does in a small step of the exact-covariance Langevin equation', () => {
    const [h, count] = [1e-6, 20_000];
    const shifts: number[][] = [];
    for (let k = 0; k < count; k++) {
      const noise = Matrix.zeros(rows, cols);
      const weights = g.map(() => random.normal());
      const centre = weights.reduce((sum, e) => sum + e, 0);
      g.forEach((gradient, n) => {
        for (let i = 0; i < rows; i++) {
          for (let l = 0; l < cols; l++) noise.set(i, l, noise.get(i, l) + weights[n] * gradient.get(i, l));
        }
      });
      noise.add(Matrix.mul(meanGradient, -centre)).mul(Math.sqrt((TEMPERATURE * h) / samples));
      const moved = Matrix.add(w, Matrix.mul(meanGradient, h)).add(noise);
      const values = new EigenvalueDecomposition(moved.mmul(moved.transpose()), { assumeSymmetric: true })
        .realEigenvalues;
      values.sort((a, b) => a - b);
      // What is linear in the noise averages to zero; taking it away leaves an error a hundred times smaller.
      shifts.push(
        levels.map((x, i) => {
          let linear = 0;
          for (let l = 0; l < cols; l++) linear += 2 * noise.get(i, l) * w.get(i, l);
          return (values[i] - x - linear) / h - network.drift[i];
        }),
      );
    }
    const { distance, error } = compare(
      levels.map((_, i) => meanEstimate(column(shifts, i))),
      expected,
    );
    expect(error).toBeLessThan(0.02);
    expect(distance).toBeLessThan(4 * error);
  });

  const params = {
    reference: levels,
    drift: network.drift,
    offDiagonalVariance: network.variance,
    diagonalCovariance: network.covariance,
    traceDrift: network.trace,
    temperature: TEMPERATURE,
  };

  test.each([
    ['matrix-step', matrixStep],
    ['implicit-levels', implicitLevels],
    ['euler-maruyama-adaptive', eulerMaruyamaAdaptive],
    ['euler-maruyama-levels', eulerMaruyamaLevels],
  ] as const)('is what one step of %s does', (name, integrator) => {
    const [h, count] = [1e-6, 20_000];
    const opened = openProcess([generalLevels, params], [integrator, { stepSize: h }]);
    // The linear part of the noise, from the normals that the integrator documents: what averages to zero is taken
    // away.
    const { kernels, arena } = openWorkspace(2 ** 21);
    const own = createStream(kernels, 1, ['test', 'optimiser']);
    const stream = name === 'euler-maruyama-adaptive' ? own.child('whole') : own;
    const normals = arena.vector(rows);
    const root = new Float64Array(rows * rows);
    covarianceRoot(Float64Array.from(network.covariance), rows, root, new Float64Array(rows));
    const products: number[][] = [];
    const rests: number[][] = [];
    for (let k = 0; k < count; k++) {
      stream.normals(k, normals);
      opened.restart();
      opened.step();
      const moves = levels.map((x, i) => opened.levels[i] - x - network.drift[i] * h);
      products.push(pairs.map(([i, j]) => (moves[i] * moves[j]) / (TEMPERATURE * h)));
      rests.push(
        moves.map((move, i) => {
          let linear = 0;
          for (let j = 0; j < rows; j++) linear += root[i * rows + j] * normals[j];
          return (move - Math.sqrt(TEMPERATURE * h) * linear) / h;
        }),
      );
    }
    const covariance = compare(
      pairs.map((_, k) => meanEstimate(column(products, k))),
      network.covariance,
    );
    expect(covariance.error).toBeLessThan(0.03);
    expect(covariance.distance).toBeLessThan(4 * covariance.error);
    const shifts = levels.map((_, i) => meanEstimate(column(rests, i)));
    const { distance, error } = compare(shifts, expected);
    expect(error).toBeLessThan(0.02);
    expect(distance).toBeLessThan(4 * error + 1e-3);
  });
});

describe('the Laguerre process', () => {
  const [rows, cols, strength, stiffness] = [3, 5, 0.8, 0.7];
  const levels = [0.4, 1.1, 2.5];
  const params = {
    rows,
    cols,
    temperature: TEMPERATURE,
    noiseStrength: strength,
    stiffness,
    initial: 'given',
    initialLevels: levels,
  };
  const variance = levels.flatMap((x, i) => levels.map((y, j) => (i === j ? 0 : strength ** 2 * (x + y))));
  const expected = noiseDrift(
    levels,
    variance,
    levels.map(() => cols * strength ** 2),
  );

  test('its equation is what the entries of the matrix do', () => {
    const [h, count] = [1e-6, 20_000];
    const random = createRandomSource(5, 'laguerre step');
    const scale = strength * Math.sqrt(TEMPERATURE * h);
    const shifts: number[][] = [];
    const squares: number[][] = [];
    for (let k = 0; k < count; k++) {
      const noise = levels.map(() => Array.from({ length: cols }, () => scale * random.normal()));
      const moved = new Matrix(
        levels.map((x, i) => noise[i].map((e, l) => (i === l ? Math.sqrt(x) * (1 - stiffness * h) : 0) + e)),
      );
      const values = new EigenvalueDecomposition(moved.mmul(moved.transpose()), { assumeSymmetric: true })
        .realEigenvalues;
      values.sort((a, b) => a - b);
      shifts.push(levels.map((x, i) => (values[i] - x - 2 * Math.sqrt(x) * noise[i][i]) / h + 2 * stiffness * x));
      squares.push(levels.map((x, i) => (values[i] - x) ** 2 / (TEMPERATURE * h)));
    }
    const drift = compare(
      levels.map((_, i) => meanEstimate(column(shifts, i))),
      expected,
    );
    expect(drift.error).toBeLessThan(0.02);
    expect(drift.distance).toBeLessThan(4 * drift.error);
    const spread = compare(
      levels.map((_, i) => meanEstimate(column(squares, i))),
      levels.map((x) => 4 * strength ** 2 * x),
    );
    expect(spread.error).toBeLessThan(0.02);
    expect(spread.distance).toBeLessThan(4 * spread.error);
  });

  test('its equation is what matrix-step does', () => {
    const [h, count] = [1e-6, 20_000];
    const opened = openProcess([laguerreProcess, params], [matrixStep, { stepSize: h }]);
    const { kernels, arena } = openWorkspace(2 ** 21);
    const stream = createStream(kernels, 1, ['test', 'optimiser']);
    const normals = arena.vector(rows * cols);
    const shifts = Array.from({ length: count }, (_, k) => {
      stream.normals(k, normals);
      opened.restart();
      opened.step();
      return levels.map((x, i) => {
        const linear = 2 * strength * Math.sqrt(TEMPERATURE * h * x) * normals[i * cols + i];
        return (opened.levels[i] - x - linear) / h + 2 * stiffness * x;
      });
    });
    const { distance, error } = compare(
      levels.map((_, i) => meanEstimate(column(shifts, i))),
      expected,
    );
    expect(error).toBeLessThan(0.02);
    expect(distance).toBeLessThan(4 * error);
  });
});
