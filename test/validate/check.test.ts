// Student's law against table G.2 of the Guide to the expression of uncertainty in measurement (JCGM 100:2008).
import { expect, test } from 'vitest';
import { likeThreeErrors } from './check.js';

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
