// The numbers of a comparison as CSV: levels, verdicts and spacings, with errors and N.
import type { FiniteSummary } from '../../comparison/finite.js';
import { reasonsOf, survivalPValue } from '../../comparison/realisations.js';
import type { SurrogateReport } from '../../comparison/report.js';
import { SPACING_QUANTILES } from '../../comparison/spacings.js';
import type { Measured } from '../../comparison/verdict.js';
import { exp } from '../../elementary.js';
import { numberCell, textCell } from '../formats/csv-cell.js';

const cell = (value: string | number) =>
  typeof value === 'string' ? textCell(value) : Number.isNaN(value) ? '' : numberCell(value);

const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;

export function comparisonCsv(reports: readonly SurrogateReport[]): string {
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
        ...[exp(c.spread.logRatio), c.spread.error],
      ]),
    ),
  );
}

/** "step times sharpness: 3 of 64; ..." for what was measured with numbers that are not finite. */
function notFiniteOf(assumptions: Measured): string {
  const named: [string, FiniteSummary][] = [
    ['step times sharpness', assumptions.stepTimesSharpness],
    ['surrogate step times sharpness', assumptions.surrogateStepTimesSharpness],
    ['one step shift error', assumptions.oneStepShift],
    ['one step variance error', assumptions.oneStepVariance],
  ];
  return named
    .filter(([, { notFinite }]) => notFinite > 0)
    .map(([name, { notFinite, of }]) => `${name}: ${notFinite} of ${of}`)
    .join('; ');
}

export function verdictCsv(reports: readonly SurrogateReport[]): string {
  return table(
    [
      ...['surrogate', 'from', 'to', 'agrees', 'worst shift', 'shift error', 'shift level', 'mean p value'],
      ...['worst deviation ratio'],
      ...['log ratio error', 'ratio level', 'spread p value', 'step times sharpness'],
      ...['surrogate step times sharpness', 'one step shift error', 'one step variance error', 'not finite'],
      ...['relative noise', 'gap over noise', 'sgd used', 'sgd left out', 'surrogate used', 'surrogate left out'],
      ...['survival p value', 'broken'],
    ],
    reports.flatMap(({ surrogate, realisations: { reference, surrogate: own }, verdicts }) =>
      verdicts.map(({ from, to, agrees, worstShift, meanPValue, worstSpread, spreadPValue, assumptions, broken }) => [
        ...[surrogate, from, to, String(agrees), worstShift.shift, worstShift.shiftError, worstShift.level, meanPValue],
        ...[exp(worstSpread?.spread.logRatio ?? Number.NaN), worstSpread?.spread.error ?? Number.NaN],
        ...[worstSpread?.level ?? Number.NaN, spreadPValue, assumptions.stepTimesSharpness.value],
        ...[assumptions.surrogateStepTimesSharpness.value, assumptions.oneStepShift.value],
        ...[assumptions.oneStepVariance.value, notFiniteOf(assumptions)],
        ...[assumptions.relativeNoise, assumptions.gapOverNoise],
        ...[reference.used, reasonsOf(reference), own.used, reasonsOf(own), survivalPValue(reference, own)],
        broken.join('; '),
      ]),
    ),
  );
}

export function spacingCsv(reports: readonly SurrogateReport[]): string {
  const quantiles = (of: string) => SPACING_QUANTILES.map((p) => `${of} ${100 * p} %`);
  return table(
    [
      ...['surrogate', 'level', 'sgd mean spacing', 'sgd error', 'sgd n', 'surrogate mean spacing', 'surrogate error'],
      ...['surrogate n', 'distance', 'p value'],
      ...quantiles('sgd'),
      ...quantiles('surrogate'),
    ],
    reports.flatMap(({ surrogate, spacings }) =>
      spacings.map((s) => [
        ...[surrogate, s.level, s.reference.value, s.reference.error, s.reference.n],
        ...[s.surrogate.value, s.surrogate.error, s.surrogate.n, s.distance, s.pValue],
        ...s.referenceQuantiles,
        ...s.surrogateQuantiles,
      ]),
    ),
  );
}
