// The score of a validation: rows that cannot fail are shown and not counted, whatever their measured value, and what the
// others could have found is told.
import { describe, expect, it, test } from 'vitest';
import { twoSampleDistance, twoSamplePValue } from '../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { ANY, about, above, below, type Check, detectableDistance, FRACTION, NOT_NEGATIVE } from './check.js';
import { scoreOf, summaryOf, tableOf, verdictOf } from './score.js';

const row = (changes: Partial<Check>): Check => ({
  what: 'planted',
  expected: 0.5,
  measured: 0.55,
  error: 0.1,
  n: 12,
  tolerance: 'in words',
  possible: FRACTION,
  accepted: [0.3, 0.7],
  ...changes,
});

const isNotCounted = (check: Check) => {
  expect(verdictOf(check)).toEqual({ agrees: undefined, because: expect.stringMatching(/./), share: Number.NaN });
  expect(scoreOf([check])).toEqual({ agree: 0, fail: 0, shown: 1, shares: [] });
  expect(tableOf([check])).toContain('| not counted: ');
};

describe('a row is not counted, whatever was measured,', () => {
  it.each([
    ['without a condition', { accepted: undefined }],
    ['when its tolerance covers all fractions', { accepted: about(0.5, 0.6) }],
    ['when a one-sided condition covers all fractions', { expected: Number.NaN, accepted: below(1) }],
    ['when any number is agreement', { possible: ANY, accepted: ANY }],
  ] as [string, Partial<Check>][])('%s', (_, changes) => {
    for (const measured of [0.5, 0, 1, Number.NaN]) isNotCounted(row({ ...changes, measured }));
  });
});

describe('a row that agrees is not counted', () => {
  it.each([
    ['when only more than twice a positive value fails', { possible: NOT_NEGATIVE, accepted: about(0.5, 0.5) }],
    ['when it tells a value from neither zero nor twice', { possible: ANY, accepted: about(0.5, 0.7) }],
    ['when of 12 seeds all but none at all are accepted', { accepted: [1 / 12, 1] }],
    ['when its tolerance exceeds its unit', { possible: ANY, expected: 0, unit: 0.5, accepted: about(0, 0.6) }],
    ['when nothing says what a deviation from 0 means', { possible: ANY, expected: 0, accepted: about(0, 0.6) }],
  ] as [string, Partial<Check>][])('%s; it is when it fails', (_, changes) => {
    isNotCounted(row(changes));
    expect(verdictOf(row({ ...changes, measured: -1 })).agrees).toBe(false);
  });
});

describe('a row that could fail', () => {
  it.each([
    ['a fraction: in relation to all fractions', {}, 0.2],
    ['a positive value: the nearer side', { possible: NOT_NEGATIVE, accepted: [0.5 / 3, 1.5] }, 2 / 3],
    ['a bound from above', { possible: NOT_NEGATIVE, expected: 1, accepted: below(1.5) }, 0.5],
    ['an exact number', { possible: NOT_NEGATIVE, expected: 0, accepted: [0, 0] }, 0],
    ['with a unit', { possible: ANY, expected: 0, unit: 1, accepted: about(0, 0.02) }, 0.02],
    ['a test that says what it finds', { possible: FRACTION, accepted: above(0.001), finds: 0.25 }, 0.25],
  ] as [string, Partial<Check>, number][])('says from which deviation on: %s', (_, changes, share) => {
    const verdict = verdictOf(row(changes));
    expect(verdict.because).toBe('');
    expect(verdict.share).toBeCloseTo(share, 12);
  });

  it('agrees inside, fails outside, where the measurement is not precise enough, and where it is not a number', () => {
    expect(verdictOf(row({})).agrees).toBe(true);
    expect(verdictOf(row({ measured: 0.71 })).agrees).toBe(false);
    expect(verdictOf(row({ precise: false })).agrees).toBe(false);
    expect(verdictOf(row({ measured: Number.NaN })).agrees).toBe(false);
    expect(verdictOf(row({ accepted: [Number.NaN, Number.NaN] })).agrees).toBe(false);
  });

  it('counts as a negative control without an expected value, and has no deviation then', () => {
    const verdict = verdictOf(row({ possible: NOT_NEGATIVE, expected: Number.NaN, accepted: above(0.04) }));
    expect(verdict).toEqual({ agrees: true, because: '', share: Number.NaN });
  });
});

test('the summary gives the score, the power and the rows that are not counted', () => {
  const rows = [row({}), row({ accepted: [0.4, 0.6] }), row({ measured: 0.9 }), row({ accepted: undefined })];
  expect(summaryOf(rows)).toBe(
    '2 of 3 rows that could fail agree; the smallest deviation that would have failed is 20 % (median of 3 rows that ' +
      'expect a value; 10 % to 20 %); 1 row shown without a verdict.',
  );
  expect(tableOf(rows).split('\n')[2]).toBe(
    '| planted | 0.5 | 0.55 | 0.1 | 12 | in words | below 0.3, above 0.7 | 20 % | yes |',
  );
});

test('the distance that a test of distributions finds is the smallest whose p is below its limit', () => {
  const distance = detectableDistance(48, 48, 0.001);
  expect(twoSamplePValue(distance, 48, 48)).toBeLessThan(0.001);
  expect(twoSamplePValue(distance - 1 / 48, 48, 48)).toBeGreaterThanOrEqual(0.001);
  // Two uniform laws shifted by twice that distance: found nearly always (N = 40).
  const random = createRandomSource(1, 'shifted laws');
  const sample = (by: number) => Array.from({ length: 48 }, () => random.uniform() + by);
  const found = Array.from({ length: 40 }, () => twoSampleDistance(sample(0), sample(2 * distance)) >= distance);
  expect(found.filter(Boolean).length).toBeGreaterThan(36);
});
