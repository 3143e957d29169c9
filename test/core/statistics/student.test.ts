// Student's law: the closed forms of Cauchy's law and of two degrees of freedom, scipy 1.17.1 (2 t.sf), the normal limit.
import { expect, test } from 'vitest';
import { studentTwoSided, studentTwoSidedQuantile } from '../../../core/statistics/student.js';

test.each([
  [2.5, 1, 0.24223788318168682],
  [2.5, 2, 0.12961172022151082],
  [2.5, 3.7, 0.07182202291182678],
  [2.5, 126, 0.013704060157029576],
  [0.1, 10, 0.9223207185644082],
  [12, 5, 7.089492517161522e-5],
  [-40, 63, 1.6974279920901198e-46],
])('beyond %d with %d degrees of freedom', (t, degrees, expected) => {
  expect(Math.abs(studentTwoSided(t, degrees) / expected - 1)).toBeLessThan(1e-10);
});

test.each([0.01, 1, 3, 700])('beyond %d in closed form for one degree of freedom and for two', (t) => {
  expect(studentTwoSided(t, 1) / ((2 / Math.PI) * Math.atan(1 / t))).toBeCloseTo(1, 9);
  // 1 - t / sqrt(2 + t^2) without cancellation.
  const root = Math.sqrt(2 + t * t);
  expect(studentTwoSided(t, 2) / (2 / (root * (root + t)))).toBeCloseTo(1, 9);
});

test('is the normal law for many, and known at the ends', () => {
  expect(studentTwoSided(1.959963984540054, 1e6)).toBeCloseTo(0.05, 6);
  expect(studentTwoSided(0, 5)).toBe(1);
  expect(studentTwoSided(Number.POSITIVE_INFINITY, 5)).toBe(0);
  expect(studentTwoSided(Number.NaN, 5)).toBeNaN();
  expect(studentTwoSided(1, 0)).toBeNaN();
});

test.each([
  [0.05, 10, 2.2281388519649385],
  [0.01, 3, 5.840909309733356],
])('has the quantiles of the tables: p = %d, %d degrees', (p, degrees, expected) => {
  expect(studentTwoSidedQuantile(p, degrees)).toBeCloseTo(expected, 9);
});

test.each([1.5, 62.5])('has the inverse of its tails where the degrees are not whole: %d', (degrees) => {
  expect(studentTwoSided(studentTwoSidedQuantile(4e-4, degrees), degrees) / 4e-4).toBeCloseTo(1, 8);
});
