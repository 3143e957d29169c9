// `failures/<run>.json`: why a run failed, for whoever looks, and for other processes, which then leave it alone. A later
// attempt replaces it; a run that is stored has none.
import { join } from 'node:path';
import { plainText } from '../../core/plain-text.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { findHeld, listHeld, makeHeldFolder, removeHeld, writeHeldNow } from '../files/held-files.js';
import type { Writer } from './claims.js';
import { isRunId } from './results-folder.js';
import type { RunRow } from './runs-table.js';

export interface FailureRecord {
  readonly id: string;
  readonly axes: RunRow['axes'];
  readonly seed: number;
  readonly message: string;
  /** Of a mistake in the code of a component; missing where the message says all. */
  readonly stack?: string;
  /** The process that tried. */
  readonly writer: string;
  readonly host: string;
}

/** Far above any message. */
const MOST_BYTES = 2 ** 20;

const recordsFolder = (folder: string) => join(folder, 'failures');
const recordPath = (folder: string, id: string) => join(recordsFolder(folder), `${id}.json`);

/** Ids of the runs that failed at their last attempt. */
export function listFailures(folder: string): string[] {
  return listHeld(folder, recordsFolder(folder))
    .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter(isRunId);
}

/** @returns undefined where there is none, or none of this run that is whole. @throws EigenflowError `file` */
export function readFailure(folder: string, id: string): FailureRecord | undefined {
  const found = findHeld(folder, recordPath(folder, id), { maxBytes: MOST_BYTES });
  if (found === undefined) return undefined;
  try {
    const record: FailureRecord = JSON.parse(found.bytes.toString());
    const isWhole = typeof record?.message === 'string' && typeof record.writer === 'string';
    return isWhole && record.id === id ? record : undefined;
  } catch {
    return undefined;
  }
}

/** @throws EigenflowError `file` when the disk is full or refuses */
export function writeFailure(folder: string, row: RunRow, { name, host }: Writer): void {
  const record: FailureRecord = {
    id: row.id,
    axes: row.axes,
    seed: row.seed,
    message: row.message,
    stack: row.stack,
    writer: name,
    host,
  };
  makeHeldFolder(folder, recordsFolder(folder));
  writeHeldNow(folder, recordPath(folder, row.id), `${JSON.stringify(record, null, 2)}\n`);
}

export function dropFailure(folder: string, id: string): void {
  removeHeld(folder, recordPath(folder, id));
}

/** The row of a run whose failure is on record. */
export function failedRow(
  { id, axes, seed }: Pick<RunConfig, 'id' | 'axes' | 'seed'>,
  { message }: Pick<FailureRecord, 'message'>,
): RunRow {
  return { id, axes, seed, status: 'failed', steps: 0, seconds: Number.NaN, label: '', message: plainText(message) };
}
