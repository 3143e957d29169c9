// The linear network with one hidden layer: gradient flow from balanced weights in closed form, targets, label noise.
import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { linearHiddenLayer } from '../../../plugins/solvable/linear-hidden-layer.js';
import { create, estimate } from '../workbench.js';

function build(params: Readonly<Record<string, unknown>>, capacity = 12) {
  const { component: model, arena, kernels } = create(linearHiddenLayer, params);
  const pass = model.open(capacity);
  const theta = arena.vector(model.size);
  model.initialise(theta);
  const width = capacity * model.outputs;
  const [out, target, dOut] = [arena.vector(width), arena.vector(width), arena.vector(width)];
  const [gradient, value] = [arena.vector(model.size), arena.vector(1)];
  const weights = arena.vector(capacity).fill(1 / capacity);
  const batch = arena.indices(capacity);
  const [w1, w2] = model.layout;
  const block = ({ rows, cols, offset }: typeof w1) =>
    Matrix.from1DArray(rows, cols, [...theta.slice(offset, offset + rows * cols)]);
  return {
    pass,
    theta,
    target,
    batch,
    w1: () => block(w1),
    w2: () => block(w2),
    descend(learningRate: number, first = 0) {
      for (let s = 0; s < capacity; s++) batch[s] = first + s;
      pass.forward(theta, batch, capacity, out);
      pass.targets(batch, capacity, target);
      kernels.halfMeanSquare(out, target, weights, capacity, model.outputs, dOut, value);
      pass.backward(theta, batch, capacity, dOut, gradient);
      kernels.sgdStep(theta, gradient, model.size, learningRate, 0);
      return value[0];
    },
  };
}

describe('gradient flow from balanced weights', () => {
  const levels = [3, 1, 0.4];
  const params = {
    teacherLevels: levels,
    hidden: 5,
    initial: 'balanced',
    initialWidth: 0.2,
    inputs: 'axes',
    samples: 12,
  };

  /**
   * X = W2 W1 with X' = M X + X M - 2 X^2. Y = exp(-Mt) X exp(-Mt) has Y' = -2 Y exp(2Mt) Y, so that
   * X(t) = exp(Mt) (X(0)^-1 + M^-1 (exp(2Mt) - 1))^-1 exp(Mt). Derived; its modes are the logistic curves of
   * arXiv:1312.6120.
   */
  function closedForm(start: Matrix, time: number): Matrix {
    const growth = Matrix.diag(levels.map((m) => Math.exp(m * time)));
    const forcing = Matrix.diag(levels.map((m) => Math.expm1(2 * m * time) / m));
    return growth.mmul(inverse(Matrix.add(inverse(start), forcing))).mmul(growth);
  }

  /** Largest deviation of the product from the closed form on the way to time 3. */
  function deviation(learningRate: number): number {
    const { w1, w2, descend } = build(params);
    const start = w2().mmul(w1());
    const steps = Math.round(3 / learningRate);
    let worst = 0;
    for (let step = 1; step <= steps; step++) {
      descend(learningRate);
      if (step % (steps / 6) !== 0) continue;
      const difference = w2()
        .mmul(w1())
        .sub(closedForm(start, step * learningRate));
      worst = Math.max(worst, difference.max(), -difference.min());
    }
    return worst;
  }

  test('is the closed form, with an error that halves with the learning rate', () => {
    const [coarse, fine] = [deviation(1 / 512), deviation(1 / 1024)];
    expect(fine).toBeLessThan(5e-3);
    expect(coarse / fine).toBeGreaterThan(1.9);
    expect(coarse / fine).toBeLessThan(2.1);
  });

  test('stays balanced and ends at the teacher', () => {
    const { w1, w2, descend } = build(params);
    let loss = 0;
    for (let step = 0; step < 4000; step++) loss = descend(0.02);
    const balance = w2().transpose().mmul(w2()).sub(w1().mmul(w1().transpose()));
    expect(Math.max(balance.max(), -balance.min())).toBeLessThan(1e-12);
    const error = w2().mmul(w1()).sub(Matrix.diag(levels));
    expect(Math.max(error.max(), -error.min())).toBeLessThan(1e-10);
    expect(loss).toBeLessThan(1e-20);
  });
});

test('inputs along the axes have the identity as second moment: targets are sqrt(N) columns of the teacher', () => {
  const { pass, target, batch } = build({ teacherLevels: [2, 5], inputs: 'axes', samples: 12 });
  for (let s = 0; s < 12; s++) batch[s] = s;
  pass.targets(batch, 12, target);
  expect([...target.slice(0, 4)]).toEqual([2 * Math.SQRT2, 0, 0, 5 * Math.SQRT2]);
});

test('label noise: mean 0, variance as asked, the same for endless data; 6000 samples', () => {
  const noisy = build({ inputs: 'axes', samples: 6000, labelNoise: 0.3 });
  const endless = build({ inputs: 'axes', samples: 'endless', labelNoise: 0.3 });
  const clean = build({ inputs: 'axes', samples: 6000 });
  const differences: number[] = [];
  for (let first = 0; first < 6000; first += 12) {
    for (const { batch, pass, target } of [noisy, endless, clean]) {
      for (let s = 0; s < 12; s++) batch[s] = first + s;
      pass.targets(batch, 12, target);
    }
    expect([...endless.target]).toEqual([...noisy.target]);
    noisy.target.forEach((value, i) => {
      differences.push(value - clean.target[i]);
    });
  }
  const first = estimate(differences);
  expect(Math.abs(first.value)).toBeLessThan(4 * first.standardError);
  const second = estimate(differences.map((d) => d * d));
  expect(second.standardError).toBeLessThan(0.02 * 0.09);
  expect(Math.abs(second.value - 0.09)).toBeLessThan(4 * second.standardError);
});

test('independent weights learn the teacher from Gaussian inputs too', () => {
  const { w1, w2, descend } = build({ teacherLevels: [2, 2], hidden: 3, initialWidth: 0.3, samples: 'endless' });
  let loss = 0;
  for (let step = 0; step < 3000; step++) loss = descend(0.02, 12 * step);
  expect(loss).toBeLessThan(1e-12);
  const error = w2().mmul(w1()).sub(Matrix.eye(2).mul(2));
  expect(Math.max(error.max(), -error.min())).toBeLessThan(1e-6);
});
