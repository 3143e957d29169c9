// Looks through all runs once, before anything is exported: how many frames each channel has, whether all runs were
// measured at the same steps, and how large the largest frame is.
import { isHeld } from '../../node/files/held-files.js';
import type { NpzArrays } from '../../node/files/npz.js';
import { runPath } from '../../node/results/results-folder.js';
import { readRun } from '../../node/results/run-file.js';
import type { RunRow } from '../../node/results/runs-table.js';
import type { RunGrid } from './run-grid.js';

export const FRAME_TIMES = ['step', 'epoch', 'time'] as const;
export type FrameTime = (typeof FRAME_TIMES)[number];

/** The frames of one channel over all runs. */
export interface ChannelFrames {
  /** Most frames in any run. */
  length: number;
  /** Largest extent of a frame along each of its axes; sweeping a layer width makes runs differ. */
  shape: number[];
  /** Times of the longest run where all runs agree as far as they go; undefined where they do not. */
  readonly times: Record<FrameTime, Float64Array | undefined>;
  /** In every run, the same steps as the observer's first channel: the two can share a dimension. */
  likeFirst: boolean;
}

/** The stored arrays of a run; undefined when it has none: it failed, has not been run, or its file is gone. */
export function openRun(folder: string, row: RunRow | undefined): NpzArrays | undefined {
  if (row === undefined || row.status === 'failed') return undefined;
  return isHeld(folder, runPath(folder, row.id)) ? readRun(folder, row.id) : undefined;
}

/** @returns by channel name. @throws EigenflowError `arrays` when the file of a run is damaged. */
export function surveyFrames({ folder, manifest, runs }: RunGrid): Map<string, ChannelFrames> {
  const survey = new Map<string, ChannelFrames>();
  for (const [name, { shape }] of Object.entries(manifest.channels)) {
    const none = () => new Float64Array(0);
    survey.set(name, {
      length: 0,
      shape: [...shape],
      times: { step: none(), epoch: none(), time: none() },
      likeFirst: true,
    });
  }
  for (const row of runs) {
    const arrays = openRun(folder, row);
    if (arrays === undefined) continue;
    const firstSteps = new Map<string, Float64Array>();
    for (const [name, frames] of survey) {
      if (!arrays.has(name)) continue;
      const [length, ...shape] = arrays.shapeOf(name);
      frames.length = Math.max(frames.length, length);
      frames.shape = frames.shape.map((extent, axis) => Math.max(extent, shape[axis] ?? 0));
      const observer = observerOf(name);
      for (const time of FRAME_TIMES) {
        const values = arrays.get(`${name}.${time}`).data;
        frames.times[time] = agreement(frames.times[time], values);
        if (time !== 'step') continue;
        const first = firstSteps.get(observer) ?? values;
        firstSteps.set(observer, first);
        if (first.length !== values.length || agreement(first, values) === undefined) frames.likeFirst = false;
      }
    }
  }
  return survey;
}

export function observerOf(channel: string): string {
  return channel.slice(0, channel.indexOf('.'));
}

/** The longer of the two when one begins with the other, bit by bit; otherwise undefined. */
function agreement(a: Float64Array | undefined, b: Float64Array): Float64Array | undefined {
  if (a === undefined) return undefined;
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (!Object.is(a[i], b[i])) return undefined;
  return a.length >= b.length ? a : b;
}
