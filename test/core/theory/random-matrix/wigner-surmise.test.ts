// Wigner's surmise: normalisation and moments by quadrature, its distribution function, and 2 x 2 matrices themselves.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../../core/statistics/estimate.js';
import {
  BETAS,
  surmiseCdf,
  surmiseDensity,
  surmiseSecondMoment,
} from '../../../../core/theory/random-matrix/wigner-surmise.js';
import { integrate } from '../quadrature.js';
import { gaussianSpectra } from './ensembles.js';

describe.each(BETAS)('beta = %d', (beta) => {
  const moment = (power: number) => integrate((s) => s ** power * surmiseDensity(beta, s), 0, 10);

  test('is normalised, with mean 1 and the stated second moment', () => {
    expect(moment(0)).toBeCloseTo(1, 10);
    expect(moment(1)).toBeCloseTo(1, 10);
    expect(moment(2)).toBeCloseTo(surmiseSecondMoment(beta), 10);
  });

  test('distribution function is the integral of the density', () => {
    for (const s of [0.05, 0.5, 1, 1.7, 3]) {
      expect(Math.abs(surmiseCdf(beta, s) - integrate((t) => surmiseDensity(beta, t), 0, s))).toBeLessThan(1e-12);
    }
    expect(surmiseCdf(beta, 0)).toBe(0);
    expect(surmiseCdf(beta, -1)).toBe(0);
    expect(surmiseCdf(beta, 50)).toBe(1);
    expect(surmiseDensity(beta, -1)).toBe(0);
  });

  test('small spacings are as rare as s^beta', () => {
    expect(surmiseDensity(beta, 2e-5) / surmiseDensity(beta, 1e-5)).toBeCloseTo(2 ** beta, 6);
  });
});

test('second moments in closed form', () => {
  expect(surmiseSecondMoment(1)).toBeCloseTo(4 / Math.PI, 14);
  expect(surmiseSecondMoment(2)).toBeCloseTo((3 * Math.PI) / 8, 14);
  expect(surmiseSecondMoment(4)).toBeCloseTo((45 * Math.PI) / 128, 14);
});

test('beta = 1: spacings of 10 000 matrices of 2 x 2', () => {
  const spacings = gaussianSpectra(2, 10_000, 1.5, 1).map(([low, high]) => high - low);
  const first = meanEstimate(spacings);
  expect(first.error).toBeLessThan(0.006 * first.value);
  // sigma sqrt(pi), and <S^2> = 4 sigma^2.
  expect(Math.abs(first.value - 1.5 * Math.sqrt(Math.PI))).toBeLessThan(4 * first.error);
  const second = meanEstimate(spacings.map((s) => s * s));
  expect(Math.abs(second.value - 9)).toBeLessThan(4 * second.error);
});
