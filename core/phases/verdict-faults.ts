// What is wrong with a verdict, in words: a label that is misspelt or a probability that is none would be counted in cells,
// boundaries and figures as if it were measured.

import type { Classifier, RunRecord, SweepVerdict, Verdict } from '../contracts/classifier.js';
import { show } from '../contracts/show.js';
import { suggestOrStop } from '../errors.js';
import { refusePromise } from '../plugin/create-component.js';

/** Sums of probabilities may differ from 1 by rounding. */
const TOLERANCE = 1e-9;

const isProbability = (p: unknown) => typeof p === 'number' && p >= 0 && p <= 1 + TOLERANCE;

function unknownLabel(label: unknown, labels: readonly string[]): string {
  const nearest = typeof label === 'string' ? suggestOrStop(label, labels) : '.';
  return `the label ${show(label)} is not in its legend${nearest} Labels: ${labels.join(', ')}`;
}

/** Probabilities of the labels, by name. */
function probabilityFault(probabilities: Readonly<Record<string, unknown>>, labels: readonly string[]) {
  const stray = Object.keys(probabilities).find((name) => !labels.includes(name));
  if (stray !== undefined) return `it gives a probability for what is no label: ${unknownLabel(stray, labels)}`;
  const missing = labels.find((label) => !Object.hasOwn(probabilities, label));
  if (missing !== undefined) return `it gives no probability for the label "${missing}"`;
  const bad = labels.find((label) => !isProbability(probabilities[label]));
  if (bad !== undefined) {
    return `the probability of "${bad}" is ${show(probabilities[bad])}; expected a number from 0 to 1`;
  }
  const sum = labels.reduce((total, label) => total + (probabilities[label] as number), 0);
  return Math.abs(sum - 1) <= TOLERANCE ? undefined : `its probabilities sum to ${sum}; expected 1`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** @returns undefined where nothing is wrong */
export function verdictFault(verdict: Verdict, labels: readonly string[]): string | undefined {
  if (!isObject(verdict) || !isObject(verdict.probabilities) || !isObject(verdict.evidence)) {
    return `found ${show(verdict)}; expected { label, probabilities, evidence }`;
  }
  const { label, probabilities, evidence } = verdict;
  const stray = Object.entries(evidence).find(([, value]) => typeof value !== 'number');
  if (stray) return `the evidence "${stray[0]}" is ${show(stray[1])}; expected a number, NaN where it was not measured`;
  if (label === undefined) {
    const known = Object.entries(probabilities).find(([, p]) => !Number.isNaN(p));
    return known && `there is no label, yet the probability of "${known[0]}" is ${show(known[1])}; expected NaN`;
  }
  return labels.includes(label) ? probabilityFault(probabilities, labels) : unknownLabel(label, labels);
}

/**
 * Of cells and boundaries that a classifier has made itself.
 *
 * @param runs number of runs that were judged
 */
export function mapFault({ runs: verdicts, cells, boundaries }: SweepVerdict, labels: readonly string[], runs: number) {
  if (verdicts.length !== runs) return `it gives ${verdicts.length} verdicts on ${runs} runs`;
  const counted = cells.reduce((sum, { n, unlabelled }) => sum + n + unlabelled, 0);
  if (counted !== runs) return `its cells count ${counted} of ${runs} runs`;
  for (const { n, label, probabilities } of cells) {
    if (label !== undefined && !labels.includes(label)) return `in a cell ${unknownLabel(label, labels)}`;
    if (n === 0) continue;
    const values = Object.fromEntries(Object.entries(probabilities).map(([name, { value }]) => [name, value]));
    const fault = probabilityFault(values, labels);
    if (fault) return `in a cell ${fault}`;
  }
  const strange = boundaries.flatMap(({ between }) => between).find((label) => !labels.includes(label));
  return strange === undefined ? undefined : `in a boundary ${unknownLabel(strange, labels)}`;
}

const nameOf = ({ id, axes }: RunRecord) => {
  const at = Object.entries(axes).map(([axis, value]) => `${axis} = ${show(value)}`);
  return `run ${id}${at.length > 0 ? ` (${at.join(', ')})` : ''}`;
};

/**
 * The classifier, refusing what it must not say.
 *
 * @param fail is called with what is wrong, and throws
 */
export function refusingFaults(classifier: Classifier, fail: (fault: string) => never): Classifier {
  const { labels, needs } = classifier;
  const pass = (run: RunRecord, verdict: Verdict) => {
    const fault = verdictFault(verdict, labels);
    if (fault) fail(`of ${nameOf(run)}: ${fault}`);
  };
  const refusal = classifier.refuses && { refuses: classifier.refuses.bind(classifier) };
  if (classifier.scope === 'run') {
    return {
      scope: 'run',
      labels,
      needs,
      ...refusal,
      classify(run) {
        const verdict = classifier.classify(run);
        refusePromise('classifier', 'classify', verdict);
        pass(run, verdict);
        return verdict;
      },
    };
  }
  return {
    scope: 'sweep',
    labels,
    needs,
    ...refusal,
    classify(runs, axes) {
      const map = classifier.classify(runs, axes);
      refusePromise('classifier', 'classify', map);
      map.runs.forEach((verdict, i) => {
        if (runs[i]) pass(runs[i], verdict);
      });
      const fault = mapFault(map, labels, runs.length);
      if (fault) fail(`of the sweep: ${fault}`);
      return map;
    },
  };
}
