// The frames of a run that the page keeps to draw: all of a short one, and of a long one no more than a picture can show.
import type { LiveFrame, Reading } from '../protocol.js';

/** Frames at most; half of them are dropped when there are more. */
const MOST = 1200;

/** Frames of one channel, in the order of steps. */
export interface Track {
  readonly shape: readonly number[];
  readonly step: number[];
  readonly epoch: number[];
  readonly time: number[];
  readonly data: Float64Array[];
}

export interface Trail {
  /** Counts what was added, for whoever draws. */
  readonly version: number;
  track(channel: string): Track | undefined;
  latest(channel: string | undefined): Reading | undefined;
  add(frame: LiveFrame): void;
}

/**
 * Drops every other frame where they are close on both axes that are drawn, step and logarithm of step: the early ones, of which
 * a linear axis shows little, stay as dense as a logarithmic one needs them.
 */
function thin({ step, epoch, time, data }: Track): void {
  const last = step.length - 1;
  const span = step[last] - step[0];
  const decades = Math.log10(Math.max(10, step[last]));
  const closeness = (i: number) => {
    const linear = (step[i + 1] - step[i - 1]) / span;
    const logarithmic = Math.log10((step[i + 1] + 1) / (step[i - 1] + 1)) / decades;
    return linear + logarithmic;
  };
  const inner = Array.from({ length: last - 1 }, (_, i) => i + 1);
  const order = inner.map((i) => closeness(i)).sort((a, b) => a - b);
  const limit = order[Math.floor(order.length / 2)];
  const keep = [0];
  for (const i of inner) {
    // Two neighbours are not dropped at once: what is left would have a gap.
    const dropped = closeness(i) <= limit && keep[keep.length - 1] === i - 1;
    if (!dropped) keep.push(i);
  }
  keep.push(last);
  for (const list of [step, epoch, time, data] as unknown[][]) {
    keep.forEach((from, to) => {
      list[to] = list[from];
    });
    list.length = keep.length;
  }
}

export function createTrail(): Trail {
  const tracks = new Map<string, Track>();
  const latest = new Map<string, Reading>();
  let version = 0;
  return {
    get version() {
      return version;
    },
    track: (channel) => tracks.get(channel),
    latest: (channel) => (channel === undefined ? undefined : latest.get(channel)),
    add({ step, epoch, time, readings }) {
      version += 1;
      for (const reading of readings) {
        const { channel, shape, data } = reading;
        latest.set(channel, reading);
        // Weights are drawn as they are now.
        if (shape.length > 1) continue;
        const known = tracks.get(channel) ?? { shape, step: [], epoch: [], time: [], data: [] };
        tracks.set(channel, known);
        if (known.step[known.step.length - 1] === step) continue;
        known.step.push(step);
        known.epoch.push(epoch);
        known.time.push(time);
        known.data.push(data);
        if (known.step.length > MOST) thin(known);
      }
    },
  };
}
