// A run as a cold Observable: subscribing starts it, unsubscribing stops it. RxJS carries snapshots only; stepping is
// a plain loop.

import { Observable } from 'rxjs';
import type { Registry } from '../container.js';
import type { RunStatus } from '../contracts/classifier.js';
import type { Observer, Snapshot } from '../contracts/observer.js';
import { EigenflowError } from '../errors.js';
import type { Memory } from '../kernels/arena.js';
import type { ArrayLoader, RunConfig } from '../scenario/resolve.js';
import type { Checkpoint } from './checkpoint.js';
import { type EndCheckpoint, framesOf, misfit, preparedBefore } from './continuation.js';
import type { DeclaredDynamics } from './declared-dynamics.js';
import { CHECK_INTERVAL } from './divergence.js';
import { type FramePlan, planFrames } from './frame-times.js';
import { FrameLog, snapshotsOf } from './frames.js';
import { nextTurn } from './next-turn.js';
import {
  type AttachedObserver,
  bytesOfFrame,
  type ChannelRecord,
  channelRecords,
  frameCounts,
  openSnapshotStream,
  storedBytesOfFrame,
} from './observers.js';
import { createSimulation } from './simulation.js';
import { nameTrajectory } from './trajectory.js';
import { triggerSteps } from './trigger.js';

export type { ChannelRecord } from './observers.js';

/** What a run will do and leave, known before its first step. */
export interface RunManifest {
  readonly type: 'manifest';
  /** By `observer.channel`. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /**
   * Learning times of an observer's frames, ascending. To be asked before the next event.
   */
  readonly frameTimes: (observer: string) => readonly number[];
  /** What the components say of the dynamics at each of an observer's frames. To be asked before the next event. */
  readonly declaredAtFrames: (observer: string) => readonly DeclaredDynamics[];
  /** Frames of every channel of a run that ends as planned, without those derived from others. */
  readonly frameCounts: Readonly<Record<string, number>>;
  /** Length of the parameter vector. */
  readonly weights: number;
  /** Memory of all frames; unit: bytes. */
  readonly frameBytes: number;
  /** At most, of all frames in a file; unit: bytes. */
  readonly storedBytes: number;
  /** The step at which it goes on from a shorter run, or why it cannot; undefined where it was not asked to. */
  readonly continuation?: { readonly step: number } | { readonly refused: string };
}

export type RunEvent =
  | RunManifest
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | {
      readonly type: 'progress';
      readonly step: number;
      readonly checkpoint: () => Checkpoint;
      /**
       * Measures now, beside what the run leaves: no trigger, no frame of the run. For an observer whose frames depend on the
       * state alone. To be asked before the next event; empty where the weights have overflowed.
       */
      readonly look: (observer: string) => readonly Snapshot[];
    }
  | {
      readonly type: 'done';
      readonly status: RunStatus;
      readonly step: number;
      /** Name of the way that the weights went, see `nameTrajectory`; absent where weights were only looked at. */
      readonly trajectory?: string;
      /** Where `keepEnd` asked for it and the run completed. */
      readonly end?: EndCheckpoint;
    };

/**
 * How a run gives way to others: after so many steps, until it is called again. Whoever watches a run pauses, steps and paces it
 * so; its bits do not depend on it.
 */
export interface Pace {
  /** Steps of the coming slice; none to be looked at before it goes on. */
  readonly steps: (step: number) => number;
  /** Calls `work` once, later, when the run may go on. @returns calls it off */
  readonly nextTurn: (work: () => void) => () => void;
}

export interface RunContext {
  readonly registry: Registry;
  readonly memory: Memory;
  readonly load: ArrayLoader;
  /** Goes on from here; the frames in it are emitted again first. */
  readonly checkpoint?: Checkpoint;
  /**
   * The end of a run of the same course to go on from, where there is no checkpoint of this run.
   *
   * @param steps length of this run
   */
  readonly findEnd?: (steps: number) => EndCheckpoint | undefined;
  /** Whether `done` shall bring what longer training needs to go on. */
  readonly keepEnd?: boolean;
  /** Where progress is told and a checkpoint can be had. Default: some 50 ms of steps, then whatever waits in the event loop. */
  readonly pace?: Partial<Pace>;
}

/**
 * Default work between two returns to the event loop, in weights x samples; some 50 ms. Counted, not timed: no clock in
 * core.
 */
const SLICE = 8e7;
/** What a step costs beside its arithmetic, in the same unit. */
const STEP_OVERHEAD = 1000;

function bytesOfFrames(
  plan: FramePlan,
  observers: readonly AttachedObserver[],
  ofFrame: (attached: AttachedObserver) => number,
): number {
  return observers.reduce((bytes, attached) => bytes + plan.observing(attached.name).length * ofFrame(attached), 0);
}

/** The first step at which an observer prepares for the frame at the end of the run alone; the end where it does not. */
function reachOfEnd(frames: readonly number[], end: number, { preparedAt }: Pick<Observer, 'preparedAt'>): number {
  if (!preparedAt || !frames.includes(end)) return end;
  const earlier = new Set(frames.filter((step) => step < end).flatMap((step) => preparedAt(step)));
  // One by one: a window of 10^5 steps is more than a browser's stack takes as arguments.
  return preparedAt(end).reduce((first, step) => (earlier.has(step) ? first : Math.min(first, step)), end);
}

/**
 * One run at a time in one memory: a run that finds its memory taken by another ends with an error.
 *
 * @returns events in this order: manifest, then snapshots and progress, then done. Errors are mistakes in the scenario
 * or bugs, never divergence.
 */
export function run(config: RunConfig, context: RunContext): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const { registry, memory, load, checkpoint } = context;
    const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load));
    const { generation } = memory;
    const { clock, steps, observers } = simulation;
    const records = channelRecords(observers, config);
    const triggered = new Map(
      observers.map(({ name }) => [
        name,
        triggerSteps(`observers.${name}.when`, config.observers[name].when, steps, simulation.stepsPerEpoch),
      ]),
    );
    const plan = planFrames(triggered, new Map(observers.map(({ name, observer }) => [name, observer])));
    memory.current.arena.seal();

    const measured = new FrameLog();
    const stream = openSnapshotStream(clock, observers, records, subscriber, (snapshot) => measured.push(snapshot));
    const names = observers.map(({ name }) => name);
    const lengthReaders = new Set(observers.flatMap(({ name, readsLength }) => (readsLength ? [name] : [])));
    // A longer run checks its weights there as well, and no observer has prepared the frame at the end of this one.
    const reaches = observers.map(({ name, observer }) => reachOfEnd(triggered.get(name) ?? [], steps, observer));
    const undisturbed = Math.max(0, Math.min(steps, ...reaches));
    const endsAt = context.keepEnd ? Math.floor(undisturbed / CHECK_INTERVAL) * CHECK_INTERVAL : 0;
    let end: EndCheckpoint | undefined;
    const keepEnd = () => {
      if (clock.step !== endsAt || endsAt === 0 || simulation.status !== 'completed') return;
      const prepared = preparedBefore(plan, names, endsAt);
      end = {
        state: simulation.capture(),
        frames: measured.soFar(),
        stepSize: clock.stepSize,
        prepared,
        lengthReaders: [...lengthReaders],
      };
    };
    const finish = () => {
      stream.complete();
      const trajectory = nameTrajectory(simulation.capture(), simulation.firstBatches(), () =>
        snapshotsOf(measured.soFar()),
      );
      const { status } = simulation;
      const kept = status === 'completed' && end ? { end } : {};
      subscriber.next({ type: 'done', status, step: clock.step, ...(trajectory && { trajectory }), ...kept });
      subscriber.complete();
    };

    const ahead = plan.walk();
    const measureDue = () => {
      if (ahead.step !== clock.step) return;
      const due = ahead.take();
      if (!simulation.isFinite()) return;
      const heed = (name: string, act: (name: string) => void) => {
        act(name);
        if (simulation.tookLength()) lengthReaders.add(name);
      };
      for (const name of due.observe) heed(name, stream.measure);
      for (const name of due.prepare) heed(name, stream.prepare);
    };
    const resume = ({ state, frames }: Checkpoint) => {
      simulation.restore(state);
      for (const snapshot of snapshotsOf(frames)) stream.emit(snapshot);
      while (ahead.step <= clock.step) ahead.take();
    };
    const goOnFrom = (found: EndCheckpoint) => {
      simulation.restore(found.state);
      clock.stepSize = found.stepSize;
      for (const snapshot of framesOf(found, plan, observers)) stream.emit(snapshot);
      while (ahead.step < clock.step) ahead.take();
      keepEnd();
      measureDue();
    };
    const found = checkpoint ? undefined : context.findEnd?.(steps);
    const refused = found && misfit(found, plan, observers, steps);

    const perStep = STEP_OVERHEAD + simulation.model.size * simulation.samplesPerStep;
    const usualSteps = Math.max(1, Math.ceil(SLICE / perStep));
    const pace: Pace = { steps: () => usualSteps, nextTurn, ...context.pace };
    let callOff = () => {};
    const slice = () => {
      try {
        if (memory.generation !== generation) {
          const message = 'another run was started on the same memory; start it when this one has ended';
          throw new EigenflowError('contract', 'run', message);
        }
        const sliceEnd = clock.step + pace.steps(clock.step);
        while (!subscriber.closed) {
          if (clock.step >= steps) {
            finish();
            return;
          }
          if (clock.step >= sliceEnd) break;
          const stop = endsAt > clock.step ? endsAt : steps;
          simulation.advance(Math.min(sliceEnd, stop, ahead.step));
          keepEnd();
          // The state of a diverged run is no result; that of a saturated one is as good as any.
          if (simulation.status !== 'diverged') measureDue();
          if (simulation.status !== 'completed') {
            finish();
            return;
          }
        }
        if (subscriber.closed) return;
        subscriber.next({
          type: 'progress',
          step: clock.step,
          checkpoint: () => ({ state: simulation.capture(), frames: measured.soFar() }),
          look: (name) => (simulation.isFinite() ? stream.look(name) : []),
        });
        if (!subscriber.closed) callOff = pace.nextTurn(slice);
      } catch (error) {
        subscriber.error(error);
      }
    };

    subscriber.next({
      type: 'manifest',
      channels: records,
      steps,
      stepsPerEpoch: simulation.stepsPerEpoch,
      frameTimes: (observer) => simulation.timesAt(plan.observing(observer)),
      declaredAtFrames: (observer) => simulation.declaredAt(plan.observing(observer)),
      frameCounts: frameCounts(observers, (observer) => plan.observing(observer).length),
      weights: simulation.model.size,
      frameBytes: bytesOfFrames(plan, observers, bytesOfFrame),
      storedBytes: bytesOfFrames(plan, observers, storedBytesOfFrame),
      ...(found && { continuation: refused === undefined ? { step: found.state.step } : { refused } }),
    });
    if (subscriber.closed) return;
    if (checkpoint) resume(checkpoint);
    else if (found && refused === undefined) goOnFrom(found);
    else measureDue();
    slice();

    return () => callOff();
  });
}
