// Relaxation rates of random flows against the laws of large matrices.
import { expect, test } from 'vitest';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { runDisordered } from './settings.js';

const FLOW = { steps: 1, noise: { use: 'full-batch' }, optimiser: { use: 'sgd', learningRate: 0.01 } } as const;

async function densities(model: Scenario['model'], loss: string, range: { low: number; high: number }) {
  const [found] = await runDisordered(
    {
      ...FLOW,
      seed: 21,
      model,
      loss: { use: loss },
      observers: { rates: { use: 'rate-density', bins: 20, ...range, when: 'end' } },
    },
    (ended) => ({ density: ended.last('rates.density'), theory: ended.last('rates.theory') }),
  );
  const width = (range.high - range.low) / 20;
  return { ...found, width };
}

test.each([
  [{ use: 'random-linear-flow', size: 300 }, 'mean-output', { low: 0, high: 4 }],
  [{ use: 'random-linear-flow', size: 300, symmetry: -0.5, shift: 1 }, 'mean-output', { low: 0, high: 2 }],
  [{ use: 'random-design-regression', inputs: 300, samples: 450 }, 'half-mean-square', { low: 0, high: 3.5 }],
  [{ use: 'random-design-regression', inputs: 300, samples: 150 }, 'half-mean-square', { low: -0.1, high: 6.5 }],
])('%o', async (model, loss, range) => {
  const { density, theory, width } = await densities(model, loss, range);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value * width, 0);
  // All but a few levels lie inside, by either.
  expect(total(theory)).toBeCloseTo(1, 6);
  expect(total(density)).toBeGreaterThan(0.98);
  // Levels are rigid: distribution functions differ by a few levels of 300.
  let [measured, expected] = [0, 0];
  density.forEach((value, i) => {
    measured += value * width;
    expected += theory[i] * width;
    expect(Math.abs(measured - expected)).toBeLessThan(0.02);
  });
});

test('other models are refused', async () => {
  await expect(densities({ use: 'random-features' }, 'half-mean-square', { low: 0, high: 1 })).rejects.toThrow(
    /random-linear-flow/,
  );
  await expect(densities({ use: 'random-linear-flow', size: 4 }, 'mean-output', { low: 1, high: 1 })).rejects.toThrow(
    /not above low/,
  );
});
