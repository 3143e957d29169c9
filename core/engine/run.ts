// A run as a cold Observable: subscribing starts it, unsubscribing stops it. RxJS carries snapshots only; stepping is
// a plain loop.
import { Observable, Subject } from 'rxjs';
import type { Workbench } from '../arena.js';
import type { Registry } from '../container.js';
import type { RunStatus } from '../contracts/classifier.js';
import type { Channel, Observer, Snapshot } from '../contracts/observer.js';
import { EigenflowError, inPlace } from '../errors.js';
import type { ArrayLoader, RunConfig } from '../scenario/run-config.js';
import { type Appointment, makeAgenda } from './agenda.js';
import { nextTurn } from './next-turn.js';
import { createSimulation, type Simulation, type SimulationState } from './simulation.js';
import { triggerSteps } from './trigger.js';

/** A channel with the component that measures it. */
export interface ChannelRecord extends Channel {
  readonly component: string;
}

/** Enough to go on as if the run had never been broken off. */
export interface Checkpoint {
  readonly state: SimulationState;
  /** Measured frames, without those derived from them. */
  readonly snapshots: readonly Snapshot[];
}

/** What a run will do and leave, known before its first step. */
export interface RunManifest {
  readonly type: 'manifest';
  /** By `observer.channel`. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Length of the parameter vector. */
  readonly weights: number;
  /** Memory of all frames; unit: bytes. */
  readonly frameBytes: number;
}

export type RunEvent =
  | RunManifest
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'progress'; readonly step: number; readonly checkpoint: () => Checkpoint }
  | { readonly type: 'done'; readonly status: RunStatus; readonly step: number };

export interface RunContext {
  readonly registry: Registry;
  readonly bench: Workbench;
  readonly load: ArrayLoader;
  /** Goes on from here; the frames in it are emitted again first. */
  readonly checkpoint?: Checkpoint;
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

/** One observer with its buffers and its place on the stream. */
interface Station {
  readonly name: string;
  readonly observer: Observer;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly buffers: Readonly<Record<string, Float64Array>>;
  /** Carries own snapshots to the stages of `derive`. */
  readonly own: Subject<Snapshot>;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

function checkChannels(name: string, channels: Readonly<Record<string, Channel>>): void {
  for (const [channel, { shape, dims }] of Object.entries(channels)) {
    if (shape.length !== dims.length || !shape.every((length) => Number.isInteger(length) && length >= 0)) {
      throw new EigenflowError(
        'contract',
        `observers.${name}.${channel}`,
        `shape [${shape}] needs whole numbers and one name for each axis in dims [${dims}]`,
      );
    }
  }
}

function openStations(simulation: Simulation): Station[] {
  return [...simulation.observers].map(([name, observer]) => {
    const channels = inPlace(`observers.${name}`, () => observer.attach(simulation.view));
    checkChannels(name, channels);
    const buffers = Object.fromEntries(
      Object.entries(channels).map(([channel, { shape }]) => [channel, new Float64Array(sizeOf(shape))]),
    );
    return { name, observer, channels, buffers, own: new Subject<Snapshot>() };
  });
}

function channelRecords(stations: readonly Station[], config: RunConfig): Record<string, ChannelRecord> {
  const records: Record<string, ChannelRecord> = {};
  for (const { name, observer, channels } of stations) {
    const component = config.observers[name].use;
    for (const [channel, description] of Object.entries({ ...channels, ...observer.derived })) {
      records[`${name}.${channel}`] = { ...description, component };
    }
  }
  return records;
}

/** What a frame takes beside its numbers: the objects that carry it. Bytes, measured on V8. */
const FRAME_OVERHEAD = 400;

function bytesOfFrames(agenda: readonly Appointment[], stations: ReadonlyMap<string, Station>): number {
  let bytes = 0;
  for (const { observe } of agenda) {
    for (const name of observe) {
      for (const buffer of Object.values(stations.get(name)?.buffers ?? {})) {
        bytes += buffer.byteLength + FRAME_OVERHEAD;
      }
    }
  }
  return bytes;
}

/** An owned copy in which every NaN has the same bits: WebAssembly leaves the sign and payload of NaN open. */
function ownedCopy(data: Float64Array): Float64Array {
  const copy = data.slice();
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) copy[i] = Number.NaN;
  return copy;
}

/** @throws EigenflowError `contract` for a frame that the observer has not announced. */
function checkDerived({ channel, shape, data }: Snapshot, name: string, records: Record<string, ChannelRecord>): void {
  const path = `observers.${name}`;
  if (!Object.hasOwn(records, channel)) {
    const message = `derive emitted the channel ${channel}, which \`derived\` does not describe`;
    throw new EigenflowError('contract', path, message);
  }
  const expected = records[channel].shape;
  if (String(shape) !== String(expected) || data.length !== sizeOf(expected)) {
    const message = `derive emitted ${data.length} numbers of shape [${shape}] for ${channel}; \`derived\` says [${expected}]`;
    throw new EigenflowError('contract', path, message);
  }
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
    const { clock, view, steps } = simulation;
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
    const passOn = (name: string) => ({
      next(snapshot: Snapshot) {
        try {
          checkDerived(snapshot, name, records);
          subscriber.next({ type: 'snapshot', snapshot: { ...snapshot, data: ownedCopy(snapshot.data) } });
        } catch (error) {
          // Thrown out of a subscription, it would reach nobody but the process.
          subscriber.error(error);
        }
      },
      error: (error: unknown) => subscriber.error(error),
    });
    for (const { name, observer, own } of stations) {
      subscriber.add(observer.derive?.(own).subscribe(passOn(name)));
    }
    const emit = (station: Station, snapshot: Snapshot) => {
      measured.push(snapshot);
      subscriber.next({ type: 'snapshot', snapshot });
      station.own.next(snapshot);
    };
    const measure = (station: Station) => {
      const { name, observer, channels, buffers } = station;
      for (const buffer of Object.values(buffers)) buffer.fill(Number.NaN);
      inPlace(`observers.${name}`, () => observer.observe(view, buffers));
      for (const [channel, { shape }] of Object.entries(channels)) {
        emit(station, {
          channel: `${name}.${channel}`,
          step: clock.step,
          epoch: clock.epoch,
          time: clock.time,
          shape,
          data: ownedCopy(buffers[channel]),
        });
      }
    };
    const finish = () => {
      for (const station of stations) station.own.complete();
      subscriber.next({ type: 'done', status: simulation.status, step: clock.step });
      subscriber.complete();
    };

    let next = 0;
    const keepAppointments = () => {
      const appointment = agenda[next];
      if (appointment?.step !== clock.step) return;
      next += 1;
      if (!simulation.isFinite()) return;
      for (const name of appointment.observe) measure(byName.get(name) as Station);
      for (const name of appointment.prepare) byName.get(name)?.observer.prepare?.(view);
    };
    const resume = ({ state, snapshots }: Checkpoint) => {
      simulation.restore(state);
      for (const snapshot of snapshots) {
        const [name] = snapshot.channel.split('.');
        emit(byName.get(name) as Station, snapshot);
      }
      while (next < agenda.length && agenda[next].step <= clock.step) next += 1;
    };

    const perStep = STEP_OVERHEAD + simulation.model.size * simulation.samplesPerStep;
    const perSlice = context.stepsPerSlice ?? Math.max(1, Math.ceil(SLICE / perStep));
    let callOff = () => {};
    const slice = () => {
      try {
        if (bench.tenancy !== tenancy) {
          const message = 'another run was started on the same workbench; start it when this one has ended';
          throw new EigenflowError('contract', 'run', message);
        }
        const end = clock.step + perSlice;
        while (!subscriber.closed) {
          if (clock.step >= steps) {
            finish();
            return;
          }
          if (clock.step >= end) break;
          const target = Math.min(end, steps, agenda[next]?.step ?? steps);
          simulation.advance(target);
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

    subscriber.next({
      type: 'manifest',
      channels: records,
      steps,
      stepsPerEpoch: simulation.stepsPerEpoch,
      weights: simulation.model.size,
      frameBytes: bytesOfFrames(agenda, byName),
    });
    if (subscriber.closed) return;
    if (checkpoint) resume(checkpoint);
    else keepAppointments();
    slice();

    return () => callOff();
  });
}
