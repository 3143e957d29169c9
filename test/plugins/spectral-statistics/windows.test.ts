// Channels derived over windows of frames: what a window is, and that the numbers are those of the pure functions.
import { describe, expect, test } from 'vitest';
import { mean } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { numberVarianceTheory } from '../../../core/theory/random-matrix/number-variance.js';
import { testSpacings } from '../../../core/theory/random-matrix/spacing-test.js';
import { surmiseSecondMoment } from '../../../core/theory/random-matrix/wigner-surmise.js';
import { levelSpacing } from '../../../plugins/spectral-statistics/level-spacing.js';
import { numberVariance } from '../../../plugins/spectral-statistics/number-variance.js';
import { spectralDensity } from '../../../plugins/spectral-statistics/spectral-density.js';
import { unfoldedSpacing } from '../../../plugins/spectral-statistics/unfolded-spacing.js';
import { gaussianSpectra } from '../../core/theory/random-matrix/ensembles.js';
import { derive, watch } from './observe.js';

const random = createRandomSource(1, 'windows');
const rayleigh = () => Math.hypot(random.normal(), random.normal());

describe('a window', () => {
  const { observer } = watch(levelSpacing, { block: 'square', pairs: [0, 2], frames: 6 });
  const frames = Array.from({ length: 15 }, () => [rayleigh(), 2 * rayleigh()]);
  const found = derive(observer, 'spacing', frames);

  test('holds consecutive frames; those that fill none are left out', () => {
    expect(found.map(({ channel, step }) => `${channel} ${step}`)).toEqual(
      [50, 110].flatMap((step) =>
        ['meanSpacing', 'secondMoment', 'wignerDistance', 'pValue'].map((name) => `name.with.dots.${name} ${step}`),
      ),
    );
    expect(found[0]).toMatchObject({ epoch: 5, time: 2.5, shape: [2] });
  });

  test('gives for each pair what the pure functions give', () => {
    const second = [0, 1].map((pair) => frames.slice(6, 12).map((frame) => frame[pair]));
    const at = (name: string) => [...(found.find((s) => s.step === 110 && s.channel.endsWith(name))?.data ?? [])];
    expect(at('meanSpacing')).toEqual(second.map(mean));
    const tests = second.map((spacings) => testSpacings(spacings));
    expect(at('secondMoment')).toEqual(tests.map(({ secondMoment }) => secondMoment));
    expect(at('wignerDistance')).toEqual(tests.map(({ distance }) => distance));
    expect(at('pValue')).toEqual(tests.map(({ pValue }) => pValue));
  });

  test('ignores the other channels of its observer', () => {
    expect(derive(observer, 'other', frames)).toEqual([]);
  });
});

test('level spacing against another ensemble: 400 frames of beta = 2', () => {
  const { observer } = watch(levelSpacing, { block: 'square', frames: 400, ensemble: 'unitary' });
  const frames = Array.from({ length: 400 }, () => [Math.hypot(random.normal(), random.normal(), random.normal())]);
  const [, second, , pValue] = derive(observer, 'spacing', frames);
  expect(Math.abs(second.data[0] - surmiseSecondMoment(2))).toBeLessThan(0.06);
  expect(pValue.data[0]).toBeGreaterThan(0.001);
});

test('unfolded spacings of all frames together: neighbouring levels of 80 matrices of 40 x 40', () => {
  const { observer } = watch(unfoldedSpacing, { block: 'wide', frames: 80 });
  const spectra = gaussianSpectra(40, 80, 1, 9);
  const spacings = spectra.map((levels) => [...levels.slice(11, 30)].map((x, i) => x - levels[10 + i]));
  const [second, distance] = derive(observer, 'spacing', spacings);
  // The surmise is within 1 % of large matrices; the density varies a little over the middle half.
  expect(Math.abs(second.data[0] - surmiseSecondMoment(1))).toBeLessThan(0.05);
  expect(distance.data[0]).toBeLessThan(0.03);
});

test('spectral density: the fraction of levels in a bin over its width', () => {
  const { observer } = watch(spectralDensity, { block: 'tall', low: 0, high: 6, bins: 3, frames: 2 });
  const [density] = derive(observer, 'counts', [
    [1, 2, 0],
    [0, 1, 3],
  ]);
  // 4 levels in each of 2 frames, bins of width 2.
  expect([...density.data]).toEqual([1 / 16, 3 / 16, 3 / 16]);
});

describe('number variance', () => {
  test('of 80 x 80 matrices, unfolded by their own ensemble', () => {
    const { observer } = watch(numberVariance, { block: 'wide', frames: 80, lengths: [1, 3, 60] });
    const [variance, error] = derive(observer, 'levels', gaussianSpectra(80, 80, 1, 10));
    for (const [i, length] of [1, 3].entries()) {
      const expected = numberVarianceTheory(1, length);
      expect(error.data[i]).toBeLessThan(0.06 * expected);
      expect(Math.abs(variance.data[i] - expected)).toBeLessThan(4 * error.data[i] + expected / 80);
    }
    expect(variance.data[2]).toBeNaN();
  });

  test('is NaN when a level of the window is not finite', () => {
    const { observer } = watch(numberVariance, { block: 'wide', frames: 3, lengths: [1] });
    const [variance, error] = derive(observer, 'levels', [
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, Number.NaN],
      [1, 2, 3, 4, 5, 6],
    ]);
    expect([variance.data[0], error.data[0]]).toEqual([Number.NaN, Number.NaN]);
  });
});
