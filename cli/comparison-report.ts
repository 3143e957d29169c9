// The report of a comparison: verdicts for the terminal, and the tables behind them as CSV.

import type { Contrast } from '../core/comparison/ensemble.js';
import { SPACING_QUANTILES } from '../core/comparison/spacings.js';
import type { WindowVerdict } from '../core/comparison/verdict.js';
import { TIE } from '../core/figures/format.js';
import type { Report } from './commands/compare.js';

const short = (value: number, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '';
const percent = (value: number) => `${value >= 0 ? '+' : ''}${(100 * value).toFixed(2)}${TIE}%`;

/** Ratio of standard deviations with the ends of its error bar, which is even on a logarithmic scale. */
function ratio({ spread: { logRatio, error } }: Contrast): string {
  return `${short(Math.exp(logRatio))} (${short(Math.exp(logRatio - error), 2)} to ${short(Math.exp(logRatio + error), 2)})`;
}

/** One window in a line: agreement, or by how much it fails and what was broken. */
export function verdictLine(verdict: WindowVerdict): string {
  const { from, to, agrees, worstShift, worstSpread, spreadPValue, broken } = verdict;
  const where = `${short(from)} to ${short(to)}`;
  const shift = `mean ${percent(worstShift.shift)} ± ${(100 * worstShift.shiftError).toFixed(2)} (level ${worstShift.level})`;
  const spread = worstSpread
    ? `, sd ratio ${ratio(worstSpread)} (level ${worstSpread.level}), p = ${short(spreadPValue, 2)}`
    : '';
  const reason = broken.length > 0 ? `; ${broken.join('; ')}` : '';
  return `${where}: ${agrees ? 'agrees within errors' : 'FAILS'}, worst ${shift}${spread}${reason}`;
}

/** The same for a figure, where space is short. */
export function verdictNote({ from, to, agrees, worstShift, worstSpread }: WindowVerdict): string {
  const shift = `mean ${percent(worstShift.shift)}`;
  const spread = worstSpread ? `, sd x ${short(Math.exp(worstSpread.spread.logRatio), 2)}` : '';
  return `${short(from)} to ${short(to)}: ${agrees ? 'agrees' : 'fails'} (${shift}${spread})`;
}

/** What the theory assumes of the reference, as far as it was measured. */
function assumptionLine({ from, to, assumptions }: WindowVerdict): string {
  const { stepTimesSharpness, oneStepShift, oneStepVariance, relativeNoise, gapOverNoise } = assumptions;
  const off = (value: number) => `${short(100 * value, 2)} %`;
  const parts = [
    [stepTimesSharpness, `step x sharpness ${short(stepTimesSharpness, 2)}`],
    [
      oneStepShift,
      `one step: mean shift predicted within ${off(oneStepShift)}, variance within ${off(oneStepVariance)}`,
    ],
    [relativeNoise, `largest fluctuation ${off(relativeNoise)} of its level`],
    [gapOverNoise, `smallest gap ${short(gapOverNoise, 2)} x fluctuation`],
  ] as const;
  const known = parts.filter(([value]) => Number.isFinite(value)).map(([, text]) => text);
  return `${short(from)} to ${short(to)}: ${known.join('; ')}`;
}

/** Whether the surrogate's own step was small; nothing where it has no weights to ask. */
function surrogateStep(verdicts: readonly WindowVerdict[]): string[] {
  const steps = verdicts.map(({ assumptions }) => assumptions.surrogateStepTimesSharpness).filter(Number.isFinite);
  return steps.length === 0 ? [] : [`  its own step x sharpness: ${short(Math.max(...steps), 2)} at most`];
}

export function verdictTable(reports: readonly Report[]): string {
  const ofSurrogate = ({ surrogate, verdicts, spacings }: Report) => [
    '',
    `${surrogate}, by window of learning time`,
    ...verdicts.map((verdict) => `  ${verdictLine(verdict)}`),
    ...surrogateStep(verdicts),
    '  spacings at the end (two-sample Kolmogorov-Smirnov):',
    ...spacings.map(
      (s) =>
        `    levels ${s.level}, ${s.level + 1}: mean ${short(s.referenceMean)} and ${short(s.surrogateMean)}, ` +
        `p = ${short(s.pValue, 2)}, N = ${s.n}`,
    ),
  ];
  return [
    '',
    'what the theory assumes, as measured under SGD',
    ...(reports[0]?.verdicts.map((verdict) => `  ${assumptionLine(verdict)}`) ?? []),
    ...reports.flatMap(ofSurrogate),
  ].join('\n');
}

const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  `${[header, ...rows].map((row) => row.map((cell) => (Number.isNaN(cell) ? '' : cell)).join(',')).join('\n')}\n`;

export function comparisonCsv(reports: readonly Report[]): string {
  return table(
    [
      ...['surrogate', 'time', 'level', 'sgd mean', 'sgd error', 'sgd deviation', 'sgd n', 'surrogate mean'],
      ...[
        'surrogate error',
        'surrogate deviation',
        'surrogate n',
        'shift',
        'shift error',
        'deviation ratio',
        'log ratio error',
      ],
    ],
    reports.flatMap(({ surrogate, contrasts }) =>
      contrasts.map((c) => [
        ...[surrogate, c.time, c.level, c.reference.mean, c.reference.meanError, c.reference.deviation, c.reference.n],
        ...[c.surrogate.mean, c.surrogate.meanError, c.surrogate.deviation, c.surrogate.n, c.shift, c.shiftError],
        ...[Math.exp(c.spread.logRatio), c.spread.error],
      ]),
    ),
  );
}

export function verdictCsv(reports: readonly Report[]): string {
  return table(
    [
      ...['surrogate', 'from', 'to', 'agrees', 'worst shift', 'shift error', 'shift level', 'worst deviation ratio'],
      ...['log ratio error', 'ratio level', 'spread p value', 'step times sharpness'],
      ...['surrogate step times sharpness', 'one step shift error', 'one step variance error'],
      ...['relative noise', 'gap over noise', 'broken'],
    ],
    reports.flatMap(({ surrogate, verdicts }) =>
      verdicts.map(({ from, to, agrees, worstShift, worstSpread, spreadPValue, assumptions, broken }) => [
        ...[surrogate, from, to, String(agrees), worstShift.shift, worstShift.shiftError, worstShift.level],
        ...[Math.exp(worstSpread?.spread.logRatio ?? Number.NaN), worstSpread?.spread.error ?? Number.NaN],
        ...[worstSpread?.level ?? Number.NaN, spreadPValue, assumptions.stepTimesSharpness],
        ...[assumptions.surrogateStepTimesSharpness, assumptions.oneStepShift, assumptions.oneStepVariance],
        ...[assumptions.relativeNoise, assumptions.gapOverNoise, `"${broken.join('; ')}"`],
      ]),
    ),
  );
}

export function spacingCsv(reports: readonly Report[]): string {
  const quantiles = (of: string) => SPACING_QUANTILES.map((p) => `${of} ${100 * p} %`);
  return table(
    [
      ...['surrogate', 'level', 'sgd mean spacing', 'surrogate mean spacing', 'distance', 'p value', 'n'],
      ...quantiles('sgd'),
      ...quantiles('surrogate'),
    ],
    reports.flatMap(({ surrogate, spacings }) =>
      spacings.map((s) => [
        ...[surrogate, s.level, s.referenceMean, s.surrogateMean, s.distance, s.pValue, s.n],
        ...s.referenceQuantiles,
        ...s.surrogateQuantiles,
      ]),
    ),
  );
}
