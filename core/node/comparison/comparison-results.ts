// Reads what the runs of a comparison left: ensembles of levels, and what was measured beside them.
import { join } from 'node:path';
import type { Ensemble } from '../../comparison/ensemble.js';
import type { Series } from '../../contracts/classifier.js';
import { EigenflowError } from '../../errors.js';
import { readManifest } from '../results/results-folder.js';
import { readRun, readSeries } from '../results/run-file.js';
import type { RunRow } from '../results/runs-table.js';

/** Levels of all completed realisations. @throws EigenflowError `results` when fewer than two completed */
export function readEnsemble(out: string, name: string, channel: string, rows: readonly RunRow[]): Ensemble {
  const folder = join(out, name);
  const completed = rows.filter((row) => row.status === 'completed');
  const runs = completed.flatMap((row) => readSeries(readRun(folder, row.id), channel) ?? []);
  if (runs.length < 2) {
    throw new EigenflowError(
      'results',
      folder,
      `${runs.length} of ${rows.length} realisations completed; two are needed`,
    );
  }
  const [first] = runs;
  const width = first.shape[0];
  return {
    name,
    time: [...first.time],
    levels: runs.map(({ data, step }) =>
      Array.from({ length: step.length }, (_, frame) =>
        data
          .slice(frame * width, (frame + 1) * width)
          .sort()
          .reverse(),
      ),
    ),
  };
}

/** Numbers of a component's channel in a window of time, over all realisations; from is outside, to inside. */
export type InWindow = (from: number, to: number) => readonly number[];

/**
 * @param component the channel of the first observer that uses it; no numbers where there is none
 * @param channel of a single number
 */
export function readNumbers(
  out: string,
  name: string,
  [component, channel]: readonly [component: string, channel: string],
  rows: readonly RunRow[],
): InWindow {
  const folder = join(out, name);
  const found = Object.entries(readManifest(folder).channels).find(
    ([path, record]) => record.component === component && path.endsWith(`.${channel}`),
  );
  const series: Series[] = found
    ? rows.flatMap((row) => (row.status === 'failed' ? [] : (readSeries(readRun(folder, row.id), found[0]) ?? [])))
    : [];
  return (from, to) =>
    series.flatMap(({ time, data }) => Array.from(data).filter((_, i) => time[i] > from && time[i] <= to));
}
