// A results folder that a process computes into, beside others that may do the same: what has ended, claims on what has
// not, and the table of rows.
import { join } from 'node:path';
import { isEigenflowError } from '../../core/errors.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import {
  appendHeld,
  checkHeldFolder,
  isHeld,
  listHeld,
  makeHeldFolder,
  readHeld,
  removeHeld,
  writeHeld,
} from '../files/held-files.js';
import { sweepTemporary } from '../files/temporary-name.js';
import { type Claims, type ClaimTimes, listWriters, openClaims, type Writer } from './claims.js';
import { markCopies } from './copies.js';
import { dropFailure, failedRow, listFailures, readFailure, writeFailure } from './failure-records.js';
import { runsAskedFor, settleManifest } from './grid-extent.js';
import {
  checkpointPath,
  isResults,
  type Manifest,
  manifestPath,
  manifestText,
  readManifest,
  runPath,
} from './results-folder.js';
import { recoverRow } from './run-file.js';
import { formatRunsTable, type RunRow, runsTableHeader, runsTableRow } from './runs-table.js';
import { checkFolderTakes } from './same-study.js';
import { journalPath, listStored, readRows, tablePath } from './stored-rows.js';

/** An open results folder. */
export interface ResultsFolder {
  readonly folder: string;
  /** The name of this process as a writer. */
  readonly writer: string;
  /** Runs of the folder's study, where it keeps a larger one than that which it was opened with. */
  readonly kept: number | undefined;
  /** What the folder says of itself now: another process may have extended its grid. */
  manifest(): Manifest;
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
  /** Rows of all of these runs that have ended, whoever computed them, in their order. */
  survey(runs: readonly RunConfig[]): RunRow[];
  /**
   * Writes runs.csv in this order, with final labels. Rows of runs that have ended since `rows` were gathered stay.
   *
   * @param runs of the grid that `manifest` told of last
   */
  conclude(rows: readonly RunRow[], runs: readonly RunConfig[]): Promise<void>;
  close(): void;
}

/** Milliseconds between two attempts at a file that another process is writing, and how often to try. */
const RETRY = 50;
const ATTEMPTS = 200;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @returns whether the claim is held; it is not when somebody else has had it all the time */
async function waitFor(claims: Claims, what: string): Promise<boolean> {
  for (let attempt = 1; claims.claim(what) !== undefined; attempt++) {
    if (attempt === ATTEMPTS) return false;
    await pause(RETRY);
  }
  return true;
}

/** Reads what the folder says, and writes what it says with this study. One process at a time: none undoes another. */
async function writeManifest(folder: string, own: Manifest, claims: Claims): Promise<Manifest> {
  const path = manifestPath(folder);
  // Without the claim after all that time: its owner hangs, and nothing but this moment is at stake.
  await waitFor(claims, 'manifest');
  try {
    checkFolderTakes(folder, own);
    const settled = isResults(folder) ? settleManifest(readManifest(folder), own) : own;
    const text = manifestText(settled);
    if (!isResults(folder) || readHeld(folder, path).toString() !== text) await writeHeld(folder, path, text);
    return settled;
  } finally {
    claims.release('manifest');
  }
}

/** Where runs are computed into: what is not finished there is of no use to anybody once its writer has ended. */
const COMPUTED_INTO = ['', 'runs', 'checkpoints', 'ends', 'failures'];

/** @throws EigenflowError `file` where one of them is a link or no folder */
function checkParts(folder: string): void {
  for (const part of COMPUTED_INTO) checkHeldFolder(folder, join(folder, part));
}

/** The run is stored: a checkpoint of it that cannot be removed, because its folder was exchanged, costs nothing. */
function dropOwnCheckpoint(folder: string, id: string): void {
  try {
    removeHeld(folder, checkpointPath(folder, id));
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
  }
}

/** Removes what processes have left that were killed while they wrote, as those of `claims.sweep`. */
function sweepUnfinished(folder: string): void {
  for (const part of COMPUTED_INTO) {
    try {
      checkHeldFolder(folder, join(folder, part));
    } catch {
      // Somebody has put something else there since it was opened: whoever writes there says so, and nothing is removed.
      continue;
    }
    sweepTemporary(join(folder, part), () => true);
  }
}

/**
 * Creates the folder, or opens it to go on. Call `close` in the end, whatever happens.
 *
 * @param own the study that is to be computed; the folder may go on to hold a larger one
 * @throws EigenflowError `results` when the folder holds another study, `file`
 */
export async function openResults(folder: string, own: Manifest, times: ClaimTimes = {}): Promise<ResultsFolder> {
  for (const part of ['runs', 'checkpoints']) makeHeldFolder(folder, join(folder, part));
  checkParts(folder);
  sweepUnfinished(folder);
  const claims = openClaims(folder, times);
  try {
    const settled = await writeManifest(folder, own, claims);
    const kept = settled.scenario.sweep === own.scenario.sweep ? undefined : runsAskedFor(settled);
    return createResults(folder, settled, kept, claims);
  } catch (error) {
    claims.close();
    throw error;
  }
}

function createResults(folder: string, opened: Manifest, kept: number | undefined, claims: Claims): ResultsFolder {
  const axes = opened.axes.map((axis) => axis.name);
  let known = opened;
  const stored = listStored(folder);
  /** Who failed at a run before: a record by anybody else is news. */
  const failedBefore = new Map(listFailures(folder).map((id) => [id, readFailure(folder, id)?.writer]));
  const journal = journalPath(folder, claims.writer.name);
  // Left by a process that was killed between storing a run and removing its checkpoint.
  for (const file of listHeld(folder, join(folder, 'checkpoints'))) {
    if (stored.has(file.slice(0, -'.npz'.length))) removeHeld(folder, join(folder, 'checkpoints', file));
  }

  /** The row of a run that another process has ended since. */
  const endedElsewhere = (config: RunConfig): RunRow | undefined => {
    if (isHeld(folder, runPath(folder, config.id))) return recoverRow(folder, config);
    const record = readFailure(folder, config.id);
    return record && record.writer !== failedBefore.get(config.id) ? failedRow(config, record) : undefined;
  };

  const survey = (runs: readonly RunConfig[]) => {
    const now = listStored(folder);
    const rows = readRows(folder, axes, now);
    const failed = new Set(listFailures(folder));
    const ended = runs.flatMap((config) => {
      const { id } = config;
      const known = rows.get(id);
      if (known) return { ...known, axes: config.axes, seed: config.seed };
      if (now.has(id)) return recoverRow(folder, config);
      const record = failed.has(id) ? readFailure(folder, id) : undefined;
      return record ? failedRow(config, record) : [];
    });
    return markCopies(ended);
  };

  return {
    folder,
    writer: claims.writer.name,
    kept,
    manifest() {
      known = readManifest(folder);
      return known;
    },
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
      if (!isHeld(folder, journal)) appendHeld(folder, journal, runsTableHeader(axes));
      appendHeld(folder, journal, runsTableRow(axes, row));
      if (failed) writeFailure(folder, row, claims.writer);
      if (!failed) {
        stored.add(row.id);
        dropOwnCheckpoint(folder, row.id);
        if (failedBefore.has(row.id)) dropFailure(folder, row.id);
      }
      claims.release(row.id);
    },
    async conclude(ordered, runs) {
      // Nothing is lost: the tables of all processes stay, and the next one to conclude finds them.
      if (!(await waitFor(claims, 'table'))) return;
      try {
        const gone = listWriters(folder).filter((writer) => writer === claims.writer.name || !claims.isAlive(writer));
        const ours = new Set(ordered.map(({ id }) => id));
        // Another process may have extended the grid by now, or have ended more runs of it: its rows stay.
        const extended = manifestText(readManifest(folder)) !== manifestText(known);
        const grid = new Set(runs.map(({ id }) => id));
        const since = [...readRows(folder, axes).values()].filter(
          ({ id }) => !ours.has(id) && (extended || grid.has(id)),
        );
        await writeHeld(folder, tablePath(folder), formatRunsTable(axes, [...ordered, ...since]));
        for (const writer of gone) removeHeld(folder, journalPath(folder, writer));
        claims.sweep(listStored(folder));
        sweepUnfinished(folder);
      } finally {
        claims.release('table');
      }
    },
    close: claims.close,
  };
}
