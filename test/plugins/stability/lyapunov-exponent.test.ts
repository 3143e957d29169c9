// Exponents against closed forms of affine maps, and their independence of how they are measured where the map of the
// published network is chaotic.
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { lyapunovExponent } from '../../../plugins/stability/lyapunov-exponent.js';
import { batches, follow, network, wholeData } from './follow.js';
import { moments, regression, spectralRadius } from './regression.js';

const random = createRandomSource(1, 'lyapunov');
const normals = (rows: number, cols: number) =>
  Array.from({ length: rows }, () => Array.from({ length: cols }, () => random.normal()));

describe('affine maps', () => {
  const inputs = normals(12, 3);
  // At the minimum, where the run rests however unstable it is.
  const model = regression(inputs, Array(12).fill(0), [0, 0, 0]);

  test.each([0.05, 0.9])(
    'gradient descent at learning rate %d: ln of the largest |1 - learning rate x curvature|',
    (learningRate) => {
      const { observe } = follow(
        lyapunovExponent,
        { length: 400, transient: 400, unit: 'steps', blocks: 4 },
        { model, noise: wholeData, learningRate },
      );
      const contraction = Matrix.eye(3).sub(moments(inputs).mul(learningRate));
      const { perStep, perEpoch, growth } = observe();
      expect(perStep[0]).toBeCloseTo(Math.log(spectralRadius(contraction)), 7);
      // Every step sees the whole data set.
      expect(perEpoch[0]).toBe(perStep[0]);
      for (const each of growth) expect(each).toBeCloseTo(perStep[0], 7);
    },
  );

  test('a learning rate about to rise: `hold` measures the state as it is, `follow` the run to come', () => {
    const [cold, hot] = [0.05, 0.9];
    const at = (schedules: 'follow' | 'hold') =>
      follow(
        lyapunovExponent,
        { length: 400, transient: 400, unit: 'steps', blocks: 4, schedules },
        {
          model,
          noise: wholeData,
          optimiser: {
            component: sgd,
            params: {
              learningRate: {
                pieces: [
                  [0, cold],
                  [5, hot],
                ],
              },
            },
          },
        },
      ).observe().perStep[0];
    const exponent = (rate: number) => Math.log(spectralRadius(Matrix.eye(3).sub(moments(inputs).mul(rate))));
    expect(exponent(cold)).toBeLessThan(0);
    expect(exponent(hot)).toBeGreaterThan(0);
    expect(at('hold')).toBeCloseTo(exponent(cold), 7);
    expect(at('follow')).toBeCloseTo(exponent(hot), 7);
  });

  test.each([0.1, 1.2])(
    'cyclic batches at learning rate %d: ln of the spectral radius of one epoch',
    (learningRate) => {
      const { observe } = follow(
        lyapunovExponent,
        { length: 100, transient: 300, blocks: 4, interval: 1 },
        { model, noise: batches(4, 'cyclic'), learningRate },
      );
      const epoch = [0, 4, 8].reduce(
        (product, first) =>
          Matrix.eye(3)
            .sub(moments(inputs.slice(first, first + 4)).mul(learningRate))
            .mmul(product),
        Matrix.eye(3),
      );
      const { perEpoch, perStep } = observe();
      expect(perEpoch[0]).toBeCloseTo(Math.log(spectralRadius(epoch)), 6);
      expect(perStep[0]).toBeCloseTo(perEpoch[0] / 3, 12);
    },
  );

  test('independent draws of single numbers: the mean of ln |1 - learning rate x^2|, within its error', () => {
    const numbers = normals(9, 1);
    const learningRate = 1.1;
    const { observe } = follow(
      lyapunovExponent,
      { length: 40_000, transient: 0, unit: 'steps', blocks: 40, interval: 1 },
      { model: regression(numbers, Array(9).fill(0), [1]), noise: batches(1, 'iid'), learningRate },
    );
    const logarithms = numbers.map(([x]) => Math.log(Math.abs(1 - learningRate * x * x)));
    const mean = logarithms.reduce((a, b) => a + b, 0) / 9;
    const spread = Math.sqrt(logarithms.reduce((a, b) => a + (b - mean) ** 2, 0) / 9);
    const { perStep, perStepError } = observe();
    // The steps are independent, so the error has a closed form too; 40 blocks know it within 11 %.
    expect(perStepError[0] / (spread / Math.sqrt(40_000))).toBeGreaterThan(0.6);
    expect(perStepError[0] / (spread / Math.sqrt(40_000))).toBeLessThan(1.5);
    expect(Math.abs(perStep[0] - mean)).toBeLessThan(4 * perStepError[0]);
  });

  test('two copies that meet exactly have no exponent', () => {
    const meeting = regression([[1], [1]], [0, 0], [1]);
    const { observe } = follow(
      lyapunovExponent,
      { length: 20, transient: 0, unit: 'steps' },
      { model: meeting, noise: wholeData, learningRate: 1 },
    );
    expect(observe().perStep[0]).toBeNaN();
  });
});

describe('the published network', () => {
  const model = network({ testSamples: 1 });
  const noise = batches(4, 'cyclic');
  const measure = (learningRate: number, params: Readonly<Record<string, number>>) => {
    const { simulation, observe } = follow(lyapunovExponent, params, { model, noise, learningRate });
    simulation.advance(5000);
    return observe();
  };

  test('in its chaotic regime, neither the interval nor the size of the separation matters', () => {
    const run = { length: 20, transient: 2, blocks: 20 };
    const [first, ...others] = [
      { interval: 10, separation: 1e-8 },
      { interval: 1, separation: 1e-8 },
      { interval: 25, separation: 1e-8 },
      { interval: 10, separation: 1e-6 },
      { interval: 5, separation: 1e-10 },
    ].map((how) => measure(64, { ...run, ...how }));
    expect(first.perEpoch[0]).toBeGreaterThan(20 * first.perEpochError[0]);
    expect(first.perEpochError[0] / first.perEpoch[0]).toBeLessThan(0.05);
    for (const { perEpoch } of others) expect(Math.abs(perEpoch[0] / first.perEpoch[0] - 1)).toBeLessThan(2e-3);
    expect(first.stretch[0] * 1e-8).toBeLessThan(1e-3);
  });

  test('it is the growth of a tangent vector, which the exact Hessian of each batch moves', () => {
    const learningRate = 64;
    const [from, transient, length] = [5000, 2000, 20_000];
    const params = { transient, length, unit: 'steps', blocks: 20 };
    const { simulation, view, arena, observe } = follow(lyapunovExponent, params, { model, noise, learningRate });
    simulation.advance(from);
    const { perStep } = observe();

    const { size, samples } = view.model;
    const { forward, targets, hessianVector } = view.model.open(4);
    const [tangent, product] = [arena.vector(size), arena.vector(size)];
    const [out, target, dOut, change] = Array.from({ length: 4 }, () => arena.vector(4));
    const batch = arena.indices(4);
    for (let i = 0; i < size; i++) tangent[i] = random.normal();
    let logarithm = 0;
    for (let step = from; step < from + transient + length; step++) {
      for (let s = 0; s < 4; s++) batch[s] = (4 * step + s) % samples;
      forward(view.theta, batch, 4, out);
      targets(batch, 4, target);
      hessianVector?.outputs(view.theta, tangent, batch, 4, change);
      // Loss 1/2 mean square: its derivative and second derivative by hand.
      for (let s = 0; s < 4; s++) [dOut[s], change[s]] = [(out[s] - target[s]) / 4, change[s] / 4];
      hessianVector?.gradient(view.theta, tangent, batch, 4, dOut, change, product);
      for (let i = 0; i < size; i++) tangent[i] -= learningRate * product[i];
      const norm = Math.hypot(...tangent);
      if (step >= from + transient) logarithm += Math.log(norm);
      for (let i = 0; i < size; i++) tangent[i] /= norm;
      simulation.advance(step + 1);
    }
    // Two directions at the start: the growth differs by a constant, not by a rate.
    expect(Math.abs(logarithm / length / perStep[0] - 1)).toBeLessThan(0.01);
  });

  test('renormalised too rarely, the separation saturates and the stretching shows it', () => {
    const run = { length: 4, transient: 2, blocks: 4, separation: 1e-4 };
    const rare = measure(64, { ...run, interval: 1000 });
    const often = measure(64, run);
    expect(rare.stretch[0] * 1e-4).toBeGreaterThan(0.05);
    expect(rare.perEpoch[0]).toBeLessThan(often.perEpoch[0] / 2);
  });

  test('in its ordered regime it is zero', () => {
    const { perEpoch, perEpochError } = measure(0.125, { length: 20, transient: 40, blocks: 10 });
    expect(Math.abs(perEpoch[0])).toBeLessThan(5e-4);
    expect(perEpochError[0]).toBeLessThan(2e-4);
  });
});
