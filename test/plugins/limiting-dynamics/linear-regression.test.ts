// Least squares with a given spectrum: what its data are, where its minimum is, and who shares them.
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { atStart, runInThread } from '../../validate/in-thread.js';
import { dataOf } from './theory/second-moments.js';

const scenarioOf = (model: object = {}, seed = 1): Scenario =>
  ({
    title: 'test: linear regression',
    plugins: ['sgd', 'limiting-dynamics'],
    seed,
    steps: 1,
    model: { use: 'linear-regression', modes: 4, samples: 200, outputs: 2, ...model },
    loss: { use: 'half-mean-square' },
    noise: { use: 'full-batch' },
    optimiser: { use: 'sgd', learningRate: 0.1 },
    observers: { norm: { use: 'velocity-norm', theory: false, window: 1, when: 'end' } },
  }) as Scenario;

const momentsOf = (x: readonly (readonly number[])[], i: number, j: number) =>
  x.reduce((sum, row) => sum + row[i] * row[j], 0) / x.length;

describe('linear-regression', () => {
  test('second moments of the inputs are the given ones, exactly or on average', async () => {
    const { x } = await atStart(scenarioOf({ eigenvalues: [2, 1, 0.25] }), dataOf);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) expect(momentsOf(x, i, j)).toBeCloseTo(i === j ? [2, 1, 0.25][i] : 0, 12);
    }
    const drawn = await atStart(scenarioOf({ eigenvalues: [2, 1, 0.25], moments: 'drawn', samples: 20_000 }), dataOf);
    for (let i = 0; i < 3; i++) {
      const relative = momentsOf(drawn.x, i, i) / [2, 1, 0.25][i] - 1;
      expect(Math.abs(relative)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
      expect(relative).not.toBe(0);
    }
  });

  test('residuals at the minimum are orthogonal to the inputs, and of the variance of noise and misfit', async () => {
    const { x, residuals } = await atStart(scenarioOf({ labelNoise: 0.3, misfit: 0.4, samples: 20_000 }), dataOf);
    for (let i = 0; i < 4; i++) {
      const product = x.reduce((sum, row, n) => sum + row[i] * residuals[n][0], 0) / x.length;
      expect(Math.abs(product)).toBeLessThan(1e-12);
    }
    const variance = residuals.reduce((sum, row) => sum + row[0] ** 2, 0) / x.length;
    // The misfit is (t^2 - 1)/sqrt 2 times its width, of fourth moment 15 (t^2 - 1)^4/4 = 15.
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(14 / 20_000));
  });

  test('starts at the minimum: full-batch descent stays there', async () => {
    const [square] = await runInThread(scenarioOf(), (ended) => ended.last('norm.square')[0]);
    expect(square).toBeLessThan(1e-24);
    const [far] = await runInThread(scenarioOf({ initial: 'zero' }), (ended) => ended.last('norm.square')[0]);
    expect(far).toBeGreaterThan(1e-3);
  });

  test('seeds have data of their own, or share them', async () => {
    const firstOf = async (data: string, seed: number) => {
      const scenario = { ...scenarioOf({ data }), sweep: { seeds: 2 } } as Scenario;
      const squares = await runInThread(
        { ...scenario, model: { ...scenario.model, initial: 'zero' } },
        (ended) => ended.last('norm.square')[0],
      );
      return squares[seed];
    };
    expect(await firstOf('shared', 0)).toBe(await firstOf('shared', 1));
    expect(await firstOf('per-seed', 0)).not.toBe(await firstOf('per-seed', 1));
  });

  test('fewer samples than inputs are refused', async () => {
    await expect(atStart(scenarioOf({ samples: 3 }), dataOf)).rejects.toThrow(/3 samples .* 4 inputs/);
  });
});
