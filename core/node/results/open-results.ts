// A results folder that a process computes into, beside others that may do the same: what has ended, claims on what has
// not, and the table of rows.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunConfig } from '../../scenario/run-config.js';
import { writeFileAtomic } from './atomic-file.js';
import { type Claims, type ClaimTimes, listWriters, openClaims, type Writer } from './claims.js';
import { dropFailure, failedRow, listFailures, readFailure, writeFailure } from './failure-records.js';
import { explainFileError } from './file-error.js';
import { makeFolder, makePlainFolder } from './plain-file.js';
import { checkpointPath, type Manifest, manifestPath, runPath } from './results-folder.js';
import { recoverRow } from './run-file.js';
import { formatRunsTable, type RunRow, runsTableHeader, runsTableRow } from './runs-table.js';
import { journalPath, listStored, readRows, tablePath } from './stored-rows.js';

/** An open results folder. */
export interface ResultsFolder {
  readonly folder: string;
  /** The name of this process as a writer. */
  readonly writer: string;
  /** Whether the run was stored when the folder was opened, or has been since by this process. */
  isStored(id: string): boolean;
  /**
   * Claims a run that is not stored.
   *
   * @returns 'claimed'; 'held' when another process that lives is at it; the row when one has ended it since this folder
   *   was opened
   */
  claim(config: RunConfig): 'claimed' | 'held' | RunRow;
  /** Records the end of a run and gives its claim back. @throws EigenflowError `file` when the disk is full or refuses */
  record(row: RunRow): void;
  /** Gives back the claim of a run that has not ended. */
  release(id: string): void;
  /** Other processes that are at work here. */
  others(): readonly Writer[];
  /** Rows of all runs of the sweep that have ended, whoever computed them, in the order of the sweep. */
  survey(): RunRow[];
  /** Writes runs.csv in this order, with final labels. */
  conclude(rows: readonly RunRow[]): Promise<void>;
  close(): void;
}

/** Milliseconds between two attempts at the table, which another process is writing, and how often to try. */
const TABLE_RETRY = 50;
const TABLE_ATTEMPTS = 200;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = manifestPath(folder);
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  await writeFileAtomic(path, text);
}

/**
 * Creates the folder, or opens it to go on. Call `close` in the end, whatever happens.
 *
 * @param runs the runs of the sweep: rows of others are left out of the table, their files stay
 * @throws EigenflowError `file`
 */
export async function openResults(
  folder: string,
  manifest: Manifest,
  runs: readonly RunConfig[],
  times: ClaimTimes = {},
): Promise<ResultsFolder> {
  makeFolder(folder);
  for (const part of ['runs', 'checkpoints']) makePlainFolder(join(folder, part));
  const claims = openClaims(folder, times);
  try {
    await writeManifest(folder, manifest);
    return createResults(folder, manifest, runs, claims);
  } catch (error) {
    claims.close();
    throw error;
  }
}

function createResults(folder: string, manifest: Manifest, runs: readonly RunConfig[], claims: Claims): ResultsFolder {
  const axes = manifest.axes.map((axis) => axis.name);
  const stored = listStored(folder);
  /** Who failed at a run before: a record by anybody else is news. */
  const failedBefore = new Map(listFailures(folder).map((id) => [id, readFailure(folder, id)?.writer]));
  const journal = journalPath(folder, claims.writer.name);
  // Left by a process that was killed between storing a run and removing its checkpoint.
  for (const file of readdirSync(join(folder, 'checkpoints'))) {
    if (stored.has(file.slice(0, -'.npz'.length))) rmSync(join(folder, 'checkpoints', file), { force: true });
  }

  /** The row of a run that another process has ended since. */
  const endedElsewhere = (config: RunConfig): RunRow | undefined => {
    if (existsSync(runPath(folder, config.id))) return recoverRow(folder, config);
    const record = readFailure(folder, config.id);
    return record && record.writer !== failedBefore.get(config.id) ? failedRow(record) : undefined;
  };

  const survey = () => {
    const now = listStored(folder);
    const rows = readRows(folder, axes, now);
    const failed = new Set(listFailures(folder));
    return runs.flatMap((config) => {
      const { id } = config;
      const known = rows.get(id);
      if (known) return { ...known, axes: config.axes, seed: config.seed };
      if (now.has(id)) return recoverRow(folder, config);
      const record = failed.has(id) ? readFailure(folder, id) : undefined;
      return record ? failedRow({ ...record, axes: config.axes, seed: config.seed, id }) : [];
    });
  };

  return {
    folder,
    writer: claims.writer.name,
    survey,
    isStored: (id) => stored.has(id),
    others: claims.others,
    release: claims.release,
    claim(config) {
      if (claims.claim(config.id) !== undefined) return 'held';
      const row = endedElsewhere(config);
      if (row === undefined) return 'claimed';
      claims.release(config.id);
      return row;
    },
    record(row) {
      const failed = row.status === 'failed';
      try {
        if (!existsSync(journal)) appendFileSync(journal, runsTableHeader(axes));
        appendFileSync(journal, runsTableRow(axes, row));
        if (failed) writeFailure(folder, row, claims.writer);
      } catch (error) {
        throw explainFileError(error, journal, 'write');
      }
      if (!failed) {
        stored.add(row.id);
        rmSync(checkpointPath(folder, row.id), { force: true });
        if (failedBefore.has(row.id)) dropFailure(folder, row.id);
      }
      claims.release(row.id);
    },
    async conclude(ordered) {
      for (let attempt = 1; claims.claim('table') !== undefined; attempt++) {
        // Nothing is lost: the tables of all processes stay, and the next one to conclude finds them.
        if (attempt === TABLE_ATTEMPTS) return;
        await pause(TABLE_RETRY);
      }
      try {
        const gone = listWriters(folder).filter((writer) => writer === claims.writer.name || !claims.isAlive(writer));
        const ours = new Set(ordered.map(({ id }) => id));
        // Another process may have extended the grid since this one began: its rows stay.
        const extended = readFileSync(manifestPath(folder), 'utf8') !== `${JSON.stringify(manifest, null, 2)}\n`;
        const foreign = extended ? [...readRows(folder, axes).values()].filter(({ id }) => !ours.has(id)) : [];
        await writeFileAtomic(tablePath(folder), formatRunsTable(axes, [...ordered, ...foreign]));
        for (const writer of gone) rmSync(journalPath(folder, writer), { force: true });
        claims.sweep(listStored(folder));
      } finally {
        claims.release('table');
      }
    },
    close: claims.close,
  };
}
