// Turns checked parameters into the object that `create` receives: schedules become properties that follow them,
// paths of array files become their arrays.
import type { NamedArrays } from '../contracts/arrays.js';
import type { Clock } from '../contracts/clock.js';
import type { Json } from '../contracts/json.js';
import type { Parameter, ParameterSchema } from '../contracts/parameters.js';
import { isSchedule, parseSchedule, type RunningSchedule } from './schedules.js';

/** Whether a value of such a parameter is the path of a file, and not one of its words. */
export const isPathOfArrays = (parameter: Parameter, value: unknown): value is string =>
  parameter.type === 'arrays' && typeof value === 'string' && !parameter.words?.includes(value);

/** A parameter that changes in the course of a run. */
export interface ScheduledParameter {
  /** Its value, which the component reads. Typed: a double stored under a computed key would be boxed at every step. */
  readonly slot: Float64Array;
  /** Smallest and largest value that it takes. */
  readonly range: readonly [number, number];
  /** Brings it to its value at this step. */
  follow(at: Clock): void;
}

export interface BoundParameters {
  readonly values: Readonly<Record<string, unknown>>;
  readonly scheduled: readonly ScheduledParameter[];
}

function scheduledParameter({ range, write }: RunningSchedule): ScheduledParameter {
  const slot = new Float64Array(1);
  return { slot, range, follow: (at) => write(at, slot) };
}

/**
 * @param checked the result of `checkParameters`
 * @param load arrays of a file by the path that the scenario names
 * @throws EigenflowError whatever `load` throws
 */
export function bindParameters(
  path: string,
  schema: ParameterSchema,
  checked: Readonly<Record<string, Json>>,
  load: (path: string) => NamedArrays,
): BoundParameters {
  const values: Record<string, unknown> = {};
  const scheduled: ScheduledParameter[] = [];
  for (const [name, parameter] of Object.entries(schema)) {
    const value = checked[name];
    if (isPathOfArrays(parameter, value)) {
      values[name] = load(value);
    } else if (isSchedule(value)) {
      const bound = scheduledParameter(parseSchedule(`${path}.${name}`, value));
      const { slot } = bound;
      Object.defineProperty(values, name, { get: () => slot[0], enumerable: true });
      scheduled.push(bound);
    } else {
      values[name] = value;
    }
  }
  return { values, scheduled };
}
