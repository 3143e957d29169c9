// What a comparison says that it would have found, against simulation: planted deviations of the stated size are found as
// often as stated.
import { describe, expect, it, test } from 'vitest';
import { type Contrast, contrast } from '../../../analysis/comparison/ensemble.js';
import { largestFinite } from '../../../analysis/comparison/finite.js';
import { POWER } from '../../../analysis/comparison/power.js';
import type { Ensemble } from '../../../analysis/comparison/realisations.js';
import { judge, type WindowVerdict } from '../../../analysis/comparison/verdict.js';
import { verdictLine } from '../../../analysis/comparison/verdict-text.js';
import { createRandomSource, type RandomSource } from '../../../core/statistics/random-source.js';

const LEVELS = 3;
const FRAMES = 2;

type Law = (random: RandomSource) => number;
const normal: Law = (random) => random.normal();
/** Kurtosis 6: a level whose width differs from realisation to realisation. */
const laplace: Law = (random) => Math.sign(random.uniform() - 0.5) * Math.log(random.uniform());

interface Planted {
  /** Relative, and ratio of standard deviations. */
  readonly shift?: number;
  readonly ratio?: number;
  /** In one level at one time, or in all. */
  readonly everywhere?: boolean;
}

/** Levels about 10, 9, 8 that fluctuate by 1, independent of each other. */
function ensemble(
  n: number,
  law: Law,
  random: RandomSource,
  { shift = 0, ratio = 1, everywhere = false }: Planted = {},
) {
  const drawn: Ensemble = {
    name: 'planted',
    leftOut: {},
    time: Array.from({ length: FRAMES }, (_, i) => i + 1),
    levels: Array.from({ length: n }, () =>
      Array.from({ length: FRAMES }, (_, frame) =>
        Float64Array.from({ length: LEVELS }, (_, level) => {
          const isOff = everywhere || (frame === 0 && level === 0);
          const centre = 10 - level;
          return centre * (isOff ? 1 + shift : 1) + (isOff ? ratio : 1) * law(random);
        }),
      ),
    ),
  };
  return drawn;
}

const none = largestFinite([]);
const measured = () => ({
  stepTimesSharpness: none,
  surrogateStepTimesSharpness: none,
  oneStepShift: none,
  oneStepVariance: none,
});

const judged = (contrasts: readonly Contrast[]): WindowVerdict => judge(contrasts, [0, FRAMES], measured)[0];

function verdicts(trials: number, n: number, law: Law, planted: Planted, seed: string): WindowVerdict[] {
  const random = createRandomSource(n, seed);
  return Array.from({ length: trials }, () =>
    judged(contrast(ensemble(n, law, random), ensemble(n, law, random, planted), LEVELS)),
  );
}

const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const failing = (list: readonly WindowVerdict[]) =>
  list.filter(({ outcome }) => outcome === 'fails').length / list.length;

const TRIALS = 40;
/** Standard error of a fraction of 0.9 of so many windows. */
const error = Math.sqrt((POWER * (1 - POWER)) / TRIALS);

/** Powers are stated from the realisations at hand: those of 15 windows, in the middle. */
function stated(n: number, law: Law) {
  const powers = verdicts(15, n, law, {}, 'powers');
  const of = (choose: (verdict: WindowVerdict) => number) => middle(powers.map(choose));
  return {
    ratio: of(({ detectableRatio }) => detectableRatio.single),
    commonRatio: of(({ detectableRatio }) => detectableRatio.common),
    shift: of(({ detectableShift }) => detectableShift.single),
    commonShift: of(({ detectableShift }) => detectableShift.common),
  };
}

describe('a deviation of the size that would have been found is found in 9 of 10 windows', () => {
  it.each([
    [12, 'normal', normal],
    [48, 'normal', normal],
    [32, 'Laplace', laplace],
  ] as const)('%d realisations, %s law', (n, _, law) => {
    const { ratio, commonRatio, shift, commonShift } = stated(n, law);
    const found = (planted: Planted, seed: string) => failing(verdicts(TRIALS, n, law, planted, seed));
    expect(error).toBeLessThan(0.05);
    // 3 errors below; above, a deviation that is too large would always be found: half of it must not be.
    for (const [size, everywhere] of [
      [ratio, false],
      [1 / commonRatio, true],
    ] as const) {
      expect(found({ ratio: size, everywhere }, 'whole')).toBeGreaterThan(POWER - 3 * error);
      expect(found({ ratio: Math.sqrt(size), everywhere }, 'half')).toBeLessThan(0.7);
    }
    for (const [size, everywhere] of [
      [shift, false],
      [commonShift, true],
    ] as const) {
      expect(found({ shift: size, everywhere }, 'whole')).toBeGreaterThan(POWER - 3 * error);
    }
    expect(found({ shift: shift / 2 }, 'half')).toBeLessThan(0.7);
  });
});

describe('a ratio of standard deviations of 1.3 in one level', () => {
  it('cannot be told in 8 realisations, which would have found 1.5 in all levels at best', () => {
    const some = verdicts(20, 8, normal, { ratio: 1.3 }, 'few');
    // One window in a hundred fails whatever the truth.
    expect(some.filter(({ outcome }) => outcome === 'cannot tell').length).toBeGreaterThan(17);
    expect(some.filter(({ outcome }) => outcome === 'agrees')).toEqual([]);
  });

  it('in all levels is a failure in 96 realisations', () => {
    expect(failing(verdicts(20, 96, normal, { ratio: 1.3, everywhere: true }, 'many'))).toBeGreaterThan(0.7);
  });
});

test('in four realisations no ratio at all is found, and that is said', () => {
  const [{ outcome, detectableRatio }] = verdicts(1, 4, normal, {}, 'four');
  expect(detectableRatio).toEqual({ common: Number.POSITIVE_INFINITY, single: Number.POSITIVE_INFINITY });
  expect(outcome).not.toBe('agrees');
});

test('what is told: the verdict, and what would have been found', () => {
  const [verdict] = verdicts(1, 48, normal, {}, 'words');
  expect(verdictLine(verdict)).toMatch(
    /; would have found a mean off by [\d.]+\u00a0% in all \([\d.]+\u00a0% in one\) and an sd ratio of [\d.]+ in all \([\d.]+ in one\)/,
  );
});
