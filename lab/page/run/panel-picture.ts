// A panel of a run as it is kept: with the place of the run, and its numbers.
import { csvTable, numberCell } from '../../../node/files/csv-cell.js';
import type { Picture } from '../drawing/export-picture.js';
import { clock, place } from '../state.js';
import type { PanelView } from './panel.js';

export function csvOf({ header, rows }: PanelView['table']): string {
  return csvTable(
    header,
    rows.map((row) => row.map(numberCell)),
  );
}

/** "learningRate 0.1, initialWidth 1, seed 0, step 1200" */
function sayPlace(): string {
  const values = Object.entries(place.value?.at ?? {}).map(
    ([path, value]) => `${path} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [...values, `seed ${place.value?.seed ?? 0}`, `step ${clock.value.step}`].join(', ');
}

/** @param view undefined while there is nothing to see */
export function panelPicture(view: PanelView | undefined, width = 420, height = 300): Picture | undefined {
  if (!view) return undefined;
  const { draw, table, caption } = view;
  return { width, height, draw, csv: csvOf(table), sample: `one run, ${sayPlace()}; ${caption}` };
}
