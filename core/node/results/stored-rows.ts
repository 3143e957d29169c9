// The rows of all runs that have ended, from wherever they are noted. The files in runs/ say which runs are stored, and
// nothing else does: runs.csv, and the tables that processes under way keep, only save reading them.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claimsFolder, listWriters } from './claims.js';
import { explainFileError } from './file-error.js';
import { checkPlainFolder, readPlainFile } from './plain-file.js';
import { isRunId } from './results-folder.js';
import { parseRunsTable, type RunRow } from './runs-table.js';

export const tablePath = (folder: string) => join(folder, 'runs.csv');
/** What a process under way has computed, and what it left if it was killed; it alone writes there. */
export const journalPath = (folder: string, writer: string) => join(claimsFolder(folder), `${writer}.csv`);

/** Ids of the runs that are stored. @throws EigenflowError `file` */
export function listStored(folder: string): Set<string> {
  const path = join(folder, 'runs');
  checkPlainFolder(path);
  try {
    const files = readdirSync(path).filter((file) => file.endsWith('.npz') && !file.startsWith('.'));
    return new Set(files.map((file) => file.slice(0, -'.npz'.length)).filter(isRunId));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw explainFileError(error, path, 'read');
  }
}

function readTable(path: string, axes: readonly string[]): RunRow[] {
  if (!existsSync(path)) return [];
  try {
    return parseRunsTable(readPlainFile(path).toString(), axes).filter(({ id }) => isRunId(id));
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

/**
 * Rows by id: of stored runs, and of those whose last attempt failed. A stored run that is noted nowhere has none here.
 *
 * @param axes names of the sweep's axes
 * @throws EigenflowError `file`
 */
export function readRows(folder: string, axes: readonly string[], stored = listStored(folder)): Map<string, RunRow> {
  // Journals before the table: one that is folded into the table in between is then found there.
  const journals = listWriters(folder)
    .map((writer) => journalPath(folder, writer))
    .map((path) => ({ changed: existsSync(path) ? statSync(path).mtimeMs : 0, rows: readTable(path, axes) }))
    .sort((a, b) => a.changed - b.changed);
  const rows = new Map<string, RunRow>();
  for (const row of [...readTable(tablePath(folder), axes), ...journals.flatMap((journal) => journal.rows)]) {
    if ((row.status !== 'failed') === stored.has(row.id)) rows.set(row.id, row);
  }
  return rows;
}
