// A picture of the page as a file: drawn anew on white, under its title and its sample, with the metadata that all figures of
// eigenflow carry.

import { wrapText } from '../../../analysis/figures/draw/format.js';
import { CHARACTER_WIDTH } from '../../../analysis/figures/draw/style.js';
import { type FigureOrigin, pngOrigin, svgOrigin } from '../../../analysis/figures/figure-origin.js';
import { addPngText } from '../../../node/files/png-text.js';
import { canvasSurface } from './canvas-surface.js';
import type { Box, Surface } from './surface.js';
import { svgSurface } from './svg-surface.js';
import { PAPER, type Theme } from './theme.js';

export interface Figure {
  /** Unit: pixels. */
  readonly width: number;
  readonly height: number;
  readonly origin: FigureOrigin;
  draw(surface: Surface, box: Box, theme: Theme): void;
}

/** Pixels of a PNG for each pixel of the figure: 288 to the inch, as other figures have it. */
const PNG_SCALE = 3;
const TITLE = 13;
const SAMPLE = 10;
const MARGIN = 10;

interface Page {
  readonly width: number;
  readonly height: number;
  draw(surface: Surface): void;
}

function layOut({ width, height, origin, draw }: Figure): Page {
  const fitting = (size: number, weight: keyof typeof CHARACTER_WIDTH) =>
    Math.floor((width - 2 * MARGIN) / (size * CHARACTER_WIDTH[weight]));
  const title = wrapText(origin.title, fitting(TITLE, 'bold'));
  const sample = wrapText(origin.sample, fitting(SAMPLE, 'normal'));
  const titleHeight = title.length * 1.3 * TITLE;
  const head = MARGIN + titleHeight + sample.length * 1.4 * SAMPLE + 6;
  const page = { width, height: Math.ceil(head + height + MARGIN) };
  return {
    ...page,
    draw(surface) {
      surface.rect({ x: 0, y: 0, ...page }, { color: PAPER.paper });
      title.forEach((text, i) => {
        surface.text(text, MARGIN, MARGIN + TITLE + i * 1.3 * TITLE, { color: PAPER.ink, size: TITLE, bold: true });
      });
      sample.forEach((text, i) => {
        const y = MARGIN + titleHeight + SAMPLE + i * 1.4 * SAMPLE;
        surface.text(text, MARGIN, y, { color: PAPER.faint, size: SAMPLE });
      });
      draw(surface, { x: MARGIN / 2, y: head, width: width - MARGIN, height }, PAPER);
    },
  };
}

export function figureSvg(figure: Figure): string {
  const { width, height, draw } = layOut(figure);
  const surface = svgSurface();
  draw(surface);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${svgOrigin(figure.origin)}\n${surface.content()}\n</svg>\n`;
}

/** @throws Error where the browser makes no image */
export async function figurePng(figure: Figure): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, draw } = layOut(figure);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: PNG_SCALE * width, height: PNG_SCALE * height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no images');
  context.scale(PNG_SCALE, PNG_SCALE);
  draw(canvasSurface(context));
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('this browser has made no image');
  return addPngText(new Uint8Array(await blob.arrayBuffer()), pngOrigin(figure.origin));
}
