// Checkpoints of unfinished runs: the state of the simulation and the frames measured so far, in one npz.
import { dirname, relative } from 'node:path';
import type { Checkpoint } from '../../core/engine/checkpoint.js';
import type { EndCheckpoint } from '../../core/engine/continuation.js';
import type { MeasuredFrames } from '../../core/engine/frames.js';
import { checkHeldFolder, isHeld, makeHeldFolder, readHeld, removeHeld, writeHeld } from '../files/held-files.js';
import { float64, type NpyArray, text } from '../files/npy.js';
import { decodeNpz, encodeNpz, type NpzArrays } from '../files/npz.js';
import { quarantine } from './quarantine.js';
import { checkpointPath } from './results-folder.js';
import { checkSeal, seal } from './seal.js';

export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Time of computation so far. */
  readonly seconds: number;
}

/** What is not an array: names, shapes and where the parts lie. */
interface Outline {
  readonly id: string;
  /** Hash of the kernels: others may round differently, and the halves of the run would not fit. */
  readonly kernels: string;
  /** Code of the plugins that are files; missing where there was none, and in older checkpoints. */
  readonly code?: string;
  readonly optimiser: readonly string[];
  readonly noise: number;
  readonly observers: Readonly<Record<string, number>>;
  /** Shape of a frame by channel, in the order in which `frames.channel` counts them. */
  readonly channels: Readonly<Record<string, readonly number[]>>;
  /** Of the end of a run, see `EndCheckpoint`. */
  readonly end?: Pick<EndCheckpoint, 'prepared' | 'lengthReaders'>;
}

/** What is said of each frame. */
const COLUMNS = ['channel', 'step', 'epoch', 'time'] as const;

function encode(
  id: string,
  kernels: string,
  code: string,
  { checkpoint, seconds }: StoredCheckpoint,
  end?: EndCheckpoint,
): Uint8Array {
  const { state, frames } = checkpoint;
  const entries = new Map<string, NpyArray>();
  const outline: Outline = {
    id,
    kernels,
    code,
    optimiser: Object.keys(state.optimiser),
    noise: state.noise.length,
    observers: Object.fromEntries(Object.entries(state.observers).map(([name, vectors]) => [name, vectors.length])),
    channels: Object.fromEntries(frames.channels.map(({ channel, shape }) => [channel, shape])),
    ...(end && { end: { prepared: end.prepared, lengthReaders: end.lengthReaders } }),
  };
  entries.set('outline', text(JSON.stringify(outline)));
  entries.set('clock', float64([state.step, state.time, seconds, ...(end ? [end.stepSize] : [])]));
  entries.set('theta', float64(state.theta));
  entries.set('watch', float64(state.divergence));
  entries.set('lossSum', float64(state.lossSum));
  for (const [name, vector] of Object.entries(state.optimiser)) entries.set(`optimiser.${name}`, float64(vector));
  state.noise.forEach((vector, i) => {
    entries.set(`noise.${i}`, float64(vector));
  });
  for (const [name, vectors] of Object.entries(state.observers)) {
    vectors.forEach((vector, i) => {
      entries.set(`observer.${name}.${i}`, float64(vector));
    });
  }
  entries.set('frames', float64(frames.data));
  for (const column of COLUMNS) entries.set(`frames.${column}`, float64(frames[column]));
  return seal(encodeNpz(entries));
}

function decode(arrays: NpzArrays, outline: Outline): StoredCheckpoint {
  const vector = (name: string) => arrays.get(name).data;
  const [step, time, seconds] = vector('clock');
  const frames: MeasuredFrames = {
    channels: Object.entries(outline.channels).map(([channel, shape]) => ({ channel, shape })),
    channel: vector('frames.channel'),
    step: vector('frames.step'),
    epoch: vector('frames.epoch'),
    time: vector('frames.time'),
    data: vector('frames'),
  };
  const state = {
    step,
    time,
    theta: vector('theta'),
    divergence: vector('watch'),
    lossSum: vector('lossSum'),
    optimiser: Object.fromEntries(outline.optimiser.map((name) => [name, vector(`optimiser.${name}`)])),
    noise: Array.from({ length: outline.noise }, (_, i) => vector(`noise.${i}`)),
    observers: Object.fromEntries(
      Object.entries(outline.observers).map(([name, count]) => [
        name,
        Array.from({ length: count }, (_, i) => vector(`observer.${name}.${i}`)),
      ]),
    ),
  };
  return { checkpoint: { state, frames }, seconds };
}

/** @param course stands where a checkpoint has the id of its run: runs of other lengths go on from it */
export function encodeEnd(course: string, kernels: string, code: string, checkpoint: EndCheckpoint): Uint8Array {
  return encode(course, kernels, code, { checkpoint, seconds: 0 }, checkpoint);
}

/** @returns what is wrong with it where it does not serve */
export function decodeEnd(
  path: string,
  bytes: Buffer,
  course: string,
  kernels: string,
  code: string,
): EndCheckpoint | string {
  const opened = open(path, bytes, course, kernels, code);
  if (typeof opened === 'string') return opened;
  return opened.end ? { ...opened.checkpoint, ...opened.end } : 'is not the end of a run';
}

/** @throws EigenflowError `file` when the disk is full or refuses */
export async function writeCheckpoint(
  folder: string,
  id: string,
  kernels: string,
  stored: StoredCheckpoint,
  code = '',
): Promise<void> {
  const path = checkpointPath(folder, id);
  makeHeldFolder(folder, dirname(path));
  await writeHeld(folder, path, encode(id, kernels, code, stored));
}

export function dropCheckpoint(folder: string, id: string): void {
  removeHeld(folder, checkpointPath(folder, id));
}

/** Of a checkpoint that does not serve. */
export interface Quarantined {
  /** What is wrong with it. */
  readonly reason: string;
  /** Where it is now, relative to the results folder. */
  readonly movedTo: string;
}

/** What keeps a checkpoint from being gone on with; undefined when nothing does. */
function misfit(outline: Outline, id: string, kernels: string, code: string): string | undefined {
  if (outline.id !== id) return 'belongs to another run';
  if (outline.kernels !== kernels) return 'was made by other kernels';
  return (outline.code ?? '') === code ? undefined : 'was made with other code of a plugin';
}

function open(
  path: string,
  bytes: Buffer,
  id: string,
  kernels: string,
  code: string,
): (StoredCheckpoint & { readonly end?: Omit<EndCheckpoint, keyof Checkpoint> }) | string {
  const damaged = 'is damaged';
  if (checkSeal(bytes) !== 'intact') return damaged;
  try {
    const arrays = decodeNpz(bytes, { source: path });
    const outline: Outline = JSON.parse(arrays.text('outline'));
    const wrong = misfit(outline, id, kernels, code);
    if (wrong !== undefined) return wrong;
    const end = outline.end && { ...outline.end, stepSize: arrays.get('clock').data[3] };
    return { ...decode(arrays, outline), ...(end && { end }) };
  } catch {
    return damaged;
  }
}

/** Whether checkpoints lie in no folder of the study's own: none is read from there, and who writes one is told so. */
function leadsElsewhere(folder: string, checkpoints: string): boolean {
  try {
    checkHeldFolder(folder, checkpoints);
    return false;
  } catch {
    return true;
  }
}

/**
 * @param kernels hash of the kernels that are to go on
 * @param code of the plugins that are to go on: that of others would make two programs of one run
 * @param onQuarantined told of a checkpoint that is damaged or does not fit. It is moved below `quarantine/`, and the run starts
 *   anew: the build that made it could still go on with it
 * @returns undefined where there is none, or none that is whole and of this run, these kernels and this code
 * @throws EigenflowError `file` when it is there and cannot be read or moved: it may be whole, and hold days of work
 */
export function readCheckpoint(
  folder: string,
  id: string,
  kernels: string,
  code = '',
  onQuarantined: (moved: Quarantined) => void = () => {},
): StoredCheckpoint | undefined {
  const path = checkpointPath(folder, id);
  if (leadsElsewhere(folder, dirname(path)) || !isHeld(folder, path)) return undefined;
  const found = open(path, readHeld(folder, path), id, kernels, code);
  if (typeof found !== 'string') return found;
  onQuarantined({ reason: found, movedTo: quarantine(folder, relative(folder, path)) });
  return undefined;
}
