// Sharpness and stability in the metric of an optimiser that preconditions, on linear regression where every matrix can be
// written out; and what is refused.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { defineOptimiser } from '../../../core/contracts/component.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { effectiveLearningRate } from '../../../plugins/stability/effective-learning-rate.js';
import { effectiveTemperature } from '../../../plugins/stability/effective-temperature.js';
import { sharpness } from '../../../plugins/stability/sharpness.js';
import { stabilityMargin } from '../../../plugins/stability/stability-margin.js';
import { watch } from '../watch.js';
import { moments, regression } from './regression.js';

const inputs = [
  [1, 0.5, -0.3],
  [-0.2, 1.4, 0.6],
  [0.8, -0.9, 1.1],
  [0.4, 0.3, -1.7],
];
const P = [0.5, 2, 7];
const STEP = 0.01;
const LIMIT = 38;

/** Steps as if P were held; momentum enters by the limit alone. */
const preconditioning = (more: { readonly limit?: number; readonly diagonal?: readonly number[] } = {}) =>
  defineOptimiser({
    name: 'preconditioning',
    summary: 'A given diagonal times the gradient',
    params: {},
    cite: [],
    create: () => ({
      state: [],
      stepSize: () => STEP,
      preconditioner: (_state, _at, out) => out.set(more.diagonal ?? P),
      stableLimit: () => more.limit ?? LIMIT,
      step(theta, objective) {
        objective.evaluate(theta);
        for (let i = 0; i < theta.length; i++) theta[i] -= STEP * P[i] * objective.gradient[i];
      },
    }),
  });

const signs = defineOptimiser({
  name: 'signs',
  summary: 'The sign of the gradient',
  params: {},
  cite: [],
  create: () => ({
    state: [],
    stepSize: () => STEP,
    step(theta, objective) {
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) theta[i] -= STEP * Math.sign(objective.gradient[i]);
    },
  }),
});

const stage = (optimiser: ReturnType<typeof preconditioning> | typeof signs) => ({
  model: regression(inputs, [1, 0, -1, 0.5], [0.1, 0.2, 0.3]),
  loss: { component: halfMeanSquare },
  noise: { component: minibatch, params: { batchSize: 2, order: 'iid' } },
  optimiser: { component: optimiser },
});

const root = Matrix.diag(P.map(Math.sqrt));
const inMetric = (matrix: Matrix) => root.mmul(matrix).mmul(root);
const largest = (matrix: Matrix) =>
  Math.max(...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues);

/** E[H_n^2] in the metric, H_n = x x^T of a sample. */
const square = inputs
  .map((row) => {
    const H = inMetric(Matrix.columnVector(row).mmul(Matrix.rowVector(row)));
    return H.mmul(H);
  })
  .reduce((sum, one) => sum.add(one))
  .div(inputs.length);

describe('with a preconditioner', () => {
  const tight = { tolerance: 1e-12, iterations: 50 };

  test('sharpness gives the largest eigenvalue in its metric beside that of the Hessian, and the margin of it', () => {
    const frame = watch(sharpness, tight, stage(preconditioning())).observe();
    const expected = largest(inMetric(moments(inputs)));
    expect(frame.sharpness[0]).toBeCloseTo(largest(moments(inputs)), 11);
    expect(frame.preconditioned[0]).toBeCloseTo(expected, 11);
    expect(frame.margin[0]).toBeCloseTo(1 - (STEP * expected) / LIMIT, 12);
  });

  test('mean-square stability is that of the matrices in the metric', () => {
    const frame = watch(stabilityMargin, tight, stage(preconditioning())).observe();
    const lambda = largest(inMetric(moments(inputs)));
    const kappa4 = largest(square) / lambda;
    expect(frame.curvature[0]).toBeCloseTo(lambda, 11);
    expect(frame.kappa4[0]).toBeCloseTo(kappa4, 10);
    expect(frame.gradientDescent[0]).toBeCloseTo((2 * STEP * lambda) / LIMIT, 12);
    expect(frame.langevin[0]).toBeCloseTo((STEP / 2) * (kappa4 - lambda), 11);
  });

  test('P = 1 and a limit of 2 give what plain descent gives', () => {
    const plain = preconditioning({ limit: 2, diagonal: [1, 1, 1] });
    const frame = watch(stabilityMargin, tight, stage(plain)).observe();
    const lambda = largest(moments(inputs));
    expect(frame.gradientDescent[0]).toBeCloseTo(STEP * lambda, 12);
  });

  test('a velocity as a metric, 1/(1 - m), gives what descent with momentum gives', () => {
    const m = 0.5;
    const params = { diagonal: [0, 0, 0].map(() => 1 / (1 - m)), limit: (2 * (1 + m)) / (1 - m) };
    const asMetric = watch(stabilityMargin, tight, stage(preconditioning(params))).observe();
    const descent = { component: momentum, params: { learningRate: STEP, momentum: m } };
    const asDescent = watch(stabilityMargin, tight, { ...stage(signs), optimiser: descent }).observe();
    for (const name of ['gradientDescent', 'langevin', 'meanSquare', 'margin']) {
      expect(asMetric[name][0]).toBeCloseTo(asDescent[name][0], 12);
    }
  });

  test('before the first step, where there is no P, the metric has no numbers', () => {
    const none = preconditioning({ diagonal: [Number.NaN, Number.NaN, Number.NaN] });
    const frame = watch(sharpness, tight, stage(none)).observe();
    expect(frame.sharpness[0]).toBeCloseTo(largest(moments(inputs)), 11);
    expect([frame.preconditioned[0], frame.margin[0]]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('with an optimiser that neither descends nor preconditions', () => {
  test('sharpness is that of the Hessian, and there is no margin', () => {
    const frame = watch(sharpness, {}, stage(signs)).observe();
    expect(frame.sharpness[0]).toBeCloseTo(largest(moments(inputs)), 9);
    // Left as they were handed out: NaN in a run.
    expect([frame.preconditioned[0], frame.margin[0]]).toEqual([-1, -1]);
  });

  test('stability-margin is refused with the reason', () => {
    expect(() => watch(stabilityMargin, {}, stage(signs))).toThrow(/stability-margin holds for descent/);
  });
});

describe('effective-learning-rate', () => {
  test('is the step size times P: median, and quantiles 0.16 and 0.84 over the weights', () => {
    const { median, lower, upper } = watch(effectiveLearningRate, {}, stage(preconditioning())).observe();
    expect(median[0]).toBeCloseTo(STEP * P[1], 15);
    expect(lower[0]).toBeCloseTo(STEP * (P[0] + 0.32 * (P[1] - P[0])), 15);
    expect(upper[0]).toBeCloseTo(STEP * (P[1] + 0.68 * (P[2] - P[1])), 15);
  });

  test('of momentum is learning rate/(1 - momentum), the same for all weights', () => {
    const descent = { component: momentum, params: { learningRate: STEP, momentum: 0.9 } };
    const frame = watch(effectiveLearningRate, {}, { ...stage(signs), optimiser: descent }).observe();
    for (const name of ['median', 'lower', 'upper']) expect(frame[name][0]).toBeCloseTo(10 * STEP, 14);
  });

  test('is refused where the optimiser says no P', () => {
    expect(() => watch(effectiveLearningRate, {}, stage(signs))).toThrow(/Observe update-to-weight instead/);
  });
});

test.each([preconditioning(), signs])('effective-temperature is refused where steps are no descent', (optimiser) => {
  expect(() => watch(effectiveTemperature, { length: 4, blocks: 2 }, stage(optimiser))).toThrow(
    /effective-temperature holds for descent/,
  );
});
