// The transport: speeds over five decades, and what is said of a run that has ended.
import { expect, test } from 'vitest';
import { sayEnd } from '../../../lab/page/run/messages.js';
import { FULL_SPEED, grouped, placeOfSpeed, saySpeed, stepsPerSecondAt } from '../../../lab/page/run/speed.js';

test('speeds span five decades, and end with as fast as it goes', () => {
  expect(stepsPerSecondAt(FULL_SPEED - 1) / stepsPerSecondAt(0)).toBeCloseTo(1e5, 6);
  expect(stepsPerSecondAt(FULL_SPEED)).toBe(Number.POSITIVE_INFINITY);
  for (let place = 0; place <= FULL_SPEED; place++) expect(placeOfSpeed(stepsPerSecondAt(place))).toBe(place);
  expect(saySpeed(Number.POSITIVE_INFINITY)).toBe('as fast as it goes');
  expect(saySpeed(12589)).toBe('13\u202f000 steps/s');
});

test('numbers are read in groups of three', () => {
  expect(grouped(1234567)).toBe('1\u202f234\u202f567');
});

test.each(['completed', 'diverged', 'saturated'] as const)('a run that has %s says so, and at which step', (state) => {
  const end = sayEnd(state, 1200, '');
  expect(end?.name.toLowerCase()).toBe(state);
  expect(end?.text).toContain('1\u202f200');
});

test('a run that failed says why, and one that goes on nothing', () => {
  expect(sayEnd('failed', 0, 'model.rows: expected 2')?.text).toBe('model.rows: expected 2');
  expect(sayEnd('running', 5, '')).toBeUndefined();
});
