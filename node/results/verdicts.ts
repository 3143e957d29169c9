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
 * Writes the three tables into a folder that exists.
 *
 * @param results the results folder that holds it
 * @param rows runs that were judged
 * @param failed runs that were not
 */
export async function writeVerdicts(
  results: string,
  folder: string,
  rows: readonly RunRow[],
  verdict: SweepVerdict,
  labels: readonly string[],
  axes: readonly Axis[],
  failed: readonly RunRow[],
): Promise<void> {
  const names = axes.map(({ name }) => name);
  await writeHeld(results, join(folder, 'verdicts.csv'), verdictsTable(rows, verdict.runs, labels, names));
  await writeHeld(results, join(folder, 'cells.csv'), cellsTable(verdict.cells, labels, names, failed));
  await writeHeld(results, join(folder, 'boundaries.csv'), boundariesTable(verdict.boundaries, names));
}

/**
 * @param rows runs that have ended; failed ones keep an empty label
 * @param runs all runs of the sweep
 * @returns the rows with their labels
 */
export async function classifyStored(
  folder: string,
  classifier: Classifier,
  rows: readonly RunRow[],
  runs: readonly RunConfig[],
): Promise<RunRow[]> {
  const { channels, axes } = readManifest(folder);
  const configs = new Map(runs.map((config) => [config.id, config]));
  const ended = rows.filter((row) => row.status !== 'failed');
  const read = createRecordReader([{ folder, channels }]);
  const records = ended.map((row) => read(row, configs.get(row.id) as RunConfig));
  const verdict = classifySweep(classifier, records, axes);
  const failed = rows.filter((row) => row.status === 'failed');
  await writeVerdicts(folder, folder, ended, verdict, classifier.labels, axes, failed);
  const labels = new Map(ended.map((row, i) => [row.id, verdict.runs[i].label ?? '']));
  return rows.map((row) => ({ ...row, label: labels.get(row.id) ?? '' }));
}
