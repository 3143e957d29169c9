// Schedules with a peak against the formulas and against PyTorch's own schedulers
// (test/reference/optimisers/schedules).
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import { number } from '../../../core/contracts/parameters.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { parseSchedule, type Schedule } from '../../../core/plugin/schedules.js';
import { readNpz } from '../../../node/files/npz.js';

const reference = readNpz(fileURLToPath(new URL('../../reference/optimisers/schedules.npz', import.meta.url)));

function values(schedule: Schedule, steps: number): number[] {
  const running = parseSchedule('optimiser.learningRate', schedule);
  const clock = new Clock();
  const slot = new Float64Array(1);
  return Array.from({ length: steps }, (_, step) => {
    clock.step = step;
    running.write(clock, slot);
    return slot[0];
  });
}

const setting = (name: string) => reference.get(name).data[0];
const [base, warmUp, total] = ['base', 'warmup', 'total'].map(setting);
const [stable, decay, floor] = ['stable', 'decay', 'floor'].map(setting);

describe('as the reference', () => {
  const cases: Readonly<Record<string, Schedule>> = {
    rates_warmup: { peak: base, warmUp },
    rates_cosine: { peak: base, cosine: total, floor },
    rates_warmup_cosine: { peak: base, warmUp, cosine: total, floor },
    rates_wsd_linear: { peak: base, warmUp, stable, decay, floor, shape: 'linear' },
    rates_wsd_sqrt: { peak: base, warmUp, stable, decay, floor, shape: 'root' },
    rates_wsd_cosine: { peak: base, warmUp, stable, decay, floor, shape: 'cosine' },
  };
  const known = reference.names.filter((name) => name.startsWith('rates_'));

  test('every schedule of the file is here', () => {
    const ours = known.filter((name) => !name.endsWith('_pytorch'));
    expect(ours.filter((name) => !(name in cases))).toEqual([]);
  });

  test.each(known)('%s', (name) => {
    const expected = reference.get(name).data;
    const ours = values(cases[name.replace('_pytorch', '')], expected.length);
    // PyTorch's cosine rises again after its end, on purpose.
    const until = name.endsWith('cosine_pytorch') ? total + 1 : expected.length;
    for (let t = 0; t < until; t++) expect(Math.abs(ours[t] - expected[t]), `step ${t}`).toBeLessThan(1e-15);
  });
});

test('the first step of a warm-up has a rate, and the last one the whole', () => {
  expect(values({ peak: 1, warmUp: 4 }, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
});

test('a cosine holds its floor and does not rise again', () => {
  expect(values({ peak: 2, cosine: 4, floor: 0.5 }, 9).slice(4)).toEqual([1, 1, 1, 1, 1]);
  expect(values({ peak: 2, cosine: 4 }, 6)[5]).toBe(0);
});

test('(1 + cos pi q)/2 within 2e-16, without a function of the host', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (step) => {
      const running = parseSchedule('p', { peak: 1, cosine: 100_000 });
      const clock = new Clock();
      clock.step = step;
      const slot = new Float64Array(1);
      running.write(clock, slot);
      return Math.abs(slot[0] - Math.cos((Math.PI * step) / 200_000) ** 2) < 3e-16;
    }),
  );
});

test('the range is that of the values with which steps are made', () => {
  const range = (schedule: Schedule) => parseSchedule('p', schedule).range;
  expect(range({ peak: 1, warmUp: 4 })).toEqual([0.25, 1]);
  expect(range({ peak: 1, stable: 3, decay: 4 })).toEqual([0.25, 1]);
  expect(range({ peak: 1, cosine: 10, floor: 0.125 })).toEqual([0.125, 1]);
});

describe('mistakes', () => {
  const params = { rate: number({ doc: 'a rate', unit: '1', above: 0, max: 2, schedulable: true }) };
  const given = (rate: unknown) => () => checkParameters('optimiser', { rate }, params);
  test.each([
    [{ peak: 1 }, /nothing changes/],
    [{ peak: 1, warmUp: 10, floor: 0.1 }, /a floor needs a cosine or a decay/],
    [{ peak: 1, cosine: 10, decay: 10 }, /two ways down/],
    [{ peak: 1, cosine: 10, shape: 'root' }, /two ways down/],
    [{ peak: 1, warmUp: 2, stable: 10 }, /need a decay/],
    [{ peak: 1, warmUp: 10, cosine: 10 }, /end before the warm-up/],
    [{ peak: 1, cosine: 10, flor: 0.1 }, /did you mean "floor"/i],
    [{ peak: 1, cosine: 10, floor: 1.5 }, /a fraction, 0 to 1/],
    [{ peak: 3, cosine: 10 }, /at most 2/],
    [{ peak: 0, cosine: 10 }, /greater than 0/],
  ])('%j', (schedule, message) => {
    expect(given(schedule)).toThrow(message);
  });
  test('a rate that ends at 0 is none', () => {
    expect(given({ peak: 1, cosine: 10 })).not.toThrow();
  });
});
