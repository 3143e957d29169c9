// A panel of a run as a file.
import type { FigureOrigin } from '../../../analysis/figures/figure-origin.js';
import { csvTable, numberCell } from '../../../node/files/csv-cell.js';
import { download } from '../drawing/download.js';
import { figurePng, figureSvg } from '../drawing/export-figure.js';
import { clock, place, study } from '../state.js';
import { VERSION } from '../version.js';
import type { PanelView } from './panel.js';

export const EXPORT_FORMATS = ['svg', 'png', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedPanel {
  /** Of the file. */
  readonly name: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly view: PanelView;
}

export function csvOf({ header, rows }: PanelView['table']): string {
  return csvTable(
    header,
    rows.map((row) => row.map(numberCell)),
  );
}

/** SHA-256 of the numbers, as much of it as other figures say. */
async function nameData(csv: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(csv)));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** "learningRate 0.1, initialWidth 1, seed 0, step 1200" */
function sayPlace(): string {
  const values = Object.entries(place.value?.at ?? {}).map(
    ([path, value]) => `${path} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [...values, `seed ${place.value?.seed ?? 0}`, `step ${clock.value.step}`].join(', ');
}

async function originOf({ title, view }: ExportedPanel, csv: string): Promise<FigureOrigin> {
  const about = study.value?.title;
  return {
    title: about ? `${title}: ${about}` : title,
    sample: `one run, ${sayPlace()}; ${view.caption}`,
    data: await nameData(csv),
    // What follows the page in its address is its state; the address itself is nobody's business.
    command: `eigenflow lab ${location.hash}`.trim(),
    version: VERSION,
  };
}

/** @throws Error where the browser cannot */
export async function exportPanel(panel: ExportedPanel, format: ExportFormat): Promise<void> {
  const { name, width, height, view } = panel;
  const csv = csvOf(view.table);
  if (format === 'csv') {
    download(`${name}.csv`, csv, 'text/csv');
    return;
  }
  const figure = { width, height, origin: await originOf(panel, csv), draw: view.draw };
  if (format === 'svg') download(`${name}.svg`, figureSvg(figure), 'image/svg+xml');
  else download(`${name}.png`, await figurePng(figure), 'image/png');
}
