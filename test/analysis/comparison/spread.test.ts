// Ratios of standard deviations by permutation: level of the test for laws with heavy tails, power, degenerate cases.
import { describe, expect, it } from 'vitest';
import type { Ensemble } from '../../../analysis/comparison/realisations.js';
import { contrastSpreads, spreadPValue } from '../../../analysis/comparison/spread.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

const LEVELS = 3;
const FRAMES = 4;

/** Levels about 10 with Student's law of three degrees of freedom, whose fourth moment is infinite, alike in all frames. */
function heavyTailed(n: number, spread: number, seed: number): Ensemble {
  const random = createRandomSource(seed, 'heavy tails');
  const student = () => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    return (spread * random.normal()) / Math.sqrt((a * a + b * b + c * c) / 3);
  };
  return {
    name: 'heavy',
    leftOut: {},
    time: Array.from({ length: FRAMES }, (_, i) => i + 1),
    levels: Array.from({ length: n }, () => {
      const own = Array.from({ length: LEVELS }, student);
      return Array.from({ length: FRAMES }, () => Float64Array.from(own, (x) => 10 + x + 0.1 * spread * student()));
    }),
  };
}

const pValue = (a: Ensemble, b: Ensemble) => spreadPValue(contrastSpreads(a, b, LEVELS).flat());

describe('two ensembles of one law', () => {
  // 80 comparisons: 4 are expected below 0.05, with a standard deviation of 1.9.
  it('are told apart as often as the level says, tails and correlations notwithstanding', () => {
    const values = Array.from({ length: 80 }, (_, i) =>
      pValue(heavyTailed(32, 1, 2 * i), heavyTailed(32, 1, 2 * i + 1)),
    );
    expect(values.filter((p) => p < 0.05).length).toBeLessThan(11);
    expect(values.filter((p) => p < 0.5).length).toBeGreaterThan(22);
    expect(values.filter((p) => p < 0.5).length).toBeLessThan(58);
  });

  it('have an error on the ratio that covers its scatter, where normal theory is short by half', () => {
    const ratios = Array.from({ length: 120 }, (_, i) => {
      const [[{ logRatio, error }]] = contrastSpreads(heavyTailed(32, 1, 1000 + i), heavyTailed(32, 1, 2000 + i), 1);
      return { logRatio, error };
    });
    const scatter = Math.sqrt(ratios.reduce((sum, { logRatio }) => sum + logRatio ** 2, 0) / ratios.length);
    const error = Math.sqrt(ratios.reduce((sum, r) => sum + r.error ** 2, 0) / ratios.length);
    expect(error / scatter).toBeGreaterThan(0.8);
    expect(error / scatter).toBeLessThan(1.25);
    expect(Math.sqrt(2 / (2 * 31)) / scatter).toBeLessThan(0.6);
  });
});

it('four times the spread is found in 32 realisations, with the ratio', () => {
  const contrasts = contrastSpreads(heavyTailed(32, 1, 5), heavyTailed(32, 4, 6), LEVELS).flat();
  expect(spreadPValue(contrasts)).toBeLessThan(0.01);
  for (const { logRatio } of contrasts) expect(Math.abs(logRatio - Math.log(4))).toBeLessThan(Math.log(2.5));
});

it('no fluctuation at all is infinitely far from any, and nothing to compare with none', () => {
  const still = { ...heavyTailed(10, 0, 1) };
  expect(pValue(heavyTailed(10, 1, 2), still)).toBeLessThan(0.01);
  expect(contrastSpreads(still, still, 1)[0][0].logRatio).toBeNaN();
  expect(pValue(still, still)).toBe(1);
});

it('in fewer than five realisations no finite ratio is significant: 2 of 70 exchanges are as far', () => {
  expect(pValue(heavyTailed(4, 1, 3), heavyTailed(4, 1000, 4))).toBeGreaterThan(0.01);
  expect(pValue(heavyTailed(6, 1, 3), heavyTailed(6, 1000, 4))).toBeLessThan(0.01);
});
