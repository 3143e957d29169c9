// What the runs of one instance of a comparison say: moments, spacings and a verdict for every surrogate.
import { EigenflowError } from '../../core/errors.js';
import { REFERENCE, SHARPNESS } from './comparison-plan.js';
import type { ComparisonRecord } from './comparison-record.js';
import { type DynamicsRuns, ensembleOf, numbersOf, rowsOf } from './dynamics-runs.js';
import { contrast } from './ensemble.js';
import { largestFinite, medianFinite } from './finite.js';
import { rowsToCompare } from './fitted-realisations.js';
import { describeOtherTime, firstOtherTime, isInWindow, isSameTime } from './learning-time.js';
import { type Ensemble, lostUnequally, type Realisations } from './realisations.js';
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

const realisationsOf = ({ levels, leftOut, isDeterministic }: Ensemble): Realisations => ({
  used: levels.length,
  leftOut,
  ...(isDeterministic && { isDeterministic }),
});

/** What observers of the reference and of a surrogate say about the assumptions, window by window. */
function openMeasurements(reference: DynamicsRuns) {
  const step = numbersOf(reference, [SHARPNESS, 'stepTimesSharpness']);
  const shift = numbersOf(reference, ['one-step', 'shiftError']);
  const variance = numbersOf(reference, ['one-step', 'varianceError']);
  return (surrogate: DynamicsRuns) => {
    const ownStep = numbersOf(surrogate, [SHARPNESS, 'stepTimesSharpness']);
    return (from: number, to: number): Measured => ({
      stepTimesSharpness: largestFinite(step(from, to)),
      surrogateStepTimesSharpness: largestFinite(ownStep(from, to)),
      oneStepShift: medianFinite(shift(from, to)),
      oneStepVariance: medianFinite(variance(from, to)),
    });
  };
}

/** @throws EigenflowError `results` when a surrogate was not looked at when the reference was */
function checkSameTimes(source: string, reference: Ensemble, surrogate: Ensemble): void {
  const frame = firstOtherTime(reference.time, surrogate.time);
  if (frame < 0) return;
  const found = describeOtherTime(frame, [reference.time, surrogate.time], surrogate.name);
  throw new EigenflowError(
    'results',
    source,
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
 * @param source of the instance, for messages
 * @param runsOf a dynamics by its name
 * @throws EigenflowError `results` when fewer than two realisations of a dynamics are there, or when the dynamics were not
 * looked at at the same learning times
 */
export function reportInstance(
  record: ComparisonRecord,
  source: string,
  runsOf: (name: string) => DynamicsRuns,
): ComparisonReports {
  const { levels, match, top, windows, surrogates } = record;
  const runs = runsOf(REFERENCE);
  const others = surrogates.map(runsOf);
  const all = ensembleOf(runs, levels, match);
  const measured = openMeasurements(runs);
  const end = all.time[all.time.length - 1];
  const edges = [0, ...(windows ?? [end / 4, end / 2, (3 * end) / 4, end])];
  if (windows) checkWindows(source, edges, all, runs.length);
  const areRanked = match !== 'by-place';
  const reports = others.map((own): SurrogateReport => {
    const { name: surrogate } = own;
    const fitted = record.fitted?.[surrogate];
    const reference =
      fitted === 'half' ? ensembleOf({ ...runs, rows: rowsToCompare(runs.rows, fitted) }, levels, match) : all;
    const ensemble = ensembleOf(own, levels, match);
    checkSameTimes(own.source, reference, ensemble);
    const contrasts = contrast(reference, ensemble, top);
    const realisations = { reference: realisationsOf(reference), surrogate: realisationsOf(ensemble) };
    const lost = lostUnequally(realisations.reference, realisations.surrogate);
    return {
      surrogate,
      fitted,
      realisations,
      contrasts,
      spacings: areRanked ? contrastSpacings(reference, ensemble, top) : [],
      verdicts: judge(contrasts, edges, measured(own), {
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
    runs: [runs, ...others].flatMap(rowsOf).map(({ id }) => id),
  };
}
