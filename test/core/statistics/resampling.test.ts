// Jackknife and bootstrap where the error is known: means, a non-linear statistic, medians; and that the errors are right.
import { describe, expect, test } from 'vitest';
import { bootstrap } from '../../../core/statistics/bootstrap.js';
import { mean, meanEstimate, quantile, sorted, variance } from '../../../core/statistics/estimate.js';
import { jackknife, jackknifeAll } from '../../../core/statistics/jackknife.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

const values = [2.1, 0.3, -1.2, 4.4, 0.9, 1.7, 3.3, -0.4];
const median = (list: readonly number[]) => quantile(sorted(list), 0.5);

describe('jackknife', () => {
  test('of a mean, leaving out one at a time, is the standard error exactly', () => {
    const found = jackknife(values, mean);
    const expected = meanEstimate(values);
    expect(found.value).toBeCloseTo(expected.value, 14);
    expect(found.error).toBeCloseTo(expected.error, 14);
    expect(found.n).toBe(8);
  });

  test('of several statistics at once is that of each', () => {
    const [a, b] = jackknifeAll(values, (some) => [mean(some), variance(some)]);
    expect(a).toEqual(jackknife(values, mean));
    expect(b).toEqual(jackknife(values, variance));
  });

  test('with blocks: every realisation is left out once', () => {
    const sizes: number[] = [];
    const found = jackknife(
      values,
      (some) => {
        sizes.push(some.length);
        return mean(some);
      },
      3,
    );
    expect(sizes[0]).toBe(8);
    expect(sizes.slice(1).reduce((sum, size) => sum + 8 - size, 0)).toBe(8);
    expect(found.error).toBeGreaterThan(0);
  });

  test('needs two blocks', () => {
    expect(() => jackknife([1], mean)).toThrow('2 blocks or more');
    expect(() => jackknife([1, 2, 3], mean, 4)).toThrow(RangeError);
  });
});

describe('bootstrap', () => {
  test('of a mean: the error is sqrt((n - 1)/n) standard errors', () => {
    const found = bootstrap(values, mean, { resamples: 20_000 });
    const expected = meanEstimate(values).error * Math.sqrt(7 / 8);
    // 20 000 resamples know it within 1/sqrt(40 000) = 0.5 %, a little more for a law with tails.
    expect(Math.abs(found.error / expected - 1)).toBeLessThan(0.02);
    expect(found.high - found.low).toBeCloseTo(2 * found.error, 1);
  });

  test('gives the same bits again, and others for another seed', () => {
    expect(bootstrap(values, median)).toEqual(bootstrap(values, median));
    expect(bootstrap(values, median).error).not.toBe(bootstrap(values, median, { seed: 2 }).error);
  });

  test('knows no error of a single realisation', () => {
    expect(bootstrap([3], mean)).toEqual({ value: 3, error: Number.NaN, n: 1, low: Number.NaN, high: Number.NaN });
  });

  test('needs realisations', () => {
    expect(() => bootstrap([], mean)).toThrow('a bootstrap needs a realisation');
  });
});

describe('errors cover: the spread of a statistic over 400 samples of 100 normals is what each sample says', () => {
  const random = createRandomSource(5, 'coverage');
  const samples = Array.from({ length: 400 }, () => Array.from({ length: 100 }, () => random.normal()));
  const cases = [
    [
      'jackknife of the standard deviation',
      (list: readonly number[]) => jackknife(list, (s) => Math.sqrt(variance(s))),
      0.03,
    ],
    ['jackknife in 20 blocks', (list: readonly number[]) => jackknife(list, (s) => Math.sqrt(variance(s)), 20), 0.03],
    // The bootstrap of a median is biased upwards for finite samples.
    ['bootstrap of the median', (list: readonly number[]) => bootstrap(list, median, { resamples: 100 }), 0.1],
  ] as const;
  test.each(cases)('%s', (_name, estimate, bias) => {
    const found = samples.map(estimate);
    const spread = Math.sqrt(variance(found.map(({ value }) => value)));
    const said = Math.sqrt(mean(found.map(({ error }) => error ** 2)));
    // The spread of 400 is known within 1/sqrt(800) = 3.5 %.
    expect(Math.abs(said / spread - 1)).toBeLessThan(3 * 0.036 + bias);
  });
});

test('random numbers for analyses: the laws, and independence of the order of asking', () => {
  const source = createRandomSource(3, 'test');
  const other = createRandomSource(3, 'test');
  const normals = Array.from({ length: 3000 }, () => source.normal());
  for (let i = 0; i < 100; i++) other.uniform();
  expect(Array.from({ length: 3000 }, () => other.normal())).toEqual(normals);
  const { value, error } = meanEstimate(normals.map((x) => x * x));
  expect(error).toBeLessThan(0.03);
  expect(Math.abs(value - 1)).toBeLessThan(4 * error);
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[source.below(3)] += 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (2 / 9)));
});

test('quantiles interpolate as numpy does', () => {
  expect(quantile([1, 2, 4, 8], 0.5)).toBe(3);
  expect(quantile([1, 2, 4, 8], 0.75)).toBe(5);
  expect(quantile([7], 0.3)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
  // numpy.quantile([-1.7e308, 1.7e308], 0.25) -> -8.5e307, and no overflow on the way.
  expect(quantile([-1.7e308, 1.7e308], 0.25) / 8.5e307).toBeCloseTo(-1, 14);
  expect(quantile([-1.7e308, 1.7e308], 0.5)).toBe(0);
  expect(quantile([1, 2, Infinity], 0.5)).toBe(2);
  expect(quantile([-Infinity, -Infinity, 3], 0.25)).toBe(-Infinity);
  expect(quantile([Infinity, Infinity], 0.3)).toBe(Infinity);
  expect(meanEstimate([4]).error).toBeNaN();
});
