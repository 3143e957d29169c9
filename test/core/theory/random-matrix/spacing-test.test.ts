// The Kolmogorov-Smirnov test of spacings with a fitted mean: p-values are uniform under the null, the textbook ones are
// not, and other laws are found out.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance, kolmogorovSmirnovPValue } from '../../../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { spacingTestPValue, testSpacings } from '../../../../core/theory/random-matrix/spacing-test.js';
import { CRITICAL, TAILS } from '../../../../core/theory/random-matrix/spacing-test-table.js';
import { BETAS, type Beta } from '../../../../core/theory/random-matrix/wigner-surmise.js';

const uniform = (x: number) => Math.min(1, Math.max(0, x));

/** Samples of spacings that follow the surmise: lengths of vectors of beta + 1 normals. The table has another seed. */
function samples(beta: Beta, n: number, count: number): Float64Array[] {
  const random = createRandomSource(77, `null beta ${beta} n ${n}`);
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: n }, () => {
      let square = 0;
      for (let k = 0; k <= beta; k++) square += random.normal() ** 2;
      return 3 * Math.sqrt(square);
    }),
  );
}

describe.each(BETAS)('beta = %d', (beta) => {
  // 4000 samples: the distance of their p-values to the uniform law is 0.014 on average, 0.031 in one case of 1000.
  test.each([6, 40, 300])('p-values under the null are uniform: 4000 samples of %d spacings', (n) => {
    const p = samples(beta, n, 4000).map((spacings) => testSpacings(spacings, beta).pValue);
    expect(kolmogorovSmirnovDistance(p, uniform)).toBeLessThan(0.031);
    const { value, error } = meanEstimate(p);
    expect(error).toBeLessThan(0.005);
    expect(Math.abs(value - 0.5)).toBeLessThan(4 * error);
    for (const tail of [0.1, 0.01]) {
      const rejected = meanEstimate(p.map((one) => (one < tail ? 1 : 0)));
      expect(Math.abs(rejected.value - tail)).toBeLessThan(4 * Math.sqrt((tail * (1 - tail)) / p.length));
    }
  });

  test('p falls with the distance, through the table and beyond both ends', () => {
    for (const n of [5, 30, 3000]) {
      let last = 1;
      for (let x = 0.1; x < 3; x += 0.005) {
        const p = spacingTestPValue(beta, x / Math.sqrt(n), n);
        expect(p).toBeLessThanOrEqual(last);
        expect(p).toBeGreaterThanOrEqual(0);
        last = p;
      }
    }
  });

  test('the table ascends', () => {
    expect(CRITICAL[beta].length).toBe(TAILS.length);
    for (const z of [1 / Math.sqrt(5), 0.1, 0]) {
      const values = CRITICAL[beta].map((row) => row.reduce((sum, c, k) => sum + c * z ** k, 0));
      expect(values.every((value, i) => i === 0 || value > values[i - 1])).toBe(true);
    }
  });
});

test('the textbook p-value would be far too large: 1000 samples of 300 spacings', () => {
  const p = samples(1, 300, 1000).map((spacings) => kolmogorovSmirnovPValue(testSpacings(spacings).distance, 300));
  expect(meanEstimate(p).value).toBeGreaterThan(0.7);
});

test('independent levels are found out: 200 exponential spacings', () => {
  const random = createRandomSource(4, 'poisson');
  const spacings = Array.from({ length: 200 }, () => -Math.log(random.uniform()));
  const { pValue, secondMoment } = testSpacings(spacings);
  expect(pValue).toBeLessThan(1e-6);
  expect(Math.abs(secondMoment - 2)).toBeLessThan(0.8);
});

test('beta = 2 spacings are not taken for beta = 1: 500 of them', () => {
  const [spacings] = samples(2, 500, 1);
  expect(testSpacings(spacings, 1).pValue).toBeLessThan(1e-4);
  expect(testSpacings(spacings, 2).pValue).toBeGreaterThan(0.01);
});

test('too few spacings and NaN give NaN', () => {
  expect(testSpacings([1, 2, 1.5, 0.5]).pValue).toBeNaN();
  expect(testSpacings([1, 2, 1.5, 0.5]).distance).toBeGreaterThan(0);
  const broken = testSpacings([1, 2, 3, 4, 5, Number.NaN]);
  expect([broken.distance, broken.pValue, broken.secondMoment]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});
