// What belongs to each sample, one row of numbers per sample number: a table of all of them for a finite data set, or made
// batch by batch for endless data.
import type { Environment, Indices, Stream, Vector } from 'eigenflow';

/** Writes the rows of samples first .. first + BLOCK - 1, one below the other, into the front of `out`. */
export type WriteBlock = (first: number, out: Vector) => void;

/** Samples that are drawn at once: neighbouring sample numbers share one call of the generator. Part of every number. */
export const BLOCK = 16;

/** Standard normals, `width` for each sample. */
export function normalBlock(stream: Stream, width: number): WriteBlock {
  return (first, out) => stream.normals(first / BLOCK, out, BLOCK * width);
}

/** The rows of one batch at a time. */
export interface BatchRows {
  /** Makes the rows of a batch available. */
  prepare(batch: Indices, n: number): void;
  /** Rows, one below the other; which of them belong to the batch says `index`. */
  readonly values: Vector;
  /** The sample numbers of the prepared batch as rows of `values`, or null for rows 0 .. n - 1. */
  readonly index: Indices | null;
}

export interface SampleRows {
  /** For one pass of a model, with the memory that batches of up to `capacity` samples need. */
  open(capacity: number): BatchRows;
}

function tabulated(samples: number, width: number, write: WriteBlock, { arena }: Environment): SampleRows {
  const values = arena.vector(samples * width);
  const block = arena.vector(BLOCK * width);
  for (let first = 0; first < samples; first += BLOCK) {
    write(first, block);
    const rows = Math.min(BLOCK, samples - first);
    values.set(rows === BLOCK ? block : block.subarray(0, rows * width), first * width);
  }
  return {
    open() {
      const rows = {
        values,
        index: null as Indices | null,
        prepare(batch: Indices) {
          rows.index = batch;
        },
      };
      return rows;
    },
  };
}

function endless(width: number, write: WriteBlock, { arena }: Environment): SampleRows {
  const block = arena.vector(BLOCK * width);
  // The block that is held. A typed array: a captured `let` with a double would be boxed.
  const held = new Float64Array(1).fill(-1);
  return {
    open(capacity) {
      const values = arena.vector(capacity * width);
      return {
        values,
        index: null,
        prepare(batch, n) {
          for (let s = 0; s < n; s++) {
            const place = batch[s] % BLOCK;
            const first = batch[s] - place;
            if (first !== held[0]) {
              write(first, block);
              held[0] = first;
            }
            for (let k = 0; k < width; k++) values[s * width + k] = block[place * width + k];
          }
        },
      };
    },
  };
}

/**
 * @param samples size of the data set; Infinity for endless data
 * @param width numbers per sample
 */
export function createSampleRows(
  samples: number,
  width: number,
  write: WriteBlock,
  environment: Environment,
): SampleRows {
  return Number.isFinite(samples) ? tabulated(samples, width, write, environment) : endless(width, write, environment);
}
