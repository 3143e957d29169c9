// A made-up sweep: initial width against learning rate, with verdicts by rule.
import type { Axis, RunRecord, Verdict } from '../../../../core/contracts/classifier.js';

export const LABELS = ['ordered', 'jammed', 'paramagnetic'] as const;
export type Label = (typeof LABELS)[number];

export function sure(label: Label | undefined): Verdict {
  const probability = (name: Label) => (label === undefined ? Number.NaN : Number(name === label));
  return {
    label,
    probabilities: Object.fromEntries(LABELS.map((name) => [name, probability(name)])),
    evidence: {},
  };
}

export const axesOf = (widths: readonly number[], rates: readonly number[]): Axis[] => [
  { name: 'model.initialWidth', values: widths, group: 0 },
  { name: 'optimiser.learningRate', values: rates, group: 1 },
];

/** One run for every width, rate and seed. */
export function sweep(
  widths: readonly number[],
  rates: readonly number[],
  seeds: number,
  verdict: (width: number, rate: number, seed: number) => Verdict,
) {
  const runs: Pick<RunRecord, 'axes' | 'seed'>[] = [];
  const verdicts: Verdict[] = [];
  for (const width of widths) {
    for (const rate of rates) {
      for (let seed = 0; seed < seeds; seed++) {
        runs.push({ axes: { 'model.initialWidth': width, 'optimiser.learningRate': rate }, seed });
        verdicts.push(verdict(width, rate, seed));
      }
    }
  }
  return { runs, verdicts, axes: axesOf(widths, rates) };
}
