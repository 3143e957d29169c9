// A run as a cold Observable: subscribing starts it, unsubscribing stops it. RxJS carries snapshots only; stepping is
// a plain loop.

import { Observable } from 'rxjs';
import type { Registry } from '../container.js';
import type { RunStatus } from '../contracts/classifier.js';
import type { Snapshot } from '../contracts/observer.js';
import { EigenflowError } from '../errors.js';
import type { Workbench } from '../kernels/arena.js';
import type { ArrayLoader, RunConfig } from '../scenario/resolve.js';
import type { Checkpoint } from './checkpoint.js';
import { type EndCheckpoint, framesOf, misfit, preparedBefore } from './continuation.js';
import type { DeclaredDynamics } from './declared-dynamics.js';
import { type Appointment, makeAgenda } from './frame-times.js';
import { nextTurn } from './next-turn.js';
import {
  bytesOfFrame,
  type ChannelRecord,
  channelRecords,
  frameCounts,
  openBroadcast,
  openStations,
  type Station,
  storedBytesOfFrame,
} from './observers.js';
import { CHECK_INTERVAL, createSimulation } from './simulation.js';
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
   * Learning times of an observer's frames, ascending; NaN where the optimiser does not say its step size in advance. To
   * be asked before the next event.
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
  | { readonly type: 'progress'; readonly step: number; readonly checkpoint: () => Checkpoint }
  | {
      readonly type: 'done';
      readonly status: RunStatus;
      readonly step: number;
      /** Name of the way that the weights went, see `nameTrajectory`; absent where weights were only looked at. */
      readonly trajectory?: string;
      /** Where `keepEnd` asked for it and the run completed. */
      readonly end?: EndCheckpoint;
    };

export interface RunContext {
  readonly registry: Registry;
  readonly bench: Workbench;
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
  /** Steps between two returns to the event loop, where progress is told and a checkpoint can be had. */
  readonly stepsPerSlice?: number;
}

/**
 * Default work between two returns to the event loop, in weights x samples; some 50 ms. Counted, not timed: no clock in
 * core.
 */
const SLICE = 8e7;
/** What a step costs beside its arithmetic, in the same unit. */
const STEP_OVERHEAD = 1000;

function bytesOfFrames(
  agenda: readonly Appointment[],
  stations: ReadonlyMap<string, Station>,
  ofFrame: (station: Station) => number,
): number {
  return agenda
    .flatMap(({ observe }) => observe)
    .reduce((bytes, name) => bytes + ofFrame(stations.get(name) as Station), 0);
}

/**
 * One run at a time on one workbench: a run that finds its memory taken by another ends with an error.
 *
 * @returns events in this order: manifest, then snapshots and progress, then done. Errors are mistakes in the scenario
 * or bugs, never divergence.
 */
export function run(config: RunConfig, context: RunContext): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const { registry, bench, load, checkpoint } = context;
    const { simulation, stations } = bench.withRoom((workspace) => {
      const simulation = createSimulation(config, registry, workspace, load);
      return { simulation, stations: openStations(simulation) };
    });
    const { tenancy } = bench;
    const { clock, steps } = simulation;
    const byName = new Map(stations.map((station) => [station.name, station]));
    const records = channelRecords(stations, config);
    const agenda = makeAgenda(
      new Map(
        stations.map(({ name }) => [
          name,
          triggerSteps(`observers.${name}.when`, config.observers[name].when, steps, simulation.stepsPerEpoch),
        ]),
      ),
      simulation.observers,
    );
    bench.current.arena.seal();

    const measured: Snapshot[] = [];
    const broadcast = openBroadcast(simulation.view, stations, records, subscriber, (snapshot) => {
      measured.push(snapshot);
    });
    const names = stations.map(({ name }) => name);
    const lengthReaders = new Set(stations.flatMap(({ name, readsLength }) => (readsLength ? [name] : [])));
    // A longer run checks its weights there as well, and no observer has prepared the frame at the end of this one.
    const lead = Math.max(0, ...stations.map(({ observer }) => observer.lead ?? 0));
    const endsAt = context.keepEnd ? Math.floor(Math.max(0, steps - lead) / CHECK_INTERVAL) * CHECK_INTERVAL : 0;
    let end: EndCheckpoint | undefined;
    const keepEnd = () => {
      if (clock.step !== endsAt || endsAt === 0 || simulation.status !== 'completed') return;
      const prepared = preparedBefore(agenda, names, endsAt);
      end = {
        state: simulation.capture(),
        snapshots: [...measured],
        stepSize: clock.stepSize,
        prepared,
        lengthReaders: [...lengthReaders],
      };
    };
    const finish = () => {
      broadcast.complete();
      const trajectory = nameTrajectory(simulation.capture(), simulation.firstBatches(), measured);
      const { status } = simulation;
      const kept = status === 'completed' && end ? { end } : {};
      subscriber.next({ type: 'done', status, step: clock.step, ...(trajectory && { trajectory }), ...kept });
      subscriber.complete();
    };

    let next = 0;
    const keepAppointments = () => {
      const appointment = agenda[next];
      if (appointment?.step !== clock.step) return;
      next += 1;
      if (!simulation.isFinite()) return;
      const heed = (name: string, act: (name: string) => void) => {
        act(name);
        if (simulation.tookLength()) lengthReaders.add(name);
      };
      for (const name of appointment.observe) heed(name, broadcast.measure);
      for (const name of appointment.prepare) heed(name, broadcast.prepare);
    };
    const resume = ({ state, snapshots }: Checkpoint) => {
      simulation.restore(state);
      for (const snapshot of snapshots) broadcast.emit(snapshot);
      while (next < agenda.length && agenda[next].step <= clock.step) next += 1;
    };
    const goOnFrom = (found: EndCheckpoint) => {
      simulation.restore(found.state);
      clock.stepSize = found.stepSize;
      for (const snapshot of framesOf(found, agenda, stations)) broadcast.emit(snapshot);
      while (next < agenda.length && agenda[next].step < clock.step) next += 1;
      keepEnd();
      keepAppointments();
    };
    const found = checkpoint ? undefined : context.findEnd?.(steps);
    const refused = found && misfit(found, agenda, stations, steps);

    const perStep = STEP_OVERHEAD + simulation.model.size * simulation.samplesPerStep;
    const perSlice = context.stepsPerSlice ?? Math.max(1, Math.ceil(SLICE / perStep));
    let callOff = () => {};
    const slice = () => {
      try {
        if (bench.tenancy !== tenancy) {
          const message = 'another run was started on the same workbench; start it when this one has ended';
          throw new EigenflowError('contract', 'run', message);
        }
        const sliceEnd = clock.step + perSlice;
        while (!subscriber.closed) {
          if (clock.step >= steps) {
            finish();
            return;
          }
          if (clock.step >= sliceEnd) break;
          const stop = endsAt > clock.step ? endsAt : steps;
          simulation.advance(Math.min(sliceEnd, stop, agenda[next]?.step ?? steps));
          keepEnd();
          // The state of a diverged run is no result; that of a saturated one is as good as any.
          if (simulation.status !== 'diverged') keepAppointments();
          if (simulation.status !== 'completed') {
            finish();
            return;
          }
        }
        if (subscriber.closed) return;
        subscriber.next({
          type: 'progress',
          step: clock.step,
          checkpoint: () => ({ state: simulation.capture(), snapshots: [...measured] }),
        });
        if (!subscriber.closed) callOff = nextTurn(slice);
      } catch (error) {
        subscriber.error(error);
      }
    };

    const appointmentsOf = (observer: string) => agenda.filter(({ observe }) => observe.includes(observer));
    const stepsOf = (observer: string) => appointmentsOf(observer).map(({ step }) => step);
    subscriber.next({
      type: 'manifest',
      channels: records,
      steps,
      stepsPerEpoch: simulation.stepsPerEpoch,
      frameTimes: (observer) => simulation.timesAt(stepsOf(observer)),
      declaredAtFrames: (observer) => simulation.declaredAt(stepsOf(observer)),
      frameCounts: frameCounts(stations, (observer) => appointmentsOf(observer).length),
      weights: simulation.model.size,
      frameBytes: bytesOfFrames(agenda, byName, bytesOfFrame),
      storedBytes: bytesOfFrames(agenda, byName, storedBytesOfFrame),
      ...(found && { continuation: refused === undefined ? { step: found.state.step } : { refused } }),
    });
    if (subscriber.closed) return;
    if (checkpoint) resume(checkpoint);
    else if (found && refused === undefined) goOnFrom(found);
    else keepAppointments();
    slice();

    return () => callOff();
  });
}
