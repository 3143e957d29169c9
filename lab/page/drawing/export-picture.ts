// A picture of the page as a file, or the numbers that were drawn.
import type { FigureOrigin } from '../../../analysis/figures/figure-origin.js';
import { study } from '../state.js';
import { VERSION } from '../version.js';
import { download } from './download.js';
import { type Figure, figurePng, figureSvg } from './export-figure.js';

export const EXPORT_FORMATS = ['svg', 'png', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface Picture extends Pick<Figure, 'width' | 'height' | 'draw'> {
  /** What was drawn, with N; stands below the title. */
  readonly sample: string;
  /** The numbers that were drawn. */
  readonly csv: string;
}

/** SHA-256 of the numbers, as much of it as other figures say. */
async function nameData(csv: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(csv)));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function originOf(title: string, { sample, csv }: Picture): Promise<FigureOrigin> {
  const about = study.value?.title;
  return {
    // A map that its study names no further has the title of the study.
    title: about && about !== title ? `${title}: ${about}` : title,
    sample,
    data: await nameData(csv),
    // What follows the page in its address is its state; the address itself is nobody's business.
    command: `eigenflow lab ${location.hash}`.trim(),
    version: VERSION,
  };
}

/** @param name of the file @throws Error where the browser cannot */
export async function exportPicture(name: string, title: string, picture: Picture, format: ExportFormat) {
  const file = `${name}.${format}`;
  if (format === 'csv') {
    download(file, picture.csv, 'text/csv');
    return;
  }
  const figure = { ...picture, origin: await originOf(title, picture) };
  if (format === 'svg') download(file, figureSvg(figure), 'image/svg+xml');
  else download(file, await figurePng(figure), 'image/png');
}
