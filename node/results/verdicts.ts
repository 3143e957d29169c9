// Classifies stored runs and writes what comes out: verdicts.csv, cells.csv and boundaries.csv.
import { join } from 'node:path';
import type { Axis, Classifier, SweepVerdict } from '../../core/contracts/classifier.js';
import { classifySweep } from '../../core/phases/phase-map.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { writeHeld } from '../files/held-files.js';
import { readManifest } from './results-folder.js';
import { createRecordReader } from './run-file.js';
import type { RunRow } from './runs-table.js';
import { boundariesTable, cellsTable, verdictsTable } from './verdict-tables.js';

/**
 * The three tables by the names of their files.
 *
 * @param rows runs that were judged
 * @param failed runs that were not
 */
export function verdictFiles(
  rows: readonly RunRow[],
  verdict: SweepVerdict,
  labels: readonly string[],
  axes: readonly Axis[],
  failed: readonly RunRow[],
): Readonly<Record<string, string>> {
  const names = axes.map(({ name }) => name);
  return {
    'verdicts.csv': verdictsTable(rows, verdict.runs, labels, names),
    'cells.csv': cellsTable(verdict.cells, labels, names, failed),
    'boundaries.csv': boundariesTable(verdict.boundaries, names),
  };
}

/**
 * Writes the three tables into a folder that exists; as `verdictFiles`.
 *
 * @param results the results folder that holds it
 */
export const writeVerdicts = (
  results: string,
  folder: string,
  ...judged: Parameters<typeof verdictFiles>
): Promise<void> => writeFiles(results, folder, verdictFiles(...judged));

async function writeFiles(results: string, folder: string, files: JudgedRuns['files']): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeHeld(results, join(folder, name), text);
}

/** What a classifier says of stored runs. */
export interface JudgedRuns {
  /** With their labels; failed ones keep an empty one. */
  readonly rows: readonly RunRow[];
  readonly files: Readonly<Record<string, string>>;
}

/**
 * @param rows runs that have ended
 * @param runs all runs of the sweep
 */
export function judgeStored(
  folder: string,
  classifier: Classifier,
  rows: readonly RunRow[],
  runs: readonly RunConfig[],
): JudgedRuns {
  const { channels, axes } = readManifest(folder);
  const configs = new Map(runs.map((config) => [config.id, config]));
  const ended = rows.filter((row) => row.status !== 'failed');
  const failed = rows.filter((row) => row.status === 'failed');
  const read = createRecordReader([{ folder, channels }]);
  const records = ended.map((row) => read(row, configs.get(row.id) as RunConfig));
  const verdict = classifySweep(classifier, records, axes);
  const labels = new Map(ended.map((row, i) => [row.id, verdict.runs[i].label ?? '']));
  return {
    rows: rows.map((row) => ({ ...row, label: labels.get(row.id) ?? '' })),
    files: verdictFiles(ended, verdict, classifier.labels, axes, failed),
  };
}

/** Writes what `judgeStored` says. @returns the rows with their labels */
export async function classifyStored(...stored: Parameters<typeof judgeStored>): Promise<readonly RunRow[]> {
  const [folder] = stored;
  const { rows, files } = judgeStored(...stored);
  await writeFiles(folder, folder, files);
  return rows;
}
