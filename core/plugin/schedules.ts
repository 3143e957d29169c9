// Schedules: a schedulable parameter may be a function of the step, written as data.
import { implies } from '../contracts/json-schema.js';
import { EigenflowError } from '../errors.js';
import {
  atLeast,
  described,
  finite,
  type Infer,
  isTree,
  type Leaf,
  leaf,
  list,
  object,
  oneOf,
  optional,
  refine,
  type Schema,
  tuple,
  whole,
} from '../schema/schema.js';
import { largest, smallest } from '../statistics/extremes.js';
import { type PeakSchedule, peakOf, runPeak } from './peak-schedule.js';
import type { RunningSchedule } from './running-schedule.js';

/** `{ ramp: [from, to], over: steps, shape }`, for a parameter whose numbers look like this. */
const rampOf = (value: Schema<number>) =>
  refine(
    object('{ ramp: [from, to], over: steps, shape: linear | geometric }', {
      ramp: described(
        tuple('[from, to]', value, value),
        '[from, to]: from one value to the other, constant after that',
      ),
      over: described(atLeast(1, 'a number of steps, 1 or more'), 'steps from the first value to the second'),
      // `geometric` multiplies by the same factor each step.
      shape: optional(oneOf('linear', 'geometric'), undefined, 'linear'),
    }),
    ({ ramp: [from, to], shape }, path) => {
      if (shape !== 'geometric' || (from > 0 && to > 0)) return undefined;
      throw new EigenflowError('parameter', `${path}.ramp`, 'a geometric ramp needs two positive values');
    },
    implies(
      { properties: { shape: { const: 'geometric' } }, required: ['shape'] },
      { properties: { ramp: { items: { exclusiveMinimum: 0 } } } },
    ),
  );

/** `{ pieces: [[0, value], [step, value], ...] }`: each value from its step on. */
const piecesOf = (value: Schema<number>) =>
  object('{ pieces: [[0, value], [step, value], ...] }', {
    pieces: described(
      refine(list(tuple('[step, value]', whole(0), value), 1), (pieces) => {
        const ascend = pieces.every(([step], i) => (i === 0 ? step === 0 : step > pieces[i - 1][0]));
        return ascend ? undefined : 'the first piece starts at step 0 and the steps ascend';
      }),
      '[[0, value], [step, value], ...]: each value from its step on, the steps ascending',
    ),
  });

export type RampSchedule = Infer<ReturnType<typeof rampOf>>;
export type PiecewiseSchedule = Infer<ReturnType<typeof piecesOf>>;
export type Schedule = RampSchedule | PiecewiseSchedule | PeakSchedule;

export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && ('ramp' in value || 'pieces' in value || 'peak' in value);
}

/** A schedule of numbers that look like this. */
export function scheduleOf(value: Schema<number>): Leaf<Schedule> {
  const [ramp, pieces, peak] = [rampOf(value), piecesOf(value), peakOf(value)];
  const schemaOf = (given: unknown): Schema => {
    if (isTree(given) && 'peak' in given) return peak;
    return isTree(given) && 'ramp' in given ? ramp : pieces;
  };
  return {
    ...leaf<Schedule>('a schedule', isSchedule, { anyOf: [ramp.json, pieces.json, peak.json] }),
    check: (given, path, code) => schemaOf(given).check(given, path, code),
  };
}

function runRamp({ ramp: [from, to], over, shape }: RampSchedule): RunningSchedule {
  const geometric = shape === 'geometric';
  // The geometric ramp is built by repeated multiplication of exactly representable roots, so that no transcendental
  // of the host (whose bits are not fixed) enters the dynamics: 2^-32 fractions of the ratio by repeated square roots.
  const roots = new Float64Array(32);
  let root = to / from;
  for (let bit = 0; bit < 32; bit++) {
    root = Math.sqrt(root);
    roots[bit] = root;
  }
  return {
    range: [Math.min(from, to), Math.max(from, to)],
    write(at, slot) {
      if (at.step >= over) {
        slot[0] = to;
      } else if (!geometric) {
        slot[0] = from + (to - from) * (at.step / over);
      } else {
        // In the slot, because a double that is carried round a loop may be boxed at every turn.
        const digits = Math.floor((at.step / over) * 2 ** 32) | 0;
        slot[0] = from;
        for (let bit = 0; bit < 32; bit++) if ((digits << bit) & 0x80000000) slot[0] *= roots[bit];
      }
    },
  };
}

function runPieces({ pieces }: PiecewiseSchedule): RunningSchedule {
  const steps = pieces.map(([step]) => step);
  const table = Float64Array.from(pieces, ([, value]) => value);
  return {
    range: [smallest(table), largest(table)],
    write(at, slot) {
      let piece = 0;
      while (piece + 1 < steps.length && steps[piece + 1] <= at.step) piece += 1;
      slot[0] = table[piece];
    },
  };
}

const ANY = scheduleOf(finite);

/** @throws EigenflowError `parameter` naming what is wrong in the schedule. */
export function parseSchedule(path: string, schedule: Schedule): RunningSchedule {
  ANY.check(schedule, path, 'parameter');
  if ('peak' in schedule) return runPeak(schedule);
  return 'ramp' in schedule ? runRamp(schedule) : runPieces(schedule);
}
