// Looks through all files of a results folder for what is truncated, corrupted, lost or foreign, and sets it aside.
// Reads data only: no plugin that the folder names is loaded.
import { existsSync, lstatSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { join, relative } from 'node:path';
import { isEigenflowError } from '../../errors.js';
import { decodeNpz, type NpzArrays } from '../formats/npz.js';
import { livingWriters } from './claims.js';
import { readFailure } from './failure-records.js';
import { explainFileError } from './file-error.js';
import { makePlainFolder, readPlainFile } from './plain-file.js';
import { isRunId, type Manifest, readManifest } from './results-folder.js';
import { parseRunsTable, type RunRow } from './runs-table.js';
import { checkSeal } from './seal.js';
import { listStored, tablePath } from './stored-rows.js';

export interface Finding {
  /** Relative to the results folder. */
  readonly path: string;
  /** damaged: not what was written. foreign: not written by eigenflow, or not to here. lost: noted, but not there. */
  readonly kind: 'damaged' | 'foreign' | 'lost';
  readonly reason: string;
  /** Where it has been moved to, relative to the results folder; undefined when it was left in its place. */
  readonly movedTo?: string;
}

export interface Verification {
  readonly manifest: Manifest;
  /** Stored runs that were looked at. */
  readonly runs: number;
  /** Of these, intact ones that carry no checksum: older than checksums, or saved again by another program. */
  readonly unsealed: number;
  /** Unfinished files of processes that were killed; harmless. */
  readonly unfinished: readonly string[];
  readonly findings: readonly Finding[];
  /** Runs to compute again; `row` where the table knows them. */
  readonly redo: readonly { readonly id: string; readonly row?: RunRow }[];
}

const STATUSES = new Set(['completed', 'diverged', 'saturated']);

type Fault = Pick<Finding, 'kind' | 'reason'>;

const damaged = (reason: string): Fault => ({ kind: 'damaged', reason });
const foreign = (reason: string): Fault => ({ kind: 'foreign', reason });

/** What is wrong with the content of a sealed archive of this run; `sealed` says whether it carries its checksum. */
function inspectArchive(
  path: string,
  id: string,
  check: (arrays: NpzArrays) => Fault | undefined,
): { fault?: Fault; sealed: boolean } {
  const bytes = readPlainFile(path);
  const seal = checkSeal(bytes);
  if (seal === 'broken') {
    const reason = bytes.length === 0 ? 'is empty' : 'its checksum is wrong, or it was cut short';
    return { fault: damaged(reason), sealed: false };
  }
  try {
    const arrays = decodeNpz(bytes, { source: path });
    for (const name of arrays.names) arrays.array(name);
    const named = arrays.has('run.id') ? arrays.text('run.id') : id;
    if (named !== id) return { fault: foreign(`holds the run ${named.slice(0, 80)}`), sealed: true };
    return { fault: check(arrays), sealed: seal === 'intact' };
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
    return { fault: damaged(error.reason), sealed: false };
  }
}

function checkRun(arrays: NpzArrays, channels: Manifest['channels']): Fault | undefined {
  if (!arrays.has('run.status') || !STATUSES.has(arrays.text('run.status'))) return foreign('is no run of eigenflow');
  const unknown = arrays.names.find(
    (name) => !/^(run|analysis)\./.test(name) && !Object.hasOwn(channels, channelOf(name, channels)),
  );
  return unknown === undefined ? undefined : foreign(`holds "${unknown}", which no observer of this study measures`);
}

/** A channel has its times beside it: `loss.loss` and `loss.loss.step`. */
function channelOf(array: string, channels: Manifest['channels']): string {
  return Object.hasOwn(channels, array) ? array : array.replace(/\.(step|epoch|time)$/, '');
}

/** What is wrong with a file by its name and kind, before it is opened. */
function inspectName(file: string, ending: string, status: Stats): Fault | undefined {
  if (status.isSymbolicLink()) return foreign('is a symbolic link');
  if (!status.isFile()) return foreign('is no plain file');
  if (!file.endsWith(ending) || !isRunId(file.slice(0, -ending.length))) return foreign('has no name of a run');
  return undefined;
}

/** Moves a file or link below `quarantine/`; nothing there is ever overwritten. */
function setAside(folder: string, path: string): string {
  for (let copy = 0; ; copy++) {
    const target = join(folder, 'quarantine', copy === 0 ? path : `${path}.${copy}`);
    if (existsSync(target)) continue;
    makePlainFolder(join(folder, 'quarantine'));
    makePlainFolder(join(target, '..'));
    try {
      renameSync(join(folder, path), target);
    } catch (error) {
      throw explainFileError(error, join(folder, path), 'replace');
    }
    return relative(folder, target);
  }
}

function rowsOfTable(folder: string, { axes }: Manifest): RunRow[] {
  if (!existsSync(tablePath(folder))) return [];
  const names = axes.map(({ name }) => name);
  return parseRunsTable(readPlainFile(tablePath(folder)).toString(), names);
}

/**
 * @param move false: only tell, and leave everything where it is
 * @throws EigenflowError `results` when the folder holds no results, `file` when it cannot be read or changed
 */
export function verifyFolder(folder: string, move = true): Verification {
  const manifest = readManifest(folder);
  const rows = new Map(rowsOfTable(folder, manifest).map((row) => [row.id, row]));
  const findings: Finding[] = [];
  const unfinished: string[] = [];
  const redo = new Set<string>();
  let runs = 0;
  let unsealed = 0;
  const report = (path: string, fault: Fault) => {
    findings.push({ path, ...fault, movedTo: move ? setAside(folder, path) : undefined });
  };
  /** Looks at every file of one part of the folder. */
  const survey = (part: string, ending: string, inspect: (path: string, id: string) => Fault | undefined) => {
    const status = lstatSync(join(folder, part), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (!status.isDirectory()) {
      report(part, foreign(status.isSymbolicLink() ? 'is a symbolic link' : 'is no folder'));
      return;
    }
    for (const file of readdirSync(join(folder, part)).sort()) {
      const path = join(part, file);
      const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
      if (found === undefined) continue;
      if (found.isFile() && /^\..+\.tmp$/.test(file)) {
        unfinished.push(path);
        continue;
      }
      const id = file.slice(0, -ending.length);
      const fault = inspectName(file, ending, found) ?? inspect(join(folder, path), id);
      if (fault) {
        report(path, fault);
        if (part === 'runs' && file.endsWith(ending) && isRunId(id)) redo.add(id);
      }
    }
  };

  survey('runs', '.npz', (path, id) => {
    runs += 1;
    const { fault, sealed } = inspectArchive(path, id, (arrays) => checkRun(arrays, manifest.channels));
    if (!fault && !sealed) unsealed += 1;
    return fault;
  });
  survey('checkpoints', '.npz', (path, id) => {
    const { fault, sealed } = inspectArchive(path, id, () => undefined);
    return fault ?? (sealed ? undefined : damaged('has no checksum'));
  });
  survey('failures', '.json', (_path, id) =>
    readFailure(folder, id) ? undefined : damaged('is no record of a failure'),
  );

  const stored = listStored(folder);
  for (const { id, status } of rows.values()) {
    if (status === 'failed' || stored.has(id) || redo.has(id) || !isRunId(id)) continue;
    findings.push({ path: join('runs', `${id}.npz`), kind: 'lost', reason: 'runs.csv lists it, and it is not there' });
    redo.add(id);
  }
  return {
    manifest,
    runs,
    unsealed,
    // A process that lives may be about to finish them.
    unfinished: livingWriters(folder).length > 0 ? [] : unfinished,
    findings,
    redo: [...redo].map((id) => ({ id, row: rows.get(id) })),
  };
}
