// The sample behind a figure: runs summarised into cells, with what was left out of each and why. A run that is left
// out never enters as a number.
import type { RunStatus } from '../../../core/contracts/classifier.js';
import { TIE } from './format.js';
import { type Statistic, type Summary, summarise } from './statistics.js';

/**
 * Why a run has no part in its cell: how it ended, that it has not been run (`missing`) or has run without storing what is
 * drawn, that it has neither a number nor a label, or that it repeats another run of the cell bit for bit. Of the runs of a
 * seed together (`LineDeclaration.leastAlong`): that the least of them is the first or the last.
 */
export type LeftOut =
  | Exclude<RunStatus, 'completed'>
  | 'missing'
  | 'not stored'
  | 'not finite'
  | 'unlabelled'
  | 'copy'
  | 'no minimum';

/** Reasons that a single run may have. */
export const RUNS_LEFT_OUT: readonly LeftOut[] = [
  ...(['diverged', 'saturated', 'failed', 'missing'] as const),
  ...(['not stored', 'not finite', 'unlabelled', 'copy'] as const),
];

export const LEFT_OUT: readonly LeftOut[] = [...RUNS_LEFT_OUT, 'no minimum'];

/** The number of one run. */
export interface RunValue {
  readonly value: number;
  readonly leftOut?: LeftOut;
}

export type LeftOutCounts = Readonly<Partial<Record<LeftOut, number>>>;

/** The seeds of one cell. */
export interface CellSample extends Summary {
  readonly leftOut: LeftOutCounts;
}

export function summariseRuns(runs: readonly RunValue[], statistic: Statistic): CellSample {
  const values = runs.filter((run) => reasonOf(run) === undefined).map(({ value }) => value);
  return { ...summarise(values, statistic), leftOut: countReasons(runs) };
}

/** A run without a number, such as one that has a label, is left out only where it says why. */
function reasonOf({ value = 0, leftOut }: Partial<RunValue>): LeftOut | undefined {
  return leftOut ?? (Number.isFinite(value) ? undefined : 'not finite');
}

/** In the order of `LEFT_OUT`. */
export function countReasons(runs: readonly Partial<RunValue>[]): LeftOutCounts {
  const counts = new Map<LeftOut, number>();
  for (const run of runs) {
    const reason = reasonOf(run);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries(
    LEFT_OUT.filter((reason) => counts.has(reason)).map((reason) => [reason, counts.get(reason)]),
  );
}

/** What a figure says of its sample. */
export interface SampleFacts<Of extends Statistic | 'label' = Statistic> {
  readonly statistic: Of;
  /** Seeds of every cell, without those that repeat another one in all cells. */
  readonly seeds: number;
  /** Runs of the figure, with those left out. */
  readonly runs: number;
  /** What is summarised in place of runs, such as minima, and how many there are, with those left out. */
  readonly counted?: { readonly what: string; readonly count: number };
  readonly leftOut: LeftOutCounts;
  /** The cells that are shown, where the declaration fixes axes; else empty. */
  readonly where: string;
  /** See `Channel.leavesOut`. */
  readonly leavesOut?: string;
}

const WORDS = {
  median: 'median over',
  mean: 'mean over',
  fraction: 'fraction of',
  label: 'most frequent label of',
} as const;

/** "median over N = 10 seeds; 1440 runs, 37 left out (35 diverged, 2 failed)" */
export function describeSample(facts: SampleFacts<Statistic | 'label'>): string {
  const { statistic, seeds, runs, counted, leftOut, where, leavesOut } = facts;
  const reasons = Object.entries(leftOut).map(
    ([reason, count]) => `${count}${TIE}${reason === 'copy' ? 'that repeat another seed' : reason}`,
  );
  const total = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  const over = seeds === 1 ? 'one seed' : `${WORDS[statistic]} N${TIE}=${TIE}${seeds}${TIE}seeds`;
  const left = total === 0 ? '' : `, ${total} left out (${reasons.join(', ')})`;
  const at = where === '' ? '' : `; ${where}`;
  const beyond = leavesOut === undefined || seeds === 1 ? '' : `; errors leave out ${leavesOut}`;
  const sample = counted ? `${counted.count}${TIE}${counted.what} of ${runs}${TIE}runs` : `${runs}${TIE}runs`;
  return `${over}; ${sample}${left}${at}${beyond}`;
}
