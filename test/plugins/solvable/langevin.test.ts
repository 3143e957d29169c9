// The linear networks under Langevin noise: their noise is part of the per-sample gradient, so the surrogate sees it.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { framesOf, runSeeds } from '../../validate/solvable-ensemble.js';

describe('linear-teacher-student', () => {
  const [temperature, step, samples, noiseWidth] = [1 / 160, 0.1, 250, 0.1];

  /**
   * Second moment of the spacing, 600 seeds. The energy of finite data has its minimum at W_t plus their mean noise
   * matrix, of variance A/N, about which Langevin noise of step dt has the variance T A/(2 - dt); <S^2> = 8 times both.
   */
  test('spacing of the pair: thermal noise about the minimum of the data at hand; 600 seeds', async () => {
    const squares = await runSeeds(
      {
        title: 'pair under Langevin noise',
        steps: 120,
        model: { use: 'linear-teacher-student', noiseWidth, samples },
        loss: { use: 'mean-output' },
        noise: { use: 'langevin', temperature },
        optimiser: { use: 'sgd', learningRate: step },
        observers: { spacing: { use: 'level-spacing', block: 'W', of: 'singular', when: 'end' } },
        sweep: { seeds: 600 },
      },
      (result) => framesOf(result, 'spacing.spacing')[0][0] ** 2 / noiseWidth ** 2,
    );
    const { value, error } = meanEstimate(squares);
    const expected = 8 * (temperature / (2 - step) + 1 / samples);
    expect(error).toBeLessThan(0.05 * expected);
    expect(Math.abs(value - expected)).toBeLessThan(4 * error);
  });
});

describe('linear-hidden-layer', () => {
  const run = (noise: { use: string; [parameter: string]: string | number }) =>
    runSeeds(
      {
        title: 'hidden layer',
        steps: 400,
        model: { use: 'linear-hidden-layer', samples: 200, labelNoise: 0.2, initialWidth: 0.3 },
        loss: { use: 'half-mean-square' },
        noise,
        optimiser: { use: 'sgd', learningRate: 0.05 },
        observers: {
          first: { use: 'singular-values', block: 'W1', when: 'end' },
          second: { use: 'singular-values', block: 'W2', when: 'end' },
        },
        sweep: { seeds: 30 },
      },
      (result) => [...framesOf(result, 'first.values')[0], ...framesOf(result, 'second.values')[0]],
    );

  test('without temperature it is gradient descent; with it the levels fluctuate about the same values', async () => {
    const descent = await run({ use: 'full-batch' });
    expect(await run({ use: 'langevin', temperature: 0 })).toEqual(descent);
    const hot = await run({ use: 'langevin', temperature: 0.01 });
    const shifts = meanEstimate(hot.map((levels, seed) => levels[0] - descent[seed][0]));
    expect(shifts.error).toBeGreaterThan(1e-4);
    expect(Math.abs(shifts.value)).toBeLessThan(0.05);
  });
});
