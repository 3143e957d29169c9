// Samples as rows of numbers, drawn or read.
import type { Environment, Stream } from 'eigenflow';
import type { WriteSample } from './task.js';

/** Standard normals, `width` for each sample: the sample number is the stream's counter. */
export function normalRows(stream: Stream, width: number, { arena }: Environment): WriteSample {
  const row = arena.vector(width);
  return (sample, out, position) => {
    stream.normals(sample, row, width);
    for (let i = 0; i < width; i++) out[position + i] = row[i];
  };
}

/** Row `sample` of a matrix of `width` columns. */
export function copyRow(from: Float64Array, width: number): WriteSample {
  return (sample, out, position) => {
    for (let i = 0; i < width; i++) out[position + i] = from[sample * width + i];
  };
}
