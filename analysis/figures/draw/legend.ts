// The legend of a plot: symbols with their meaning, in rows below it, inside the file.
import type { Mark } from 'vega';
import { across, type Stroke } from './absence.js';
import { CHARACTER_WIDTH, EMPTY, FONT, HATCH, INK, STROKE, TEXT } from './style.js';
import { outline } from './text-marks.js';

export type LegendSymbol =
  /** A cell without a value. */
  | { readonly kind: 'absent'; readonly strokes: readonly Stroke[] }
  /** A cell of which some runs are left out. */
  | { readonly kind: 'partial'; readonly color: string }
  /** A cell whose value is uncertain. */
  | { readonly kind: 'uncertain'; readonly color: string }
  | { readonly kind: 'swatch'; readonly color: string }
  | { readonly kind: 'line'; readonly color: string; readonly dash?: readonly number[]; readonly band?: boolean }
  | { readonly kind: 'point'; readonly color: string }
  /** A point of which some runs are left out. */
  | { readonly kind: 'hollow'; readonly color: string }
  /** A point with its band. */
  | { readonly kind: 'boundary' };

export interface LegendItem {
  readonly symbol: LegendSymbol;
  readonly text: string;
}

/** Unit: pixels. */
const PATCH = 11;
const LINE_LENGTH = 18;
const PITCH = 15;
const AFTER_SYMBOL = 5;
const BETWEEN = 12;

/** Of a circle that is seen on every colour. */
export const DOT = {
  size: { value: 12 },
  fill: { value: 'white' },
  stroke: { value: INK },
  strokeWidth: { value: STROKE },
} as const;

const symbolWidth = ({ kind }: LegendSymbol) => (kind === 'line' ? LINE_LENGTH : PATCH);

/** @returns marks from (x, y) downwards, in rows that fit into `width`, and the height they take; 0 without items. */
export function legend(
  items: readonly LegendItem[],
  at: { readonly x: number; readonly y: number },
  width: number,
): { readonly marks: Mark[]; readonly height: number } {
  const marks: Mark[] = [];
  let x = 0;
  let row = 0;
  for (const { symbol, text } of items) {
    const textAt = symbolWidth(symbol) + AFTER_SYMBOL;
    const length = textAt + text.length * TEXT.small * CHARACTER_WIDTH.normal;
    if (x > 0 && x + length > width) {
      x = 0;
      row += 1;
    }
    const y = at.y + row * PITCH;
    marks.push(...symbolMarks(symbol, at.x + x, y), label(text, at.x + x + textAt, y + PATCH / 2));
    x += length + BETWEEN;
  }
  return { marks, height: items.length === 0 ? 0 : (row + 1) * PITCH };
}

function label(text: string, x: number, y: number): Mark {
  return {
    type: 'text',
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        text: { value: text },
        baseline: { value: 'middle' },
        font: { value: FONT },
        fontSize: { value: TEXT.small },
        fill: { value: INK },
      },
    },
  };
}

function symbolMarks(symbol: LegendSymbol, x: number, y: number): Mark[] {
  const middle = y + PATCH / 2;
  switch (symbol.kind) {
    case 'absent':
      return [
        patch(x, y, EMPTY),
        ...symbol.strokes.map((each) => {
          const box = { x0: x, x1: x + PATCH, xc: x + PATCH / 2, y0: y + PATCH, y1: y, yc: middle };
          const ends = across(box, each);
          return stroke([ends.x, ends.y], [ends.x2, ends.y2], HATCH, STROKE);
        }),
      ];
    case 'partial':
      return [patch(x, y, symbol.color), circle(x + PATCH / 2, middle, DOT)];
    case 'uncertain':
      return [patch(x, y, symbol.color), ...uncertainStrokes(x, y)];
    case 'swatch':
      return [patch(x, y, symbol.color), outline(x, y, PATCH, PATCH)];
    case 'line':
      return [
        ...(symbol.band ? [patch(x, y + 2, symbol.color, 0.22, LINE_LENGTH, PATCH - 4)] : []),
        stroke([x, middle], [x + LINE_LENGTH, middle], symbol.color, 1.2, symbol.dash),
      ];
    case 'boundary':
      return [
        stroke([x + PATCH / 2, y], [x + PATCH / 2, y + PATCH], INK, 1.1),
        circle(x + PATCH / 2, middle, { ...DOT, size: { value: 16 } }),
      ];
    case 'hollow':
      return [
        circle(x + PATCH / 2, middle, {
          size: { value: 16 },
          fill: { value: 'white' },
          stroke: { value: symbol.color },
          strokeWidth: { value: 1 },
        }),
      ];
    case 'point':
      return [circle(x + PATCH / 2, middle, { size: { value: 18 }, fill: { value: symbol.color } })];
  }
}

function uncertainStrokes(x: number, y: number): Mark[] {
  const half = PATCH / 2;
  const lines: [[number, number], [number, number]][] = [
    [
      [x, y + half],
      [x + half, y],
    ],
    [
      [x, y + PATCH],
      [x + PATCH, y],
    ],
    [
      [x + half, y + PATCH],
      [x + PATCH, y + half],
    ],
  ];
  // As on the map: light with a dark rim.
  return [
    ...lines.map(([from, to]) => stroke(from, to, INK, 1.6)),
    ...lines.map(([from, to]) => stroke(from, to, 'white', 0.7)),
  ];
}

function patch(x: number, y: number, color: string, opacity = 1, width = PATCH, height = PATCH): Mark {
  return {
    type: 'rect',
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        width: { value: width },
        height: { value: height },
        fill: { value: color },
        fillOpacity: { value: opacity },
      },
    },
  };
}

function circle(x: number, y: number, style: object): Mark {
  return { type: 'symbol', encode: { enter: { x: { value: x }, y: { value: y }, ...style } } };
}

function stroke(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string,
  width: number,
  dash?: readonly number[],
): Mark {
  return {
    type: 'rule',
    encode: {
      enter: {
        x: { value: from[0] },
        y: { value: from[1] },
        x2: { value: to[0] },
        y2: { value: to[1] },
        stroke: { value: color },
        strokeWidth: { value: width },
        ...(dash ? { strokeDash: { value: [...dash] } } : {}),
      },
    },
  };
}
