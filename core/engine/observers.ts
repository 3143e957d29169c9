// Observers at work: each with its buffers and its place on the stream of a run, whether that is computed or replayed.
import { Subject, type Subscriber, type Subscription } from 'rxjs';
import type { Clock } from '../contracts/clock.js';
import type { Channel, Observer, Snapshot } from '../contracts/observer.js';
import { show } from '../contracts/show.js';
import { EigenflowError, inPlace, placed } from '../errors.js';
import { CHANNEL } from '../plugin/contract-members.js';
import { checkMembers, refusePromise } from '../plugin/create-component.js';
import { record } from '../plugin/member-rules.js';
import type { RunConfig } from '../scenario/resolve.js';

/** A channel with its shape and the component that measures it. */
export interface ChannelRecord extends Channel {
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly component: string;
}

/** One observer with its buffers and its place on the stream. */
export interface AttachedObserver {
  readonly name: string;
  readonly observer: Observer;
  readonly buffers: Readonly<Record<string, Float64Array>>;
  /** Whether it asked for the length of the run when it was created. */
  readonly readsLength: boolean;
  /** Carries own snapshots to the stages of `derive`. */
  readonly own: Subject<Snapshot>;
}

const sizeOf = (shape: readonly number[] = []) => shape.reduce((product, length) => product * length, 1);

function checkChannels(place: string, what: string, channels: unknown): asserts channels is Record<string, Channel> {
  if (!record.fits(channels)) {
    const message = `${what} should be an object of channels, { name: { shape, dims, unit, doc } }; found ${show(channels)}`;
    throw new EigenflowError('contract', place, message);
  }
  for (const [name, channel] of Object.entries(channels as object)) {
    const path = `${place}.${name}`;
    if (!record.fits(channel)) {
      const message = `should be a channel { shape, dims, unit, doc }, found ${show(channel)}`;
      throw new EigenflowError('contract', path, message);
    }
    checkMembers(path, 'this channel', channel, CHANNEL);
    const { shape = [], dims = [] } = channel as Channel;
    if (shape.length === dims.length) continue;
    const message = `shape [${shape}] needs one name for each axis in dims [${dims}]`;
    throw new EigenflowError('contract', path, message);
  }
}

function checkDerive(place: string, { derive, derived }: Observer): void {
  if (derived !== undefined) checkChannels(place, '`derived`', derived);
  if ((derive === undefined) === (derived === undefined)) return;
  const message = derive
    ? '`derive` needs `derived`, which describes its channels'
    : '`derived` needs `derive`, which emits its channels';
  throw new EigenflowError('contract', place, `${message}: they come together`);
}

/**
 * Creates the observers at the weights as they stand, the initial ones.
 *
 * @param create makes the observer in a place of the run, for example `observers.loss`
 * @param tookLength whether the length of the run has been asked for since the last call
 */
export function attachObservers(
  names: readonly string[],
  create: (slot: string) => Observer,
  tookLength: () => boolean,
): AttachedObserver[] {
  return names.map((name) => {
    const place = `observers.${name}`;
    tookLength();
    const observer = inPlace(place, () => create(place));
    const { channels } = observer;
    checkChannels(place, '`channels`', channels);
    checkDerive(place, observer);
    const buffers = Object.fromEntries(
      Object.entries(channels).map(([channel, { shape }]) => [channel, new Float64Array(sizeOf(shape))]),
    );
    return { name, observer, buffers, readsLength: tookLength(), own: new Subject<Snapshot>() };
  });
}

/** By `observer.channel`, those of `derive` included. */
export function channelRecords(
  observers: readonly AttachedObserver[],
  config: RunConfig,
): Record<string, ChannelRecord> {
  const records: Record<string, ChannelRecord> = {};
  for (const { name, observer } of observers) {
    const component = config.observers[name].use;
    for (const [channel, description] of Object.entries({ ...observer.channels, ...observer.derived })) {
      records[`${name}.${channel}`] = { shape: [], dims: [], ...description, component };
    }
  }
  return records;
}

/** Step, epoch and time of a frame. */
const NUMBERS_BESIDE = 3;

/** Frames wait for the end of their run in its log and in the series of its channels; then the file is made of these. */
export const FRAMES_HELD = 3;

/** Memory of one frame of every channel; unit: bytes. */
export function bytesOfFrame({ buffers }: AttachedObserver): number {
  const numbers = Object.values(buffers).reduce((sum, { length }) => sum + length + NUMBERS_BESIDE, 0);
  return FRAMES_HELD * 8 * numbers;
}

/**
 * What one frame of every channel takes in a file; unit: bytes. An upper bound: channels of `derive` count as if one of
 * their frames came with every frame of the observer.
 */
export function storedBytesOfFrame({ observer }: AttachedObserver): number {
  const all = [...Object.values(observer.channels), ...Object.values(observer.derived ?? {})];
  return all.reduce((bytes, { shape }) => bytes + 8 * (sizeOf(shape) + NUMBERS_BESIDE), 0);
}

/** Frames of every channel that observers measure themselves; those of `derive` are known when they come. */
export function frameCounts(
  observers: readonly AttachedObserver[],
  of: (observer: string) => number,
): Record<string, number> {
  const counts = observers.flatMap(({ name, observer }) =>
    Object.keys(observer.channels).map((channel): [string, number] => [`${name}.${channel}`, of(name)]),
  );
  return Object.fromEntries(counts);
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

/** The stream of snapshots that a set of observers makes. */
export interface SnapshotStream {
  /** One frame of every channel of this observer, at the state as it stands. */
  measure(name: string): void;
  /** As `measure`, for whoever asks alone: nothing is emitted, and no derived channel hears of it. */
  look(name: string): Snapshot[];
  /** A frame that was measured earlier, in a part of the run that is not computed again. */
  emit(snapshot: Snapshot): void;
  /** Prepares the coming frames of this observer, at the state as it stands. */
  prepare(name: string): void;
  /** No more frames: windows that are still open end. @throws EigenflowError `contract` where one does not */
  complete(): void;
}

/**
 * @param records of `channelRecords`
 * @param onMeasured hears the observers' own frames, without those derived from them
 */
export function openSnapshotStream(
  clock: Clock,
  observers: readonly AttachedObserver[],
  records: Record<string, ChannelRecord>,
  subscriber: Subscriber<{ readonly type: 'snapshot'; readonly snapshot: Snapshot }>,
  onMeasured: (snapshot: Snapshot) => void,
): SnapshotStream {
  const byName = new Map(observers.map((attached) => [attached.name, attached]));
  const attachedAs = (name: string) => byName.get(name) as AttachedObserver;
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
    error: (error: unknown) => subscriber.error(placed(`observers.${name}`, error)),
  });
  const subscriptions = new Map<string, Subscription>();
  for (const { name, observer, own } of observers) {
    if (!observer.derive) continue;
    const place = `observers.${name}`;
    const derived = inPlace(place, () => observer.derive?.(own));
    if (typeof derived?.subscribe !== 'function') {
      const message = `derive should return a stream made of the one it is given, own.pipe(...); found ${show(derived)}`;
      throw new EigenflowError('contract', place, message);
    }
    const open = derived.subscribe(passOn(name));
    subscriber.add(open);
    subscriptions.set(name, open);
  }
  const emit = (snapshot: Snapshot) => {
    const [name] = snapshot.channel.split('.');
    onMeasured(snapshot);
    subscriber.next({ type: 'snapshot', snapshot });
    attachedAs(name).own.next(snapshot);
  };
  const look = (name: string): Snapshot[] => {
    const { observer, buffers } = attachedAs(name);
    for (const buffer of Object.values(buffers)) buffer.fill(Number.NaN);
    const place = `observers.${name}`;
    inPlace(place, () => refusePromise(place, 'observe', observer.observe(buffers)));
    return Object.entries(observer.channels).map(([channel, { shape = [] }]) => ({
      channel: `${name}.${channel}`,
      step: clock.step,
      epoch: clock.epoch,
      time: clock.time,
      shape,
      data: ownedCopy(buffers[channel]),
    }));
  };
  return {
    emit,
    look,
    measure(name) {
      for (const snapshot of look(name)) emit(snapshot);
    },
    prepare(name) {
      const place = `observers.${name}`;
      inPlace(place, () => refusePromise(place, 'prepare', attachedAs(name).observer.prepare?.()));
    },
    complete() {
      for (const { name, own } of observers) {
        own.complete();
        if (subscriptions.get(name)?.closed ?? true) continue;
        throw new EigenflowError(
          'contract',
          `observers.${name}`,
          'the stream of derive is still open after the last frame, and what it emits later would be lost; it must end ' +
            'with the stream it is given: no delay, timer or promise in it',
        );
      }
    },
  };
}
