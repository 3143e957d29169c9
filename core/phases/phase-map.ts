// From verdicts on runs to a phase diagram: a probability for every label in every cell, and the curves between labels.

import type { Axis, Classifier, RunRecord, SweepVerdict, Verdict } from '../contracts/classifier.js';
import { refusePromise } from '../plugin/create-component.js';
import { type BoundaryOptions, boundariesOf } from './boundaries.js';
import { cellVerdict, distinct, groupByCell } from './cells.js';

export interface MapOptions extends BoundaryOptions {
  readonly labels: readonly string[];
}

/**
 * @param runs with one verdict each
 * @param axes of the sweep
 */
export function mapPhases(
  runs: readonly Pick<RunRecord, 'axes' | 'seed' | 'copyOf'>[],
  verdicts: readonly Verdict[],
  axes: readonly Axis[],
  { labels, ...options }: MapOptions,
): SweepVerdict {
  const cells = groupByCell(runs.map((run, i) => ({ run, verdict: verdicts[i] })));
  return {
    runs: verdicts,
    cells: cells.map((cell) => cellVerdict(cell, labels)),
    boundaries: boundariesOf(cells.map(distinct), axes, labels, options),
  };
}

/** What a classifier of either scope says of the runs of a sweep. */
export function classifySweep(classifier: Classifier, runs: readonly RunRecord[], axes: readonly Axis[]): SweepVerdict {
  const verdictOn = <T>(verdict: T): T => {
    refusePromise('classifier', 'classify', verdict);
    return verdict;
  };
  if (classifier.scope === 'sweep') return verdictOn(classifier.classify(runs, axes));
  const verdicts = runs.map((run) => verdictOn(classifier.classify(run)));
  return mapPhases(runs, verdicts, axes, { labels: classifier.labels });
}
