// Looks through all files of a results folder for what is truncated, corrupted, lost or foreign, and sets it aside.
// Reads data only: no plugin that the folder names is loaded.
import { join } from 'node:path';
import { isEigenflowError } from '../../core/errors.js';
import { listHeld, readHeld, statusHeld } from '../files/held-files.js';
import { decodeNpz, type NpzArrays } from '../files/npz.js';
import { isTemporary } from '../files/temporary-name.js';
import { livingWriters } from './claims.js';
import { readFailure } from './failure-records.js';
import { attempt, damaged, type Fault, type Finding, foreign, unread } from './finding.js';
import { quarantine } from './quarantine.js';
import { isRunId, type Manifest, manifestIs, readManifest } from './results-folder.js';
import { heldRun, holdsAnother, isStoredStatus } from './run-file.js';
import type { RunRow } from './runs-table.js';
import { checkSeal } from './seal.js';
import { listStored } from './stored-rows.js';
import { verifyRest } from './verify-rest.js';
import { compareTable, type Ending, endingOf, notedRuns, readTable } from './verify-table.js';

export interface Verification {
  readonly manifest: Manifest;
  /** Stored runs that were looked at. */
  readonly runs: number;
  /** Of these, intact ones that carry no checksum: older than checksums, or saved again by another program. */
  readonly unsealed: number;
  /** Files beside those of runs, checkpoints and failures that were read to their end. */
  readonly others: number;
  /** What nothing in the folder can prove, in words. */
  readonly unproved: readonly string[];
  /** Unfinished files of processes that were killed; harmless. */
  readonly unfinished: readonly string[];
  readonly findings: readonly Finding[];
  /** Ids of intact runs that measured other channels than this study does, as another version of a plugin has. They stay. */
  readonly leftOver: readonly string[];
  /** Runs of the sweep to compute again; `row` where the table knows them. */
  readonly redo: readonly { readonly id: string; readonly row?: RunRow }[];
}

/** What is wrong with the content of a sealed archive of this run; `sealed` says whether it carries its checksum. */
function inspectArchive(
  folder: string,
  path: string,
  id: string,
  check: (arrays: NpzArrays, sealed: boolean) => Fault | undefined,
): { fault?: Fault; sealed: boolean } {
  const read = attempt(() => readHeld(folder, path));
  if ('failed' in read) return { fault: unread(read.failed), sealed: false };
  const bytes = read.done;
  const seal = checkSeal(bytes);
  if (seal === 'broken') {
    const reason = bytes.length === 0 ? 'is empty' : 'its checksum is wrong, or it was cut short';
    return { fault: damaged(reason), sealed: false };
  }
  try {
    const arrays = decodeNpz(bytes, { source: path });
    for (const name of arrays.names) arrays.array(name);
    const held = heldRun(arrays, id);
    if (held !== id) return { fault: foreign(holdsAnother(held)), sealed: true };
    return { fault: check(arrays, seal === 'intact'), sealed: seal === 'intact' };
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
    return { fault: damaged(error.reason), sealed: false };
  }
}

const isRun = (arrays: NpzArrays) => arrays.has('run.status') && isStoredStatus(arrays.text('run.status'));

/** An array that no observer of this study measures. */
const unknownArray = (arrays: NpzArrays, channels: Manifest['channels']) =>
  arrays.names.find((name) => !/^(run|analysis)\./.test(name) && !Object.hasOwn(channels, channelOf(name, channels)));

/** A channel has its times beside it: `loss.loss` and `loss.loss.step`. */
function channelOf(array: string, channels: Manifest['channels']): string {
  return Object.hasOwn(channels, array) ? array : array.replace(/\.(step|epoch|time)$/, '');
}

/** What is wrong with a file by its name and kind, before it is opened. */
function inspectName(
  file: string,
  ending: string,
  status: NonNullable<ReturnType<typeof statusHeld>>,
): Fault | undefined {
  if (status.isSymbolicLink()) return foreign('is a symbolic link');
  if (!status.isFile()) return foreign('is no plain file');
  if (!file.endsWith(ending) || !isRunId(file.slice(0, -ending.length))) return foreign('has no name of a run');
  return undefined;
}

const MANIFEST_ALTERED =
  'is not as it was written: its checksum is wrong; restore it, or give the run command with the scenario file, which ' +
  'writes it again and computes no stored run';

/**
 * Goes on after whatever it cannot read or move: that is a finding like others.
 *
 * @param move false: only tell, and leave everything as it is
 * @throws EigenflowError `results` when the folder holds no results
 */
export function verifyFolder(folder: string, move = true): Verification {
  const manifest = readManifest(folder);
  const axes = manifest.axes.map(({ name }) => name);
  const table = readTable(folder, axes);
  const rows = new Map(table.rows.map((row) => [row.id, row]));
  // Before anything is moved: rows without files are not read.
  const noted = notedRuns(folder, axes, table.rows);
  const endings = new Map<string, Ending>();
  const findings: Finding[] = [];
  const unfinished: string[] = [];
  const leftOver: string[] = [];
  const redo = new Set<string>();
  let runs = 0;
  let unsealed = 0;
  const report = (path: string, { kind, reason }: Fault) => {
    // What cannot be read may be sound.
    const moved = move && kind !== 'unread' ? attempt(() => quarantine(folder, path)) : undefined;
    if (moved && 'failed' in moved)
      findings.push({ path, kind, reason: `${reason}; cannot be moved: ${moved.failed}` });
    else findings.push({ path, kind, reason, movedTo: moved?.done });
  };
  const inspectEntry = (
    part: string,
    file: string,
    ending: string,
    inspect: (path: string, id: string) => Fault | undefined,
  ) => {
    const path = join(part, file);
    const found = statusHeld(folder, join(folder, path));
    if (found === undefined) return;
    if (found.isFile() && isTemporary(file)) {
      unfinished.push(path);
      return;
    }
    const id = file.slice(0, -ending.length);
    const fault = inspectName(file, ending, found) ?? inspect(join(folder, path), id);
    if (fault === undefined) return;
    report(path, fault);
    const isOfSweep = part === 'runs' && file.endsWith(ending) && isRunId(id) && (noted?.has(id) ?? true);
    if (isOfSweep && fault.kind !== 'unread') redo.add(id);
  };
  /** Looks at every file of one part of the folder. */
  const survey = (part: string, ending: string, inspect: (path: string, id: string) => Fault | undefined) => {
    const looked = attempt(() => {
      const status = statusHeld(folder, join(folder, part));
      if (status !== undefined && !status.isDirectory()) {
        report(part, foreign(status.isSymbolicLink() ? 'is a symbolic link' : 'is no folder'));
        return [];
      }
      return status === undefined ? [] : listHeld(folder, join(folder, part)).sort();
    });
    if ('failed' in looked) report(part, unread(looked.failed));
    for (const file of 'done' in looked ? looked.done : []) {
      const inspected = attempt(() => inspectEntry(part, file, ending, inspect));
      if ('failed' in inspected) report(join(part, file), unread(inspected.failed));
    }
  };

  survey('runs', '.npz', (path, id) => {
    runs += 1;
    const { fault, sealed } = inspectArchive(folder, path, id, (arrays, isSealed) => {
      if (!isRun(arrays)) return foreign('is no run of eigenflow');
      const unknown = unknownArray(arrays, manifest.channels);
      // A run that carries its checksum was measured here, by observers as they were then.
      if (unknown !== undefined && isSealed) leftOver.push(id);
      else if (unknown !== undefined) return foreign(`holds "${unknown}", which no observer of this study measures`);
      endings.set(id, endingOf(arrays));
      return undefined;
    });
    if (!fault && !sealed) unsealed += 1;
    return fault;
  });
  survey('checkpoints', '.npz', (path, id) => {
    const { fault, sealed } = inspectArchive(folder, path, id, () => undefined);
    return fault ?? (sealed ? undefined : damaged('has no checksum'));
  });
  survey('ends', '.npz', (path, id) => {
    const { fault, sealed } = inspectArchive(folder, path, id, () => undefined);
    return fault ?? (sealed ? undefined : damaged('has no checksum'));
  });
  survey('failures', '.json', (_path, id) =>
    readFailure(folder, id) ? undefined : damaged('is no record of a failure'),
  );

  const known = new Map([...rows].filter(([, { axesAre }]) => axesAre !== 'altered'));
  const rest = verifyRest(folder, known, report);
  unfinished.push(...rest.unfinished);
  if (manifestIs(manifest) === 'altered') findings.push({ path: 'manifest.json', ...damaged(MANIFEST_ALTERED) });

  const stored = attempt(() => listStored(folder));
  const isThere = (id: string) => 'failed' in stored || stored.done.has(id);
  for (const { id, status } of rows.values()) {
    if (status === 'failed' || isThere(id) || redo.has(id) || !isRunId(id)) continue;
    findings.push({ path: join('runs', `${id}.npz`), kind: 'lost', reason: 'runs.csv lists it, and it is not there' });
    redo.add(id);
  }
  const living = attempt(() => livingWriters(folder).length > 0);
  // In doubt somebody is at work: neither the table nor what is unfinished is then anybody else's.
  const isBusy = 'failed' in living || living.done;
  if (table.fault) findings.push({ path: 'runs.csv', ...table.fault });
  findings.push(...compareTable(folder, axes, table, endings, move && !isBusy));
  return {
    manifest,
    runs,
    unsealed,
    others: rest.files,
    unproved: [
      ...(manifestIs(manifest) === 'unsealed' ? ['manifest.json'] : []),
      ...(table.rows.some(({ axesAre }) => axesAre === 'unsealed') ? ['the axes in runs.csv'] : []),
    ],
    // A process that lives may be about to finish them.
    unfinished: isBusy ? [] : unfinished,
    findings,
    leftOver,
    redo: [...redo].map((id) => ({ id, row: rows.get(id) })),
  };
}
