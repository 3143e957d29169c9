// Where a run that was computed again parts from the stored one: the first number, in the order of the file.
import type { RunResult } from '../../core/engine/gather.js';
import type { NpzArrays } from '../../node/files/npz.js';
import type { Replay } from '../protocol.js';

type Difference = Extract<Replay, { verdict: 'other bits' }>;

const TIMES = ['step', 'epoch', 'time'] as const;

/** Undefined where every number is the stored one. All NaN are one: which of the many a machine gives is left open. */
export function firstDifference({ series }: RunResult, stored: NpzArrays): Difference | undefined {
  for (const [channel, { shape, data, step, ...times }] of series) {
    const other = (message: string) => ({ verdict: 'other bits', proof: 'arrays', message }) as const;
    if (!stored.has(channel)) return other(`the stored run has no ${channel}`);
    const { data: before } = stored.get(channel);
    if (before.length !== data.length) {
      return other(`${channel} has ${data.length} numbers, ${before.length} are stored`);
    }
    const size = shape.reduce((product, length) => product * length, 1);
    for (let i = 0; i < data.length; i++) {
      if (Object.is(data[i], before[i])) continue;
      const frame = Math.floor(i / size);
      const first = { channel, frame, step: step[frame], element: i % size, stored: before[i], found: data[i] };
      return { ...other(`${channel} differs at step ${step[frame]}: ${data[i]} where ${before[i]} is stored`), first };
    }
    for (const time of TIMES) {
      const { data: known } = stored.get(`${channel}.${time}`);
      const found = time === 'step' ? step : times[time];
      const at = found.findIndex((value, i) => !Object.is(value, known[i]));
      if (at >= 0) return other(`${channel}.${time} differs at frame ${at}: ${found[at]} where ${known[at]} is stored`);
    }
  }
  return undefined;
}

/** How many numbers a run leaves: those of its channels, each frame with its step, epoch and time. */
export const countNumbers = ({ series }: RunResult): number =>
  [...series.values()].reduce((sum, { data, step }) => sum + data.length + 3 * step.length, 0);
