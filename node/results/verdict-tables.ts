// The tables of a classifier: verdicts on runs, cells and boundaries as CSV (RFC 4180), as pandas reads them. What was
// not measured is an empty cell.

import type { Banded, Boundary, CellVerdict, Verdict } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { canonical } from '../../core/scenario/identity.js';
import { csvTable } from '../files/csv-cell.js';
import { axisText, type RunRow } from './runs-table.js';

const number = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : String(value));
const banded = (of: Banded | undefined) => [number(of?.value), number(of?.low), number(of?.high)];
const axisCells = (names: readonly string[], axes: Readonly<Record<string, Json>>) =>
  names.map((name) => (Object.hasOwn(axes, name) ? axisText(axes[name]) : ''));
const bandNames = (name: string) => [name, `${name} low`, `${name} high`];

function evidenceNames(verdicts: readonly { readonly evidence: Readonly<Record<string, unknown>> }[]): string[] {
  return [...new Set(verdicts.flatMap(({ evidence }) => Object.keys(evidence)))];
}

/** One row per run: `id`, the axes, `seed`, `label`, `probability <label>` for each, and the evidence. */
export function verdictsTable(
  rows: readonly RunRow[],
  verdicts: readonly Verdict[],
  labels: readonly string[],
  axes: readonly string[],
): string {
  const evidence = evidenceNames(verdicts);
  return csvTable(
    ['id', ...axes, 'seed', 'label', ...labels.map((label) => `probability ${label}`), ...evidence],
    rows.map((row, i) => [
      row.id,
      ...axisCells(axes, row.axes),
      String(row.seed),
      verdicts[i].label ?? '',
      ...labels.map((label) => number(verdicts[i].probabilities[label])),
      ...evidence.map((name) => number(verdicts[i].evidence[name])),
    ]),
  );
}

/**
 * One row per cell: the axes, `n`, `unlabelled`, `failed`, `copies` (runs that repeat another, not in `n`), the most probable `label`, then `probability <label>` with
 * ` low` and ` high` for each, and the median of each piece of evidence with its quantiles under the same endings. A cell
 * in which all runs failed stands last, with nothing but their number.
 *
 * @param failed runs that no classifier saw
 */
export function cellsTable(
  cells: readonly CellVerdict[],
  labels: readonly string[],
  axes: readonly string[],
  failed: readonly RunRow[] = [],
): string {
  const evidence = evidenceNames(cells);
  const failures = new Map<string, number>();
  const keyOf = (values: Readonly<Record<string, Json>>) => canonical(axisCells(axes, values));
  for (const row of failed) failures.set(keyOf(row.axes), (failures.get(keyOf(row.axes)) ?? 0) + 1);
  const judged = new Set(cells.map((cell) => keyOf(cell.axes)));
  const lost = new Map(failed.filter((row) => !judged.has(keyOf(row.axes))).map((row) => [keyOf(row.axes), row.axes]));
  const nothing = { n: 0, unlabelled: 0, label: undefined, probabilities: {}, evidence: {} };
  const all: readonly CellVerdict[] = [...cells, ...[...lost.values()].map((values) => ({ ...nothing, axes: values }))];
  return csvTable(
    [
      ...axes,
      ...['n', 'unlabelled', 'failed', 'copies', 'label'],
      ...labels.flatMap((label) => bandNames(`probability ${label}`)),
      ...evidence.flatMap(bandNames),
    ],
    all.map((cell) => [
      ...axisCells(axes, cell.axes),
      ...[cell.n, cell.unlabelled, failures.get(keyOf(cell.axes)) ?? 0, cell.copies ?? 0].map(String),
      cell.label ?? '',
      ...labels.flatMap((label) => banded(cell.probabilities[label])),
      ...evidence.flatMap((name) => banded(cell.evidence[name])),
    ]),
  );
}

/**
 * One row per crossing: `label` and `other label`, the axis `along` which they meet, the axes of the line (empty for
 * those that vary along it), the `position` on the axis with ` low` and ` high`, `level`, `found` and `n`.
 */
export function boundariesTable(boundaries: readonly Boundary[], axes: readonly string[]): string {
  return csvTable(
    ['label', 'other label', 'along', ...axes, ...bandNames('position'), 'level', 'found', 'n'],
    boundaries.flatMap(({ between, along, level, crossings }) =>
      crossings.map((crossing) => [
        ...between,
        along,
        ...axisCells(axes, crossing.at),
        ...banded(crossing),
        ...[level, crossing.found, crossing.n].map(number),
      ]),
    ),
  );
}
