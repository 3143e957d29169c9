// Triggers: at which steps an observer measures, resolved once before the run starts.

import type { JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import { power } from '../kernels/elementary.js';
import type { Trigger } from '../scenario/scenario.js';
import { expectedWhole, isWhole, LARGEST_WHOLE } from '../schema/schema.js';

const FORMS =
  '"end", { every: steps }, { everyEpochs: n }, { perDecade: n }, { points: n }, { at: [steps] } or { atEpochs: [...] }';

function positive(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new EigenflowError('scenario', path, `expected a positive number, found ${show(value)}`);
  }
  return value;
}

function whole(path: string, value: unknown): number {
  const number = positive(path, value);
  if (!isWhole(number)) {
    throw new EigenflowError('scenario', path, `expected ${expectedWhole(number, 1)}, found ${show(value)}`);
  }
  return number;
}

function epochs(path: string, stepsPerEpoch: number): number {
  if (Number.isFinite(stepsPerEpoch)) return stepsPerEpoch;
  throw new EigenflowError(
    'scenario',
    path,
    'one-pass data have no epochs; count in steps, for example { every: 1000 }',
  );
}

/** No memory holds more frames than this, whatever is in them. */
const MOST_FRAMES = 1e7;

/** Multiples of `interval`, step 0 and the last step. */
function multiples(path: string, interval: number, steps: number): number[] {
  if (steps / interval > MOST_FRAMES) {
    const frames = Math.ceil(steps / interval) + 1;
    throw new EigenflowError(
      'scenario',
      path,
      `asks for ${frames} frames of a run of ${steps} steps; observe less often`,
    );
  }
  const list: number[] = [];
  for (let k = 0; Math.round(k * interval) < steps; k++) list.push(Math.round(k * interval));
  return [...list, steps];
}

/** Above the number of pixels of any figure; steps are whole, so that a decade seldom has as many. */
const MOST_PER_DECADE = 10_000;

function perDecade(path: string, count: number, steps: number): number[] {
  if (count > MOST_PER_DECADE) {
    const remedy = 'for every step of a run write { every: 1 }';
    const message = `asks for ${count} frames in every decade of steps; at most ${MOST_PER_DECADE} are possible, ${remedy}`;
    throw new EigenflowError('scenario', path, message);
  }
  const list = [0];
  for (let k = 0; ; k++) {
    const step = Math.round(power(10, k / count));
    if (step >= steps) return [...list, steps];
    list.push(step);
  }
}

/** @param stepsPerUnit 1 where the entries are steps, which are whole */
function literal(path: string, list: unknown, unit: 'steps' | 'epochs', stepsPerUnit: number, steps: number): number[] {
  const entries: readonly unknown[] = list === 'end' ? ['end'] : Array.isArray(list) ? list : [];
  if (entries.length === 0) {
    throw new EigenflowError('scenario', path, `expected a list of ${unit} or "end", found ${show(list)}`);
  }
  return entries.map((entry, i) => {
    if (entry === 'end') return steps;
    const at = `${path}[${i}]`;
    const fits =
      typeof entry === 'number' && entry >= 0 && (unit === 'steps' ? Number.isInteger : Number.isFinite)(entry);
    if (!fits) {
      const whole = unit === 'steps' ? 'whole ' : '';
      throw new EigenflowError('scenario', at, `expected ${whole}${unit} from 0 on or "end", found ${show(entry)}`);
    }
    const step = Math.round(entry * stepsPerUnit);
    if (step > steps) {
      throw new EigenflowError(
        'scenario',
        at,
        `${entry} is after the end of the run, which has ${steps / stepsPerUnit} ${unit}; use "end" for its last state`,
      );
    }
    return step;
  });
}

function stepsOf(path: string, when: Trigger, steps: number, stepsPerEpoch: number): number[] {
  if (when === 'end') return [steps];
  const keys = typeof when === 'object' && when !== null ? Object.keys(when) : [];
  if (keys.length === 1) {
    if ('every' in when) return multiples(path, whole(`${path}.every`, when.every), steps);
    if ('everyEpochs' in when) {
      const interval = positive(`${path}.everyEpochs`, when.everyEpochs) * epochs(path, stepsPerEpoch);
      return multiples(path, Math.max(1, interval), steps);
    }
    if ('perDecade' in when) {
      return perDecade(`${path}.perDecade`, whole(`${path}.perDecade`, when.perDecade), steps);
    }
    if ('points' in when) {
      const points = whole(`${path}.points`, when.points);
      if (points > MOST_FRAMES) {
        const message = `asks for ${points} frames; at most ${MOST_FRAMES} are possible, for every step of a run write { every: 1 }`;
        throw new EigenflowError('scenario', `${path}.points`, message);
      }
      return points === 1 ? [steps] : multiples(path, Math.max(1, steps / (points - 1)), steps);
    }
    if ('at' in when) return literal(`${path}.at`, when.at, 'steps', 1, steps);
    if ('atEpochs' in when) {
      return literal(`${path}.atEpochs`, when.atEpochs, 'epochs', epochs(path, stepsPerEpoch), steps);
    }
  }
  throw new EigenflowError('scenario', path, `expected ${FORMS}, found ${show(when)}`);
}

const form = (key: string, description: string, value: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { [key]: { description, ...value } },
  required: [key],
  additionalProperties: false,
});

const someWhole = { type: 'integer', minimum: 1, maximum: LARGEST_WHOLE };
const entries = (entry: JsonSchema): JsonSchema => ({
  anyOf: [{ const: 'end' }, { type: 'array', items: { anyOf: [{ const: 'end' }, entry] }, minItems: 1 }],
});

/** The forms that `triggerSteps` takes. */
export const TRIGGER_SCHEMA: JsonSchema = {
  description: 'At which steps it measures; "end" is the last state',
  default: { points: 21 },
  anyOf: [
    { const: 'end' },
    form('every', 'steps between two frames; the start and the end too', someWhole),
    form('everyEpochs', 'epochs between two frames; the start and the end too', {
      type: 'number',
      exclusiveMinimum: 0,
    }),
    form('perDecade', 'frames in every decade of steps; the start and the end too', {
      ...someWhole,
      maximum: MOST_PER_DECADE,
    }),
    form('points', 'frames in all, evenly spaced, the start and the end included', {
      ...someWhole,
      maximum: MOST_FRAMES,
    }),
    form('at', 'exactly these steps, or "end"', entries({ type: 'integer', minimum: 0 })),
    form('atEpochs', 'exactly these epochs, or "end"', entries({ type: 'number', minimum: 0 })),
  ],
};

/**
 * @param path where the trigger stands in the scenario
 * @param stepsPerEpoch NaN for one-pass data
 * @returns steps in ascending order, each once
 * @throws EigenflowError `scenario`
 */
export function triggerSteps(path: string, when: Trigger, steps: number, stepsPerEpoch: number): number[] {
  const list = stepsOf(path, when, steps, stepsPerEpoch);
  const isAscending = list.every((step, i) => i === 0 || list[i - 1] < step);
  return isAscending ? list : [...new Set(list)].sort((a, b) => a - b);
}
