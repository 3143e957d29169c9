// Laws fitted to realisations: against matrices drawn directly, published critical values, and their own error bars.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../../../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { fitLevelLaw, lawPValue } from '../../../../core/theory/random-matrix/level-law.js';
import {
  findLevelLaw,
  gaussianLaw,
  semicircleLaw,
  surmiseLaw,
  twoLevelLaw,
} from '../../../../core/theory/random-matrix/level-laws.js';
import { testSpacings } from '../../../../core/theory/random-matrix/spacing-test.js';
import { gaussianSpectra } from './ensembles.js';

const random = createRandomSource(4, 'level-law');
const normals = (n: number) => Array.from({ length: n }, () => [2 + 0.3 * random.normal()]);

describe('a pair', () => {
  const pairs = gaussianSpectra(2, 2000, 0.3, 21).map((levels) => levels.map((x) => 2 + x));

  test('gives centre and sigma, and the spacing that is measured', () => {
    const { quantities, n } = fitLevelLaw(twoLevelLaw, pairs);
    const { centre, sigma, spacing } = quantities;
    expect(n).toBe(2000);
    expect(centre.error).toBeLessThan(0.01);
    expect(sigma.error).toBeLessThan(0.006);
    expect(Math.abs(centre.value - 2)).toBeLessThan(4 * centre.error);
    expect(Math.abs(sigma.value - 0.3)).toBeLessThan(4 * sigma.error);
    const measured = meanEstimate(pairs.map(([low, high]) => high - low));
    expect(Math.abs(spacing.value - measured.value)).toBeLessThan(4 * measured.error);
    expect(fitLevelLaw(surmiseLaw, pairs).quantities.spacing.value).toBeCloseTo(measured.value, 12);
  });

  test('has p-values that are uniform: 200 sets of 10 pairs', () => {
    const values = Array.from({ length: 200 }, (_, k) => fitLevelLaw(twoLevelLaw, pairs.slice(10 * k, 10 * k + 10)));
    // 1 % critical value of the distance of 200 values, 1.63/sqrt(200).
    expect(
      kolmogorovSmirnovDistance(
        values.map(({ pValue }) => pValue),
        (p) => p,
      ),
    ).toBeLessThan(0.115);
  });

  test('of two independent normals is told apart: 2000 pairs', () => {
    const independent = Array.from({ length: 2000 }, () => [random.normal(), random.normal()]);
    expect(fitLevelLaw(twoLevelLaw, independent).pValue).toBeLessThan(0.01);
  });
});

describe('a single level', () => {
  test('gives mean and standard deviation with the errors of a normal law', () => {
    const { quantities, pValue } = fitLevelLaw(gaussianLaw, normals(1000));
    // From 100 blocks: errors are known within 7 %.
    expect(Math.abs(quantities.centre.error / (0.3 / Math.sqrt(1000)) - 1)).toBeLessThan(0.3);
    expect(Math.abs(quantities.sigma.error / (0.3 / Math.sqrt(2000)) - 1)).toBeLessThan(0.3);
    expect(Math.abs(quantities.sigma.value - 0.3)).toBeLessThan(4 * quantities.sigma.error);
    expect(pValue).toBeGreaterThan(0.01);
  });

  test('has the critical values of Lilliefors 1967: 0.160, 0.190, 0.231 for 20 values', () => {
    for (const [distance, p] of [
      [0.16, 0.2],
      [0.19, 0.05],
      [0.231, 0.01],
    ]) {
      // The published values and ours are both simulated: 4 standard errors of 499.
      expect(Math.abs(lawPValue(gaussianLaw, distance, 20) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 499));
    }
  });

  test('of an exponential law is told apart: 100 values', () => {
    const skewed = Array.from({ length: 100 }, () => [-Math.log(random.uniform())]);
    expect(fitLevelLaw(gaussianLaw, skewed).pValue).toBe(1 / 500);
  });
});

test.each([2, 5, 30])('a cluster of %i levels gives the sigma of its matrices, without a p-value', (count) => {
  const { quantities, pValue, distance } = fitLevelLaw(semicircleLaw, gaussianSpectra(count, 600, 0.5, 22));
  const { centre, sigma, radius } = quantities;
  expect(sigma.error).toBeLessThan(0.012);
  expect(Math.abs(sigma.value - 0.5)).toBeLessThan(4 * sigma.error);
  expect(Math.abs(centre.value)).toBeLessThan(4 * centre.error);
  expect(radius.value).toBeCloseTo(sigma.value * Math.sqrt(2 * (count + 1)), 12);
  expect(distance).toBeLessThan(0.06);
  expect(pValue).toBeNaN();
});

test('spacings are tested with the table of the surmise', () => {
  const spacings = Array.from({ length: 30 }, () => Math.hypot(random.normal(), random.normal()));
  const fit = fitLevelLaw(
    surmiseLaw,
    spacings.map((spacing) => [spacing]),
  );
  const { distance, pValue, secondMoment } = testSpacings(spacings);
  expect(fit.distance).toBeCloseTo(distance, 12);
  expect(fit.pValue).toBeCloseTo(pValue, 8);
  expect(fit.quantities.secondMoment.value).toBe(secondMoment);
});

test('what cannot be known is NaN', () => {
  const none = fitLevelLaw(gaussianLaw, []);
  expect([none.quantities.centre.value, none.distance, none.pValue]).toEqual([NaN, NaN, NaN]);
  const one = fitLevelLaw(twoLevelLaw, [[1, 2]]);
  expect(one.quantities.centre).toEqual({ value: expect.closeTo(1.5, 10), error: NaN, n: 1 });
  expect(fitLevelLaw(gaussianLaw, normals(4)).pValue).toBeNaN();
  expect(fitLevelLaw(gaussianLaw, [...normals(9), [Infinity]]).quantities.sigma.value).toBeNaN();
  expect(fitLevelLaw(twoLevelLaw, Array(9).fill([1, 1])).pValue).toBeNaN();
});

test('a law that there is not', () => {
  expect(() => findLevelLaw('gausian')).toThrow(
    'law: no law called "gausian"; did you mean "gaussian"? Laws: two-level, wigner-surmise, semicircle, gaussian',
  );
});
