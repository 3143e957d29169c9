// Several instances of one comparison: planted components of variance come out, windows that are the same fail as seldom
// as stated, and deviations of the stated size are found as often as stated.
import { describe, expect, it, test } from 'vitest';
import { overInstances } from '../../../analysis/comparison/components.js';
import { type Contrast, contrast } from '../../../analysis/comparison/ensemble.js';
import { largestFinite } from '../../../analysis/comparison/finite.js';
import { type InstancesVerdict, judgeInstances } from '../../../analysis/comparison/instances.js';
import { POWER } from '../../../analysis/comparison/power.js';
import type { Ensemble } from '../../../analysis/comparison/realisations.js';
import { judge, type WindowVerdict } from '../../../analysis/comparison/verdict.js';
import { mean, variance } from '../../../core/statistics/estimate.js';
import { createRandomSource, type RandomSource } from '../../../core/statistics/random-source.js';
import { varianceRatioCdf, varianceRatioQuantile, varianceRatioTail } from '../../../core/statistics/variance-ratio.js';

test("Fisher's law: tabulated quantiles, and the square of Student's", () => {
  // Abramowitz and Stegun, table 26.9.
  expect(varianceRatioQuantile(0.05, [3, 10])).toBeCloseTo(3.71, 2);
  expect(varianceRatioQuantile(0.01, [4, 20])).toBeCloseTo(4.43, 2);
  expect(varianceRatioQuantile(0.1, [1, 5])).toBeCloseTo(4.06, 2);
  const f = varianceRatioQuantile(1e-4, [2.5, 17]);
  expect(varianceRatioTail(f, [2.5, 17])).toBeCloseTo(1e-4, 12);
  expect(varianceRatioCdf(f, [2.5, 17])).toBeCloseTo(1 - 1e-4, 12);
});

/** Standard error of the mean of independent numbers. */
const errorOf = (values: readonly number[]) => Math.sqrt(variance(values) / values.length);

describe('components of variance', () => {
  const draw = (random: RandomSource, errors: readonly number[], between: number, realisations: number) =>
    overInstances(
      errors.map((error) => {
        const own = 1 + between * random.normal();
        const values = Array.from(
          { length: realisations },
          () => own + error * Math.sqrt(realisations) * random.normal(),
        );
        const measured = Math.sqrt(variance(values) / realisations);
        return { value: mean(values), error: measured, degrees: realisations - 1 };
      }),
    );

  it('that were planted come out, each error bar as large as the scatter of what it belongs to', () => {
    const random = createRandomSource(1, 'components');
    // Of 8 instances, two of which fluctuate three times as much.
    const errors = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.5, 1.5];
    const all = Array.from({ length: 600 }, () => draw(random, errors, 2, 10));
    const squares = all.map(({ error, n, within }) => n * error ** 2 - within ** 2);
    expect(errorOf(squares)).toBeLessThan(0.12);
    expect(Math.abs(mean(squares) - 4)).toBeLessThan(3 * errorOf(squares));
    const ofSquare = Math.sqrt(mean(all.map(({ betweenSquareError }) => betweenSquareError ** 2)));
    expect(ofSquare / Math.sqrt(variance(squares))).toBeGreaterThan(0.85);
    expect(ofSquare / Math.sqrt(variance(squares))).toBeLessThan(1.3);
    const withins = all.map(({ within }) => within ** 2);
    expect(Math.abs(mean(withins) - mean(errors.map((e) => e * e)))).toBeLessThan(3 * errorOf(withins));
    const means = all.map((each) => each.mean);
    const stated = mean(all.map(({ error }) => error ** 2));
    expect(stated / variance(means)).toBeGreaterThan(0.8);
    expect(stated / variance(means)).toBeLessThan(1.25);
    // Without scatter between instances the error would be three times too small.
    expect(mean(all.map(({ errorOfThese }) => errorOfThese ** 2))).toBeLessThan(stated / 6);
  });

  it('of which there are none are seen as often as p says, where instances fluctuate differently too', () => {
    const random = createRandomSource(2, 'no components');
    for (const errors of [
      [1, 1, 1, 1],
      [0.3, 1, 1, 3],
    ]) {
      const trials = 1500;
      const all = Array.from({ length: trials }, () => draw(random, errors, 0, 10).scatterPValue);
      for (const p of [0.05, 0.2]) {
        const seen = all.filter((own) => own < p).length / trials;
        const error = Math.sqrt((p * (1 - p)) / trials);
        expect(error).toBeLessThan(0.25 * p);
        expect(Math.abs(seen - p)).toBeLessThan(3 * error + 0.3 * p);
      }
    }
  });

  it('are not known from one instance', () => {
    const one = overInstances([{ value: 2, error: 0.5, degrees: 7 }]);
    expect([one.mean, one.within, one.errorOfThese, one.degreesWithin]).toEqual([2, 0.5, 0.5, 7]);
    for (const unknown of [one.error, one.between, one.averagePValue, one.scatterPValue]) expect(unknown).toBeNaN();
  });
});

const LEVELS = 2;
const FRAMES = 2;
const none = largestFinite([]);
const measured = () => ({
  stepTimesSharpness: none,
  surrogateStepTimesSharpness: none,
  oneStepShift: none,
  oneStepVariance: none,
});

interface Planted {
  /** Mean over instances of the relative shift of all levels, and its standard deviation between instances. */
  readonly shift?: number;
  readonly shiftScatter?: number;
  /** Factor of all standard deviations: of all instances, and exp of its scatter's logarithm. */
  readonly ratio?: number;
  readonly ratioScatter?: number;
}

function ensemble(n: number, random: RandomSource, [centre, factor] = [1, 1]): Ensemble {
  return {
    name: 'planted',
    leftOut: {},
    time: Array.from({ length: FRAMES }, (_, i) => i + 1),
    levels: Array.from({ length: n }, () =>
      Array.from({ length: FRAMES }, () =>
        Float64Array.from({ length: LEVELS }, (_, level) => (30 - level) * centre + factor * random.normal()),
      ),
    ),
  };
}

function instance(n: number, random: RandomSource, planted: Planted): [readonly Contrast[], WindowVerdict[]] {
  const { shift = 0, shiftScatter = 0, ratio = 1, ratioScatter = 1 } = planted;
  const centre = 1 + shift + shiftScatter * random.normal();
  const factor = ratio * ratioScatter ** random.normal();
  const contrasts = contrast(ensemble(n, random), ensemble(n, random, [centre, factor]), LEVELS);
  return [contrasts, judge(contrasts, [0, FRAMES], measured)];
}

function verdict(instances: number, n: number, random: RandomSource, planted: Planted = {}): InstancesVerdict {
  const all = Array.from({ length: instances }, () => instance(n, random, planted));
  return judgeInstances(
    all.map(([contrasts]) => contrasts),
    all.map(([, verdicts]) => verdicts),
  )[0];
}

const failing = (trials: number, draw: () => InstancesVerdict) =>
  Array.from({ length: trials }, draw).filter(({ outcome }) => outcome === 'fails').length / trials;

test('with one instance the verdict is that of the instance', () => {
  const random = createRandomSource(3, 'one instance');
  for (const planted of [{}, { shift: 0.1 }, { ratio: 3 }]) {
    const [contrasts, own] = instance(12, random, planted);
    const [one] = judgeInstances([contrasts], [own]);
    expect(one.outcome).toBe(own[0].outcome);
    expect(one.alone[own[0].outcome]).toBe(1);
    expect(one.worstShift.shift.mean).toBeCloseTo(own[0].worstShift.shift, 12);
    expect(one.meanPValue).toBeCloseTo(own[0].meanPValue, 12);
    expect(one.spreadPValue).toBe(own[0].spreadPValue);
    expect(one.detectableRatio).toEqual(own[0].detectableRatio);
    expect(one.detectableShift.common).toBeCloseTo(own[0].detectableShift.common, 12);
    expect(one.scatterPValue).toBeNaN();
  }
});

describe('over four instances', () => {
  const [instances, n] = [4, 12];
  const trials = 40;
  const error = Math.sqrt((POWER * (1 - POWER)) / trials);
  /** In the middle of nine windows. */
  const typical = () => {
    const random = createRandomSource(4, 'powers');
    const all = Array.from({ length: 9 }, () => verdict(instances, n, random));
    const middle = (of: (verdict: InstancesVerdict) => number) => all.map(of).sort((a, b) => a - b)[4];
    return {
      shift: middle(({ detectableShift }) => detectableShift.common),
      ratio: middle(({ detectableRatio }) => detectableRatio.common),
      shiftScatter: middle(({ detectableScatter }) => detectableScatter.common),
      ratioScatter: middle(({ detectableRatioScatter }) => detectableRatioScatter.common),
    };
  };

  let powers: ReturnType<typeof typical> | undefined;

  it('the same laws fail in no more than the stated 2 windows of 100', () => {
    const random = createRandomSource(5, 'same laws');
    const count = 150;
    expect(failing(count, () => verdict(instances, n, random))).toBeLessThan(
      0.02 + 3 * Math.sqrt((0.02 * 0.98) / count),
    );
  });

  it.each(['shift', 'ratio', 'shiftScatter', 'ratioScatter'] as const)(
    'a %s of the size that would have been found is',
    (kind) => {
      powers ??= typical();
      const size = powers[kind];
      const random = createRandomSource(6, kind);
      const found = failing(trials, () => verdict(instances, n, random, { [kind]: size }));
      expect(error).toBeLessThan(0.05);
      expect(found).toBeGreaterThan(POWER - 3 * error);
      const small = kind.startsWith('ratio') ? size ** 0.3 : 0.3 * size;
      expect(failing(trials, () => verdict(instances, n, random, { [kind]: small }))).toBeLessThan(0.7);
    },
  );

  it('scatter between instances is told apart from a shift of all', () => {
    const random = createRandomSource(7, 'told apart');
    const scattered = verdict(6, n, random, { shiftScatter: 0.3 });
    expect(scattered.outcome).toBe('fails');
    expect(scattered.scatterPValue).toBeLessThan(1e-4);
    const { between, within, error } = scattered.worstShift.shift;
    expect(between).toBeGreaterThan(0.1);
    expect(between).toBeLessThan(0.6);
    expect(within).toBeLessThan(0.03);
    expect(error).toBeGreaterThan(0.05);
    const shifted = verdict(6, n, random, { shift: 0.3 });
    expect(shifted.outcome).toBe('fails');
    expect(shifted.worstShift.shift.averagePValue).toBeLessThan(1e-4);
    expect(shifted.worstShift.shift.between).toBeLessThan(0.03);
    expect(shifted.scatterPValue).toBeGreaterThan(0.001);
  });
});
