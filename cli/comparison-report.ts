// The report of a comparison: verdicts for the terminal, and the tables behind them as CSV.
import type { WindowVerdict } from '../core/comparison/verdict.js';
import type { Report } from './commands/compare.js';

const short = (value: number, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '';
const percent = (value: number) => `${value >= 0 ? '+' : ''}${(100 * value).toFixed(2)} %`;

/** One window in a line: agreement, or by how much it fails and what was broken. */
export function verdictLine({ from, to, agrees, worstShift, worstRatio, broken }: WindowVerdict): string {
  const where = `${short(from)} to ${short(to)}`;
  const shift = `mean ${percent(worstShift.shift)} ± ${(100 * worstShift.shiftError).toFixed(2)} (level ${worstShift.level})`;
  const spread = worstRatio
    ? `, sd ratio ${short(worstRatio.deviationRatio)} ± ${short(worstRatio.deviationRatioError, 2)} (level ${worstRatio.level})`
    : '';
  const reason = broken.length > 0 ? `; ${broken.join('; ')}` : '';
  return `${where}: ${agrees ? 'agrees within errors' : 'FAILS'}, worst ${shift}${spread}${reason}`;
}

/** The same for a figure, where space is short. */
export function verdictNote({ from, to, agrees, worstShift, worstRatio }: WindowVerdict): string {
  const shift = `mean ${percent(worstShift.shift)} ± ${(100 * worstShift.shiftError).toFixed(2)}`;
  const spread = worstRatio
    ? `, sd ratio ${short(worstRatio.deviationRatio, 2)} ± ${short(worstRatio.deviationRatioError, 1)}`
    : '';
  return `${short(from)} to ${short(to)}: ${agrees ? 'agrees' : 'fails'}; worst ${shift}${spread}`;
}

export function verdictTable(reports: readonly Report[]): string {
  return reports
    .flatMap(({ surrogate, verdicts, spacings }) => [
      '',
      `${surrogate}, by window of learning time`,
      ...verdicts.map((verdict) => `  ${verdictLine(verdict)}`),
      '  spacings at the end (two-sample Kolmogorov-Smirnov):',
      ...spacings.map(
        (s) =>
          `    levels ${s.level}, ${s.level + 1}: mean ${short(s.referenceMean)} and ${short(s.surrogateMean)}, ` +
          `p = ${short(s.pValue, 2)}, N = ${s.n}`,
      ),
    ])
    .join('\n');
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
        'ratio error',
      ],
    ],
    reports.flatMap(({ surrogate, contrasts }) =>
      contrasts.map((c) => [
        ...[surrogate, c.time, c.level, c.reference.mean, c.reference.meanError, c.reference.deviation, c.reference.n],
        ...[c.surrogate.mean, c.surrogate.meanError, c.surrogate.deviation, c.surrogate.n, c.shift, c.shiftError],
        ...[c.deviationRatio, c.deviationRatioError],
      ]),
    ),
  );
}

export function verdictCsv(reports: readonly Report[]): string {
  return table(
    [
      ...['surrogate', 'from', 'to', 'agrees', 'worst shift', 'shift error', 'shift level', 'worst deviation ratio'],
      ...['ratio error', 'ratio level', 'step times sharpness', 'relative noise', 'gap over noise', 'broken'],
    ],
    reports.flatMap(({ surrogate, verdicts }) =>
      verdicts.map((v) => [
        ...[surrogate, v.from, v.to, String(v.agrees), v.worstShift.shift, v.worstShift.shiftError, v.worstShift.level],
        ...[v.worstRatio?.deviationRatio ?? Number.NaN, v.worstRatio?.deviationRatioError ?? Number.NaN],
        ...[v.worstRatio?.level ?? Number.NaN, v.assumptions.stepTimesSharpness, v.assumptions.relativeNoise],
        ...[v.assumptions.gapOverNoise, `"${v.broken.join('; ')}"`],
      ]),
    ),
  );
}

export function spacingCsv(reports: readonly Report[]): string {
  return table(
    ['surrogate', 'level', 'sgd mean spacing', 'surrogate mean spacing', 'distance', 'p value', 'n'],
    reports.flatMap(({ surrogate, spacings }) =>
      spacings.map((s) => [surrogate, s.level, s.referenceMean, s.surrogateMean, s.distance, s.pValue, s.n]),
    ),
  );
}
