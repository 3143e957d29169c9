// Least squares against scipy 1.17.1 (curve_fit) and against the published fit of <S> = a sqrt(T A).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { fitProportionality, fitStraightLine } from '../../../core/statistics/linear-fit.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

const points = [
  { x: 0.1, y: 0.21, error: 0.01 },
  { x: 0.2, y: 0.37, error: 0.02 },
  { x: 0.4, y: 0.85, error: 0.02 },
  { x: 0.7, y: 1.33, error: 0.05 },
];

describe('proportionality', () => {
  const { slope, scatter, degreesOfFreedom } = fitProportionality(points);
  test('slope and both kinds of error', () => {
    expect(slope.value).toBeCloseTo(2.03190955, 7);
    expect(slope.error ** 2).toBeCloseTo(0.00125628, 7);
    expect((slope.error * scatter) ** 2).toBeCloseTo(0.00445959, 7);
    expect(degreesOfFreedom).toBe(3);
  });

  test('needs a point', () => {
    expect(() => fitProportionality([])).toThrow('a fit needs points');
  });
});

describe('straight line', () => {
  test('intercept and slope', () => {
    const { intercept, slope } = fitStraightLine(points);
    expect(intercept.value).toBeCloseTo(0.0058499, 6);
    expect(slope.value).toBeCloseTo(2.01147899, 7);
    expect(intercept.error).toBeCloseTo(0.01325585, 7);
    expect(slope.error).toBeCloseTo(0.05830574, 7);
  });

  test('errors cover: 2000 noisy lines', () => {
    const random = createRandomSource(1, 'lines');
    const pulls = Array.from({ length: 2000 }, () => {
      const noisy = points.map(({ x, error }) => ({ x, y: 1 - 3 * x + error * random.normal(), error }));
      const { intercept, slope } = fitStraightLine(noisy);
      return [(intercept.value - 1) / intercept.error, (slope.value + 3) / slope.error];
    });
    for (const i of [0, 1]) {
      const squares = meanEstimate(pulls.map((pull) => pull[i] ** 2));
      expect(squares.error).toBeLessThan(0.04);
      expect(Math.abs(squares.value - 1)).toBeLessThan(4 * squares.error);
    }
  });

  test('needs two points', () => {
    expect(() => fitStraightLine(points.slice(0, 1))).toThrow('needs 2 points');
  });
});

test('the published fit of the mean spacing, a = 1.878(34)', () => {
  const { settings, fit } = JSON.parse(
    readFileSync(new URL('../../reference/level-spacing/published.json', import.meta.url), 'utf8'),
  );
  const measured = settings.map(
    (s: Record<'learningRate' | 'batchSize' | 'noiseWidth' | 'ratio' | 'error', number>) => {
      const x = s.noiseWidth * Math.sqrt(s.learningRate / s.batchSize);
      return { x, y: s.ratio * x, error: s.error * x };
    },
  );
  const { slope, scatter } = fitProportionality([measured[0], measured[0], ...measured]);
  // The settings are known to 4 digits, so the fit to 3.
  expect(slope.value).toBeCloseTo(fit.a, 2);
  expect(slope.error * scatter).toBeCloseTo(fit.error, 3);
});
