// Marchenko-Pastur: quadrature, limits, random matrices, and what counts as an outlier.
import { describe, expect, test } from 'vitest';
import { mean, meanEstimate } from '../../../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../../../../core/statistics/kolmogorov-smirnov.js';
import {
  marchenkoPasturCdf,
  marchenkoPasturDensity,
  marchenkoPasturEdges,
  marchenkoPasturQuantile,
} from '../../../../core/theory/random-matrix/marchenko-pastur.js';
import { fitMarchenkoPastur } from '../../../../core/theory/random-matrix/marchenko-pastur-fit.js';
import { integrate } from '../quadrature.js';
import { wishartSpectra } from './ensembles.js';

const laws = [
  { rows: 16, cols: 32, entryVariance: 0.5 },
  { rows: 300, cols: 7, entryVariance: 2 },
  { rows: 10, cols: 10, entryVariance: 1 },
];

describe.each(laws)('$rows x $cols', (law) => {
  const { lower, upper } = marchenkoPasturEdges(law);
  const short = Math.min(law.rows, law.cols);
  const long = Math.max(law.rows, law.cols);

  /** Integral over the law up to `to`; x = lower + (upper - lower) sin^2 t takes the roots at both ends away. */
  const integral = (f: (x: number) => number, to: number) => {
    const end = Math.asin(Math.sqrt((to - lower) / (upper - lower)));
    return integrate(
      (t) => {
        const x = lower + (upper - lower) * Math.sin(t) ** 2;
        const slope = (upper - lower) * 2 * Math.sin(t) * Math.cos(t);
        return slope === 0 ? 0 : f(x) * marchenkoPasturDensity(law, x) * slope;
      },
      1e-9,
      end,
      20_000,
    );
  };

  test('is normalised, with the moments of W W^T', () => {
    expect(integral(() => 1, upper)).toBeCloseTo(1, 6);
    const first = integral((x) => x, upper);
    expect(first / (long * law.entryVariance)).toBeCloseTo(1, 8);
    // <x^2> = variance^2 long (long + short) in the limit of large sides.
    const second = integral((x) => x * x, upper);
    expect(second / (law.entryVariance ** 2 * long * (long + short))).toBeCloseTo(1, 8);
  });

  test('distribution function and quantiles', () => {
    for (const fraction of [0.1, 0.5, 0.93]) {
      const x = lower + fraction * (upper - lower);
      expect(marchenkoPasturCdf(law, x)).toBeCloseTo(
        integral(() => 1, x),
        6,
      );
      expect(marchenkoPasturQuantile(law, marchenkoPasturCdf(law, x))).toBeCloseTo(x, 9);
    }
    expect(marchenkoPasturCdf(law, lower - 1)).toBe(0);
    expect(marchenkoPasturCdf(law, upper + 1)).toBe(1);
    expect(marchenkoPasturDensity(law, upper + 1)).toBe(0);
  });
});

test('a square matrix reaches down to 0', () => {
  const { lower, upper } = marchenkoPasturEdges(laws[2]);
  expect(lower).toBe(0);
  expect(upper).toBeCloseTo(40, 12);
});

test('levels of 20 matrices of 60 x 120', () => {
  const levels = wishartSpectra(60, 120, 20, 1).flatMap((spectrum) => [...spectrum]);
  const law = { rows: 60, cols: 120, entryVariance: 1 };
  expect(kolmogorovSmirnovDistance(levels, (x) => marchenkoPasturCdf(law, x))).toBeLessThan(0.015);
});

describe('fit', () => {
  test.each([
    [16, 16, 0.02],
    [20, 40, 0.01],
    [12, 96, 0.01],
  ])('calls noise an outlier once in a hundred: 2000 matrices of %i x %i', (rows, cols, atMost) => {
    const fits = wishartSpectra(rows, cols, 2000, 2).map((levels) => fitMarchenkoPastur(levels, rows, cols));
    const rate = fits.filter((fit) => fit.outliersAbove > 0).length / fits.length;
    // Three binomial errors of a rate of 1 % are 0.7 %.
    expect(rate).toBeLessThan(atMost + 0.007);
    expect(rate).toBeGreaterThan(0.002);
  });

  test('finds the variance of the entries with its standard error: 2000 matrices of 20 x 40', () => {
    const fits = wishartSpectra(20, 40, 2000, 2).map((levels) => fitMarchenkoPastur(levels, 20, 40));
    const found = meanEstimate(fits.map((fit) => fit.entryVariance));
    expect(found.error).toBeLessThan(0.003);
    expect(Math.abs(found.value - 1)).toBeLessThan(0.02);
    const scatter = found.error * Math.sqrt(found.n);
    // The scatter is known to 1/sqrt(4000) = 1.6 %.
    expect(mean(fits.map((fit) => fit.entryVarianceError)) / scatter).toBeGreaterThan(0.95);
    expect(mean(fits.map((fit) => fit.entryVarianceError)) / scatter).toBeLessThan(1.12);
    expect(mean(fits.map((fit) => fit.distance))).toBeLessThan(0.15);
  });

  test('counts a planted level and keeps its scale: 40 matrices of 40 x 80 plus 20 at one entry', () => {
    const spectra = wishartSpectra(40, 80, 40, 3, 20);
    const fits = spectra.map((levels) => fitMarchenkoPastur(levels, 40, 80));
    expect(fits.every((fit) => fit.outliersAbove >= 1)).toBe(true);
    // Noise adds a second one now and then: 1 expected in 40.
    expect(fits.filter((fit) => fit.outliersAbove === 1).length).toBeGreaterThan(34);
    expect(Math.abs(mean(fits.map((fit) => fit.entryVariance)) - 1)).toBeLessThan(0.05);
    const [fit] = fits;
    expect(fit.upperThreshold).toBeGreaterThan(fit.upperEdge);
    expect(fit.lowerEdge).toBeCloseTo(fit.entryVariance * (Math.sqrt(80) - Math.sqrt(40)) ** 2, 10);
  });

  test('does not mind which side is longer', () => {
    const [levels] = wishartSpectra(8, 20, 1, 4);
    expect(fitMarchenkoPastur(levels, 20, 8)).toEqual(fitMarchenkoPastur(levels, 8, 20));
  });

  test('levels that are not finite give NaN, a wrong number of them an error', () => {
    const fit = fitMarchenkoPastur([Number.NaN, 1, 2], 3, 4);
    expect([fit.entryVariance, fit.outliersAbove, fit.distance]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(() => fitMarchenkoPastur([1, 2], 3, 4)).toThrow('a matrix of 3 x 4 has 3 levels, found 2');
  });
});
