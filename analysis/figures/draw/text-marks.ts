// Text and frames in figures. All positions are in pixels from the corner of the plot.
import type { Mark } from 'vega';
import { FONT, fittingSize, INK, LINE_HEIGHT, STROKE } from './style.js';
import type { Tick } from './ticks.js';

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

/** An expression that looks the label of a tick up: Vega's own number formats know no powers. */
export function tickText(ticks: readonly Tick[]): string {
  return `(${JSON.stringify(Object.fromEntries(ticks.map(({ value, label }) => [String(value), label])))})[datum.value]`;
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
