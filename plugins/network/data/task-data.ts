// Data on their way from a file or a generator to a network.
import { EigenflowError } from 'eigenflow';

/** Throws, naming where the data come from. */
export type Refusal = (message: string) => never;

export const refusalOf =
  (source: string): Refusal =>
  (message) => {
    throw new EigenflowError('arrays', 'model.data', `${source}: ${message}`);
  };

/** Targets as they were given: numbers, or words for classes. */
export interface RawTargets {
  readonly columns: number;
  /** rows x columns; of words, their numbers in alphabetical order. */
  readonly values: Float64Array;
}

export interface RawPart {
  readonly rows: number;
  /** rows x inputs */
  readonly x: Float64Array;
  readonly y: RawTargets;
}

export interface RawData {
  /** For messages: a file, or the name of built-in data. */
  readonly source: string;
  readonly inputs: number;
  readonly train: RawPart;
  /** The test part that the data bring themselves. */
  readonly test?: RawPart;
}

/** Samples as they are trained on, or looked at. */
export interface Part {
  readonly samples: number;
  /** samples x inputs */
  readonly x: Float64Array;
  /** samples x outputs */
  readonly y: Float64Array;
}

/** The task of a network. */
export interface TaskData {
  readonly task: 'regression' | 'classes';
  readonly inputs: number;
  readonly outputs: number;
  readonly train: Part;
  /** Without label noise; undefined with the reason in `missing`. */
  readonly test: Part | undefined;
  readonly missing: string;
  /** As `HeldOut.leavesOut`: whether all seeds look at the same test part. */
  readonly leavesOut: string | undefined;
}

/** Some rows of a table, in the order of `rows`. */
export function pickRows(table: Float64Array, width: number, rows: readonly number[]): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(table.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
}
