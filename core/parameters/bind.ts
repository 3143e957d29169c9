// Turns checked parameters into the object that `create` receives: schedules become properties that follow them,
// paths of array files become their arrays.
import type { NamedArrays } from '../arrays.js';
import type { Clock } from '../contracts/clock.js';
import type { Json } from './check.js';
import { isSchedule, parseSchedule, type RunningSchedule } from './schedule.js';
import type { ParameterSchema } from './schema.js';

export interface BoundParameters {
  readonly values: Readonly<Record<string, unknown>>;
  /** Brings every scheduled parameter to its value at this step. */
  readonly follow: readonly ((at: Clock) => void)[];
}

function scheduledProperty(schedule: RunningSchedule): { get: () => number; follow: (at: Clock) => void } {
  // A typed slot behind a getter: a double stored under a computed key would be boxed at every step.
  const slot = new Float64Array(1);
  return { get: () => slot[0], follow: (at) => schedule.write(at, slot) };
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
  const follow: ((at: Clock) => void)[] = [];
  for (const [name, parameter] of Object.entries(schema)) {
    const value = checked[name];
    if (parameter.type === 'arrays' && typeof value === 'string') {
      values[name] = load(value);
    } else if (isSchedule(value)) {
      const property = scheduledProperty(parseSchedule(`${path}.${name}`, value));
      Object.defineProperty(values, name, { get: property.get, enumerable: true });
      follow.push(property.follow);
    } else {
      values[name] = value;
    }
  }
  return { values, follow };
}
