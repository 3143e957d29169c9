// What of a study is passed on: everything but files of runs beyond a budget, for which their digests go along, so that a
// run computed again is still proved to be the stored one.
import { closeSync, readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { EigenflowError } from '../../core/errors.js';
import { fixedTime } from '../../node/files/npz.js';
import { readManifest } from '../../node/results/results-folder.js';
import { DIGESTS, digestOfRun, formatDigests, parseDigests } from '../../node/results/run-digest.js';
import { readRun } from '../../node/results/run-file.js';
import { formatRunsTable, type RunRow } from '../../node/results/runs-table.js';
import { readRows } from '../../node/results/stored-rows.js';
import { type FileStudy, isBytes, type ListedFile, type PackedStudy } from './study.js';

export interface Selection extends Pick<FileStudy, 'name' | 'kind'> {
  /** By path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Stored runs, and those whose files are among `files`. */
  readonly runs: number;
  readonly runsInside: number;
}

const utf8 = new TextEncoder();
/** The table of runs, in a results folder. */
const RUNS = 'runs.csv';

/** More members than this need a form of archive that few programs read. */
const MOST_FILES = 60_000;

const RUN = /^(?:analysis\/)?runs\/(.+)\.npz$/;
const runOf = (path: string) => RUN.exec(path)?.[1];

/** @throws EigenflowError `file` */
function readAll(study: FileStudy, path: string): Uint8Array {
  const content = study.open(path);
  if (content === undefined) throw new EigenflowError('file', path, 'is no part of the study');
  if (isBytes(content)) return content;
  try {
    return readFileSync(content.file);
  } finally {
    closeSync(content.file);
  }
}

/** Ids of runs, seed by seed: whatever the budget, every cell has some before any has many. */
function orderOfRuns(rows: ReadonlyMap<string, RunRow>, listed: readonly string[]): string[] {
  const seedOf = (id: string) => rows.get(id)?.seed ?? Number.POSITIVE_INFINITY;
  const place = new Map([...rows.keys()].map((id, i) => [id, i]));
  const placeOf = (id: string) => place.get(id) ?? rows.size;
  return [...listed].sort((a, b) => Math.sign(seedOf(a) - seedOf(b)) || placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

/** Files by the run that they belong to; under '' those of all runs together. */
function filesByRun(files: readonly ListedFile[]): Map<string, ListedFile[]> {
  const found = new Map<string, ListedFile[]>([['', []]]);
  for (const file of files) {
    const run = runOf(file.path) ?? '';
    found.set(run, [...(found.get(run) ?? []), file]);
  }
  return found;
}

/** Runs whose files fit into the budget, one after the other. */
function runsWithin(
  order: readonly string[],
  byRun: ReadonlyMap<string, readonly ListedFile[]>,
  bytes: number,
): Set<string> {
  const inside = new Set<string>();
  let left = bytes;
  let files = byRun.get('')?.length ?? 0;
  for (const run of order) {
    const own = byRun.get(run) ?? [];
    left -= own.reduce((sum, { size }) => sum + size, 0);
    files += own.length;
    if (left < 0 || files > MOST_FILES) break;
    inside.add(run);
  }
  return inside;
}

/**
 * @param folder of a results folder; undefined for what has no runs
 * @param budget for files of runs. Unit: bytes
 * @throws EigenflowError when a file cannot be read, or is damaged: what is passed on is sound
 */
export function select(study: FileStudy, folder: string | undefined, budget: number): Selection {
  const listed = study.list();
  const byRun = filesByRun(listed.filter(({ grows }) => !grows));
  const { name, kind } = study;
  const files = new Map<string, Uint8Array>();
  const take = (of: string) => {
    for (const { path } of byRun.get(of) ?? []) files.set(path, readAll(study, path));
  };
  take('');
  if (folder === undefined) return { name, kind, files, runs: 0, runsInside: 0 };
  const axes = readManifest(folder).axes.map(({ name }) => name);
  const rows = readRows(folder, axes);
  // Tables of processes at work are named after their machines: what they say goes into the one table.
  if (listed.some(({ grows }) => grows)) files.set(RUNS, utf8.encode(formatRunsTable(axes, [...rows.values()])));
  const order = orderOfRuns(
    rows,
    [...byRun.keys()].filter((run) => run !== ''),
  );
  const inside = runsWithin(order, byRun, budget);
  const isWhole = inside.size === order.length;
  // Of runs that were left out once already.
  const digests = parseDigests(new TextDecoder().decode(files.get(DIGESTS)));
  const stored = order.filter((run) => byRun.get(run)?.some(({ path }) => path === `runs/${run}.npz`));
  for (const run of stored) {
    // Also proves the file: what is damaged is not passed on.
    const arrays = readRun(folder, run);
    if (!isWhole) digests.set(run, digestOfRun(arrays));
  }
  for (const run of inside) take(run);
  if (!isWhole) files.set(DIGESTS, utf8.encode(formatDigests(digests)));
  return { name, kind, files, runs: stored.length, runsInside: stored.filter((run) => inside.has(run)).length };
}

/** The same files give the same bytes. */
export function pack({ name, kind, files }: Selection): PackedStudy {
  return { name, kind, zip: zipSync(Object.fromEntries(files), { level: 6, mtime: fixedTime() }) };
}
