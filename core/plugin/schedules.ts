// Schedules: a schedulable parameter may be a function of the step, written as data.
import type { Clock } from '../contracts/clock.js';
import { implies, type JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import { largest, smallest } from '../statistics/extremes.js';

/** `{ ramp: [from, to], over: steps, shape }`. */
export interface RampSchedule {
  readonly ramp: readonly [number, number];
  /** Steps from the first value to the second; constant after that. */
  readonly over: number;
  /** `geometric` multiplies by the same factor each step. Default `linear`. */
  readonly shape?: 'linear' | 'geometric';
}
export interface PiecewiseSchedule {
  /** Pairs [first step, value], starting at step 0; steps are whole and ascend. */
  readonly pieces: readonly (readonly [number, number])[];
}
export type Schedule = RampSchedule | PiecewiseSchedule;

/** A schedule ready to run: writes its value at a step into a slot. */
export interface RunningSchedule {
  /** Smallest and largest value that it takes. */
  readonly range: readonly [number, number];
  write(at: Clock, slot: Float64Array): void;
}

export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && ('ramp' in value || 'pieces' in value);
}

function finite(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new EigenflowError('parameter', path, `expected a finite number, found ${show(value)}`);
  }
  return value;
}

function parseRamp(path: string, schedule: RampSchedule): RunningSchedule {
  const unknown = Object.keys(schedule).filter((key) => !['ramp', 'over', 'shape'].includes(key));
  if (unknown.length > 0 || !Array.isArray(schedule.ramp) || schedule.ramp.length !== 2) {
    throw new EigenflowError(
      'parameter',
      path,
      'a ramp is { ramp: [from, to], over: steps, shape: linear | geometric }',
    );
  }
  const from = finite(`${path}.ramp[0]`, schedule.ramp[0]);
  const to = finite(`${path}.ramp[1]`, schedule.ramp[1]);
  const over = finite(`${path}.over`, schedule.over);
  if (!(over >= 1))
    throw new EigenflowError('parameter', `${path}.over`, `a ramp takes at least one step, found ${over}`);
  const shape = schedule.shape ?? 'linear';
  if (shape !== 'linear' && shape !== 'geometric') {
    throw new EigenflowError('parameter', `${path}.shape`, `expected linear or geometric, found ${show(shape)}`);
  }
  const geometric = shape === 'geometric';
  if (geometric && !(from > 0 && to > 0)) {
    throw new EigenflowError('parameter', `${path}.ramp`, 'a geometric ramp needs two positive values');
  }
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

function parsePieces(path: string, schedule: PiecewiseSchedule): RunningSchedule {
  const unknown = Object.keys(schedule).filter((key) => key !== 'pieces');
  const pieces = schedule.pieces;
  if (unknown.length > 0 || !Array.isArray(pieces) || pieces.length === 0) {
    throw new EigenflowError('parameter', path, 'pieces are { pieces: [[0, value], [step, value], ...] }');
  }
  const steps = pieces.map((piece: unknown, i) => {
    const at = `${path}.pieces[${i}]`;
    if (!Array.isArray(piece) || piece.length !== 2) {
      throw new EigenflowError('parameter', at, `a piece is [step, value], found ${show(piece)}`);
    }
    const step = finite(`${at}[0]`, piece[0]);
    if (Number.isSafeInteger(step)) return step;
    throw new EigenflowError('parameter', `${at}[0]`, `steps are whole numbers, found ${step}`);
  });
  const values = pieces.map((piece, i) => finite(`${path}.pieces[${i}][1]`, piece[1]));
  if (steps[0] !== 0 || steps.some((step, i) => i > 0 && !(step > steps[i - 1]))) {
    throw new EigenflowError('parameter', `${path}.pieces`, 'the first piece starts at step 0 and the steps ascend');
  }
  const table = Float64Array.from(values);
  return {
    range: [smallest(table), largest(table)],
    write(at, slot) {
      let piece = 0;
      while (piece + 1 < steps.length && steps[piece + 1] <= at.step) piece += 1;
      slot[0] = table[piece];
    },
  };
}

/** @throws EigenflowError `parameter` naming what is wrong in the schedule. */
export function parseSchedule(path: string, schedule: Schedule): RunningSchedule {
  return 'ramp' in schedule ? parseRamp(path, schedule) : parsePieces(path, schedule);
}

/** What `parseSchedule` takes, for a parameter whose numbers look like this. */
export function scheduleSchemas(value: JsonSchema): JsonSchema[] {
  const ends = { type: 'array', items: value, minItems: 2, maxItems: 2 };
  const positive = { properties: { ramp: { items: { exclusiveMinimum: 0 } } } };
  const ramp = {
    type: 'object',
    properties: {
      ramp: { ...ends, description: '[from, to]: from one value to the other, constant after that' },
      over: { type: 'number', minimum: 1, description: 'steps from the first value to the second' },
      shape: { enum: ['linear', 'geometric'], default: 'linear' },
    },
    required: ['ramp', 'over'],
    additionalProperties: false,
    ...implies({ properties: { shape: { const: 'geometric' } }, required: ['shape'] }, positive),
  };
  const step = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
  const pieces = {
    type: 'object',
    properties: {
      pieces: {
        description: '[[0, value], [step, value], ...]: each value from its step on, the steps ascending',
        type: 'array',
        items: { type: 'array', items: [step, value], minItems: 2, maxItems: 2 },
        minItems: 1,
      },
    },
    required: ['pieces'],
    additionalProperties: false,
  };
  return [ramp, pieces];
}
