// Axes of pictures on the page: places, the start of a logarithmic axis, ends that rest while data move.
import { expect, test } from 'vitest';
import { linearScale, logScale, logScaleFromZero, roundUp, steadyRange } from '../../../lab/page/drawing/scale.js';

test.each([
  ['linear', linearScale(-2, 6)],
  ['logarithmic', logScale(1e-3, 10)],
  ['logarithmic from 0', logScaleFromZero(0.125, 1e5)],
])('a %s axis reads back what it places', (_, scale) => {
  for (const place of [0.1, 0.5, 0.9, 1]) expect(scale.place(scale.valueAt(place))).toBeCloseTo(place, 12);
});

test('step 0 has a place of its own on a logarithmic axis, before the first step', () => {
  const scale = logScaleFromZero(1, 1000);
  expect(scale.place(0)).toBe(0);
  expect(scale.place(1)).toBeGreaterThan(0);
  expect(scale.place(1)).toBeLessThan(0.05);
  expect(scale.place(1000)).toBe(1);
  expect(scale.ticks(8)[0]).toEqual({ value: 0, label: '0' });
});

test('what is too small for a logarithmic axis lies at its end, and what is no number nowhere', () => {
  const scale = logScale(1e-3, 1);
  expect(scale.place(0)).toBe(0);
  expect(scale.place(-1)).toBe(0);
  expect(scale.place(Number.NaN)).toBeNaN();
});

test('round ends are never below the value', () => {
  for (const value of [1e-9, 0.013, 0.9999, 1, 1.2, 7.3, 99, 1e12]) {
    expect(roundUp(value)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
    expect(roundUp(value)).toBeLessThanOrEqual(2 * value);
  }
});

test('an axis rests while data move inside it, grows when they leave it, and shrinks when they fill less than half', () => {
  const range = steadyRange('linear', 0);
  const first = range.hold(0, 2.2);
  expect(range.hold(0, 1.9)).toBe(first);
  expect(range.hold(0, first[1])).toBe(first);
  const grown = range.hold(0, 5);
  expect(grown[1]).toBeGreaterThanOrEqual(5);
  expect(range.hold(0, 0.5)[1]).toBeLessThan(grown[1] / 2);
});

test('a logarithmic axis ends at powers of ten', () => {
  const [low, high] = steadyRange('log').hold(0.03, 4);
  expect([low, high]).toEqual([0.01, 10]);
});

test('an axis of data without a finite number is still an axis', () => {
  expect(steadyRange('linear').hold(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([0, 1]);
  expect(steadyRange('linear').hold(Number.NaN, Number.NaN)).toEqual([0, 1]);
});
