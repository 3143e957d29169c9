// Drawing on a canvas.
import { FONT } from '../../../analysis/figures/draw/style.js';
import type { Pixels, Stroke, Surface, TextStyle } from './surface.js';

type Context = CanvasRenderingContext2D;

function tracePoints(context: Context, xs: ArrayLike<number>, ys: ArrayLike<number>): void {
  context.beginPath();
  let drawing = false;
  for (let i = 0; i < xs.length; i++) {
    const known = Number.isFinite(xs[i]) && Number.isFinite(ys[i]);
    if (known && drawing) context.lineTo(xs[i], ys[i]);
    else if (known) context.moveTo(xs[i], ys[i]);
    drawing = known;
  }
}

function applyStroke(context: Context, { color, width = 1, opacity = 1, dash = [] }: Stroke): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.globalAlpha = opacity;
  context.setLineDash([...dash]);
}

function writeText(context: Context, text: string, x: number, y: number, style: TextStyle): void {
  const { align = 'start', across = 'baseline' } = style;
  context.globalAlpha = 1;
  context.fillStyle = style.color;
  context.font = `${style.bold ? 'bold ' : ''}${style.size}px ${FONT}`;
  context.textAlign = align === 'middle' ? 'center' : align;
  context.textBaseline = across === 'middle' ? 'middle' : 'alphabetic';
  if (!style.upright) {
    context.fillText(text, x, y);
    return;
  }
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.fillText(text, 0, 0);
  context.restore();
}

function imageOf({ columns, rows, rgba }: Pixels): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  image.data.set(rgba);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** @param context whose unit is a CSS pixel */
export function canvasSurface(context: Context): Surface {
  context.lineJoin = 'round';
  const surface: Surface = {
    polyline(xs, ys, stroke) {
      applyStroke(context, stroke);
      tracePoints(context, xs, ys);
      context.stroke();
    },
    polygon(xs, ys, { color, opacity = 1 }) {
      context.globalAlpha = opacity;
      context.fillStyle = color;
      tracePoints(context, xs, ys);
      context.fill();
    },
    rect({ x, y, width, height }, { color, opacity = 1 }) {
      context.globalAlpha = opacity;
      context.fillStyle = color;
      context.fillRect(x, y, width, height);
    },
    frame({ x, y, width, height }, stroke) {
      applyStroke(context, stroke);
      context.strokeRect(x, y, width, height);
    },
    disc(x, y, radius, { color, opacity = 1 }) {
      context.globalAlpha = opacity;
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    },
    ring(x, y, radius, stroke) {
      applyStroke(context, stroke);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    },
    text: (text, x, y, style) => writeText(context, text, x, y, style),
    image(pixels, { x, y, width, height }) {
      context.globalAlpha = 1;
      // Cells smaller than a pixel are averaged, larger ones keep their edges.
      context.imageSmoothingEnabled = pixels.columns > 2 * width || pixels.rows > 2 * height;
      context.drawImage(imageOf(pixels), x, y, width, height);
    },
    clipped({ x, y, width, height }, draw) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
    },
  };
  return surface;
}
