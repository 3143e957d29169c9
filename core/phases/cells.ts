// What the seeds of a cell say together: the probability of every label, with what is left open by their number.
import type { Banded, CellVerdict, RunRecord, Verdict } from '../contracts/classifier.js';
import { canonical } from '../scenario/identity.js';
import { betaQuantile } from '../statistics/beta.js';
import { quantile, sorted } from '../statistics/estimate.js';

/** Probability below minus one standard deviation of a normal law: bands hold 68.27 %. */
export const LOWER_TAIL = 0.158655253931457;

/** A run with its verdict. */
export interface Judged {
  readonly run: Pick<RunRecord, 'axes' | 'seed' | 'copyOf'>;
  readonly verdict: Verdict;
}

/** Without the runs that repeat another one: N counts what has happened, not how often it was computed. */
export const distinct = (judged: readonly Judged[]) => judged.filter(({ run }) => run.copyOf === undefined);

/** Runs of equal axes, in the order in which they first come, seeds ascending. */
export function groupByCell(judged: readonly Judged[]): Judged[][] {
  const cells = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = canonical(one.run.axes);
    const cell = cells.get(key);
    if (cell) cell.push(one);
    else cells.set(key, [one]);
  }
  return [...cells.values()].map((cell) => cell.sort((a, b) => a.run.seed - b.run.seed));
}

/**
 * Prior weight of one label among `labels`: in all they weigh as much as one run. With two labels this is the prior of
 * Jeffreys, whose intervals cover best for few trials (Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286).
 */
export const priorWeight = (labels: number) => 1 / labels;

/**
 * Posterior of the probability of a label that `count` of `n` runs have (a fraction where runs are not sure), under the
 * Dirichlet prior of `priorWeight`: its mean, which is the probability that another run has the label, and the band
 * between its quantiles. The ends of the band are 0 and 1 where no run and all runs have the label.
 */
export function labelProbability(count: number, n: number, labels: number): Banded {
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const prior = priorWeight(labels);
  const a = count + prior;
  const b = n - count + 1 - prior;
  return {
    value: a / (a + b),
    low: count === 0 ? 0 : betaQuantile(LOWER_TAIL, a, b),
    high: count === n ? 1 : betaQuantile(1 - LOWER_TAIL, a, b),
  };
}

function spreadOf(values: readonly number[]): Banded {
  const ascending = sorted(values.filter((value) => !Number.isNaN(value)));
  return {
    value: quantile(ascending, 0.5),
    low: quantile(ascending, LOWER_TAIL),
    high: quantile(ascending, 1 - LOWER_TAIL),
  };
}

/**
 * @param all runs of one setting, the first of which is no copy
 * @returns what they say, every copy left out
 */
export function cellVerdict(all: readonly Judged[], labels: readonly string[]): CellVerdict {
  const cell = distinct(all);
  const labelled = cell.filter(({ verdict }) => verdict.label !== undefined);
  const n = labelled.length;
  const counts = labels.map((label) => labelled.reduce((sum, { verdict }) => sum + verdict.probabilities[label], 0));
  const names = [...new Set(cell.flatMap(({ verdict }) => Object.keys(verdict.evidence)))];
  return {
    axes: cell[0].run.axes as CellVerdict['axes'],
    n,
    copies: all.length - cell.length,
    unlabelled: cell.length - n,
    label: n === 0 ? undefined : labels[counts.indexOf(Math.max(...counts))],
    probabilities: Object.fromEntries(labels.map((label, i) => [label, labelProbability(counts[i], n, labels.length)])),
    evidence: Object.fromEntries(
      names.map((name) => [name, spreadOf(cell.map(({ verdict }) => verdict.evidence[name] ?? Number.NaN))]),
    ),
  };
}
