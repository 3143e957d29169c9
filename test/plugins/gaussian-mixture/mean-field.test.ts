// Dynamical mean-field theory against what is known without it, and against runs.
import { expect, test } from 'vitest';
import { numbersOf, runAll } from './runs.js';
import { plantedOverlap } from './theory.js';

const CHANNELS = ['overlap', 'norm', 'trainingError', 'generalisationError'] as const;

const observed = (scenario: object, observer: object, at: readonly number[], seeds: number) =>
  runAll(
    {
      title: 'test',
      seed: 1,
      ...scenario,
      observers: { seen: { ...observer, when: { at } } },
      sweep: { seeds },
    } as never,
    (result) => CHANNELS.map((channel) => numbersOf(result, `seen.${channel}`)),
  );

const theory = { use: 'dynamical-mean-field', paths: 4000 };

test('planted regression: overlap of the spectrum of Marchenko and Pastur, with and without masks', async () => {
  const at = [1, 5, 20];
  for (const fraction of [1, 0.5]) {
    const scenario = {
      steps: 20,
      model: {
        use: 'planted-regression',
        dimension: 10,
        samplesPerDimension: 3,
        initialOverlap: 0.2,
        initialVariance: 0.5,
      },
      loss: { use: 'half-mean-square' },
      noise: { use: 'bernoulli', fraction },
      optimiser: { use: 'sgd', learningRate: 0.1, weightDecay: 0.5 },
    };
    const [[overlap]] = await observed(scenario, theory, at, 1);
    for (const [i, k] of at.entries()) {
      const expected = plantedOverlap(k, { alpha: 3, rate: 0.1, decay: 0.5, start: 0.2 });
      expect(Math.abs(overlap[i] - expected), `b = ${fraction}, ${k} steps`).toBeLessThan(0.005);
    }
  }
});

test.each([
  ['fresh masks', { use: 'bernoulli', fraction: 0.3 }],
  ['persistent masks', { use: 'persistent-masks', fraction: 0.3, persistenceTime: 5 }],
])('two clusters, %s: overlap, norm and errors of runs', async (_name, noise) => {
  const scenario = {
    steps: 20,
    model: { use: 'gaussian-mixture', dimension: 500 },
    loss: { use: 'logistic' },
    noise,
    optimiser: { use: 'sgd', learningRate: 0.2 },
  };
  const at = [1, 5, 20];
  const [expected] = await observed(scenario, theory, at, 1);
  const runs = await observed(scenario, { use: 'perceptron-errors' }, at, 8);
  CHANNELS.forEach((channel, c) => {
    at.forEach((step, i) => {
      const values = runs.map((run) => run[c][i]);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      // Errors of the theory, 1 % and for training errors that of 4000 paths, stand beside those of the runs.
      const own = channel === 'trainingError' ? Math.sqrt(expected[c][i] / 4000) : expected[c][i] / 100;
      const error = Math.hypot(Math.sqrt(square / values.length), own);
      expect(error / expected[c][i], `${channel} after ${step} steps is measured well`).toBeLessThan(0.12);
      expect(Math.abs(mean - expected[c][i]) / error, `${channel} after ${step} steps`).toBeLessThan(4);
    });
  });
});

test('the theory is the same for all seeds, differs between realisations, and does not depend on frames', async () => {
  const scenario = {
    steps: 6,
    model: { use: 'gaussian-mixture', dimension: 10 },
    loss: { use: 'logistic' },
    noise: { use: 'full-batch' },
    optimiser: { use: 'sgd', learningRate: 0.2 },
  };
  const few = { ...theory, paths: 200 };
  const [one, two] = await observed(scenario, few, [2, 6], 2);
  expect(one).toEqual(two);
  const [late] = await observed(scenario, few, [6], 1);
  expect(late.map(([last]) => last)).toEqual(one.map(([, last]) => last));
  const [other] = await observed(scenario, { ...few, realisation: 1 }, [2, 6], 1);
  expect(other[0][1]).not.toBe(one[0][1]);
});
