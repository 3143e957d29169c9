// The comparison of SGD with a surrogate: moments, verdicts and spacings on ensembles whose laws are known.
import { describe, expect, it } from 'vitest';
import { contrast, momentsOf } from '../../../analysis/comparison/ensemble.js';
import { largestFinite, medianFinite } from '../../../analysis/comparison/finite.js';
import { firstOtherTime, isInWindow, isSameTime } from '../../../analysis/comparison/learning-time.js';
import type { Ensemble } from '../../../analysis/comparison/realisations.js';
import { contrastSpacings } from '../../../analysis/comparison/spacings.js';
import { judge, type Measured } from '../../../analysis/comparison/verdict.js';
import { assumptionLine, withError } from '../../../analysis/comparison/verdict-text.js';
import { meanEstimate, variance } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

const LEVELS = 3;
const TIMES = [0, 1, 2, 3, 4];

/** Levels 30, 20, 10 that fluctuate by `spread` and drift by `drift` per unit of time. */
function ensemble(name: string, n: number, spread: number, drift: number, seed: number): Ensemble {
  const random = createRandomSource(seed, name);
  return {
    name,
    time: TIMES,
    leftOut: {},
    levels: Array.from({ length: n }, () =>
      TIMES.map((time) =>
        Float64Array.from({ length: LEVELS }, (_, i) => {
          const noise = time === 0 ? 0 : spread * random.normal();
          return 10 * (LEVELS - i) + drift * time + noise;
        }),
      ),
    ),
  };
}

const noNumbers = largestFinite([]);
const nothing: Measured = {
  stepTimesSharpness: noNumbers,
  surrogateStepTimesSharpness: noNumbers,
  oneStepShift: noNumbers,
  oneStepVariance: noNumbers,
};
const noneMeasured = () => nothing;
const edges = [0, 2, 4];

describe('moments over realisations', () => {
  it('are mean, standard error and standard deviation, level by level', () => {
    const levels = [1, 2, 6].map((x) => [Float64Array.of(x)]);
    const [[moments]] = momentsOf({ name: 'three', time: [0], levels, leftOut: {} }, 1);
    expect(moments.mean).toBe(3);
    expect(moments.deviation).toBeCloseTo(Math.sqrt(7), 12);
    expect(moments.meanError).toBeCloseTo(Math.sqrt(7 / 3), 12);
    expect(moments.n).toBe(3);
  });

  it('give the error of a standard deviation as normal theory does, for normal values', () => {
    const n = 400;
    const [, [moments]] = momentsOf(ensemble('normal', n, 1, 0, 5), 1);
    expect(moments.deviationError / (moments.deviation / Math.sqrt(2 * (n - 1)))).toBeGreaterThan(0.8);
    expect(moments.deviationError / (moments.deviation / Math.sqrt(2 * (n - 1)))).toBeLessThan(1.2);
  });

  it('give the error of a ratio of means: its scatter over pairs of ensembles of 16 levels at 30 and 75', () => {
    const n = 16;
    const random = createRandomSource(7, 'ratios');
    const about = (name: string, centre: number): Ensemble => ({
      name,
      time: [1],
      leftOut: {},
      levels: Array.from({ length: n }, () => [Float64Array.of(centre + 3 * random.normal())]),
    });
    const pairs = Array.from({ length: 400 }, () => contrast(about('a', 30), about('b', 75), 1)[0]);
    // Propagated: sqrt(9/16 (1 + 2.5^2)) / 30; without the factor b/a of the reference it would be 0.035.
    const expected = Math.sqrt((9 / n) * (1 + 2.5 ** 2)) / 30;
    const scatter = Math.sqrt(variance(pairs.map(({ shift }) => shift)));
    // Relative standard error of a standard deviation: 1 / sqrt(2 x 399), 3.5 %.
    expect(Math.abs(scatter / expected - 1)).toBeLessThan(0.11);
    const squares = meanEstimate(pairs.map(({ shiftError }) => shiftError ** 2));
    expect(squares.error / expected ** 2).toBeLessThan(0.03);
    expect(Math.abs(squares.value / expected ** 2 - 1)).toBeLessThan(0.1);
  });

  it('leave the ratio of deviations open where the reference does not fluctuate', () => {
    const [first] = contrast(ensemble('a', 10, 1, 0, 1), ensemble('b', 10, 1, 0, 2), LEVELS);
    expect(first.time).toBe(0);
    expect(first.spread.logRatio).toBeNaN();
  });
});

describe('learning times', () => {
  it('are the same up to the rounding of sums of steps', () => {
    // 0.1 and 0.025 added up to 10^6.
    const sum = (step: number, n: number) => Array.from({ length: n }).reduce((time: number) => time + step, 0);
    const [coarse, fine] = [sum(0.1, 1e6), sum(0.025, 4e6)];
    expect(coarse).not.toBe(fine);
    expect(isSameTime(coarse, fine)).toBe(true);
    expect(isSameTime(1, 1 + 1e-6)).toBe(false);
    expect(isSameTime(0, 0)).toBe(true);
  });

  it('differ first where one list ends or has another time', () => {
    expect(firstOtherTime([0, 0.1 + 0.2, 1], [0, 0.3, 1])).toBe(-1);
    expect(firstOtherTime([0, 0.5, 1], [0, 0.4, 1])).toBe(1);
    expect(firstOtherTime([0, 0.5], [0, 0.5, 1])).toBe(2);
    expect(firstOtherTime([0, Number.NaN], [0, Number.NaN])).toBe(1);
  });

  it('at the edge of two windows belong to the one that ends there', () => {
    expect(isInWindow(0.1 + 0.2, 0, 0.3)).toBe(true);
    expect(isInWindow(0.1 + 0.2, 0.3, 0.6)).toBe(false);
    expect(isInWindow(0, 0, 0.3)).toBe(false);
  });

  it('that differ are not contrasted', () => {
    const late = { ...ensemble('late', 4, 1, 0, 2), time: TIMES.map((time) => 1.1 * time) };
    expect(() => contrast(ensemble('a', 4, 1, 0, 1), late, LEVELS)).toThrow(
      new RangeError('frame 1 of late and a is at other times'),
    );
  });
});

describe('a verdict', () => {
  const reference = ensemble('reference', 200, 0.1, 1, 11);
  const judged = (surrogate: Ensemble) => judge(contrast(reference, surrogate, LEVELS), edges, noneMeasured);

  it('is agreement for two samples of the same law, in 99 % of windows or nearly so', () => {
    const windows = Array.from({ length: 40 }, (_, i) => judged(ensemble(`same ${i}`, 200, 0.1, 1, 100 + i))).flat();
    // N = 80 windows against one reference. With probability 1 % each for means and for deviations, 1.6 fail on average.
    expect(windows.filter(({ outcome }) => outcome === 'fails').length).toBeLessThanOrEqual(6);
  });

  it('is failure for means that are off by more than errors and practice allow, and says by how much', () => {
    const [, late] = judged(ensemble('drifts', 200, 0.1, 1.05, 3));
    expect(late.outcome).toBe('fails');
    expect(late.worstShift.shift).toBeGreaterThan(0.002);
    expect(late.meanPValue).toBeLessThan(0.01);
  });

  it('is failure for fluctuations of another size', () => {
    const [window] = judged(ensemble('wide', 200, 0.2, 1, 4));
    expect(window.outcome).toBe('fails');
    const ratio = Math.exp(window.worstSpread?.spread.logRatio ?? Number.NaN);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.4);
    expect(window.spreadPValue).toBeLessThan(0.01);
  });

  it('is failure for a level that is not a number', () => {
    const broken = ensemble('broken', 200, 0.1, 1, 5);
    broken.levels[0][1][0] = Number.NaN;
    const [window] = judged(broken);
    expect(window.outcome).toBe('fails');
    expect(window.worstShift.shift).toBeNaN();
    expect(window.meanPValue).toBeNaN();
  });

  it('names the farthest mean, also behind one that is the same in all realisations', () => {
    const still = (name: string, other: number): Ensemble => ({
      name,
      time: [1],
      leftOut: {},
      levels: [1, 2, 3].map(() => [Float64Array.of(30, other, 10)]),
    });
    const [window] = judge(contrast(still('a', 20), still('b', 21), LEVELS), [0, 2], noneMeasured);
    expect(window.outcome).toBe('fails');
    expect(window.worstShift.level).toBe(2);
    expect(window.meanPValue).toBe(0);
  });

  it('names the assumptions that are broken: step, noise, gaps', () => {
    const noisy = ensemble('noisy', 50, 9, 0, 6);
    const rough = {
      stepTimesSharpness: largestFinite([1.5]),
      surrogateStepTimesSharpness: largestFinite([0.3]),
      oneStepShift: largestFinite([0.7]),
      oneStepVariance: largestFinite([0.1]),
    };
    const [window] = judge(contrast(noisy, noisy, LEVELS), edges, () => rough);
    expect(window.broken.join()).toMatch(
      /step too large.*step of the surrogate too large.*misses its mean shift by 70 %.*noise not small.*levels meet/,
    );
    const smooth = {
      stepTimesSharpness: largestFinite([0.05]),
      surrogateStepTimesSharpness: largestFinite([0.05]),
      oneStepShift: largestFinite([0.05]),
      oneStepVariance: largestFinite([0.05]),
    };
    const calm = judge(contrast(reference, reference, LEVELS), edges, () => smooth);
    expect(calm[0].broken).toEqual([]);
  });
});

describe('spacings of ensembles of different size', () => {
  it('have a mean, an error and a number of realisations each', () => {
    const of = (name: string, spacings: readonly number[]): Ensemble => ({
      name,
      time: [1],
      leftOut: {},
      levels: spacings.map((spacing) => [Float64Array.of(5 + spacing, 5)]),
    });
    const [contrasted] = contrastSpacings(of('a', [1, 2, 6]), of('b', [2, 4]), 2);
    expect(contrasted.reference).toEqual({ value: 3, error: Math.sqrt(7 / 3), n: 3 });
    expect(contrasted.surrogate).toEqual({ value: 3, error: 1, n: 2 });
    expect(contrasted.distance).toBeCloseTo(1 / 3, 14);
    expect(contrasted.pValue).toBe(1);
  });

  it('are told with two digits of the error', () => {
    expect(withError({ value: 0.117234, error: 0.00213 })).toBe('0.1172 ± 0.0021');
    expect(withError({ value: 1234.5, error: 37 })).toBe('1235 ± 37');
    expect(withError({ value: 0.5, error: 0 })).toBe('0.5');
    expect(withError({ value: 0.5, error: Number.NaN })).toBe('0.5');
  });
});

describe('numbers beside the levels', () => {
  const some = [0.3, Number.NaN, 0.1, Number.POSITIVE_INFINITY, 0.2];

  it('are summarised as far as they are finite, wherever the others stand', () => {
    expect(largestFinite(some)).toEqual({ value: 0.3, notFinite: 2, of: 5 });
    expect(largestFinite([...some].reverse()).value).toBe(0.3);
    expect(medianFinite(some)).toEqual({ value: 0.2, notFinite: 2, of: 5 });
    expect(medianFinite([Number.NaN])).toEqual({ value: Number.NaN, notFinite: 1, of: 1 });
    expect(largestFinite([])).toEqual({ value: Number.NaN, notFinite: 0, of: 0 });
  });

  it('are told with how many are not finite', () => {
    const a = ensemble('a', 20, 0.1, 0, 1);
    const measured = { ...nothing, stepTimesSharpness: largestFinite(some), oneStepShift: medianFinite([Number.NaN]) };
    const [window] = judge(contrast(a, a, LEVELS), edges, () => measured);
    expect(assumptionLine(window)).toContain('step x sharpness 0.3 (2 of 5 not finite)');
    expect(assumptionLine(window)).toContain('mean shift predicted within not known (1 of 1 not finite)');
    expect(window.broken).toEqual(['step too large: step x sharpness = 0.3 > 0.2']);
  });
});

describe('spacings of two ensembles', () => {
  it('are told apart when their laws differ, and not when they are the same', () => {
    const a = ensemble('a', 300, 0.1, 1, 21);
    const [same] = contrastSpacings(a, ensemble('b', 300, 0.1, 1, 22), LEVELS);
    const [other] = contrastSpacings(a, ensemble('c', 300, 0.2, 1, 23), LEVELS);
    expect(same.pValue).toBeGreaterThan(0.001);
    expect(other.pValue).toBeLessThan(1e-3);
    expect([same.reference.n, same.surrogate.n]).toEqual([300, 300]);
    // Of each level 0.1: sqrt 2 times that of a spacing, over the root of N.
    for (const { value, error } of [same.reference, same.surrogate]) {
      expect(error / ((0.1 * Math.SQRT2) / Math.sqrt(300))).toBeGreaterThan(0.85);
      expect(error / ((0.1 * Math.SQRT2) / Math.sqrt(300))).toBeLessThan(1.15);
      expect(Math.abs(value - 10)).toBeLessThan(4 * error);
    }
    // Normal about 10 with standard deviation 0.1 sqrt 2: quartiles at 0.674 of it.
    const [, lower, middle, upper] = same.referenceQuantiles;
    expect(middle).toBeCloseTo(10, 1);
    expect((upper - lower) / (2 * 0.674 * 0.1 * Math.SQRT2)).toBeGreaterThan(0.8);
    expect((upper - lower) / (2 * 0.674 * 0.1 * Math.SQRT2)).toBeLessThan(1.2);
  });
});
