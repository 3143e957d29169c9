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

/** The way through a plan, from step to step. */
export interface FrameWalk {
  /** The next step at which somebody prepares or measures; Infinity after the last one. */
  readonly step: number;
  /** Who does so there. Goes on to the next one. */
  take(): FrameTime;
}

/** Plain lists of steps, since an observer may measure at every step of a long run. */
export interface FramePlan extends Iterable<FrameTime> {
  /** Steps at which an observer measures, ascending. */
  observing(name: string): readonly number[];
  /** Steps at which an observer prepares, ascending. */
  preparing(name: string): readonly number[];
  /** From the start. */
  walk(): FrameWalk;
}

const isAscending = (steps: readonly number[]) => steps.every((step, i) => i === 0 || steps[i - 1] < step);
const ascending = (steps: readonly number[]) => (isAscending(steps) ? steps : [...steps].sort((a, b) => a - b));

/** Steps of one observer, and how far they are done. */
interface Track {
  readonly name: string;
  readonly steps: readonly number[];
  done: number;
}

const nextOf = (tracks: readonly Track[]) =>
  tracks.reduce((next, { steps, done }) => (done < steps.length ? Math.min(next, steps[done]) : next), Infinity);

/** Names of those who have this step next, which is done then. */
function takeAt(step: number, tracks: readonly Track[]): string[] {
  const names: string[] = [];
  for (const track of tracks) {
    if (track.steps[track.done] !== step) continue;
    track.done += 1;
    names.push(track.name);
  }
  return names;
}

type Steps = ReadonlyMap<string, readonly number[]>;

function walkAlong(observing: Steps, preparing: Steps): FrameWalk {
  const tracksOf = (all: Steps) => [...all].map(([name, steps]): Track => ({ name, steps, done: 0 }));
  const [observe, prepare] = [tracksOf(observing), tracksOf(preparing)];
  const next = () => Math.min(nextOf(observe), nextOf(prepare));
  let step = next();
  return {
    get step() {
      return step;
    },
    take() {
      const time = { step, prepare: takeAt(step, prepare), observe: takeAt(step, observe) };
      step = next();
      return time;
    },
  };
}

/**
 * @param frames steps of the frames by observer
 * @param observers by name. A frame is dropped where one of the steps at which it is prepared lies before the start.
 */
export function planFrames(frames: Steps, observers: ReadonlyMap<string, Pick<Observer, 'preparedAt'>>): FramePlan {
  const observing = new Map<string, readonly number[]>();
  const preparing = new Map<string, readonly number[]>();
  for (const [name, steps] of frames) {
    const observer = observers.get(name) ?? {};
    const prepared = new Set<number>();
    const canMeasure = (step: number) => {
      const earlier = preparedFor(name, observer, step);
      if (earlier.some((at) => at < 0)) return false;
      for (const at of earlier) prepared.add(at);
      return true;
    };
    observing.set(name, ascending(observer.preparedAt ? steps.filter(canMeasure) : steps));
    preparing.set(name, ascending([...prepared]));
  }
  const walk = () => walkAlong(observing, preparing);
  return {
    observing: (name) => observing.get(name) ?? [],
    preparing: (name) => preparing.get(name) ?? [],
    walk,
    *[Symbol.iterator]() {
      for (const ahead = walk(); ahead.step < Infinity; ) yield ahead.take();
    },
  };
}
