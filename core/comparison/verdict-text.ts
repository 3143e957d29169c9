// Verdicts of a comparison in words: for the terminal, a page and a figure.
import { exp, log10 } from '../elementary.js';
import { TIE } from '../figures/format.js';
import type { Estimate } from '../statistics/estimate.js';
import type { Contrast } from './ensemble.js';
import { describeNotFinite, type FiniteSummary } from './finite.js';
import type { WindowVerdict } from './verdict.js';

/** At most so many significant digits; nothing for what is not known. */
export const short = (value: number, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '';
const percent = (value: number) => `${value >= 0 ? '+' : ''}${(100 * value).toFixed(2)}${TIE}%`;

/** "0.117 ± 0.002", the error with two digits and the value with as many decimals. */
export function withError({ value, error }: Pick<Estimate, 'value' | 'error'>): string {
  if (!(error > 0 && Number.isFinite(error) && Number.isFinite(value))) return short(value);
  const decimals = Math.min(100, Math.max(0, 1 - Math.floor(log10(error))));
  return `${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}

/** Ratio of standard deviations with the ends of its error bar, which is even on a logarithmic scale. */
function ratio({ spread: { logRatio, error } }: Contrast): string {
  return `${short(exp(logRatio))} (${short(exp(logRatio - error), 2)} to ${short(exp(logRatio + error), 2)})`;
}

/** One window in a line: agreement, or by how much it fails and what was broken. */
export function verdictLine(verdict: WindowVerdict): string {
  const { from, to, agrees, worstShift, meanPValue, worstSpread, spreadPValue, broken } = verdict;
  const where = `${short(from)} to ${short(to)}`;
  const shift = `mean ${percent(worstShift.shift)} ± ${(100 * worstShift.shiftError).toFixed(2)} (level ${worstShift.level}), p = ${short(meanPValue, 2)}`;
  const spread = worstSpread
    ? `, sd ratio ${ratio(worstSpread)} (level ${worstSpread.level}), p = ${short(spreadPValue, 2)}`
    : '';
  const reason = broken.length > 0 ? `; ${broken.join('; ')}` : '';
  return `${where}: ${agrees ? 'agrees within errors' : 'FAILS'}, worst ${shift}${spread}${reason}`;
}

/** The same for a figure, where space is short. */
export function verdictNote({ from, to, agrees, worstShift, worstSpread }: WindowVerdict): string {
  const shift = `mean ${percent(worstShift.shift)}`;
  const spread = worstSpread ? `, sd x ${short(exp(worstSpread.spread.logRatio), 2)}` : '';
  return `${short(from)} to ${short(to)}: ${agrees ? 'agrees' : 'fails'} (${shift}${spread})`;
}

/** What the theory assumes of the reference, as far as it was measured. */
export function assumptionLine({ from, to, assumptions }: WindowVerdict): string {
  const { stepTimesSharpness, oneStepShift, oneStepVariance, relativeNoise, gapOverNoise } = assumptions;
  const off = (value: number) => `${short(100 * value, 2)}${TIE}%`;
  const told = (summary: FiniteSummary, write: (value: number) => string) =>
    `${Number.isFinite(summary.value) ? write(summary.value) : 'not known'}${describeNotFinite(summary)}`;
  const parts = [
    [stepTimesSharpness.of > 0, `step x sharpness ${told(stepTimesSharpness, (value) => short(value, 2))}`],
    [
      oneStepShift.of > 0,
      `one step: mean shift predicted within ${told(oneStepShift, off)}, variance within ${told(oneStepVariance, off)}`,
    ],
    [Number.isFinite(relativeNoise), `largest fluctuation ${off(relativeNoise)} of its level`],
    [Number.isFinite(gapOverNoise), `smallest gap ${short(gapOverNoise, 2)} x fluctuation`],
  ] as const;
  const known = parts.filter(([isKnown]) => isKnown).map(([, text]) => text);
  return `${short(from)} to ${short(to)}: ${known.join('; ')}`;
}
