// The numbers of a comparison as CSV: levels, verdicts and spacings, with errors and N.

import { exp } from '../../core/kernels/elementary.js';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import type { FiniteSummary } from './finite.js';
import { reasonsOf, survivalPValue } from './realisations.js';
import { SPACING_QUANTILES } from './spacings.js';
import type { SurrogateReport } from './surrogate-report.js';
import type { Measured } from './verdict.js';

const cell = (value: string | number) =>
  typeof value === 'string' ? textCell(value) : Number.isNaN(value) ? '' : numberCell(value);

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const table = (header: Table['header'], rows: Table['rows']) =>
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

function verdictTable(reports: readonly SurrogateReport[]): Table {
  return {
    header: [
      ...['surrogate', 'from', 'to', 'verdict', 'worst shift', 'shift error', 'shift level', 'mean p value'],
      ...['worst deviation ratio'],
      ...['log ratio error', 'ratio level', 'spread p value'],
      ...['detectable shift', 'detectable shift of one', 'detectable ratio', 'detectable ratio of one'],
      'step times sharpness',
      ...['surrogate step times sharpness', 'one step shift error', 'one step variance error', 'not finite'],
      ...['relative noise', 'gap over noise', 'sgd used', 'sgd left out', 'surrogate used', 'surrogate left out'],
      ...['survival p value', 'broken'],
    ],
    rows: reports.flatMap(({ surrogate, realisations: { reference, surrogate: own }, verdicts }) =>
      verdicts.map(
        ({ from, to, outcome, worstShift, meanPValue, worstSpread, spreadPValue, assumptions, broken, ...power }) => [
          ...[surrogate, from, to, outcome, worstShift.shift, worstShift.shiftError, worstShift.level, meanPValue],
          ...[exp(worstSpread?.spread.logRatio ?? Number.NaN), worstSpread?.spread.error ?? Number.NaN],
          ...[worstSpread?.level ?? Number.NaN, spreadPValue],
          ...[power.detectableShift.common, power.detectableShift.single],
          ...[power.detectableRatio.common, power.detectableRatio.single],
          assumptions.stepTimesSharpness.value,
          ...[assumptions.surrogateStepTimesSharpness.value, assumptions.oneStepShift.value],
          ...[assumptions.oneStepVariance.value, notFiniteOf(assumptions)],
          ...[assumptions.relativeNoise, assumptions.gapOverNoise],
          ...[reference.used, reasonsOf(reference), own.used, reasonsOf(own), survivalPValue(reference, own)],
          broken.join('; '),
        ],
      ),
    ),
  };
}

export function verdictCsv(reports: readonly SurrogateReport[]): string {
  const { header, rows } = verdictTable(reports);
  return table(header, rows);
}

/** The same rows, each an object by column; null where a number is not known or not finite. */
export function verdictJson(reports: readonly SurrogateReport[]): string {
  const { header, rows } = verdictTable(reports);
  const objects = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
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
