// The measured values as a long table: one row per run, channel, frame and element. Frames that were not measured have
// no rows.
import type { RunRow } from '../../node/results/runs-table.js';
import { openRun } from './frames.js';
import type { RunGrid } from './run-grid.js';

/** One frame of one channel of one run: as many rows as it has elements. */
export interface LongFrame {
  readonly run: RunRow;
  readonly channel: string;
  readonly frame: number;
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  /** Position of each element in its frame, counted from 0, such as `3;5`; empty for a number. */
  readonly indices: readonly string[];
  readonly values: Float64Array;
}

/** Column and variable: the seed whose run this one repeats, so that it does not count. Only where a run does. */
export const COPY_OF = 'copy_of';

export const hasCopies = ({ runs }: RunGrid) => runs.some((run) => run?.copyOf !== undefined);

/** Columns: `run`, one per axis as `axisColumn` names it, `copy_of` where there are copies, then these. */
export const LONG_COLUMNS = ['seed', 'status', 'channel', 'frame', 'step', 'epoch', 'time', 'index', 'value'] as const;

/** In the order of the grid, then of the channels, then of time. One run's file is in memory at a time. */
export function* longFrames({ folder, manifest, runs }: RunGrid): Generator<LongFrame> {
  const knownIndices = new Map<string, string[]>();
  for (const run of runs) {
    const arrays = run && openRun(folder, run);
    if (run === undefined || arrays === undefined) continue;
    for (const channel of Object.keys(manifest.channels)) {
      if (!arrays.has(channel)) continue;
      const { shape, data } = arrays.get(channel);
      const [frames, ...extents] = shape;
      const key = extents.join(';');
      const indices = knownIndices.get(key) ?? elementIndices(extents);
      knownIndices.set(key, indices);
      const step = arrays.get(`${channel}.step`).data;
      const epoch = arrays.get(`${channel}.epoch`).data;
      const time = arrays.get(`${channel}.time`).data;
      for (let frame = 0; frame < frames; frame++) {
        const values = data.subarray(frame * indices.length, (frame + 1) * indices.length);
        yield { run, channel, frame, step: step[frame], epoch: epoch[frame], time: time[frame], indices, values };
      }
    }
  }
}

function elementIndices(extents: readonly number[]): string[] {
  let indices = [''];
  extents.forEach((extent, axis) => {
    indices = indices.flatMap((prefix) =>
      Array.from({ length: extent }, (_, i) => (axis === 0 ? String(i) : `${prefix};${i}`)),
    );
  });
  return indices;
}
