// Observers of a density with its law: levels that are looked at, and windows of levels drawn from the law itself.
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { semicircleCdf } from '../../../core/theory/random-matrix/semicircle.js';
import { twoLevelCdf } from '../../../core/theory/random-matrix/two-level-density.js';
import { semicircleDensity } from '../../../plugins/spectral-statistics/semicircle-density.js';
import { singularValues } from '../../../plugins/spectral-statistics/singular-values.js';
import { twoLevelDensity } from '../../../plugins/spectral-statistics/two-level-density.js';
import { gaussianSpectra } from '../../core/theory/random-matrix/ensembles.js';
import { derive, watch } from './observe.js';

/** Windows as channel -> numbers. */
function windows(
  component: Component<'observer'>,
  params: object,
  frames: readonly ArrayLike<number>[],
): Record<string, Float64Array>[] {
  const { observer } = watch(component, { block: 'square', ...params });
  const found = derive(observer, 'levels', frames);
  const perWindow = Object.keys(observer.derived ?? {}).length;
  return Array.from({ length: found.length / perWindow }, (_, i) =>
    Object.fromEntries(
      found
        .slice(i * perWindow, (i + 1) * perWindow)
        .map(({ channel, data }) => [channel.split('.').pop() ?? '', data]),
    ),
  );
}

test('the levels are those that were chosen', () => {
  const all = watch(singularValues, { block: 'square' }).observe().values;
  const pair = watch(twoLevelDensity, { block: 'square', of: 'singular', pair: 2 }).observe().levels;
  expect([...pair]).toEqual([all[2], all[3]]);
  const some = watch(semicircleDensity, { block: 'square', of: 'singular', levels: [4, 0, 2] }).observe().levels;
  expect([...some]).toEqual([all[4], all[0], all[2]]);
  expect([...watch(semicircleDensity, { block: 'square', of: 'singular' }).observe().levels]).toEqual([...all]);
});

describe('a pair of levels drawn from its law, two windows of 500 frames', () => {
  const pairs = gaussianSpectra(2, 1000, 0.1, 31).map((levels) => levels.map((x) => 3 + x));
  const found = windows(twoLevelDensity, { frames: 500, bins: 16 }, pairs);

  test('centre and sigma within their errors', () => {
    expect(found).toHaveLength(2);
    for (const { centre, centreError, sigma, sigmaError, pValue } of found) {
      expect(sigmaError[0]).toBeLessThan(0.004);
      expect(centreError[0]).toBeLessThan(0.005);
      expect(Math.abs(sigma[0] - 0.1)).toBeLessThan(4 * sigmaError[0]);
      expect(Math.abs(centre[0] - 3)).toBeLessThan(4 * centreError[0]);
      expect(pValue[0]).toBeGreaterThan(0.005);
    }
  });

  test('density and law in units of sigma about the centre', () => {
    const law = { centre: 0, sigma: 1 };
    for (const { density, lawDensity } of found) {
      expect(density.reduce((sum, value) => sum + value / 2, 0)).toBeCloseTo(1, 2);
      lawDensity.forEach((expected, i) => {
        const low = -4 + i / 2;
        expect(expected).toBeCloseTo((twoLevelCdf(law, low + 0.5) - twoLevelCdf(law, low)) / 0.5, 8);
        // 1000 levels in bins of width 1/2.
        const error = Math.sqrt((expected / 2) * (1 - expected / 2) * 1000) / 500;
        expect(Math.abs(density[i] - expected)).toBeLessThan(4.5 * error + 0.005);
      });
    }
  });
});

test('a cluster: 80 spectra of 60 levels lie on the semicircle', () => {
  const [{ centre, centreError, sigma, sigmaError, distance, pValue, density, lawDensity }] = windows(
    semicircleDensity,
    { frames: 80, bins: 12 },
    gaussianSpectra(60, 80, 0.2, 32),
  );
  expect(sigmaError[0]).toBeLessThan(0.002);
  expect(Math.abs(sigma[0] - 0.2)).toBeLessThan(4 * sigmaError[0]);
  expect(Math.abs(centre[0])).toBeLessThan(4 * centreError[0]);
  expect(distance[0]).toBeLessThan(0.01);
  expect(pValue).toBeUndefined();
  lawDensity.forEach((expected, i) => {
    const circle = { centre: 0, radius: 1 };
    const low = -1.5 + i / 4;
    expect(expected).toBeCloseTo(4 * (semicircleCdf(circle, low + 0.25) - semicircleCdf(circle, low)), 8);
    expect(Math.abs(density[i] - expected)).toBeLessThan(0.03);
  });
});

test('a window with a level that is not finite measures nothing', () => {
  const [found] = windows(twoLevelDensity, { frames: 6 }, [...Array(5).fill([1, 2]), [1, NaN]]);
  for (const values of Object.values(found)) expect([...values].every(Number.isNaN)).toBe(true);
});

test('levels that there are not', () => {
  const wrong = (component: Component<'observer'>, params: object) => () =>
    watch(component, { block: 'square', ...params });
  expect(wrong(twoLevelDensity, { pair: 4 })).toThrow('pair: there is no level 5 among 5 levels; the last one is 4');
  expect(wrong(semicircleDensity, { levels: [0, 9] })).toThrow('levels: there is no level 9 among 5 levels');
  expect(wrong(semicircleDensity, { levels: [1, 1] })).toThrow('levels: the law needs 2 different levels or more');
  expect(wrong(semicircleDensity, { levels: 3 })).toThrow('levels: the law needs 2 different levels or more; found 3');
});
