// Checkpoints of unfinished runs: the state of the simulation and the frames measured so far, in one npz.
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Snapshot } from '../../contracts/observer.js';
import type { Checkpoint } from '../../engine/run.js';
import { EigenflowError, isEigenflowError } from '../../errors.js';
import { float64, type NpyArray, text } from '../formats/npy.js';
import { decodeNpz, encodeNpz, type NpzArrays } from '../formats/npz.js';
import { writeFileAtomic } from './atomic-file.js';
import { makePlainFolder, readPlainFile } from './plain-file.js';
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
}

function encode(id: string, kernels: string, code: string, { checkpoint, seconds }: StoredCheckpoint): Uint8Array {
  const { state, snapshots } = checkpoint;
  const entries = new Map<string, NpyArray>();
  const outline: Outline = {
    id,
    kernels,
    code,
    optimiser: Object.keys(state.optimiser),
    noise: state.noise.length,
    observers: Object.fromEntries(Object.entries(state.observers).map(([name, vectors]) => [name, vectors.length])),
    channels: Object.fromEntries(snapshots.map(({ channel, shape }) => [channel, shape])),
  };
  entries.set('outline', text(JSON.stringify(outline)));
  entries.set('clock', float64([state.step, state.time, seconds]));
  entries.set('theta', float64(state.theta));
  entries.set('watch', float64(state.watch));
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
  const frames = new Float64Array(snapshots.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of snapshots) {
    frames.set(data, at);
    at += data.length;
  }
  entries.set('frames', float64(frames));
  const places = new Map(Object.keys(outline.channels).map((channel, i) => [channel, i]));
  const column = (of: (snapshot: Snapshot) => number) => float64(snapshots.map(of));
  entries.set(
    'frames.channel',
    column(({ channel }) => places.get(channel) as number),
  );
  entries.set(
    'frames.step',
    column(({ step }) => step),
  );
  entries.set(
    'frames.epoch',
    column(({ epoch }) => epoch),
  );
  entries.set(
    'frames.time',
    column(({ time }) => time),
  );
  return seal(encodeNpz(entries));
}

function decode(arrays: NpzArrays, outline: Outline): StoredCheckpoint {
  const vector = (name: string) => arrays.get(name).data;
  const [step, time, seconds] = vector('clock');
  const frames = vector('frames');
  let at = 0;
  const channels = Object.entries(outline.channels);
  const [steps, epochs, times] = ['step', 'epoch', 'time'].map((name) => vector(`frames.${name}`));
  const snapshots = Array.from(vector('frames.channel'), (place, i): Snapshot => {
    const [channel, shape] = channels[place];
    const size = shape.reduce((product, length) => product * length, 1);
    const data = frames.slice(at, at + size);
    at += size;
    return { channel, step: steps[i], epoch: epochs[i], time: times[i], shape, data };
  });
  const state = {
    step,
    time,
    theta: vector('theta'),
    watch: vector('watch'),
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
  return { checkpoint: { state, snapshots }, seconds };
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
  makePlainFolder(dirname(path));
  await writeFileAtomic(path, encode(id, kernels, code, stored));
}

export function dropCheckpoint(folder: string, id: string): void {
  rmSync(checkpointPath(folder, id), { force: true });
}

/**
 * @param kernels hash of the kernels that are to go on
 * @param code of the plugins that are to go on: that of others would make two programs of one run
 * @param onOtherCode told when a whole checkpoint is dropped for its code
 * @returns undefined where there is none, or none that is whole and of this run, these kernels and this code: the run
 *   then starts anew, which costs time only
 * @throws EigenflowError `file` when it is there and the disk does not give it: the run is not to start anew then
 */
export function readCheckpoint(
  folder: string,
  id: string,
  kernels: string,
  code = '',
  onOtherCode = () => {},
): StoredCheckpoint | undefined {
  const path = checkpointPath(folder, id);
  if (!existsSync(path)) return undefined;
  try {
    const bytes = readPlainFile(path);
    if (checkSeal(bytes) !== 'intact') throw new EigenflowError('arrays', path, 'is damaged');
    const arrays = decodeNpz(bytes, { source: path });
    const outline: Outline = JSON.parse(arrays.text('outline'));
    const isOurs = outline.id === id && outline.kernels === kernels;
    const isSameCode = (outline.code ?? '') === code;
    if (isOurs && isSameCode) return decode(arrays, outline);
    if (isOurs) onOtherCode();
    throw new EigenflowError('arrays', path, 'belongs to another run, or to other kernels or plugins');
  } catch (error) {
    // One that cannot be read at this moment may be whole: dropping it would lose what it holds.
    if (isEigenflowError(error) && error.code === 'file') throw error;
    dropCheckpoint(folder, id);
    return undefined;
  }
}
