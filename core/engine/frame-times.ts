// At which steps of a run which observers prepare or measure, in ascending order.
import type { Observer } from '../contracts/observer.js';
import { show } from '../contracts/show.js';
import { EigenflowError, inPlace } from '../errors.js';

export interface FrameTime {
  readonly step: number;
  /** Names of observers that prepare here for one of their frames. */
  readonly prepare: readonly string[];
  /** Names of observers that measure here, in the scenario's order. */
  readonly observe: readonly string[];
}

/** @throws EigenflowError `contract` for what is no list of steps up to that of the frame: a run would wait for it forever */
function preparedFor(name: string, { preparedAt }: Pick<Observer, 'preparedAt'>, step: number): readonly number[] {
  if (!preparedAt) return [];
  const steps: unknown = inPlace(`observers.${name}`, () => preparedAt(step));
  const isStep = (at: unknown) => Number.isInteger(at) && (at as number) <= step;
  if (Array.isArray(steps) && steps.every(isStep)) return steps;
  const message = `preparedAt(${step}) returned ${show(steps)}; expected a list of whole steps, none after ${step}`;
  throw new EigenflowError('contract', `observers.${name}`, message);
}

/**
 * @param frames steps of the frames by observer
 * @param observers by name. A frame is dropped where one of the steps at which it is prepared lies before the start.
 */
export function planFrames(
  frames: ReadonlyMap<string, readonly number[]>,
  observers: ReadonlyMap<string, Pick<Observer, 'preparedAt'>>,
): readonly FrameTime[] {
  const times = new Map<number, { step: number; prepare: Set<string>; observe: string[] }>();
  const at = (step: number) => {
    let time = times.get(step);
    if (!time) {
      time = { step, prepare: new Set(), observe: [] };
      times.set(step, time);
    }
    return time;
  };
  for (const [name, steps] of frames) {
    const observer = observers.get(name) ?? {};
    for (const step of steps) {
      const prepared = preparedFor(name, observer, step);
      if (prepared.some((earlier) => earlier < 0)) continue;
      for (const earlier of prepared) at(earlier).prepare.add(name);
      at(step).observe.push(name);
    }
  }
  return [...times.values()]
    .map(({ step, prepare, observe }) => ({ step, prepare: [...prepare], observe }))
    .sort((a, b) => a.step - b.step);
}
