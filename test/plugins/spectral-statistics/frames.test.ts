// Channels that observers measure frame by frame, against ml-matrix and against each other.
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { EigenflowError } from '../../../core/errors.js';
import { levelSpacing } from '../../../plugins/spectral-statistics/level-spacing.js';
import { marchenkoPastur } from '../../../plugins/spectral-statistics/marchenko-pastur.js';
import { numberVariance } from '../../../plugins/spectral-statistics/number-variance.js';
import { semicircleDensity } from '../../../plugins/spectral-statistics/semicircle-density.js';
import { singularValues } from '../../../plugins/spectral-statistics/singular-values.js';
import { spectralDensity } from '../../../plugins/spectral-statistics/spectral-density.js';
import { twoLevelDensity } from '../../../plugins/spectral-statistics/two-level-density.js';
import { unfoldedSpacing } from '../../../plugins/spectral-statistics/unfolded-spacing.js';
import { BLOCKS, type BlockName } from '../weights-only.js';
import { type Watched, watch } from './observe.js';

const names = Object.keys(BLOCKS) as BlockName[];

function expected(watched: Watched, name: BlockName): number[] {
  const [rows, cols] = BLOCKS[name];
  const matrix = Matrix.from1DArray(rows, cols, [...watched.block(name)]);
  const { diagonal } = new SingularValueDecomposition(matrix, { autoTranspose: true });
  return diagonal.slice(0, Math.min(rows, cols)).sort((a, b) => b - a);
}

test.each(names)('singular values of block %s', (block) => {
  const watched = watch(singularValues, { block });
  const { values } = watched.observe();
  const reference = expected(watched, block);
  expect(values.length).toBe(reference.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - reference[i])).toBeLessThan(1e-13 * reference[0]);
  });
});

describe('level spacing', () => {
  test('of singular values and of levels, in the order of the pairs', () => {
    const singular = watch(levelSpacing, { block: 'square', of: 'singular', pairs: [3, 0] });
    const s = expected(singular, 'square');
    const { spacing } = singular.observe();
    expect(spacing[0]).toBeCloseTo(s[3] - s[4], 12);
    expect(spacing[1]).toBeCloseTo(s[0] - s[1], 12);
    const gram = watch(levelSpacing, { block: 'square', pairs: [3, 0] }).observe().spacing;
    expect(gram[0]).toBeCloseTo(s[3] ** 2 - s[4] ** 2, 12);
    expect(gram[1]).toBeCloseTo(s[0] ** 2 - s[1] ** 2, 12);
  });

  test('has no derived channels without a window', () => {
    const { observer } = watch(levelSpacing, { block: 'square' });
    expect(observer.derive).toBeUndefined();
    expect(observer.derived).toBeUndefined();
  });

  test('a pair that there is not', () => {
    expect(() => watch(levelSpacing, { block: 'tall', pairs: [0, 3] })).toThrow(
      'pairs: there is no pair 3 among 4 levels',
    );
  });
});

test('unfolded spacings are the levels over the mean of their neighbours', () => {
  const watched = watch(unfoldedSpacing, { block: 'tall', of: 'singular', neighbours: 1 });
  const s = expected(watched, 'tall');
  const gaps = [s[0] - s[1], s[1] - s[2], s[2] - s[3]];
  const means = [(gaps[0] + gaps[1]) / 2, (gaps[0] + gaps[1] + gaps[2]) / 3, (gaps[1] + gaps[2]) / 2];
  watched.observe().spacing.forEach((value, i) => {
    expect(value).toBeCloseTo(gaps[i] / means[i], 12);
  });
  expect(() => watch(unfoldedSpacing, { block: 'row' })).toThrow('a single level and no spacing');
});

describe('spectral density', () => {
  test('counts every level once, inside the bins or outside', () => {
    const watched = watch(spectralDensity, { block: 'wide', low: 10, high: 60, bins: 5 });
    const levels = expected(watched, 'wide').map((s) => s * s);
    const { counts, outside } = watched.observe();
    counts.forEach((count, bin) => {
      expect(count).toBe(levels.filter((x) => x >= 10 + 10 * bin && x < 20 + 10 * bin).length);
    });
    expect(outside[0]).toBe(16 - counts.reduce((a, b) => a + b, 0));
    expect(outside[0]).toBeGreaterThan(0);
  });

  test('the ends must be in order', () => {
    expect(() => watch(spectralDensity, { block: 'wide', low: 1, high: 1 })).toThrow('high: 1 is not above low = 1');
  });
});

test('number variance: the levels, ascending', () => {
  const watched = watch(numberVariance, { block: 'tall' });
  const levels = expected(watched, 'tall').map((s) => s * s);
  watched.observe().levels.forEach((level, i) => {
    expect(level).toBeCloseTo(levels[3 - i], 10);
  });
});

describe('Marchenko-Pastur', () => {
  test('noise: edges around the levels, no outlier', () => {
    const { entryVariance, lowerEdge, upperEdge, outliers, distance } = watch(marchenkoPastur, {
      block: 'wide',
    }).observe();
    // 16 levels fix the scale within about 10 %.
    expect(Math.abs(entryVariance[0] - 1)).toBeLessThan(0.3);
    expect(upperEdge[0] / entryVariance[0]).toBeCloseTo((Math.sqrt(32) + 4) ** 2, 10);
    expect(lowerEdge[0] / entryVariance[0]).toBeCloseTo((Math.sqrt(32) - 4) ** 2, 10);
    expect(outliers[0]).toBe(0);
    expect(distance[0]).toBeLessThan(0.3);
  });

  test('a product of rank 3 has no bulk of rounding: no outliers, and no spacings below its levels', () => {
    const lowRank = (w: Float64Array) => {
      for (let i = 0; i < 16; i++) {
        for (let j = 0; j < 32; j++)
          w[i * 32 + j] = Math.fround(
            Math.sin(i) * Math.cos(j) + (i % 3) * Math.sin(3 * j) + (i % 5) * Math.cos(j * j),
          );
      }
    };
    const watched = watch(marchenkoPastur, { block: 'wide' });
    lowRank(watched.block('wide'));
    const { rank, rounding, outliers, entryVariance } = watched.observe();
    expect(rank[0]).toBe(3);
    expect(rounding[0]).toBeLessThan(1e-6);
    expect(outliers[0]).toBeLessThanOrEqual(3);
    expect(entryVariance[0]).toBeGreaterThan(1e-3);
    const spaced = watch(unfoldedSpacing, { block: 'wide' });
    lowRank(spaced.block('wide'));
    expect(
      spaced
        .observe()
        .spacing.map((s) => (Number.isFinite(s) ? 1 : 0))
        .reduce((a, b) => a + b),
    ).toBe(2);
  });

  test('a matrix of zeros has rank 0 and no law', () => {
    const watched = watch(marchenkoPastur, { block: 'wide' });
    watched.block('wide').fill(0);
    const { rank, entryVariance, outliers } = watched.observe();
    expect([rank[0], entryVariance[0], outliers[0]]).toEqual([0, Number.NaN, Number.NaN]);
  });

  test('two directions of rank one that stand out are counted', () => {
    const watched = watch(marchenkoPastur, { block: 'wide' });
    const w = watched.block('wide');
    w[0] += 30;
    w[33] += 20;
    expect(watched.observe().outliers[0]).toBe(2);
  });
});

const every: readonly [Component<'observer'>, Readonly<Record<string, unknown>>][] = [
  [singularValues, {}],
  [levelSpacing, {}],
  [unfoldedSpacing, {}],
  [spectralDensity, { low: 0, high: 100 }],
  [twoLevelDensity, {}],
  [semicircleDensity, {}],
  [numberVariance, {}],
  [marchenkoPastur, {}],
];

test.each(every)('%#: a weight that is not finite makes every number NaN', (component, params) => {
  const watched = watch(component, { block: 'tall', ...params });
  watched.block('tall')[5] = Number.POSITIVE_INFINITY;
  for (const frame of Object.values(watched.observe())) expect([...frame].every(Number.isNaN)).toBe(true);
});

test.each(every)('%#: a block that there is not', (component, params) => {
  let caught: unknown;
  try {
    watch(component, { block: 'wild', ...params });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(EigenflowError);
  expect(caught).toMatchObject({ code: 'parameter', path: 'observers.subject.block' });
  expect((caught as Error).message).toContain('did you mean "wide"? The model has wide, tall, square, row');
});
