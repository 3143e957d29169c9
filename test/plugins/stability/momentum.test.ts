// Margins of descent with momentum and weight decay against the growth of second moments, computed from the optimisers'
// recursions without the formulas: the mean of A (x) A over samples, A the map of a deviation and its velocity.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { momentum as heavyBall } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sharpness } from '../../../plugins/stability/sharpness.js';
import { stabilityMargin } from '../../../plugins/stability/stability-margin.js';
import { batches, follow, wholeData } from './follow.js';
import { regression } from './regression.js';

const inputs = [0.3, 1.2, -0.7, 2, 0.1];
const curvatures = inputs.map((x) => x * x);
const meanCurvature = curvatures.reduce((a, b) => a + b, 0) / curvatures.length;
const model = regression(
  inputs.map((x) => [x]),
  Array(5).fill(0),
  [1],
);

interface Setting {
  readonly form: 'momentum' | 'nesterov';
  readonly momentum: number;
  readonly weightDecay: number;
}

/** One step of (deviation, velocity) on a sample of this curvature. */
function map({ form, momentum: m, weightDecay }: Setting, sample: number, eps: number): Matrix {
  const c = sample + weightDecay;
  const velocity = [c, m];
  const step = form === 'momentum' ? velocity : [c + m * c, m * m];
  return new Matrix([[1 - eps * step[0], -eps * step[1]], velocity]);
}

const radius = (matrix: Matrix) => {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
  return Math.max(...realEigenvalues.map((re, i) => Math.hypot(re, imaginaryEigenvalues[i])));
};

/** The learning rate at which `growth` becomes 1. */
function criticalRate(growth: (eps: number) => number): number {
  let [low, high] = [1e-6, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (growth(middle) < 1) low = middle;
    else high = middle;
  }
  return low;
}

const settings: Setting[] = (['momentum', 'nesterov'] as const).flatMap((form) =>
  [0, 0.5, 0.9].flatMap((momentum) => [0, 0.3].map((weightDecay) => ({ form, momentum, weightDecay }))),
);

const optimiserOf = ({ form, momentum, weightDecay }: Setting, learningRate: number) => ({
  component: form === 'momentum' ? heavyBall : nesterov,
  params: { learningRate, momentum, weightDecay },
});

describe.each(settings)('$form $momentum with weight decay $weightDecay', (setting) => {
  test('without noise, deviations neither grow nor shrink where the margin of the sharpness is 0', () => {
    const eps = criticalRate((rate) => radius(map(setting, meanCurvature, rate)));
    const observed = follow(sharpness, {}, { model, noise: wholeData, optimiser: optimiserOf(setting, eps) }).observe();
    expect(observed.margin[0]).toBeCloseTo(0, 9);
    expect(observed.stepTimesSharpness[0]).toBeCloseTo(eps * meanCurvature, 9);
  });

  test('with batches of one sample, mean squares neither grow nor shrink where the mean-square margin is 0', () => {
    const growth = (eps: number) => {
      const squares = curvatures.map((c) => map(setting, c, eps)).map((A) => A.kroneckerProduct(A));
      return radius(squares.reduce((sum, square) => sum.add(square), Matrix.zeros(4, 4)).div(curvatures.length));
    };
    const eps = criticalRate(growth);
    const measure = (rate: number) =>
      follow(stabilityMargin, {}, { model, noise: batches(1, 'iid'), optimiser: optimiserOf(setting, rate) }).observe();
    expect(measure(eps).meanSquare[0]).toBeCloseTo(2, 6);
    expect(measure(0.99 * eps).margin[0]).toBeGreaterThan(0);
    expect(measure(1.01 * eps).margin[0]).toBeLessThan(0);
  });
});
