// What the stored runs of a comparison say: moments, spacings and a verdict for every surrogate.
import { join } from 'node:path';
import { contrast } from '../../comparison/ensemble.js';
import type { SurrogateReport } from '../../comparison/report.js';
import { contrastSpacings } from '../../comparison/spacings.js';
import { judge, type Measured } from '../../comparison/verdict.js';
import { quantile, sorted } from '../../statistics/estimate.js';
import { readRunGrid } from '../export/run-grid.js';
import type { RunRow } from '../results/runs-table.js';
import { REFERENCE, SHARPNESS } from './comparison.js';
import { type ComparisonRecord, readComparisonRecord } from './comparison-record.js';
import { type InWindow, readEnsemble, readNumbers } from './comparison-results.js';

export interface ComparisonReports {
  readonly record: ComparisonRecord;
  readonly reports: readonly SurrogateReport[];
  /** Realisations of the reference that were compared. */
  readonly n: number;
  /** Ids of all runs. */
  readonly runs: readonly string[];
}

type RowsOf = (name: string) => readonly RunRow[];

const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => (b <= a ? a : b), Number.NaN);
const median = (numbers: readonly number[]) => quantile(sorted(numbers), 0.5);

/** What observers of the reference and of a surrogate say about the assumptions, window by window. */
function openMeasurements(out: string, rowsOf: RowsOf) {
  const read = (name: string, component: string, channel: string): InWindow =>
    readNumbers(out, name, [component, channel], rowsOf(name));
  const step = read(REFERENCE, SHARPNESS, 'stepTimesSharpness');
  const shift = read(REFERENCE, 'one-step', 'shiftError');
  const variance = read(REFERENCE, 'one-step', 'varianceError');
  return (surrogate: string) => {
    const ownStep = read(surrogate, SHARPNESS, 'stepTimesSharpness');
    return (from: number, to: number): Measured => ({
      stepTimesSharpness: largest(step(from, to)),
      surrogateStepTimesSharpness: largest(ownStep(from, to)),
      oneStepShift: median(shift(from, to)),
      oneStepVariance: median(variance(from, to)),
    });
  };
}

/**
 * @param out folder of a comparison
 * @throws EigenflowError `results` when it is none, or when fewer than two realisations of a dynamics are stored
 */
export function readComparison(out: string): ComparisonReports {
  const record = readComparisonRecord(out);
  const { levels, top, windows, surrogates } = record;
  const rows = new Map(
    [REFERENCE, ...surrogates].map((name) => [
      name,
      readRunGrid(join(out, name)).runs.filter((row) => row !== undefined),
    ]),
  );
  const rowsOf: RowsOf = (name) => rows.get(name) ?? [];
  const reference = readEnsemble(out, REFERENCE, levels, rowsOf(REFERENCE));
  const measured = openMeasurements(out, rowsOf);
  const end = reference.time[reference.time.length - 1];
  const edges = [0, ...(windows ?? [end / 4, end / 2, (3 * end) / 4, end])];
  const reports = surrogates.map((surrogate): SurrogateReport => {
    const ensemble = readEnsemble(out, surrogate, levels, rowsOf(surrogate));
    const contrasts = contrast(reference, ensemble, top);
    return {
      surrogate,
      contrasts,
      spacings: contrastSpacings(reference, ensemble, top),
      verdicts: judge(contrasts, edges, measured(surrogate)),
    };
  });
  return { record, reports, n: reference.levels.length, runs: [...rows.values()].flat().map(({ id }) => id) };
}
