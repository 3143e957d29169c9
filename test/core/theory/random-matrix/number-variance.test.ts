// Number variance and unfolding: the two-point functions integrated, limits, independent levels, and matrices.
import { describe, expect, test } from 'vitest';
import { mean } from '../../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { sineCosineIntegrals } from '../../../../core/statistics/special-functions.js';
import { estimateNumberVariance, numberVarianceTheory } from '../../../../core/theory/random-matrix/number-variance.js';
import { semicircleCdf } from '../../../../core/theory/random-matrix/semicircle.js';
import { unfoldByEnsemble, unfoldByLaw, unfoldLocally } from '../../../../core/theory/random-matrix/unfolding.js';
import { BETAS, type Beta } from '../../../../core/theory/random-matrix/wigner-surmise.js';
import { integrate } from '../quadrature.js';
import { gaussianSpectra } from './ensembles.js';

/** sin(pi r)/(pi r), its derivative, and its integral from 0 to r. */
const sinc = (r: number) => (r === 0 ? 1 : Math.sin(Math.PI * r) / (Math.PI * r));
const slope = (r: number) => (r === 0 ? 0 : (Math.cos(Math.PI * r) - sinc(r)) / r);
const area = (r: number) => (r === 0 ? 0 : sineCosineIntegrals(Math.PI * r).sine / Math.PI);

/** Two-level cluster functions. Source: Mehta, Random Matrices, 3rd ed., chapters 6, 7 and 8. */
const clusterFunction: Readonly<Record<Beta, (r: number) => number>> = {
  1: (r) => sinc(r) ** 2 + (0.5 - area(r)) * slope(r),
  2: (r) => sinc(r) ** 2,
  4: (r) => sinc(2 * r) ** 2 - area(2 * r) * slope(2 * r),
};

describe.each(BETAS)('theory, beta = %d', (beta) => {
  test.each([0.1, 0.7, 1, 3.3])('is the integral over the two-level cluster function: length %d', (length) => {
    const integral = integrate((r) => (length - r) * clusterFunction[beta](r), 0, length);
    expect(numberVarianceTheory(beta, length)).toBeCloseTo(length - 2 * integral, 9);
  });

  test('short intervals hold one level or none, long ones grow like 2/(beta pi^2) log(length)', () => {
    expect(numberVarianceTheory(beta, 0)).toBe(0);
    expect(numberVarianceTheory(beta, 1e-3) / 1e-3).toBeCloseTo(1, 2);
    const growth = numberVarianceTheory(beta, 2e4) - numberVarianceTheory(beta, 1e4);
    expect(growth).toBeCloseTo((2 / (beta * Math.PI ** 2)) * Math.LN2, 4);
    expect(numberVarianceTheory(beta, -1)).toBeNaN();
  });
});

test('independent levels: the variance is the length', () => {
  const random = createRandomSource(1, 'poisson');
  const spectra = Array.from({ length: 400 }, () => {
    const levels: number[] = [];
    let x = 0;
    while (x < 60) {
      levels.push(x);
      x += -Math.log(random.uniform());
    }
    return levels;
  });
  for (const length of [1, 4]) {
    const { value, error, n } = estimateNumberVariance(spectra, length, [10, 50]);
    expect(n).toBe(400);
    expect(error).toBeLessThan(0.05 * length);
    expect(Math.abs(value - length)).toBeLessThan(4 * error);
  }
});

describe('120 x 120 matrices, 60 of them', () => {
  const spectra = gaussianSpectra(120, 60, 1, 5);
  const radius = Math.sqrt(2 * 120);
  const byLaw = spectra.map((levels) => unfoldByLaw(levels, (x) => semicircleCdf({ centre: 0, radius }, x)));
  const byEnsemble = unfoldByEnsemble(spectra);

  test.each([0.5, 1, 2, 4])(
    'number variance over %d mean spacings, unfolded by the law and by the ensemble',
    (length) => {
      const expected = numberVarianceTheory(1, length);
      for (const unfolded of [byLaw, byEnsemble]) {
        const { value, error } = estimateNumberVariance(unfolded, length, [30, 90]);
        expect(error).toBeLessThan(0.05 * expected);
        // The ensemble takes one part in 60 away.
        expect(Math.abs(value - expected)).toBeLessThan(4 * error + expected / 60);
      }
    },
  );

  test('unfolded spacings have mean 1', () => {
    for (const unfolded of [byLaw, byEnsemble]) {
      const spacings = unfolded.flatMap((levels) => [...levels.slice(31, 90)].map((x, i) => x - levels[30 + i]));
      expect(Math.abs(mean(spacings) - 1)).toBeLessThan(0.02);
    }
    const local = spectra.flatMap((levels) => [...unfoldLocally(levels, 10)]);
    expect(Math.abs(mean(local) - 1)).toBeLessThan(0.02);
  });
});

describe('unfolding', () => {
  test('by the ensemble: ranks over the number of spectra', () => {
    const [a, b] = unfoldByEnsemble([
      [1, 4],
      [2, 3],
    ]);
    expect([...a]).toEqual([0.25, 1.75]);
    expect([...b]).toEqual([0.75, 1.25]);
  });

  test('locally: an even ladder has spacings 1, in either direction', () => {
    expect([...unfoldLocally([1, 3, 5, 7, 9], 1)]).toEqual([1, 1, 1, 1]);
    expect([...unfoldLocally([9, 7, 5, 3, 1], 9)]).toEqual([1, 1, 1, 1]);
    expect([...unfoldLocally([0, 1, 4], 1)]).toEqual([0.5, 1.5]);
    expect([...unfoldLocally([5], 1)]).toEqual([]);
  });
});

test('an interval that does not fit, or two spectra, tell nothing', () => {
  expect(estimateNumberVariance([[1], [2], [3]], 5, [0, 4]).value).toBeNaN();
  expect(estimateNumberVariance([[1], [2]], 1, [0, 4]).value).toBeNaN();
});
