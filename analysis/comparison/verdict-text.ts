// Verdicts of a comparison in words: for the terminal, a page and a figure.
import { exp, log10 } from '../../core/kernels/elementary.js';
import type { Estimate } from '../../core/statistics/estimate.js';
import { TIE } from '../figures/draw/format.js';
import type { Contrast } from './ensemble.js';
import { describeNotFinite, type FiniteSummary } from './finite.js';
import { POWER } from './power.js';
import { describeRealisations } from './realisations.js';
import type { SurrogateReport } from './surrogate-report.js';
import type { WindowVerdict } from './verdict.js';

/** At most so many significant digits; nothing for what is not known. */
export const short = (value: number, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '';
const percent = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(2)}${TIE}%`;

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

const percentOff = (value: number) => `${short(100 * value, 2)}${TIE}%`;

/** Beyond it the number says no more than that little would have been found. */
const LARGE_RATIO = 10;

/** What the window would have found: in all levels alike, and in one at one time. */
function powerOf({ detectableShift, detectableRatio }: WindowVerdict): string {
  const shift = `a mean off by ${percentOff(detectableShift.common)} in all (${percentOff(detectableShift.single)} in one)`;
  const told = (ratio: number) => (ratio > LARGE_RATIO ? `over ${LARGE_RATIO}` : short(ratio, 3));
  const { common, single } = detectableRatio;
  const ratio = Number.isNaN(common) ? '' : ` and an sd ratio of ${told(common)} in all (${told(single)} in one)`;
  return `would have found ${shift}${ratio}`;
}

/** What the powers of `verdictLine` mean, to be said once. */
export const POWER_NOTE =
  `would have found: with probability ${POWER}, at these numbers of realisations, where all levels of the window are off ` +
  'alike, or where one is at one time (median over them)';

/** What measured coefficients were fitted to; nothing for a surrogate without. */
export function fittedLines({ fitted, realisations }: Pick<SurrogateReport, 'fitted' | 'realisations'>): string[] {
  if (fitted === undefined) return [];
  if (fitted === 'all') {
    return ['coefficients measured on the realisations that it is compared with: agreement is no test of them'];
  }
  return [
    `coefficients measured on every other realisation of SGD; compared with the rest, ${describeRealisations(realisations.reference)}`,
  ];
}

/** One window in a line: the verdict with what it could have found, by how much it fails and what was broken. */
export function verdictLine(verdict: WindowVerdict): string {
  const { from, to, outcome, worstShift, meanPValue, worstSpread, spreadPValue, isOfMeans, broken } = verdict;
  const where = `${short(from)} to ${short(to)}`;
  const shift = `mean ${percent(worstShift.shift)} ± ${(100 * worstShift.shiftError).toFixed(2)} (level ${worstShift.level}), p = ${short(meanPValue, 2)}`;
  const spread = worstSpread
    ? `, sd ratio ${ratio(worstSpread)} (level ${worstSpread.level}), p = ${short(spreadPValue, 2)}`
    : '';
  const means = isOfMeans ? '; means alone: the surrogate has no noise' : '';
  const reason = broken.length > 0 ? `; ${broken.join('; ')}` : '';
  const isFailure = outcome === 'fails';
  const power = isFailure ? '' : `; ${powerOf(verdict)}`;
  return `${where}: ${isFailure ? 'FAILS' : outcome}, worst ${shift}${spread}${means}${power}${reason}`;
}

/** The same for a figure, where space is short. */
export function verdictNote(verdict: WindowVerdict): string {
  const { from, to, outcome, worstShift, worstSpread, isOfMeans, detectableShift, detectableRatio } = verdict;
  const shift = `mean ${percent(worstShift.shift)}`;
  const ofSpread = worstSpread ? `, sd x ${short(exp(worstSpread.spread.logRatio), 2)}` : '';
  const spread = isOfMeans ? ', no noise' : ofSpread;
  const { common } = detectableRatio;
  const ratio = Number.isFinite(common) ? `, sd x ${short(common, 2)}` : '';
  const found = outcome === 'fails' ? '' : `; finds ${percentOff(detectableShift.common)}${ratio}`;
  return `${short(from)} to ${short(to)}: ${outcome} (${shift}${spread}${found})`;
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
