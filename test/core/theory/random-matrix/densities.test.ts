// Two-level density, semicircle and their fits: quadrature, limits, matrices drawn directly.
import { describe, expect, test } from 'vitest';
import { mean, meanEstimate, variance } from '../../../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../../../../core/statistics/kolmogorov-smirnov.js';
import {
  clusterRadius,
  estimateSemicircle,
  fitSemicircle,
  semicircleCdf,
  semicircleDensity,
} from '../../../../core/theory/random-matrix/semicircle.js';
import {
  estimateTwoLevelLaw,
  fitTwoLevelLaw,
  TWO_LEVEL_MEAN_SPACING,
  TWO_LEVEL_VARIANCE,
  twoLevelCdf,
  twoLevelDensity,
} from '../../../../core/theory/random-matrix/two-level-density.js';
import { integrate } from '../quadrature.js';
import { gaussianSpectra } from './ensembles.js';

const law = { centre: 2, sigma: 0.3 };

describe('two-level density', () => {
  const moment = (power: number) => integrate((x) => (x - 2) ** power * twoLevelDensity(law, x), -1, 5);

  test('is normalised, centred, with variance 1.5 sigma^2', () => {
    expect(moment(0)).toBeCloseTo(1, 10);
    expect(moment(1)).toBeCloseTo(0, 10);
    expect(moment(2)).toBeCloseTo(TWO_LEVEL_VARIANCE * 0.09, 10);
  });

  test('is the joint density of the pair with the other level integrated out', () => {
    const joint = (x: number, y: number) => Math.abs(x - y) * Math.exp(-(x * x + y * y) / 2);
    // Split at the kink, where Simpson's rule would lose its order.
    const marginal = (x: number) =>
      integrate((y) => joint(x, y), -9, x, 1000) + integrate((y) => joint(x, y), x, 9, 1000);
    const norm = integrate(marginal, -9, 9, 400);
    for (const x of [-2, -0.4, 0, 1.3]) {
      expect(twoLevelDensity({ centre: 0, sigma: 1 }, x)).toBeCloseTo(marginal(x) / norm, 8);
    }
  });

  test('distribution function is the integral of the density', () => {
    for (const x of [1, 1.7, 2, 2.2, 3.5]) {
      expect(Math.abs(twoLevelCdf(law, x) - integrate((t) => twoLevelDensity(law, t), -1, x))).toBeLessThan(1e-12);
    }
  });
});

describe('fit of the two-level law', () => {
  const pairs = gaussianSpectra(2, 4000, 0.3, 2).map(([low, high]) => [2 + low, 2 + high] as const);

  test('finds centre and sigma of 4000 pairs, and the mean spacing agrees', () => {
    const { centre, sigma } = estimateTwoLevelLaw(pairs);
    expect(sigma.error).toBeLessThan(0.01 * 0.3);
    expect(centre.error).toBeLessThan(0.005);
    expect(Math.abs(sigma.value - 0.3)).toBeLessThan(4 * sigma.error);
    expect(Math.abs(centre.value - 2)).toBeLessThan(4 * centre.error);
    const spacing = meanEstimate(pairs.map(([low, high]) => high - low));
    expect(Math.abs(spacing.value / (TWO_LEVEL_MEAN_SPACING * sigma.value) - 1)).toBeLessThan(0.02);
    // Levels of a pair repel, so that their pooled values lie more evenly than independent ones: distance below 0.015.
    expect(kolmogorovSmirnovDistance(pairs.flat(), (x) => twoLevelCdf({ centre: 2, sigma: 0.3 }, x))).toBeLessThan(
      0.02,
    );
  });

  test('is the maximum of the likelihood', () => {
    const levels = pairs.slice(0, 300).flat();
    const likelihood = (centre: number, sigma: number) =>
      mean(levels.map((x) => Math.log(twoLevelDensity({ centre, sigma }, x))));
    const { centre, sigma } = fitTwoLevelLaw(levels);
    const best = likelihood(centre, sigma);
    for (const step of [-1e-3, 1e-3]) {
      expect(likelihood(centre + step, sigma)).toBeLessThan(best);
      expect(likelihood(centre, sigma + step)).toBeLessThan(best);
    }
  });

  test('moves and stretches with the levels', () => {
    const levels = pairs.slice(0, 100).flat();
    const plain = fitTwoLevelLaw(levels);
    const moved = fitTwoLevelLaw(levels.map((x) => 5 - 7 * x));
    expect(moved.centre).toBeCloseTo(5 - 7 * plain.centre, 8);
    expect(moved.sigma).toBeCloseTo(7 * plain.sigma, 8);
  });

  test('the jackknife error is the spread: 60 sets of 60 pairs', () => {
    const sets = Array.from({ length: 60 }, (_, k) => estimateTwoLevelLaw(pairs.slice(60 * k, 60 * k + 60)));
    for (const which of ['centre', 'sigma'] as const) {
      const spread = Math.sqrt(variance(sets.map((set) => set[which].value)));
      const said = Math.sqrt(mean(sets.map((set) => set[which].error ** 2)));
      // The spread of 60 is known within 9 %.
      expect(Math.abs(said / spread - 1)).toBeLessThan(0.3);
    }
  });

  test('levels that are all equal, or not finite, give NaN', () => {
    expect(fitTwoLevelLaw([1, 1, 1, 1]).sigma).toBeNaN();
    expect(fitTwoLevelLaw([1, 2, Number.NaN]).centre).toBeNaN();
  });
});

describe('semicircle', () => {
  const circle = { centre: -1, radius: 2 };

  test('moments are those of Catalan: 1, radius^2/4, 2 (radius^2/4)^2', () => {
    // x = -1 + 2 sin t takes the square root away at both ends.
    const moment = (power: number) =>
      integrate(
        (t) => (2 * Math.sin(t)) ** power * semicircleDensity(circle, -1 + 2 * Math.sin(t)) * 2 * Math.cos(t),
        -Math.PI / 2,
        Math.PI / 2,
      );
    expect(moment(0)).toBeCloseTo(1, 10);
    expect(moment(2)).toBeCloseTo(1, 10);
    expect(moment(4)).toBeCloseTo(2, 10);
    expect(semicircleDensity(circle, 1.5)).toBe(0);
  });

  test('distribution function', () => {
    for (const x of [-2.5, -1, 0.4]) {
      const angle = Math.asin((x + 1) / 2);
      const integral = integrate(
        (t) => semicircleDensity(circle, -1 + 2 * Math.sin(t)) * 2 * Math.cos(t),
        -Math.PI / 2,
        angle,
      );
      expect(semicircleCdf(circle, x)).toBeCloseTo(integral, 10);
    }
    expect(semicircleCdf(circle, -4)).toBe(0);
    expect(semicircleCdf(circle, 9)).toBe(1);
  });

  test('fit: 150 matrices of 40 x 40, and the limit of a large degeneracy', () => {
    const spectra = gaussianSpectra(40, 150, 0.5, 3);
    const { centre, radius } = estimateSemicircle(spectra);
    const expected = clusterRadius(0.5, 40) * Math.sqrt(1 + 1 / 40);
    expect(radius.error).toBeLessThan(0.005 * expected);
    expect(Math.abs(radius.value - expected)).toBeLessThan(4 * radius.error);
    expect(Math.abs(centre.value)).toBeLessThan(4 * centre.error);
    const levels = spectra.flatMap((levels) => [...levels]);
    expect(kolmogorovSmirnovDistance(levels, (x) => semicircleCdf(fitSemicircle(levels), x))).toBeLessThan(0.01);
  });
});
