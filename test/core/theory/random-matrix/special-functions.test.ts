// Special functions against scipy 1.17.1.
import { expect, test } from 'vitest';
import { erf, erfc, normalCdf, sineCosineIntegrals } from '../../../../core/statistics/special-functions.js';

test.each([
  [0, 0, 1],
  [0.001, 0.0011283787909692363, 0.9988716212090307],
  [0.3, 0.3286267594591274, 0.6713732405408726],
  [1, 0.8427007929497148, 0.15729920705028516],
  [1.9, 0.9927904292352575, 0.007209570764742531],
  [2.1, 0.997020533343667, 0.0029794666563329845],
  [3, 0.9999779095030014, 2.2090496998585445e-5],
  [5, 0.9999999999984626, 1.5374597944280347e-12],
])('erf and erfc at %d', (x, error, complement) => {
  expect(Math.abs(erf(x) - error)).toBeLessThan(1e-15);
  expect(Math.abs(erf(-x) + error)).toBeLessThan(1e-15);
  expect(Math.abs(erfc(x) - complement)).toBeLessThan(x > 2 ? 1e-14 * complement : 2e-15);
});

test('erf far out and of NaN', () => {
  expect(erf(40)).toBe(1);
  expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
  expect(erf(Number.NaN)).toBeNaN();
});

test.each([
  [-3, 0.0013498980316301],
  [0.5, 0.69146246127401],
])('normal law at %d', (x, expected) => {
  expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(1e-13);
});

test.each([
  [0.1, 0.09994446110827694, -1.7278683866572966],
  [1, 0.9460830703671831, 0.33740392290096816],
  [3.9, 1.7765013604478055, -0.12349934920781536],
  [4.1, 1.7387436264917688, -0.156165391828121],
  [10, 1.658347594218874, -0.04545643300445537],
  [50, 1.551617072485936, -0.005628386324116305],
])('sine and cosine integral at %d', (x, sine, cosine) => {
  const found = sineCosineIntegrals(x);
  expect(Math.abs(found.sine - sine)).toBeLessThan(1e-14);
  expect(Math.abs(found.cosine - cosine)).toBeLessThan(1e-14);
});
