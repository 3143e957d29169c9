// Longer training that goes on from the end of a shorter run: what that run must leave, and what keeps another one from
// going on from there.

import type { Snapshot } from '../contracts/observer.js';
import type { Checkpoint } from './checkpoint.js';
import type { FramePlan } from './frame-times.js';
import { snapshotsOf } from './frames.js';
import type { AttachedObserver } from './observers.js';

/**
 * Near the end of a run: at the last step at which a longer one checks its weights too, before the frame at the end is
 * prepared and before anything is measured at this step. There alone does a longer run stand where the shorter one stood.
 * The frame that an observer measures at the end comes after it, so that it is no frame of a longer run.
 */
export interface EndCheckpoint extends Checkpoint {
  /** Size of the last step: the clock shows it to whoever looks at this step. */
  readonly stepSize: number;
  /** Steps at which each observer prepared, by name. */
  readonly prepared: Readonly<Record<string, readonly number[]>>;
  /** Observers that asked how long the run is: what they measured belongs to runs of this length. */
  readonly lengthReaders: readonly string[];
}

const before = (steps: readonly number[], end: number) => steps.filter((step) => step < end);

/** What each observer has prepared before a step, by name. */
export function preparedBefore(plan: FramePlan, names: readonly string[], end: number): EndCheckpoint['prepared'] {
  return Object.fromEntries(names.map((name) => [name, before(plan.preparing(name), end)]));
}

/** Steps of the frames that an observer has measured. */
function measuredBy(name: string, { frames: { channels, channel, step } }: EndCheckpoint): Set<number> {
  const isOwn = channels.map((of) => of.channel.startsWith(`${name}.`));
  return new Set(step.filter((_step, i) => isOwn[channel[i]]));
}

/**
 * An observer that keeps a state must have been called at just the steps at which it is called in the longer run; any
 * other may have measured more.
 *
 * @param plan of the longer run
 * @param steps its length
 * @returns why it cannot go on from there; undefined when it can
 */
export function misfit(
  end: EndCheckpoint,
  plan: FramePlan,
  observers: readonly AttachedObserver[],
  steps: number,
): string | undefined {
  const { step } = end.state;
  if (step > steps) return `that run is longer: its state is that of step ${step}, and this one ends at ${steps}`;
  for (const { name, observer, readsLength } of observers) {
    if (readsLength || end.lengthReaders.includes(name)) {
      return `observers.${name} asks how long the run is, so that its frames belong to one length`;
    }
    const wanted = before(plan.observing(name), step);
    const measured = measuredBy(name, end);
    const missing = wanted.find((at) => !measured.has(at));
    if (missing !== undefined) {
      return `observers.${name} measures at step ${missing}, where the shorter run did not; give it times that do not depend on the length, such as { perDecade: 8 } or { everyEpochs: 10 }`;
    }
    const prepares = before(plan.preparing(name), step).join();
    const isAlike = measured.size === wanted.length && prepares === (end.prepared[name] ?? []).join();
    const hasState = (observer.state ?? []).length > 0 || observer.prepare !== undefined;
    if (hasState && !isAlike) {
      return `observers.${name} remembers what it has seen, and the shorter run showed it other steps; give it times that do not depend on the length`;
    }
  }
  return undefined;
}

/** Without the frames that the longer run does not measure. */
export function* framesOf(
  { state, frames }: EndCheckpoint,
  plan: FramePlan,
  observers: readonly AttachedObserver[],
): Generator<Snapshot> {
  const wanted = new Map(observers.map(({ name }) => [name, new Set(before(plan.observing(name), state.step))]));
  for (const snapshot of snapshotsOf(frames)) {
    const { channel, step } = snapshot;
    if (wanted.get(channel.slice(0, channel.indexOf('.')))?.has(step)) yield snapshot;
  }
}
