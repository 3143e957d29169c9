// Regression on random inputs and on random features: the errors along gradient flow, their theory, and what a run is
// called.
import { describe, expect, test } from 'vitest';
import {
  marchenkoPasturQuadrature,
  regressionErrors,
} from '../../../plugins/disordered-dynamics/marchenko-pastur-means.js';
import { estimate } from '../workbench.js';
import { featureRuns, onePasses, regressions, runDisordered } from './settings.js';

const setting = (ratio: number) => ({ ratio, noiseVariance: 0.25, distance: 1 });
const errorsAt = (time: number, ratio: number) =>
  regressionErrors(time, marchenkoPasturQuadrature(ratio), setting(ratio));

describe('the law of random inputs', () => {
  // By an independent program.
  test.each([
    [1, 0.6089, 0.2446],
    [5, 0.5173, 0.1033],
    [20, 0.6475, 0.0848],
  ])('at three samples for two inputs, time %d', (time, testError, train) => {
    const errors = errorsAt(time, 1 / 1.5);
    expect(errors.test).toBeCloseTo(testError, 4);
    expect(errors.train).toBeCloseTo(train, 4);
  });

  test.each([0.25, 0.8, 1, 1.25, 4])('has levels of mean 1 and weight 1, N/P = %d', (ratio) => {
    const { levels, weights, zero } = marchenkoPasturQuadrature(ratio);
    expect(weights.reduce((sum, weight) => sum + weight, zero)).toBeCloseTo(1, 3);
    expect(weights.reduce((sum, weight, i) => sum + weight * levels[i], 0)).toBeCloseTo(1, 12);
    expect(weights.reduce((sum, weight, i) => sum + weight * levels[i] ** 2, 0)).toBeCloseTo(1 + ratio, 12);
  });

  test('ends at the errors of least squares', () => {
    // s/(1 - N/P) and s (1 - N/P) with more samples than inputs; all samples fitted with fewer.
    expect(errorsAt(1e5, 0.5).test).toBeCloseTo(0.25 / 0.5, 6);
    expect(errorsAt(1e5, 0.5).train).toBeCloseTo(0.25 * 0.5, 6);
    // 1 - P/N of the teacher is never seen, and the noise of the fit is s/(N/P - 1).
    expect(errorsAt(1e5, 2).test).toBeCloseTo(0.5 + 0.25 * (1 + 1 / (2 - 1)), 6);
    expect(errorsAt(1e5, 2).train).toBeCloseTo(0, 6);
  });
});

test.each([
  [200, 300],
  [200, 100],
])('runs follow the law, %d inputs and %d samples', async (inputs, samples) => {
  const times = [0, 1, 5, 20];
  const runs = await regressions({ inputs, samples, labelNoise: 0.5, seeds: 12, times });
  times.forEach((time, i) => {
    for (const [channel, theory] of [
      ['test', 'testTheory'],
      ['train', 'trainTheory'],
    ] as const) {
      const { value, standardError } = estimate(runs.map((run) => run[i][channel]));
      const expected = runs[0][i][theory];
      expect(expected).toBeCloseTo(errorsAt(time, inputs / samples)[channel], 12);
      // Finite size shifts the mean by about 1/N.
      expect(Math.abs(value - expected)).toBeLessThan(4 * standardError + 0.01);
      expect(standardError).toBeLessThan(0.05 * expected + 0.01);
    }
  });
});

test('a run that has come to rest goes on under the check of its steps', async () => {
  const [status] = await runDisordered(
    {
      seed: 1,
      steps: 1500,
      model: { use: 'random-design-regression', inputs: 20, samples: 80 },
      loss: { use: 'half-mean-square' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'gradient-flow', learningRate: 0.1 },
    },
    (ended) => ended.status,
  );
  expect(status).toBe('completed');
});

describe('random features', () => {
  const sizes = { dimension: 60, features: 36, samples: 30, seeds: 4, times: [0, 0.3, 5, 200] };

  test.each(['features', 'symmetric-twin'] as const)(
    'follow the exact flow of their own matrices: %s',
    async (flow) => {
      for (const { test, theory, train, trainTheory } of await featureRuns({ ...sizes, flow })) {
        expect(test[0]).toBeCloseTo(1, 12);
        test.forEach((value, i) => {
          expect(value / theory[i]).toBeCloseTo(1, 4);
          expect(train[i]).toBeCloseTo(trainTheory[i], 5);
        });
      }
    },
  );

  test('and their twins start from the same errors, by the same draw', async () => {
    const at = async (flow: 'features' | 'symmetric-twin') =>
      (await featureRuns({ ...sizes, flow, times: [0] }))[0].train[0];
    expect(await at('features')).toBeCloseTo(await at('symmetric-twin'), 10);
  });
});

describe('one pass', () => {
  test('has the mean of the recursion, with noise on the labels', async () => {
    const setting = { inputs: 20, batchSize: 5, learningRate: 0.1, labelNoise: 0.5, steps: 25, seeds: 400 };
    const runs = await onePasses(setting);
    const { value, standardError } = estimate(runs.map(({ error }) => error));
    expect(Math.abs(value - runs[0].theory)).toBeLessThan(4 * standardError);
    expect(standardError / runs[0].theory).toBeLessThan(0.05);
  });

  test('has the factor and the critical rate of the formula', async () => {
    const setting = { inputs: 50, batchSize: 5, learningRate: 0.1, labelNoise: 0, seeds: 1 };
    const [[one], [forty]] = [await onePasses({ ...setting, steps: 1 }), await onePasses({ ...setting, steps: 40 })];
    expect(one.theory).toBeCloseTo(0.912, 12);
    expect(forty.theory).toBeCloseTo(0.02511, 5);
    expect(one.criticalRate).toBeCloseTo(0.17857, 5);
    const [critical] = await onePasses({ ...setting, learningRate: one.criticalRate, steps: 40 });
    expect(critical.theory).toBeCloseTo(1, 12);
  });
});

describe('refusals', () => {
  const run = (observers: Record<string, { use: string; when: 'end' }>, change = {}) =>
    runDisordered(
      {
        seed: 1,
        steps: 2,
        model: { use: 'random-design-regression', inputs: 4, samples: 'endless' },
        loss: { use: 'half-mean-square' },
        noise: { use: 'minibatch', batchSize: 2, order: 'cyclic' },
        optimiser: { use: 'sgd', learningRate: 0.1 },
        observers,
        ...change,
      },
      (ended) => ended.last('error.error'),
    );

  test('one-pass data have no training error', async () => {
    await expect(run({ error: { use: 'regression-error', when: 'end' } })).rejects.toThrow(/with a data set/);
  });

  test('the recursion is that of plain SGD', async () => {
    const momentum = { optimiser: { use: 'momentum', learningRate: 0.1, momentum: 0.9 } };
    const error = { error: { use: 'one-pass-error', when: 'end' } } as const;
    await expect(run(error, momentum)).rejects.toThrow(/plain SGD/);
    await expect(run(error, { model: { use: 'random-features' } })).rejects.toThrow(/endless/);
  });
});
