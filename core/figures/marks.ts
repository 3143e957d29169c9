// Pieces that figures share: lines of text, hatched patches, colour bars, axis ticks. All positions are in pixels from
// the corner of the plot.
import type { ColorValueRef, Mark, ProductionRule } from 'vega';
import { BAR_WIDTH, EMPTY, FONT, fittingSize, HATCH, INK, LINE_HEIGHT, STROKE, TEXT } from './style.js';
import type { Tick } from './ticks.js';

export type Fill = ProductionRule<ColorValueRef>;

/** Lines of text, one mark each, so that the SVG holds them as text; `y` is the baseline of the first. */
export function textLines(
  lines: readonly string[],
  at: { readonly x: number; readonly y: number },
  style: { readonly size: number; readonly weight?: 'bold'; readonly color?: string; readonly align?: 'center' },
): Mark[] {
  return lines.map(
    (line, i): Mark => ({
      type: 'text',
      encode: {
        enter: {
          x: { value: at.x },
          y: { value: at.y + i * style.size * LINE_HEIGHT },
          text: { value: line },
          font: { value: FONT },
          fontSize: { value: style.size },
          fontWeight: { value: style.weight ?? 'normal' },
          align: { value: style.align ?? 'left' },
          fill: { value: style.color ?? INK },
        },
      },
    }),
  );
}

/** A label turned to read upwards, centred on a point; smaller where it would be longer than `room` pixels. */
export function uprightLabel(text: string, x: number, y: number, room: number): Mark {
  return {
    type: 'text',
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        text: { value: text },
        angle: { value: -90 },
        align: { value: 'center' },
        font: { value: FONT },
        fontSize: { value: fittingSize(text, room) },
        fill: { value: INK },
      },
    },
  };
}

/** The outline of a box. */
export function outline(x: number, y: number, width: number, height: number): Mark {
  return {
    type: 'rect',
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        width: { value: width },
        height: { value: height },
        stroke: { value: INK },
        strokeWidth: { value: STROKE },
      },
    },
  };
}

/** An expression that looks the label of a tick up: Vega's own number formats know no powers. */
export function tickText(ticks: readonly Tick[]): string {
  return `(${JSON.stringify(Object.fromEntries(ticks.map(({ value, label }) => [String(value), label])))})[datum.value]`;
}

/** Cells as boxes; the data have x0, x1, y0 and y1 in units of the scales. */
export function boxes(data: string, fill: Fill): Mark {
  return {
    type: 'rect',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x0' },
        x2: { scale: 'x', field: 'x1' },
        y: { scale: 'y', field: 'y1' },
        y2: { scale: 'y', field: 'y0' },
        fill,
        // Closes the hairlines that renderers leave between touching cells.
        stroke: fill,
        strokeWidth: { value: 1 },
      },
    },
  };
}

/** Diagonals of the same boxes: rising in all, falling too where `crossed` is true of the datum. */
export function diagonals(data: string, crossed: string): Mark[] {
  const diagonal = (from: string, to: string, opacity: string): Mark => ({
    type: 'rule',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x0' },
        x2: { scale: 'x', field: 'x1' },
        y: { scale: 'y', field: from },
        y2: { scale: 'y', field: to },
        stroke: { value: HATCH },
        strokeWidth: { value: STROKE },
        opacity: { signal: opacity },
      },
    },
  });
  return [diagonal('y0', 'y1', '1'), diagonal('y1', 'y0', `${crossed} ? 1 : 0`)];
}

/** Small circles that are seen on every colour; the data have xc and yc in units of the scales. */
export function dots(data: string): Mark {
  return {
    type: 'symbol',
    from: { data },
    encode: { enter: { x: { scale: 'x', field: 'xc' }, y: { scale: 'y', field: 'yc' }, ...DOT } },
  };
}

const DOT = {
  size: { value: 12 },
  fill: { value: 'white' },
  stroke: { value: INK },
  strokeWidth: { value: STROKE },
} as const;

const PATCH = 11;

/** Legend of what is drawn instead of a colour; the data have y, text and kind. */
export function patchLegend(data: string): Mark[] {
  const diagonal = (from: number, to: number, opacity: string): Mark => ({
    type: 'rule',
    from: { data },
    encode: {
      enter: {
        x: { value: 0 },
        x2: { value: PATCH },
        y: { field: 'y', offset: from },
        y2: { field: 'y', offset: to },
        stroke: { value: HATCH },
        strokeWidth: { value: STROKE },
        opacity: { signal: opacity },
      },
    },
  });
  return [
    {
      type: 'rect',
      from: { data },
      encode: {
        enter: {
          width: { value: PATCH },
          y: { field: 'y' },
          height: { value: PATCH },
          // Any colour of the scale would do under the circle: it stands for a cell with a value.
          fill: { signal: `datum.kind === 'partial' ? '#bb3754' : '${EMPTY}'` },
        },
      },
    },
    diagonal(PATCH, 0, "datum.kind === 'partial' ? 0 : 1"),
    diagonal(0, PATCH, "datum.kind === 'diverged' ? 1 : 0"),
    {
      type: 'symbol',
      from: { data },
      encode: {
        enter: {
          x: { value: PATCH / 2 },
          y: { field: 'y', offset: PATCH / 2 },
          ...DOT,
          opacity: { signal: "datum.kind === 'partial' ? 1 : 0" },
        },
      },
    },
    {
      type: 'text',
      from: { data },
      encode: {
        enter: {
          x: { value: PATCH + 6 },
          y: { field: 'y', offset: PATCH / 2 },
          text: { field: 'text' },
          baseline: { value: 'middle' },
          font: { value: FONT },
          fontSize: { value: TEXT.small },
          fill: { value: INK },
        },
      },
    },
  ];
}

/**
 * A colour bar made of thin slices (a gradient would be interpolated in other colours than the scale), with ticks.
 *
 * @param slices data with from, to and value in units of the scale `bar`
 * @param ticks data with value and label
 */
export function colorBar(slices: string, ticks: string, x: number, height: number): Mark[] {
  const right = x + BAR_WIDTH;
  const fill: Fill = { scale: 'color', field: 'value' };
  return [
    {
      type: 'rect',
      from: { data: slices },
      encode: {
        enter: {
          x: { value: x },
          width: { value: BAR_WIDTH },
          y: { scale: 'bar', field: 'to' },
          y2: { scale: 'bar', field: 'from' },
          fill,
          stroke: fill,
          strokeWidth: { value: 1 },
        },
      },
    },
    outline(x, 0, BAR_WIDTH, height),
    {
      type: 'rule',
      from: { data: ticks },
      encode: {
        enter: {
          x: { value: right },
          x2: { value: right + 3 },
          y: { scale: 'bar', field: 'value' },
          stroke: { value: INK },
          strokeWidth: { value: STROKE },
        },
      },
    },
    {
      type: 'text',
      from: { data: ticks },
      encode: {
        enter: {
          x: { value: right + 5 },
          y: { scale: 'bar', field: 'value' },
          text: { field: 'label' },
          baseline: { value: 'middle' },
          font: { value: FONT },
          fontSize: { value: TEXT.tick },
          fill: { value: INK },
        },
      },
    },
  ];
}

/** Slices of a colour bar between two limits. */
export function barSlices([low, high]: readonly [number, number], kind: 'log' | 'linear', count = 128) {
  const at = (part: number) => (kind === 'log' ? low * (high / low) ** part : low + part * (high - low));
  return Array.from({ length: count }, (_, i) => ({
    value: at((i + 0.5) / count),
    from: at(i / count),
    to: at((i + 1) / count),
  }));
}
