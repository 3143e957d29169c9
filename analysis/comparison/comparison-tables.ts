// The numbers of a comparison as CSV: levels, verdicts and spacings, with errors and N.

import { exp } from '../../core/kernels/elementary.js';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import type { OverInstances } from './components.js';
import type { FiniteSummary } from './finite.js';
import type { ComparedInstances, InstancesReport } from './read-comparison.js';
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

/** By instance, the first one first. */
type Reports = readonly { readonly reports: readonly SurrogateReport[] }[];

const ofInstances = (instances: Reports) =>
  instances.flatMap(({ reports }, i) => reports.map((report) => ({ instance: i + 1, ...report })));

export function comparisonCsv(instances: Reports): string {
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
      'instance',
    ],
    ofInstances(instances).flatMap(({ instance, surrogate, contrasts }) =>
      contrasts.map((c) => [
        ...[surrogate, c.time, c.level, c.reference.mean, c.reference.meanError, c.reference.deviation, c.reference.n],
        ...[c.surrogate.mean, c.surrogate.meanError, c.surrogate.deviation, c.surrogate.n, c.shift, c.shiftError],
        ...[exp(c.spread.logRatio), c.spread.error, instance],
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

/** Of one instance each. */
function verdictRows(instances: Reports): Table {
  return {
    header: [
      ...['surrogate', 'from', 'to', 'verdict', 'worst shift', 'shift error', 'shift level', 'mean p value'],
      ...['worst deviation ratio'],
      ...['log ratio error', 'ratio level', 'spread p value'],
      ...['detectable shift', 'detectable shift of one', 'detectable ratio', 'detectable ratio of one'],
      'step times sharpness',
      ...['surrogate step times sharpness', 'one step shift error', 'one step variance error', 'not finite'],
      ...['relative noise', 'gap over noise', 'sgd used', 'sgd left out', 'surrogate used', 'surrogate left out'],
      ...['survival p value', 'broken', 'instance'],
    ],
    rows: ofInstances(instances).flatMap(
      ({ instance, surrogate, realisations: { reference, surrogate: own }, verdicts }) =>
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
            ...[broken.join('; '), instance],
          ],
        ),
    ),
  };
}

/** One number of all instances: with its error by their scatter, and what is behind it. */
const components = ({ error, between, within }: OverInstances) => [error, between, within];

/** Of all instances together. Columns that both tables have say the same: of a mean over instances, with its error. */
function overallRows(overall: readonly InstancesReport[]): Table {
  return {
    header: [
      ...[
        'surrogate',
        'instance',
        'instances',
        'from',
        'to',
        'verdict',
        'alone agree',
        'alone fail',
        'alone cannot tell',
      ],
      ...['worst shift', 'shift error', 'shift between instances', 'shift error within', 'shift level', 'mean p value'],
      ...['shift p value by scatter', 'scatter p value', 'worst deviation ratio', 'log ratio error'],
      ...['log ratio between instances', 'log ratio error within', 'ratio level', 'spread p value'],
      ...['ratio scatter p value', 'detectable shift', 'detectable shift of one', 'detectable ratio'],
      ...['detectable ratio of one', 'detectable shift between', 'detectable ratio between', 'broken'],
    ],
    rows: overall.flatMap(({ surrogate, verdicts }) =>
      verdicts.map((v) => [
        ...[surrogate, 'all', v.instances, v.from, v.to, v.outcome],
        ...[v.alone.agrees, v.alone.fails, v.alone['cannot tell']],
        ...[v.worstShift.shift.mean, ...components(v.worstShift.shift), v.worstShift.level, v.meanPValue],
        ...[v.worstShift.shift.averagePValue, v.scatterPValue, exp(v.worstSpread?.logRatio.mean ?? Number.NaN)],
        ...(v.worstSpread ? components(v.worstSpread.logRatio) : [Number.NaN, Number.NaN, Number.NaN]),
        ...[v.worstSpread?.level ?? Number.NaN, v.spreadPValue, v.spreadScatterPValue],
        ...[v.detectableShift.common, v.detectableShift.single, v.detectableRatio.common, v.detectableRatio.single],
        ...[v.detectableScatter.common, v.detectableRatioScatter.common, v.broken.join('; ')],
      ]),
    ),
  };
}

/** Two tables as one; columns that one of them has not are empty in its rows. */
function stacked(first: Table, second: Table): Table {
  if (second.rows.length === 0) return first;
  const header = [...new Set([...first.header, ...second.header])];
  const rowsOf = (of: Table) => of.rows.map((row) => header.map((name) => row[of.header.indexOf(name)] ?? Number.NaN));
  return { header, rows: [...rowsOf(first), ...rowsOf(second)] };
}

const verdictTable = ({ instances, overall }: Verdicts) => stacked(verdictRows(instances), overallRows(overall));

type Verdicts = Pick<ComparedInstances, 'instances' | 'overall'>;

/** Rows of every instance by its number, and, where there are several, rows of "all" together. */
export function verdictCsv(compared: Verdicts): string {
  const { header, rows } = verdictTable(compared);
  return table(header, rows);
}

/** The same rows, each an object by column; null where a number is not known or not finite. */
export function verdictJson(compared: Verdicts): string {
  const { header, rows } = verdictTable(compared);
  const objects = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

export function spacingCsv(instances: Reports): string {
  const quantiles = (of: string) => SPACING_QUANTILES.map((p) => `${of} ${100 * p} %`);
  return table(
    [
      ...['surrogate', 'level', 'sgd mean spacing', 'sgd error', 'sgd n', 'surrogate mean spacing', 'surrogate error'],
      ...['surrogate n', 'distance', 'p value'],
      ...quantiles('sgd'),
      ...quantiles('surrogate'),
      'instance',
    ],
    ofInstances(instances).flatMap(({ instance, surrogate, spacings }) =>
      spacings.map((s) => [
        ...[surrogate, s.level, s.reference.value, s.reference.error, s.reference.n],
        ...[s.surrogate.value, s.surrogate.error, s.surrogate.n, s.distance, s.pValue],
        ...s.referenceQuantiles,
        ...s.surrogateQuantiles,
        instance,
      ]),
    ),
  );
}
