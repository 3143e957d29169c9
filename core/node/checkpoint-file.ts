// Checkpoints of unfinished runs: the state of the simulation and the frames measured so far, in one npz.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Snapshot } from '../contracts/observer.js';
import type { Checkpoint } from '../engine/run.js';
import { writeFileAtomic } from './atomic-file.js';
import { float64, type NpyArray, text } from './npy.js';
import { encodeNpz, type NpzArrays, readNpz } from './npz.js';
import { checkpointPath } from './results-folder.js';

export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Time of computation so far. */
  readonly seconds: number;
}

/** What is not an array: names, shapes and where the parts lie. */
interface Outline {
  readonly optimiser: readonly string[];
  readonly noise: number;
  readonly observers: Readonly<Record<string, number>>;
  readonly snapshots: readonly Omit<Snapshot, 'data'>[];
}

function encode({ checkpoint, seconds }: StoredCheckpoint): Uint8Array {
  const { state, snapshots } = checkpoint;
  const entries = new Map<string, NpyArray>();
  const outline: Outline = {
    optimiser: Object.keys(state.optimiser),
    noise: state.noise.length,
    observers: Object.fromEntries(Object.entries(state.observers).map(([name, vectors]) => [name, vectors.length])),
    snapshots: snapshots.map(({ channel, step, epoch, time, shape }) => ({ channel, step, epoch, time, shape })),
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
  return encodeNpz(entries);
}

function decode(arrays: NpzArrays): StoredCheckpoint {
  const outline: Outline = JSON.parse(arrays.text('outline'));
  const vector = (name: string) => arrays.get(name).data;
  const [step, time, seconds] = vector('clock');
  const frames = vector('frames');
  let at = 0;
  const snapshots = outline.snapshots.map((snapshot) => {
    const size = snapshot.shape.reduce((product, length) => product * length, 1);
    const data = frames.slice(at, at + size);
    at += size;
    return { ...snapshot, data };
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
export async function writeCheckpoint(folder: string, id: string, stored: StoredCheckpoint): Promise<void> {
  const path = checkpointPath(folder, id);
  mkdirSync(dirname(path), { recursive: true });
  await writeFileAtomic(path, encode(stored));
}

export function dropCheckpoint(folder: string, id: string): void {
  rmSync(checkpointPath(folder, id), { force: true });
}

/** @returns undefined where there is none, or where it is damaged: the run then starts anew, which costs time only */
export function readCheckpoint(folder: string, id: string): StoredCheckpoint | undefined {
  const path = checkpointPath(folder, id);
  if (!existsSync(path)) return undefined;
  try {
    return decode(readNpz(path));
  } catch {
    dropCheckpoint(folder, id);
    return undefined;
  }
}
