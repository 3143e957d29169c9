// A weight matrix as an image, with hues that part at 0.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import { colorAlong, channels as colorChannels, DIVERGING } from '../../../analysis/figures/draw/palette.js';
import { TICK_TEXT } from '../drawing/axes.js';
import { roundUp } from '../drawing/scale.js';
import type { Pixels } from '../drawing/surface.js';
import type { CreatePanel } from './panel.js';

/** Colours are looked up: a large matrix has more entries than there are shades. */
const SHADES = Array.from({ length: 256 }, (_, i) => colorChannels(colorAlong(DIVERGING, i / 255)));

/** @param limit of the scale on either side of 0 */
export function weightPixels(data: ArrayLike<number>, columns: number, limit: number): Pixels {
  const rgba = new Uint8ClampedArray(4 * data.length);
  for (let i = 0; i < data.length; i++) {
    const place = Math.min(1, Math.max(0, 0.5 + data[i] / (2 * limit)));
    const [red, green, blue] = SHADES[Number.isNaN(place) ? 128 : Math.round(255 * place)];
    rgba.set([red, green, blue, 255], 4 * i);
  }
  return { columns, rows: data.length / columns, rgba };
}

const BAR = 10;
/** Room of the numbers beside the bar. */
const BESIDE = 40;

export const createWeightsPanel: CreatePanel = ({ roles, missing }) => {
  const channel = roles.weights;
  if (!channel) return { missing: missing.weights ?? 'this model has no matrix of weights' };
  let limit = 0;
  return (trail) => {
    const weights = trail.latest(channel);
    if (!weights) return undefined;
    const { data, shape } = weights;
    const [rows, columns] = shape;
    const size = data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    // Kept while the weights fill half of it.
    if (size > limit || size < 0.4 * limit) limit = roundUp(size || 1);
    return {
      caption: `${rows} × ${columns}, largest |weight| ${formatNumber(Number(size.toPrecision(2)))}`,
      description: `matrix of ${rows} rows and ${columns} columns, largest absolute weight ${formatNumber(size)}`,
      draw(surface, { x, y, width, height }, theme) {
        const room = { width: width - BAR - BESIDE - 20, height: height - 20 };
        const cell = Math.min(room.width / columns, room.height / rows);
        const stretched = cell < 1;
        const image = stretched ? room : { width: cell * columns, height: cell * rows };
        const left = x + 8 + (room.width - image.width) / 2;
        const top = y + 8 + (room.height - image.height) / 2;
        surface.image(weightPixels(data, columns, limit), { x: left, y: top, ...image });
        const bar = { x: x + width - BAR - BESIDE, y: y + 8, width: BAR, height: room.height };
        const shades = Float64Array.from({ length: 64 }, (_, i) => limit * (1 - (2 * (i + 0.5)) / 64));
        surface.image(weightPixels(shades, 1, limit), bar);
        for (const value of [limit, 0, -limit]) {
          const at = bar.y + (bar.height * (1 - value / limit)) / 2;
          const text = { color: theme.faint, size: TICK_TEXT, across: 'middle' } as const;
          surface.text(
            formatNumber(value),
            bar.x + BAR + 4,
            Math.min(bar.y + bar.height - 5, Math.max(bar.y + 5, at)),
            text,
          );
        }
      },
      table: {
        header: Array.from({ length: columns }, (_, column) => `column ${column + 1}`),
        rows: Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns))),
      },
    };
  };
};
