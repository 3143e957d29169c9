// `failures/<run>.json`: why a run failed, for whoever looks, and for other processes, which then leave it alone. A later
// attempt replaces it; a run that is stored has none.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainText } from '../../core/plain-text.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { writeFileAtomicSync } from '../files/atomic-file.js';
import { explainFileError } from '../files/file-error.js';
import { makePlainFolder, readPlainFile } from '../files/plain-file.js';
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
  try {
    return readdirSync(recordsFolder(folder))
      .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
      .map((file) => file.slice(0, -'.json'.length))
      .filter(isRunId);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw explainFileError(error, recordsFolder(folder), 'read');
  }
}

/** @returns undefined where there is none, or none of this run that can be read */
export function readFailure(folder: string, id: string): FailureRecord | undefined {
  try {
    const record: FailureRecord = JSON.parse(
      readPlainFile(recordPath(folder, id), { maxBytes: MOST_BYTES }).toString(),
    );
    const isWhole = typeof record?.message === 'string' && typeof record.writer === 'string';
    return isWhole && record.id === id ? record : undefined;
  } catch {
    return undefined;
  }
}

/** @throws EigenflowError `file` when the disk is full or refuses */
export function writeFailure(folder: string, row: RunRow, { name, host }: Writer): void {
  const path = recordPath(folder, row.id);
  const record: FailureRecord = {
    id: row.id,
    axes: row.axes,
    seed: row.seed,
    message: row.message,
    stack: row.stack,
    writer: name,
    host,
  };
  makePlainFolder(recordsFolder(folder));
  writeFileAtomicSync(path, `${JSON.stringify(record, null, 2)}\n`);
}

export function dropFailure(folder: string, id: string): void {
  rmSync(recordPath(folder, id), { force: true });
}

/** The row of a run whose failure is on record. */
export function failedRow(
  { id, axes, seed }: Pick<RunConfig, 'id' | 'axes' | 'seed'>,
  { message }: Pick<FailureRecord, 'message'>,
): RunRow {
  return { id, axes, seed, status: 'failed', steps: 0, seconds: Number.NaN, label: '', message: plainText(message) };
}
