// Diagonal linear networks: the end of gradient flow against an integrator of another program, the engine's runs against
// both, the least sums against a linear-programming solver, regimes, data and refusals.
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../core/contracts/classifier.js';
import { diagonalLinearNetwork } from '../../../plugins/diagonal-network/diagonal-linear-network.js';
import { flowLimit, leastSquares } from '../../../plugins/diagonal-network/flow-limit.js';
import { kernelOrRich } from '../../../plugins/diagonal-network/kernel-or-rich.js';
import { leastSum } from '../../../plugins/diagonal-network/least-sum.js';
import { arraysOf, frames, last, runAll } from '../../validate/flows.js';
import { create } from '../workbench.js';
import { length, minus, NOISY, PAIR, SPARSE, sparseData, sumOf } from './reference.js';

const pair = { inputs: 2, samples: 1, x: Float64Array.of(1, 0.4), y: Float64Array.of(1) };

const flow = (learningRate: number, others: object = {}) => ({
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  // Once all samples are fitted, the gradient is rounding, of which no step size can be told.
  optimiser: { use: 'gradient-flow', learningRate, stepCheck: false },
  observers: {
    bias: { use: 'implicit-bias', when: 'end' },
    weights: { use: 'weights', block: 'all', when: 'end' },
  } as const,
  ...others,
});

describe('the end of gradient flow', () => {
  test.each(PAIR)('of two weights is that of the integrated flow: depth $depth, alpha $alpha', (reference) => {
    const { depth, alpha, w, weights } = reference;
    const limit = flowLimit(pair, depth, alpha);
    for (const [i, expected] of w.entries()) expect(limit.w[i]).toBeCloseTo(expected, 8);
    for (const [i, expected] of weights.entries()) expect([...limit.u, ...limit.v][i]).toBeCloseTo(expected, 8);
  });

  test.each(SPARSE)('of 100 weights, too: depth $depth, alpha $alpha', ({ depth, alpha, error, sum }) => {
    const data = sparseData();
    const { w } = flowLimit(data, depth, alpha);
    expect(length(minus(w, data.truth))).toBeCloseTo(error, 8);
    expect(sumOf(w)).toBeCloseTo(sum, 7);
  });

  test('is the least |w|_2 for large scales, up to 1/alpha^4, and the least |w|_1 for small ones', () => {
    const data = sparseData();
    const straight = leastSquares(data);
    const off = [10, 3].map((alpha) => length(minus(flowLimit(data, 2, alpha).w, straight)) / length(straight));
    // 5.5466e-8 and 6.8475e-6 by Newton's method in numpy.
    expect(off[0] / 5.546613e-8).toBeCloseTo(1, 5);
    expect(off[1] / 6.847494e-6).toBeCloseTo(1, 5);
    expect(off[1] / off[0] / (10 / 3) ** 4).toBeCloseTo(1, 2);
    expect(length(minus(flowLimit(data, 2, 1e-4).w, data.truth))).toBeCloseTo(0.000453690851, 9);
  });
});

test('the least |w|_1 is that of a linear-programming solver, and the truth without noise', () => {
  const noisy = sparseData(0.1);
  const w = leastSum(noisy);
  expect(sumOf(w)).toBeCloseTo(NOISY.sum, 8);
  expect(length(minus(w, noisy.truth)) ** 2).toBeCloseTo(NOISY.squaredError, 7);
  expect(length(leastSquares(noisy))).toBeCloseTo(NOISY.length, 9);
  const clean = sparseData();
  expect(length(minus(leastSum(clean), clean.truth))).toBeLessThan(1e-9);
});

describe('a run', () => {
  test('of descent in small steps ends where the flow does: (0.97563, 0.06093)', async () => {
    const [run] = await runAll({
      ...flow(0, { optimiser: { use: 'sgd', learningRate: 1e-3 } }),
      steps: 7000,
      model: { use: 'diagonal-linear-network', x: [1, 0.4], y: [1], initialScale: 0.1 },
    });
    const [u, v] = ['u', 'v'].map((block) => frames(run, `weights.weights_${block}`)[0]);
    expect(u[0] ** 2 - v[0] ** 2).toBeCloseTo(0.97563, 4);
    expect(u[1] ** 2 - v[1] ** 2).toBeCloseTo(0.06093, 4);
    // Half the error of steps twice as long.
    expect(last(run, 'bias.toLimit')).toBeLessThan(1e-4);
    expect(last(run, 'bias.toLimit')).toBeGreaterThan(1e-5);
  });

  test.each([
    [2, 0.1, 300],
    [3, 0.3, 300],
    [4, 0.5, 300],
  ])(
    'of gradient flow ends at the limit, with its movement and kernel: depth %i, alpha %f',
    async (depth, alpha, time) => {
      const data = sparseData(0.1);
      const file = arraysOf('data', {
        x: { shape: [40, 100], data: data.x },
        y: { shape: [40], data: data.y },
        w: { shape: [100], data: data.truth },
      });
      const [run] = await runAll(
        {
          ...flow(0.01),
          steps: time / 0.01,
          model: { use: 'diagonal-linear-network', arrays: 'data', depth, initialScale: alpha },
        },
        { data: file },
      );
      expect(last(run, 'bias.residual')).toBeLessThan(1e-6);
      expect(last(run, 'bias.scale')).toBeCloseTo(1, 6);
      expect(last(run, 'bias.toLimit')).toBeLessThan(1e-4);
      const pairs = ['ExcessL1', 'ExcessL2', 'PopulationError', 'Movement', 'KernelDrift'];
      for (const name of pairs) {
        const own = last(run, `bias.${name[0].toLowerCase()}${name.slice(1)}`);
        expect(own / last(run, `bias.limit${name}`), name).toBeCloseTo(1, 3);
      }
    },
  );
});

test('the kernel is that of the gradients of single samples', () => {
  const { component: model, arena } = create(diagonalLinearNetwork, { inputs: 6, samples: 4, depth: 3 });
  const theta = arena.vector(model.size);
  const pass = model.open(4);
  const batch = arena.indices(4);
  batch.set([0, 1, 2, 3]);
  const [out, dOut, left, right] = [4, 4, 4, 24].map((size) => arena.vector(size));
  dOut.fill(1);
  const kernelAt = (values: (i: number) => number) => {
    for (let i = 0; i < model.size; i++) theta[i] = values(i);
    pass.forward(theta, batch, 4, out);
    const kernel = new Float64Array(16);
    for (const block of model.layout) {
      pass.sampleGradients?.factors(theta, batch, 4, dOut, block, left, right);
      for (let s = 0; s < 4; s++) {
        for (let t = 0; t < 4; t++) {
          for (let i = 0; i < 6; i++) kernel[4 * s + t] += left[s] * left[t] * right[6 * s + i] * right[6 * t + i];
        }
      }
    }
    return kernel;
  };
  const start = kernelAt(() => 0.1);
  const { diagonal } = model as unknown as { diagonal: { x: Float64Array } };
  const expected = (s: number, t: number, weight: (i: number) => number) =>
    Array.from({ length: 6 }, (_, i) => weight(i) * diagonal.x[6 * s + i] * diagonal.x[6 * t + i]).reduce(
      (a, b) => a + b,
    );
  // D^2 (u^(2D-2) + v^(2D-2)), D = 3.
  for (let s = 0; s < 4; s++)
    for (let t = 0; t < 4; t++)
      expect(start[4 * s + t]).toBeCloseTo(
        expected(s, t, () => 18e-4),
        14,
      );
  const moved = kernelAt((i) => (i + 1) / 10);
  const weight = (i: number) => 9 * (((i + 1) / 10) ** 4 + ((i + 7) / 10) ** 4);
  for (let s = 0; s < 4; s++)
    for (let t = 0; t < 4; t++) expect(moved[4 * s + t]).toBeCloseTo(expected(s, t, weight), 10);
});

test('drawn targets are those of the truth with noise of the given variance; 4000 samples', () => {
  const { component: model, arena } = create(diagonalLinearNetwork, {
    inputs: 20,
    samples: 4000,
    labelNoise: 0.3,
    depth: 3,
  });
  const theta = arena.vector(model.size);
  model.targetWeights?.(theta);
  const pass = model.open(4000);
  const batch = arena.indices(4000);
  batch.forEach((_, s) => {
    batch[s] = s;
  });
  const [out, target] = [arena.vector(4000), arena.vector(4000)];
  pass.forward(theta, batch, 4000, out);
  pass.targets(batch, 4000, target);
  const noise = minus(target, out);
  // Standard errors 0.3/sqrt(4000) and 0.09 sqrt(2/4000); targets have the variance 1 + 0.09.
  expect(Math.abs(noise.reduce((a, b) => a + b, 0) / 4000)).toBeLessThan(4 * 0.0047);
  expect(Math.abs(length(noise) ** 2 / 4000 - 0.09)).toBeLessThan(4 * 0.002);
  expect(Math.abs(length(target) ** 2 / 4000 - 1.09)).toBeLessThan(4 * 0.0244);
});

describe('kernel-or-rich', () => {
  const { component: classifier } = create(kernelOrRich);
  const judge = (residual: number, toLeastL1: number, toLeastL2: number, status = 'completed') => {
    const values: Record<string, number> = { residual, toLeastL1, toLeastL2 };
    const series = (need: string) => ({
      shape: [],
      data: Float64Array.of(1, values[need.replace('implicit-bias.', '')]),
      ...{ step: Float64Array.of(0, 1), epoch: Float64Array.of(0, 1), time: Float64Array.of(0, 1) },
    });
    const record = { id: '', axes: {}, seed: 0, status, steps: 1, parameter: () => undefined, series };
    return classifier.scope === 'run' ? classifier.classify(record as RunRecord).label : undefined;
  };

  test('tells the regimes by the nearest predictor, of runs that fit', () => {
    expect(judge(1e-6, 0.05, 0.9)).toBe('rich');
    expect(judge(1e-6, 0.9, 0.05)).toBe('kernel');
    expect(judge(1e-6, 0.5, 0.6)).toBe('intermediate');
    expect(judge(1e-6, 0.05, 0.04)).toBe('kernel');
    expect(judge(0.5, 0.05, 0.9)).toBe(undefined);
    expect(judge(1e-6, 0.05, 0.9, 'diverged')).toBe(undefined);
  });
});

describe('refuses', () => {
  const run = (model: object, observers: object = { bias: { use: 'implicit-bias', when: 'end' } }) =>
    runAll({ ...flow(0.01, { observers }), steps: 1, model: { use: 'diagonal-linear-network', ...model } });

  test.each<[object, string]>([
    [{ x: [1, 2, 3], y: [1, 2] }, 'has 3 numbers for 2 targets'],
    [{ x: [1, 2] }, 'model.y: is missing beside x'],
    [{ x: [1, 2], y: [1], samples: 3 }, 'model.samples: is of drawn data'],
    [{ inputs: 3, nonzero: 4 }, 'model.nonzero: is 4, more than the 3 weights'],
    [{ inputs: 3, samples: 4 }, 'use fewer samples than inputs'],
    [{ x: [1, 2, 1, 2], y: [1, 2] }, 'samples depend on each other'],
  ])('%j', async (model, message) => {
    await expect(run(model)).rejects.toThrow(message);
  });

  test('a file without targets, and other models', async () => {
    const data = arraysOf('data', { x: { shape: [1, 2], data: Float64Array.of(1, 2) } });
    const scenario = { ...flow(0.01), steps: 1, model: { use: 'diagonal-linear-network', arrays: 'data' } };
    await expect(runAll(scenario, { data })).rejects.toThrow('data has no array y; it holds x');
    await expect(runAll({ ...flow(0.01), steps: 1, model: { use: 'symmetric-factorisation' } })).rejects.toThrow(
      'implicit-bias needs the model diagonal-linear-network',
    );
  });
});
