// The runs of one dynamics of a comparison, wherever they are kept: ensembles of levels, and what was measured beside them.
import type { Series } from '../../core/contracts/classifier.js';
import type { ChannelRecord } from '../../core/engine/run.js';
import { EigenflowError } from '../../core/errors.js';
import { markRepeated } from '../../node/results/copies.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { firstOtherTime, isInWindow } from './learning-time.js';
import { describeRealisations, type Ensemble } from './realisations.js';

export interface DynamicsRuns {
  readonly name: string;
  /** Where they are, for messages. */
  readonly source: string;
  /** Of all realisations; undefined where one is missing. */
  readonly rows: readonly (RunRow | undefined)[];
  /** By `observer.channel`. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** Learning time of a run that ends as planned; undefined where it is not known. */
  readonly length?: number;
  /** What a run stored of a channel; undefined where that is nothing. @throws EigenflowError where it cannot be read */
  seriesOf(id: string, channel: string): Series | undefined;
}

export const rowsOf = ({ rows }: Pick<DynamicsRuns, 'rows'>): readonly RunRow[] =>
  rows.filter((row) => row !== undefined);

/**
 * Levels of all completed realisations, and why others are left out.
 *
 * @param match by size: levels in descending order; by place: as they are stored
 * @throws EigenflowError `results` when fewer than two completed, or their frames are at different times
 */
export function ensembleOf(runs: DynamicsRuns, channel: string, match: 'by-size' | 'by-place' = 'by-size'): Ensemble {
  const { name, source, rows } = runs;
  const marked = markRepeated(rowsOf(runs));
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
    const series = runs.seriesOf(row.id, channel);
    return series ? [{ id: row.id, series }] : leave('without levels');
  });
  if (found.length < 2) {
    const told = describeRealisations({ used: found.length, leftOut });
    throw new EigenflowError('results', source, `${told} completed; two are needed`);
  }
  const [first] = found;
  const other = found.find(({ series }) => firstOtherTime([...first.series.time], [...series.time]) >= 0);
  if (other) {
    const message = `run ${other.id} has frames of ${channel} at other learning times than run ${first.id}; compute it again`;
    throw new EigenflowError('results', source, message);
  }
  const width = first.series.shape[0];
  return {
    name,
    time: [...first.series.time],
    leftOut,
    isDeterministic,
    levels: found.map(({ series: { data, step } }) =>
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
export function numbersOf(
  runs: DynamicsRuns,
  [component, channel]: readonly [component: string, channel: string],
): InWindow {
  const found = Object.entries(runs.channels).find(
    ([path, record]) => record.component === component && path.endsWith(`.${channel}`),
  );
  const series: Series[] = found
    ? rowsOf(runs).flatMap(({ id, status }) => (status === 'failed' ? [] : (runs.seriesOf(id, found[0]) ?? [])))
    : [];
  return (from, to) =>
    series.flatMap(({ time, data }) => Array.from(data).filter((_, i) => isInWindow(time[i], from, to)));
}
