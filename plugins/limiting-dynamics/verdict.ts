// Verdicts by probabilities, for the classifiers of this plugin.
import type { Verdict } from 'eigenflow';
import { normalCdf } from 'eigenflow/theory';

type Evidence = Readonly<Record<string, number>>;

/** A verdict by probabilities; none where one of them is NaN. */
export function verdictOf<Label extends string>(chances: Readonly<Record<Label, number>>, evidence: Evidence): Verdict {
  const entries = Object.entries<number>(chances);
  if (entries.some(([, chance]) => Number.isNaN(chance))) {
    return {
      label: undefined,
      probabilities: Object.fromEntries(entries.map(([name]) => [name, Number.NaN])),
      evidence,
    };
  }
  const [label] = entries.reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return { label, probabilities: Object.fromEntries(entries), evidence };
}

/** Probability of lying between two limits for a value with this standard error; a sure one where it has none. */
export function chanceBetween(value: number, error: number, low: number, high: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  if (!(error > 0)) return Number(value >= low && value <= high);
  return normalCdf((high - value) / error) - normalCdf((low - value) / error);
}
