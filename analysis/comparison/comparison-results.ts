// Reads what the runs of a comparison left: ensembles of levels, and what was measured beside them.
import { join } from 'node:path';
import type { Series } from '../../core/contracts/classifier.js';
import { EigenflowError } from '../../core/errors.js';
import { markRepeated } from '../../node/results/copies.js';
import { readManifest } from '../../node/results/results-folder.js';
import { readRun, readSeries } from '../../node/results/run-file.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { firstOtherTime, isInWindow } from './learning-time.js';
import type { Ensemble } from './realisations.js';
import { describeRealisations } from './realisations.js';

/**
 * Levels of all completed realisations, and why others are left out.
 *
 * @param rows of all realisations; undefined where one is missing
 * @param match by size: levels in descending order; by place: as they are stored
 * @throws EigenflowError `results` when fewer than two completed, or their frames are at different times
 */
export function readEnsemble(
  out: string,
  name: string,
  channel: string,
  rows: readonly (RunRow | undefined)[],
  match: 'by-size' | 'by-place' = 'by-size',
): Ensemble {
  const folder = join(out, name);
  const marked = markRepeated(rows.filter((row) => row !== undefined));
  // A dynamics that does not fluctuate has one realisation, and every repetition of it says so.
  const isDeterministic = marked.length > 1 && marked.slice(1).every(({ copyOf }) => copyOf === 0);
  const repeated = new Set(isDeterministic ? [] : marked.flatMap(({ id, copyOf }) => (copyOf === undefined ? [] : id)));
  const leftOut: Record<string, number> = {};
  const leave = (reason: string) => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    return [];
  };
  const found = rows.flatMap((row) => {
    if (row && repeated.has(row.id)) return leave('repeating another');
    if (row?.status !== 'completed') return leave(row?.status ?? 'missing');
    const series = readSeries(readRun(folder, row.id), channel);
    return series ? [{ id: row.id, series }] : leave('without levels');
  });
  const runs = found.map(({ series }) => series);
  if (runs.length < 2) {
    const found = describeRealisations({ used: runs.length, leftOut });
    throw new EigenflowError('results', folder, `${found} completed; two are needed`);
  }
  const [first] = runs;
  const other = runs.findIndex(({ time }) => firstOtherTime([...first.time], [...time]) >= 0);
  if (other >= 0) {
    throw new EigenflowError(
      'results',
      folder,
      `run ${found[other].id} has frames of ${channel} at other learning times than run ${found[0].id}; compute it again`,
    );
  }
  const width = first.shape[0];
  return {
    name,
    time: [...first.time],
    leftOut,
    isDeterministic,
    levels: runs.map(({ data, step }) =>
      Array.from({ length: step.length }, (_, frame) => {
        const stored = data.slice(frame * width, (frame + 1) * width);
        return match === 'by-place' ? stored : stored.sort().reverse();
      }),
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
    series.flatMap(({ time, data }) => Array.from(data).filter((_, i) => isInWindow(time[i], from, to)));
}
