// Schedules: a schedulable parameter may be a function of the step, written as data: a ramp, pieces, or up to a peak, along
// it and down again, as networks are trained.

import type { Clock } from '../contracts/clock.js';
import { implies, type JsonSchema } from '../contracts/json-schema.js';
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
import { largest, smallest } from '../statistics/estimate.js';

/** Writes its value at a step into a slot. */
export interface RunningSchedule {
  /** Smallest and largest value that it takes. */
  readonly range: readonly [number, number];
  write(at: Clock, slot: Float64Array): void;
}

const fraction = leaf<number>('a fraction, 0 to 1', (value) => finite.fits(value) && value >= 0 && value <= 1, {
  type: 'number',
  minimum: 0,
  maximum: 1,
});

const FORMS =
  '{ peak, warmUp } for a warm-up alone, { peak, cosine, floor } or { peak, stable, decay, shape, floor }, each with ' +
  'a warmUp or without';

const needs = (...fields: readonly string[]): JsonSchema => ({ required: fields });

/** What goes with what, which the fields alone do not say. */
const RULES: JsonSchema = {
  anyOf: [needs('warmUp'), needs('cosine'), needs('decay')],
  not: { anyOf: [needs('cosine', 'decay'), needs('cosine', 'stable'), needs('cosine', 'shape')] },
  dependencies: { stable: ['decay'], shape: ['decay'] },
};

/**
 * With f a factor of `peak`, t = 0, 1, ... the step, W = warmUp, r = floor:
 *
 *     warm-up                 f = (t + 1)/W for t < W, then 1: step 0 is made with peak/W, step W - 1 with the peak
 *     cosine: T               q = min(1, (t - W)/(T - W)),      f = r + (1 - r) (1 + cos(pi q))/2
 *     stable: S, decay: D     q = min(1, (t - W - S)/D) from W + S on,
 *                             f = r + (1 - r) x { 1 - q: linear; 1 - sqrt(q): root; (1 + cos(pi q))/2: cosine }
 *
 * T counts the warm-up. Beyond the end f stays at r, where PyTorch's CosineAnnealingLR rises again. Its LinearLR is the
 * same warm-up with start_factor 1/W and total_iters W - 1; others begin at 0. Sources: arXiv:1608.03983 (cosine),
 * arXiv:2404.06395 and arXiv:2405.18392 (warm-up, stable, decay).
 */
export const peakOf = (value: Schema<number>) =>
  refine(
    object(FORMS, {
      peak: described(value, 'the largest value'),
      warmUp: optional(described(whole(1), 'steps in which the value grows to the peak')),
      cosine: optional(
        described(atLeast(1, 'a number of steps, 1 or more'), 'steps until the floor, the warm-up included'),
      ),
      stable: optional(described(whole(0), 'steps at the peak')),
      decay: optional(described(whole(1), 'steps from the peak to the floor')),
      shape: optional(oneOf('linear', 'root', 'cosine'), undefined, 'linear'),
      floor: optional(described(fraction, 'last value, as a fraction of the peak'), undefined, 0),
    }),
    (schedule, path) => {
      const { warmUp, cosine, stable, decay, shape, floor } = schedule;
      if (cosine !== undefined && (decay ?? stable ?? shape) !== undefined) {
        return `a cosine and a decay are two ways down; give one. A peak is ${FORMS}`;
      }
      if (decay === undefined && (stable ?? shape) !== undefined) return 'stable and shape need a decay';
      if (cosine === undefined && decay === undefined) {
        if (warmUp === undefined) return `nothing changes: a peak is ${FORMS}`;
        if (floor !== undefined) return 'a floor needs a cosine or a decay';
      }
      if (cosine !== undefined && !(cosine > (warmUp ?? 0))) {
        return `${cosine} steps end before the warm-up of ${warmUp} does; cosine counts it`;
      }
      // Bounds of the parameter hold for all values, not for the peak alone.
      for (const end of runPeak(schedule).range) value.check(end, path, 'parameter');
      return undefined;
    },
    RULES,
  );

export type PeakSchedule = Infer<ReturnType<typeof peakOf>>;

/** Of sin(x)/x in powers of -x^2: 1/(2k + 1)!. Enough of them for x up to pi/4, and no function of the host. */
const SINE = [1, 6, 120, 5040, 362880, 39916800, 6227020800, 1307674368000, 355687428096000].map((n) => 1 / n);

/** slot[0] = (1 + cos(pi q))/2 for q from 0 to 1, in a slot because a double that is returned may be boxed. */
function raisedCosine(q: number, slot: Float64Array): void {
  const x = (Math.PI / 2) * (q <= 0.5 ? q : 1 - q);
  const square = -x * x;
  slot[0] = 0;
  for (let k = SINE.length - 1; k >= 0; k--) slot[0] = slot[0] * square + SINE[k];
  slot[0] *= x;
  slot[0] *= slot[0];
  if (q <= 0.5) slot[0] = 1 - slot[0];
}

export function runPeak(schedule: PeakSchedule): RunningSchedule {
  const { peak, warmUp = 0, cosine, stable = 0, decay, floor = 0 } = schedule;
  const shape = cosine === undefined ? (schedule.shape ?? 'linear') : 'cosine';
  const start = cosine === undefined ? warmUp + stable : warmUp;
  const length = cosine === undefined ? (decay ?? Number.POSITIVE_INFINITY) : cosine - warmUp;
  const write = (step: number, slot: Float64Array) => {
    if (step < warmUp) {
      slot[0] = (peak * (step + 1)) / warmUp;
      return;
    }
    const q = Math.min(1, Math.max(0, step - start) / length);
    if (shape === 'cosine') raisedCosine(q, slot);
    else slot[0] = shape === 'root' ? 1 - Math.sqrt(q) : 1 - q;
    slot[0] = peak * (floor + (1 - floor) * slot[0]);
  };
  const slot = new Float64Array(1);
  const valueAt = (step: number) => {
    write(step, slot);
    return slot[0];
  };
  // With the floor at 0 the last value that a step is made with: after the end nothing moves.
  const end = start + length;
  const atEnd = floor > 0 ? end : Math.max(start, Math.ceil(end) - 1);
  const last = Number.isFinite(end) ? valueAt(atEnd) : peak;
  const ends = [peak, valueAt(0), last];
  return { range: [Math.min(...ends), Math.max(...ends)], write: (at, into) => write(at.step, into) };
}

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
