// The measured part of a dataset: names the dimensions of every channel, and decides which times of measurement are
// common to all runs.

import { type ChannelFrames, FRAME_TIMES, type FrameTime, observerOf } from './frames.js';
import type { RunGrid } from './run-grid.js';
import type { Attributes, HeldVariable } from './variables.js';

/** A variable without the dimensions of the grid, which come before its own. */
export interface RunVariable {
  readonly name: string;
  readonly array: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Attributes;
  readonly isCoordinate: boolean;
}

export interface DescribedChannels {
  /** Times of measurement that all runs share. */
  readonly held: readonly HeldVariable[];
  /** Channels, and times that differ between runs. */
  readonly measured: readonly RunVariable[];
}

const TIME_ATTRIBUTES: Readonly<Record<FrameTime, Attributes>> = {
  step: { long_name: 'steps made when the frame was measured', units: 'steps' },
  epoch: { long_name: 'passes over the data when the frame was measured', units: 'epochs' },
  time: { long_name: 'sum of the step sizes when the frame was measured', units: '1' },
};

export function describeChannels(grid: RunGrid, survey: ReadonlyMap<string, ChannelFrames>): DescribedChannels {
  const held: HeldVariable[] = [];
  const measured: RunVariable[] = [];
  const timed = new Set<string>();
  const ownDimensions = nameDimensions(grid, survey);
  for (const [name, frames] of survey) {
    const { unit, doc, leavesOut } = grid.manifest.channels[name];
    const owner = frames.likeFirst ? observerOf(name) : name;
    const frameDimension = `${owner}.frame`;
    measured.push({
      name,
      array: name,
      dimensions: [frameDimension, ...(ownDimensions.get(name) ?? [])],
      shape: [sharedLength(frames, name, survey), ...frames.shape],
      attributes: { long_name: doc, units: unit, ...(leavesOut ? { errors_leave_out: leavesOut } : {}) },
      isCoordinate: false,
    });
    if (timed.has(owner)) continue;
    timed.add(owner);
    for (const time of FRAME_TIMES) {
      // A channel may itself be called "time"; the coordinate then gives way.
      const coordinate = survey.has(`${owner}.${time}`) ? `${frameDimension}.${time}` : `${owner}.${time}`;
      const values = frames.times[time];
      const common = {
        name: coordinate,
        dimensions: [frameDimension],
        shape: [frames.length],
        attributes: TIME_ATTRIBUTES[time],
        isCoordinate: true,
      };
      if (values !== undefined && values.length === frames.length) {
        held.push({ ...common, values: time === 'step' ? BigInt64Array.from(values, BigInt) : values });
      } else {
        measured.push({ ...common, array: `${name}.${time}` });
      }
    }
  }
  return { held, measured };
}

/** Channels that share a frame dimension have the length of the observer's first channel, to the last frame. */
function sharedLength(frames: ChannelFrames, name: string, survey: ReadonlyMap<string, ChannelFrames>): number {
  if (!frames.likeFirst) return frames.length;
  let length = frames.length;
  for (const [other, { likeFirst, length: otherLength }] of survey) {
    if (likeFirst && observerOf(other) === observerOf(name)) length = Math.max(length, otherLength);
  }
  return length;
}

/**
 * A channel's own name for an axis stands when all channels that use it agree on its length and the grid does not use
 * it; else it gets the observer's name in front, and failing that the channel's.
 */
function nameDimensions(grid: RunGrid, survey: ReadonlyMap<string, ChannelFrames>): Map<string, string[]> {
  const plain = new Map<string, string[]>();
  for (const [name, { shape }] of survey) {
    const { dims } = grid.manifest.channels[name];
    const seen = new Map<string, number>();
    plain.set(
      name,
      shape.map((_, axis) => {
        // An overlap matrix may call both axes "unit", which labelled arrays do not allow.
        const dim = dims[axis] ?? `axis${axis}`;
        const count = (seen.get(dim) ?? 0) + 1;
        seen.set(dim, count);
        return count === 1 ? dim : `${dim}_${count}`;
      }),
    );
  }
  const reserved = new Set(grid.dimensions.flatMap(({ name, axes }) => [name, ...axes.map((axis) => axis.name)]));
  for (const name of ['status', 'steps', 'label']) reserved.add(name);
  const lengths = new Map<string, Set<number>>();
  const count = (key: string, length: number) => lengths.set(key, (lengths.get(key) ?? new Set()).add(length));
  for (const [name, { shape }] of survey) {
    plain.get(name)?.forEach((dim, axis) => {
      count(dim, shape[axis]);
      count(`${observerOf(name)}.${dim}`, shape[axis]);
    });
  }
  const isFree = (dim: string) => !reserved.has(dim) && !survey.has(dim) && lengths.get(dim)?.size === 1;
  return new Map(
    [...plain].map(([name, dims]) => [
      name,
      dims.map((dim) => [dim, `${observerOf(name)}.${dim}`].find(isFree) ?? `${name}.${dim}`),
    ]),
  );
}
