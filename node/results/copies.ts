// Runs that repeat another one to the last bit of the weights, as all seeds of a cell do where nothing is drawn. They are
// no further realisations: whoever counts leaves out those that are marked here.
import { canonical } from '../../core/scenario/identity.js';
import type { RunRow } from './runs-table.js';

/**
 * Marks every run that went the same way as an earlier one of its group. A run that noted no trajectory, as those that were
 * stored by older versions, is taken for one of its own.
 *
 * @param groupOf runs of different groups are never compared; default: those of one cell are
 * @param placeOf the order within a group, which becomes `copyOf`; default: the seed
 */
export function markCopies(
  rows: readonly RunRow[],
  groupOf: (row: RunRow) => string = ({ axes }) => canonical(axes),
  placeOf: (row: RunRow, index: number) => number = ({ seed }) => seed,
): RunRow[] {
  const first = new Map<string, number>();
  const keys = rows.map((row) => (row.trajectory === undefined ? undefined : `${row.trajectory} ${groupOf(row)}`));
  rows.forEach((row, i) => {
    const key = keys[i];
    const place = placeOf(row, i);
    if (key !== undefined) first.set(key, Math.min(place, first.get(key) ?? place));
  });
  return rows.map((row, i) => {
    const original = first.get(keys[i] ?? '');
    const { copyOf: _copyOf, ...own } = row;
    return original === undefined || original === placeOf(row, i) ? own : { ...own, copyOf: original };
  });
}

/** The realisations of a comparison are cells of one axis: marks those that repeat another, by their place in the list. */
export const markRepeated = (rows: readonly RunRow[]): RunRow[] =>
  markCopies(
    rows,
    () => '',
    (_row, place) => place,
  );
