// Drawing into an SVG, with text as text.
import { FONT } from '../../../analysis/figures/draw/style.js';
import { richText } from '../../../analysis/figures/rich-text.js';
import { escapeXml } from '../../../node/files/xml.js';
import { encodePng } from './png.js';
import type { Box, Fill, Stroke, Surface } from './surface.js';

/** A hundredth of a pixel is not seen. */
const short = (value: number) => String(Math.round(value * 100) / 100);

function points(xs: ArrayLike<number>, ys: ArrayLike<number>): string {
  let path = '';
  let drawing = false;
  for (let i = 0; i < xs.length; i++) {
    const known = Number.isFinite(xs[i]) && Number.isFinite(ys[i]);
    if (known) path += `${drawing ? 'L' : 'M'}${short(xs[i])} ${short(ys[i])}`;
    drawing = known;
  }
  return path;
}

const filled = ({ color, opacity = 1 }: Fill) => `fill="${color}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ''}`;

function stroked({ color, width = 1, opacity = 1, dash = [] }: Stroke): string {
  const faint = opacity < 1 ? ` stroke-opacity="${opacity}"` : '';
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"${faint}${dashes}`;
}

const placed = ({ x, y, width, height }: Box) =>
  `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;

const round = (x: number, y: number, radius: number) => `cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"`;

export interface SvgSurface extends Surface {
  /** The elements that have been drawn. */
  content(): string;
}

export function svgSurface(): SvgSurface {
  const elements: string[] = [];
  let clips = 0;
  return {
    content: () => elements.join('\n'),
    polyline(xs, ys, stroke) {
      elements.push(`<path d="${points(xs, ys)}" ${stroked(stroke)}/>`);
    },
    polygon(xs, ys, fill) {
      elements.push(`<path d="${points(xs, ys)}Z" ${filled(fill)}/>`);
    },
    rect(box, fill) {
      elements.push(`<rect ${placed(box)} ${filled(fill)}/>`);
    },
    frame(box, stroke) {
      elements.push(`<rect ${placed(box)} ${stroked(stroke)}/>`);
    },
    disc(x, y, radius, fill) {
      elements.push(`<circle ${round(x, y, radius)} ${filled(fill)}/>`);
    },
    ring(x, y, radius, stroke) {
      elements.push(`<circle ${round(x, y, radius)} ${stroked(stroke)}/>`);
    },
    text(text, x, y, { color, size, align = 'start', across = 'baseline', bold, upright }) {
      const down = across === 'middle' ? 0.36 * size : 0;
      const [atX, atY] = upright ? [x + down, y] : [x, y + down];
      const turned = upright ? ` transform="rotate(-90 ${short(atX)} ${short(atY)})"` : '';
      const attributes = `font-family="${FONT}" font-size="${size}px"${bold ? ' font-weight="bold"' : ''}`;
      const place = `x="${short(atX)}" y="${short(atY)}" text-anchor="${align}"${turned}`;
      elements.push(`<text ${place} ${attributes} fill="${color}">${richText(escapeXml(text), size)}</text>`);
    },
    image({ columns, rows, rgba }, box) {
      const png = btoa(Array.from(encodePng(columns, rows, rgba), (byte) => String.fromCharCode(byte)).join(''));
      const look = 'preserveAspectRatio="none" style="image-rendering:pixelated"';
      elements.push(`<image ${placed(box)} ${look} href="data:image/png;base64,${png}"/>`);
    },
    clipped(box, draw) {
      const id = `clip${clips}`;
      clips += 1;
      elements.push(`<clipPath id="${id}"><rect ${placed(box)}/></clipPath><g clip-path="url(#${id})">`);
      draw();
      elements.push('</g>');
    },
  };
}
