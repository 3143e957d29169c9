// The error bars of the validations: Student's law against table G.2 of the Guide to the expression of uncertainty in
// measurement (JCGM 100:2008), resampled errors against closed forms for normal values.
import { expect, test } from 'vitest';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { bootstrap, jackknife, likeThreeErrors, mean, median } from './check.js';

test.each([
  [2, 235.8],
  [3, 19.21],
  [5, 6.62],
  [10, 4.09],
  [21, 3.42],
  [101, 3.077],
])('of %d values, %d errors are as rare as 3 of known size', (n, expected) => {
  expect(Math.abs(likeThreeErrors(n) / expected - 1)).toBeLessThan(0.002);
});

const normals = (n: number, seed: number) => {
  const random = createRandomSource(seed, 'error bars');
  return Array.from({ length: n }, () => random.normal());
};

test('the jackknife error of a mean is s / sqrt(n)', () => {
  const values = normals(37, 1);
  const centre = mean(values);
  const s = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 36);
  expect(jackknife(values, mean)).toBeCloseTo(s / Math.sqrt(37), 12);
});

test('the bootstrap error of a median is sqrt(pi / (2 n)), on average over 60 samples of 201 normal values', () => {
  const errors = Array.from({ length: 60 }, (_, seed) => bootstrap(normals(201, seed), median));
  const expected = Math.sqrt(Math.PI / (2 * 201));
  const error = jackknife(errors, mean);
  expect(error).toBeLessThan(0.05 * expected);
  // The bootstrap of a median is biased upwards by a few percent at this n.
  expect(mean(errors) / expected).toBeGreaterThan(0.95);
  expect(mean(errors) / expected).toBeLessThan(1.15);
});

test('bootstrapped bands of one error hold the median of 12 as often as they should: 68 % of 400 samples, within 8', () => {
  const samples = Array.from({ length: 400 }, (_, seed) => normals(12, 1000 + seed));
  const held = samples.filter((values) => Math.abs(median(values)) <= bootstrap(values, median)).length / 400;
  expect(Math.abs(held - 0.68)).toBeLessThan(0.08);
});
