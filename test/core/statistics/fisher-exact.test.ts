// Fisher's exact test: the lady tasting tea, scipy 1.17.1 (fisher_exact), the level under the null by summing over tables.
import { describe, expect, test } from 'vitest';
import { fisherExactPValue } from '../../../core/statistics/fisher-exact.js';

describe("Fisher's exact test", () => {
  // Fisher 1935: 3 of 4 cups right; both tails are (16 + 1) / 70 each.
  test.each([
    [[3, 4], [1, 4], 34 / 70],
    [[64, 64], [57, 64], 0.013143844824275018],
    [[8, 8], [4, 8], 0.07692307692307693],
    [[96, 96], [88, 96], 0.006712174559418169],
    [[10, 12], [3, 18], 0.0005367241191434357],
    [[2, 64], [10, 64], 0.030029812255549106],
  ] as const)('of %j and %j', (first, second, expected) => {
    expect(fisherExactPValue(first, second) / expected).toBeCloseTo(1, 10);
    expect(fisherExactPValue(second, first) / expected).toBeCloseTo(1, 10);
  });

  test('cannot tell fractions apart that are all, or none', () => {
    expect(fisherExactPValue([16, 16], [12, 12])).toBe(1);
    expect(fisherExactPValue([0, 16], [0, 12])).toBe(1);
  });

  test('rejects in fewer than 1 % of pairs of one binomial law, whatever the fraction', () => {
    const binomial = (n: number, p: number) => {
      const weights = [(1 - p) ** n];
      for (let k = 1; k <= n; k++) weights.push((weights[k - 1] * (n - k + 1) * p) / (k * (1 - p)));
      return weights;
    };
    for (const p of [0.1, 0.5, 0.9]) {
      let rejected = 0;
      binomial(16, p).forEach((x, a) => {
        binomial(24, p).forEach((y, b) => {
          if (fisherExactPValue([a, 16], [b, 24]) < 0.01) rejected += x * y;
        });
      });
      expect(rejected).toBeLessThan(0.01);
      expect(rejected).toBeGreaterThan(1e-4);
    }
  });

  test('refuses what are no counts', () => {
    expect(() => fisherExactPValue([5, 4], [1, 4])).toThrow(new RangeError('5 of 4 and 1 of 4 are no counts'));
    expect(() => fisherExactPValue([0.5, 4], [1, 4])).toThrow(RangeError);
  });
});
