// The rows of all runs that have ended, from wherever they are noted. The files in runs/ say which runs are stored, and
// nothing else does: runs.csv, and the tables that processes under way keep, only save reading them.
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { findHeld, listHeld } from '../files/held-files.js';
import { claimsFolder, listWriters, livingWriters } from './claims.js';
import { markCopies } from './copies.js';
import { isRunId } from './results-folder.js';
import { findRunsTable, type RunRow } from './runs-table.js';

export const tablePath = (folder: string) => join(folder, 'runs.csv');
/** What a process under way has computed, and what it left if it was killed; it alone writes there. */
export const journalPath = (folder: string, writer: string) => join(claimsFolder(folder), `${writer}.csv`);

/** Ids of the runs that are stored. @throws EigenflowError `file` */
export function listStored(folder: string): Set<string> {
  const files = listHeld(folder, join(folder, 'runs')).filter((file) => file.endsWith('.npz') && !file.startsWith('.'));
  return new Set(files.map((file) => file.slice(0, -'.npz'.length)).filter(isRunId));
}

/** @returns undefined where there is no table of these axes */
function readTable(folder: string, path: string, axes: readonly string[]) {
  const found = findHeld(folder, path);
  const rows = found && findRunsTable(found.bytes.toString(), axes)?.filter(({ id }) => isRunId(id));
  return { rows, changed: found?.changed ?? 0 };
}

/** Rows of all tables, later ones last; undefined where there is no table at all. */
function readTables(folder: string, axes: readonly string[]): RunRow[] | undefined {
  // Journals before the table: one that is folded into the table in between is then found there.
  const journals = listWriters(folder)
    .map((writer) => journalPath(folder, writer))
    .map((path) => readTable(folder, path, axes))
    .sort((a, b) => a.changed - b.changed);
  const tables = [readTable(folder, tablePath(folder), axes), ...journals];
  const found = tables.flatMap(({ rows }) => (rows === undefined ? [] : [rows]));
  return found.length === 0 ? undefined : found.flat();
}

function rowsById(rows: readonly RunRow[], stored: ReadonlySet<string>): Map<string, RunRow> {
  const last = new Map(
    rows
      .filter(({ id, status, axesAre }) => (status !== 'failed') === stored.has(id) && axesAre !== 'altered')
      .map((row) => [row.id, row] as const),
  );
  return new Map(markCopies([...last.values()]).map((row) => [row.id, row]));
}

/**
 * Rows by id: of stored runs, and of those whose last attempt failed. A stored run that is noted nowhere has none here, nor
 * has one whose axes are not those that were noted: its file and the scenario say more.
 *
 * @param axes names of the sweep's axes
 * @throws EigenflowError `file`
 */
export function readRows(folder: string, axes: readonly string[], stored = listStored(folder)): Map<string, RunRow> {
  return rowsById(readTables(folder, axes) ?? [], stored);
}

/**
 * As `readRows`, for whoever takes what is noted for all that there is: where the table is lost, that would be nothing.
 * The files of runs do not say at which values of the axes they were made, so the scenario must.
 *
 * @throws EigenflowError `results` when runs are stored and no table is there, `file`
 */
export function readNotedRows(folder: string, axes: readonly string[]): Map<string, RunRow> {
  const stored = listStored(folder);
  const rows = readTables(folder, axes);
  // The first runs of a process at work may be stored and not noted yet.
  if (rows === undefined && stored.size > 0 && livingWriters(folder).length === 0) {
    throw new EigenflowError(
      'results',
      tablePath(folder),
      `is missing, or has lost its header, while ${stored.size} runs are stored in runs/; ` +
        `run the scenario again to rebuild it, which computes no stored run: "eigenflow run ${folder}"`,
    );
  }
  refuseAltered(folder, rows ?? []);
  return rowsById(rows ?? [], stored);
}

/** @throws EigenflowError `results` for rows that would show a run in the wrong cell */
function refuseAltered(folder: string, rows: readonly RunRow[]): void {
  const altered = rows.filter(({ axesAre }) => axesAre === 'altered').map(({ id }) => id);
  if (altered.length === 0) return;
  const others = altered.length > 1 ? ` and of ${altered.length - 1} more` : '';
  throw new EigenflowError(
    'results',
    tablePath(folder),
    `has other axes in the row of run ${altered[0]}${others} than were written there; ` +
      `"eigenflow run ${folder}" writes them again from the scenario, and computes no stored run`,
  );
}
