// What the page knows of a comparison without a worker: what is offered, in which order it is computed, how two runs that are
// watched keep step, and how its numbers are drawn and told.
import { describe, expect, it } from 'vitest';
import type { ComparisonVerdict } from '../../../lab/comparison-protocol.js';
import { differenceView, ratioView } from '../../../lab/page/compare/contrast-views.js';
import { offersOf } from '../../../lab/page/compare/offers.js';
import { type Paced, stepAt, stepLimit } from '../../../lab/page/compare/pairing.js';
import { agreedSince, sayPower, withSign } from '../../../lab/page/compare/say.js';
import { readSettings, settingsText, USUAL_SETTINGS } from '../../../lab/page/compare/settings-text.js';
import { tasksOf } from '../../../lab/page/compare/tasks.js';
import sgdVsLangevin from '../../../scenarios/sgd-vs-langevin.js';

describe('surrogates that are offered', () => {
  it('are those that the scenario declares', () => {
    const offers = offersOf(sgdVsLangevin);
    expect(offers.map(({ name, isPreset }) => [name, isPreset])).toEqual([
      ['langevin', false],
      ['isotropic', false],
      ['linearised', false],
      ['frozen', false],
    ]);
    expect(offers[2].doc).toContain('measured on realisations of SGD, linearised');
  });

  it('are the Langevin equation with and without structure where it declares none', () => {
    expect(offersOf({}).map(({ name, isPreset }) => [name, isPreset])).toEqual([
      ['langevin', true],
      ['isotropic', true],
    ]);
  });
});

describe('what is chosen', () => {
  it('comes back from a link as it went into it', () => {
    const chosen = { surrogate: 'isotropic', realisations: 32, part: 0.1, substeps: 4 };
    expect(readSettings(settingsText(chosen))).toEqual(chosen);
    expect(settingsText(USUAL_SETTINGS)).toBeUndefined();
    expect(readSettings(undefined)).toEqual(USUAL_SETTINGS);
  });

  it('is as it opens where a link says nonsense', () => {
    expect(readSettings('x,-1,1e9,NaN')).toEqual({ ...USUAL_SETTINGS, surrogate: 'x' });
  });
});

describe('realisations', () => {
  it('come in pairs, so that a verdict grows from the second on', () => {
    const order = tasksOf(false, 3).map(({ side, replica }) => `${side} ${replica}`);
    expect(order.slice(0, 4)).toEqual(['reference 0', 'surrogate 0', 'reference 1', 'surrogate 1']);
    // More of them go on where fewer ended.
    expect(tasksOf(false, 5).slice(0, 6)).toEqual(tasksOf(false, 3));
  });

  it('of SGD come first where the surrogate is measured on them', () => {
    expect(tasksOf(true, 2).map(({ side }) => side)).toEqual(['reference', 'reference', 'surrogate', 'surrogate']);
  });
});

describe('two runs side by side', () => {
  const sgd = (step: number): Paced => ({ steps: 1000, endTime: 100, step, time: step / 10 });
  const fine = (step: number): Paced => ({ steps: 4000, endTime: 100, step, time: step / 40 });

  /** Each runs as far as it may, in turn. @returns the largest lead, and whether both came to their end */
  function walk(a: (step: number) => Paced, b: (step: number) => Paced) {
    let [one, other] = [a(0), b(0)];
    let lead = 0;
    let turns = 0;
    for (; turns < 1000 && (one.step < one.steps || other.step < other.steps); turns++) {
      one = a(Math.min(one.steps, stepLimit(one, other)));
      other = b(Math.min(other.steps, stepLimit(other, one)));
      lead = Math.max(lead, Math.abs(one.time - other.time) / Math.max(2, one.time, other.time));
    }
    return { lead, turns, isDone: one.step === one.steps && other.step === other.steps };
  }

  it('both come to their end, and neither is far ahead of the other in learning time', () => {
    for (const [a, b] of [
      [sgd, fine],
      [fine, sgd],
      [sgd, sgd],
    ]) {
      const { lead, isDone, turns } = walk(a, b);
      expect([isDone, turns < 400, lead < 0.1]).toEqual([true, true, true]);
    }
  });

  it('do not wait for one that has ended', () => {
    expect(stepLimit(sgd(10), undefined)).toBe(Number.POSITIVE_INFINITY);
  });

  it('are never called back', () => {
    expect(stepLimit(sgd(500), fine(0))).toBe(500);
  });

  it('are drawn on the clock of the first one, also beyond where it is', () => {
    const track = { time: [0, 1, 3], step: [0, 10, 20] };
    const run = { steps: 120, endTime: 13 };
    expect([0, 0.5, 2, 3, 8, 13].map((time) => stepAt(time, track, run))).toEqual([0, 5, 15, 20, 70, 120]);
    expect(stepAt(6.5, { time: [], step: [] }, run)).toBe(60);
  });
});

const contrast = (level: number, time: number, difference: number) => ({
  time,
  level,
  difference,
  differenceError: 0.2,
  logRatio: difference / 2,
  logRatioError: 0.1,
});
const verdict = {
  windows: [
    { from: 0, to: 2 },
    { from: 2, to: 4 },
  ],
  contrasts: [
    {
      time: 0,
      level: 1,
      difference: Number.NaN,
      differenceError: Number.NaN,
      logRatio: Number.NaN,
      logRatioError: Number.NaN,
    },
    contrast(1, 2, 1.5),
    contrast(2, 2, 0.1),
    contrast(1, 4, -0.3),
  ],
} as unknown as ComparisonVerdict;

describe('pictures of a comparison', () => {
  it('say how many differences are larger than chance, in words as well', () => {
    expect(differenceView(verdict).caption).toContain('1 of 3 farther than 3 errors');
    expect(ratioView(verdict).description).toContain('1 of 3 farther than 3 errors');
  });

  it('have a table with a row for every level and time', () => {
    const { header, rows } = differenceView(verdict).table;
    expect(header).toEqual(['learning time', 'level', 'difference / standard deviation', 'error']);
    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual([2, 1, 1.5, 0.2]);
  });
});

describe('a verdict in words', () => {
  it('says what would have been found, and that a large ratio is as good as none', () => {
    const told = (shift: number, ratio: number) => sayPower({ detectable: { shift, ratio } } as never);
    expect(told(0.0123, 2.34)).toBe('1.2 %, ratio 2.3');
    expect(told(0.0123, 5000)).toBe('1.2 %, ratio over 10');
    expect(told(0.0123, Number.NaN)).toBe('1.2 %');
  });

  it('says since how many realisations it has been the same', () => {
    const history = [
      { used: 2, outcomes: ['fails', 'agrees'] },
      { used: 3, outcomes: ['agrees', 'agrees'] },
      { used: 5, outcomes: ['agrees', 'agrees'] },
    ];
    expect([agreedSince(history, 0), agreedSince(history, 1), agreedSince([], 0)]).toEqual([3, 2, undefined]);
  });

  it('gives shifts their sign', () => {
    expect([withSign(0.0143), withSign(-0.002)]).toEqual(['+1.43', '−0.20']);
  });
});
