// Reads one instance of a comparison from the disk: a results folder for every dynamics, and the record of what is compared.
import { join } from 'node:path';
import { readManifest } from '../../node/results/results-folder.js';
import { readRun, readSeries } from '../../node/results/run-file.js';
import { readRunGrid } from '../export/run-grid.js';
import { readComparisonRecord } from './comparison-record.js';
import { type ComparisonReports, reportInstance } from './comparison-reports.js';
import type { DynamicsRuns } from './dynamics-runs.js';

/** Channels of runs in a results folder. */
export const storedSeries =
  (folder: string): DynamicsRuns['seriesOf'] =>
  (id, channel) =>
    readSeries(readRun(folder, id), channel);

/** @throws EigenflowError `results` where the folder is no results folder */
export function storedRuns(out: string, name: string): DynamicsRuns {
  const source = join(out, name);
  const { runs: rows, manifest } = readRunGrid(source);
  const { resolved } = manifest;
  return {
    name,
    source,
    rows,
    channels: readManifest(source).channels,
    length: resolved && 'time' in resolved.length ? resolved.length.time : undefined,
    seriesOf: storedSeries(source),
  };
}

/**
 * @param out folder of an instance; that of a comparison is the folder of its first one
 * @throws EigenflowError `results` when it is none, when fewer than two realisations of a dynamics are stored, or when
 * the dynamics were not looked at at the same learning times
 */
export const readInstance = (out: string): ComparisonReports =>
  reportInstance(readComparisonRecord(out), out, (name) => storedRuns(out, name));
