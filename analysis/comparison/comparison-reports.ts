// What the stored runs of one instance of a comparison say: moments, spacings and a verdict for every surrogate.
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { type RunGrid, readRunGrid } from '../export/run-grid.js';
import { REFERENCE, SHARPNESS } from './comparison.js';
import { type ComparisonRecord, type FittedOn, readComparisonRecord } from './comparison-record.js';
import { type InWindow, readEnsemble, readNumbers } from './comparison-results.js';
import { contrast } from './ensemble.js';
import { largestFinite, medianFinite } from './finite.js';
import { rowsToCompare } from './fitted-realisations.js';
import { describeOtherTime, firstOtherTime, isInWindow, isSameTime } from './learning-time.js';
import type { Ensemble } from './realisations.js';
import { lostUnequally, type Realisations } from './realisations.js';
import { contrastSpacings } from './spacings.js';
import type { SurrogateReport } from './surrogate-report.js';
import { judge, type Measured } from './verdict.js';

/** Of one instance. */
export interface ComparisonReports {
  readonly record: ComparisonRecord;
  readonly reports: readonly SurrogateReport[];
  /** Of the reference. */
  readonly realisations: Realisations;
  /** Ids of all runs. */
  readonly runs: readonly string[];
}

type RowsOf = (name: string) => readonly RunRow[];

const realisationsOf = ({ levels, leftOut, isDeterministic }: Ensemble): Realisations => ({
  used: levels.length,
  leftOut,
  ...(isDeterministic && { isDeterministic }),
});

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
      stepTimesSharpness: largestFinite(step(from, to)),
      surrogateStepTimesSharpness: largestFinite(ownStep(from, to)),
      oneStepShift: medianFinite(shift(from, to)),
      oneStepVariance: medianFinite(variance(from, to)),
    });
  };
}

function lengthOf({ resolved }: RunGrid['manifest']): number | undefined {
  return resolved && 'time' in resolved.length ? resolved.length.time : undefined;
}

/** @throws EigenflowError `results` when a surrogate was not looked at when the reference was */
function checkSameTimes(out: string, reference: Ensemble, surrogate: Ensemble): void {
  const frame = firstOtherTime(reference.time, surrogate.time);
  if (frame < 0) return;
  const found = describeOtherTime(frame, [reference.time, surrogate.time], surrogate.name);
  throw new EigenflowError(
    'results',
    join(out, surrogate.name),
    `levels are compared at equal learning times, but ${found}; "eigenflow compare" says which steps fit together`,
  );
}

/**
 * @param length learning time of a run; undefined where it is not known
 * @throws EigenflowError `results` for a window that reaches beyond the runs, or in which nothing was looked at
 */
function checkWindows(out: string, edges: readonly number[], { time }: Ensemble, length: number | undefined): void {
  const to = edges[edges.length - 1];
  if (length !== undefined && to > length && !isSameTime(to, length)) {
    throw new EigenflowError('results', out, `the last window ends at ${to}, the runs at a learning time of ${length}`);
  }
  const empty = edges.slice(1).findIndex((to, i) => !time.some((t) => isInWindow(t, edges[i], to)));
  if (empty < 0) return;
  const window = `from ${edges[empty]} to ${edges[empty + 1]}`;
  throw new EigenflowError('results', out, `no frame lies in the window ${window}; the last one is at ${time.at(-1)}`);
}

/**
 * @param out folder of an instance; that of a comparison is the folder of its first one
 * @throws EigenflowError `results` when it is none, when fewer than two realisations of a dynamics are stored, or when
 * the dynamics were not looked at at the same learning times
 */
export function readInstance(out: string): ComparisonReports {
  const record = readComparisonRecord(out);
  const { levels, match, top, windows, surrogates } = record;
  const grids = new Map([REFERENCE, ...surrogates].map((name) => [name, readRunGrid(join(out, name))]));
  const grid = (name: string) => grids.get(name) as RunGrid;
  const rowsOf: RowsOf = (name) => grid(name).runs.filter((row) => row !== undefined);
  const { runs } = grid(REFERENCE);
  const readReference = (fitted?: FittedOn) => readEnsemble(out, REFERENCE, levels, rowsToCompare(runs, fitted), match);
  const all = readReference();
  const measured = openMeasurements(out, rowsOf);
  const end = all.time[all.time.length - 1];
  const edges = [0, ...(windows ?? [end / 4, end / 2, (3 * end) / 4, end])];
  if (windows) checkWindows(out, edges, all, lengthOf(grid(REFERENCE).manifest));
  const areRanked = match !== 'by-place';
  const reports = surrogates.map((surrogate): SurrogateReport => {
    const fitted = record.fitted?.[surrogate];
    const reference = fitted === 'half' ? readReference(fitted) : all;
    const ensemble = readEnsemble(out, surrogate, levels, grid(surrogate).runs, match);
    checkSameTimes(out, reference, ensemble);
    const contrasts = contrast(reference, ensemble, top);
    const realisations = { reference: realisationsOf(reference), surrogate: realisationsOf(ensemble) };
    const lost = lostUnequally(realisations.reference, realisations.surrogate);
    return {
      surrogate,
      fitted,
      realisations,
      contrasts,
      spacings: areRanked ? contrastSpacings(reference, ensemble, top) : [],
      verdicts: judge(contrasts, edges, measured(surrogate), {
        broken: lost === undefined ? [] : [lost],
        differences: record.differences?.[surrogate] ?? [],
        areRanked,
        // Order parameters may be held against equations for their means; levels have to fluctuate as those of SGD do.
        isOfMeans: !areRanked && ensemble.isDeterministic === true && reference.isDeterministic !== true,
      }),
    };
  });
  return {
    record,
    reports,
    realisations: realisationsOf(all),
    runs: [...grids.keys()].flatMap(rowsOf).map(({ id }) => id),
  };
}
