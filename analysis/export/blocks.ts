// Walks over the runs of a dataset in blocks that are contiguous in every variable, so that a writer meets each run's
// file once and never holds more than a block.
import type { NpzArrays } from '../../node/files/npz.js';
import type { Dataset } from './dataset.js';
import { openRun } from './frames.js';
import type { MeasuredVariable } from './variables.js';

/** A box of grid points. */
export interface Block {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  /** Values of a variable in this box, row-major: runs x runShape; NaN where not measured. */
  values(variable: MeasuredVariable): Float64Array;
}

/** Files of one block; with the arrays of one variable and what a writer makes of them, about three times as much. */
const BLOCK_BYTES = 8 * 2 ** 20;
/** What an open file costs beside its numbers, per channel: headers, names, directory. Measured on runs of one number. */
const OVERHEAD_BYTES = 8192;

/**
 * Shape of a full block: trailing dimensions whole, one in part, leading ones of length 1. That makes a block a chunk
 * of the grid in Zarr and HDF5.
 */
export function blockShape({ grid, measured }: Dataset): number[] {
  const bytesPerRun = measured.reduce((sum, { runShape }) => sum + OVERHEAD_BYTES + 8 * size(runShape), 0);
  let runs = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, bytesPerRun)));
  const shape = grid.dimensions.map(({ length }) => length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    shape[axis] = Math.min(shape[axis], runs);
    runs = Math.floor(runs / grid.dimensions[axis].length) || 1;
    if (shape[axis] < grid.dimensions[axis].length) runs = 1;
  }
  return shape;
}

/** Blocks in row-major order; the ones at the far ends may be smaller. */
export function* blocks(dataset: Dataset): Generator<Block> {
  const { folder, dimensions, runs } = dataset.grid;
  const lengths = dimensions.map(({ length }) => length);
  const full = blockShape(dataset);
  for (const start of corners(lengths, full)) {
    const shape = full.map((extent, axis) => Math.min(extent, lengths[axis] - start[axis]));
    const files = points(start, shape).map((point) => openRun(folder, runs[flatten(point, lengths)]));
    yield { start, shape, values: (variable) => collect(variable, files) };
  }
}

function collect({ array, runShape }: MeasuredVariable, files: readonly (NpzArrays | undefined)[]): Float64Array {
  const stride = size(runShape);
  const values = new Float64Array(files.length * stride).fill(Number.NaN);
  files.forEach((file, i) => {
    if (!file?.has(array)) return;
    const { shape, data } = file.get(array);
    place(data, shape, values.subarray(i * stride, (i + 1) * stride), runShape);
  });
  return values;
}

/** Copies an array into the low corner of a larger one. */
function place(from: Float64Array, shape: readonly number[], to: Float64Array, toShape: readonly number[]): void {
  const sameFrame = toShape.every((extent, axis) => axis === 0 || extent === shape[axis]);
  if (sameFrame) {
    to.set(from);
    return;
  }
  const row = shape[shape.length - 1];
  points(
    shape.slice(0, -1).map(() => 0),
    shape.slice(0, -1),
  ).forEach((point, i) => {
    to.set(from.subarray(i * row, (i + 1) * row), flatten([...point, 0], toShape));
  });
}

/** Low corners of the boxes that tile a grid. */
function corners(lengths: readonly number[], step: readonly number[]): number[][] {
  const counts = lengths.map((length, axis) => Math.ceil(length / step[axis]));
  return points(
    counts.map(() => 0),
    counts,
  ).map((point) => point.map((i, axis) => i * step[axis]));
}

/** All points of a box in row-major order. */
function points(start: readonly number[], shape: readonly number[]): number[][] {
  let all: number[][] = [[]];
  shape.forEach((extent, axis) => {
    all = all.flatMap((point) => Array.from({ length: extent }, (_, i) => [...point, start[axis] + i]));
  });
  return all;
}

function flatten(point: readonly number[], lengths: readonly number[]): number {
  return point.reduce((at, i, axis) => at * lengths[axis] + i, 0);
}

export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
