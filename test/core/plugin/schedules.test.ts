// Schedules: a parameter as a function of the step, written as data.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import { parseSchedule, type Schedule } from '../../../core/plugin/schedules.js';

function valueAt(schedule: Schedule, step: number): number {
  const clock = new Clock();
  clock.step = step;
  const slot = new Float64Array(1);
  parseSchedule('optimiser.learningRate', schedule).write(clock, slot);
  return slot[0];
}

describe('ramp', () => {
  it('goes from the first value to the second and stays there', () => {
    const ramp = { ramp: [1, 0.5], over: 4 } as const;
    expect([0, 1, 2, 3, 4, 5, 1e12].map((step) => valueAt(ramp, step))).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.5, 0.5]);
  });

  it('multiplies by the same factor at every step when it is geometric', () => {
    const ramp = { ramp: [8, 0.5], over: 4, shape: 'geometric' } as const;
    const values = [0, 1, 2, 3, 4, 100].map((step) => valueAt(ramp, step));
    expect(values).toEqual([8, 4, 2, 1, 0.5, 0.5]);
  });

  it('reaches both ends exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom('linear' as const, 'geometric' as const),
        (from, to, over, shape) => {
          const ramp = { ramp: [from, to], over, shape } as const;
          return valueAt(ramp, 0) === from && valueAt(ramp, over) === to;
        },
      ),
    );
  });

  it('is from (to/from)^(step/over) between the ends of a geometric ramp, to 1e-8', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 999 }),
        (from, to, step) => {
          const found = valueAt({ ramp: [from, to], over: 1000, shape: 'geometric' }, step);
          return Math.abs(found / (from * (to / from) ** (step / 1000)) - 1) < 1e-8;
        },
      ),
    );
  });
});

it('holds each piece from its first step on', () => {
  const pieces = {
    pieces: [
      [0, 1],
      [10, 0.1],
      [11, 0.2],
    ],
  } as const;
  expect([0, 9, 10, 11, 12, 1e9].map((step) => valueAt(pieces, step))).toEqual([1, 1, 0.1, 0.2, 0.2, 0.2]);
});

it('knows the smallest and the largest value that it takes', () => {
  expect(parseSchedule('p', { ramp: [3, 1], over: 5 }).range).toEqual([1, 3]);
  expect(
    parseSchedule('p', {
      pieces: [
        [0, 2],
        [5, -1],
        [9, 7],
      ],
    }).range,
  ).toEqual([-1, 7]);
  const many = Array.from({ length: 200_000 }, (_, step): [number, number] => [step, step % 1000]);
  expect(parseSchedule('p', { pieces: many }).range).toEqual([0, 999]);
});

describe('mistakes', () => {
  const mistakes: [unknown, string][] = [
    [{ ramp: [1], over: 10 }, 'learningRate.ramp: expected [from, to], found [1]'],
    [{ ramp: 1, over: 10 }, 'learningRate.ramp: expected [from, to], found 1'],
    [{ ramp: [1, 2], over: 10, form: 'linear' }, 'learningRate.form: no such field. Known: ramp, over, shape'],
    [{ ramp: [1, 2], pieces: [[0, 1]] }, 'learningRate.pieces: no such field. Known: ramp, over, shape'],
    [{ ramp: [1, 2] }, 'learningRate.over: is missing; give a number of steps, 1 or more'],
    [{ ramp: [1, Number.NaN], over: 1 }, 'learningRate.ramp[1]: expected a finite number'],
    [{ ramp: ['1', 2], over: 1 }, 'learningRate.ramp[0]: expected a finite number, found "1"'],
    [{ ramp: [1, 2], over: 0 }, 'learningRate.over: expected a number of steps, 1 or more, found 0'],
    [{ ramp: [1, 2], over: -5 }, 'learningRate.over: expected a number of steps, 1 or more, found -5'],
    [
      { ramp: [1, 2], over: 5, shape: 'cosine' },
      'learningRate.shape: expected "linear" or "geometric", found "cosine"',
    ],
    [{ ramp: [0, 2], over: 5, shape: 'geometric' }, 'learningRate.ramp: a geometric ramp needs two positive values'],
    [{ pieces: [] }, 'learningRate.pieces: expected a list of 1 or more, each [step, value], found []'],
    [{ pieces: 3 }, 'learningRate.pieces: expected a list of 1 or more, each [step, value], found 3'],
    [{ pieces: [[0, 1]], over: 3 }, 'learningRate.over: no such field. Known: pieces'],
    [{ pieces: [[1, 1]] }, 'learningRate.pieces: the first piece starts at step 0 and the steps ascend'],
    [
      {
        pieces: [
          [0, 1],
          [5, 2],
          [5, 3],
        ],
      },
      'learningRate.pieces: the first piece starts at step 0 and the steps',
    ],
    [{ pieces: [[0, 1], [5]] }, 'learningRate.pieces[1]: expected [step, value], found [5]'],
    [{ pieces: [[0, 1], null] }, 'learningRate.pieces[1]: expected [step, value], found null'],
    [{ pieces: [[0, 1, 2]] }, 'learningRate.pieces[0]: expected [step, value], found [0,1,2]'],
    [{ pieces: ['01'] }, 'learningRate.pieces[0]: expected [step, value], found "01"'],
    [{ pieces: [[0, '1']] }, 'learningRate.pieces[0][1]: expected a finite number, found "1"'],
    [
      {
        pieces: [
          [0, 1],
          ['5', 1],
        ],
      },
      'learningRate.pieces[1][0]: expected a whole number of at least 0, found "5"',
    ],
    [
      {
        pieces: [
          [0, 1],
          [5.5, 2],
        ],
      },
      'learningRate.pieces[1][0]: expected a whole number of at least 0, found 5.5',
    ],
  ];
  it.each(mistakes)('%j', (schedule, message) => {
    expect(() => parseSchedule('optimiser.learningRate', schedule as Schedule)).toThrow(`optimiser.${message}`);
  });
});
