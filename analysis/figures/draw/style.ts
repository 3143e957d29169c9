// One look for all figures: sizes for a journal column at 96 pixels an inch, a font that is shipped, inks. The colours of
// values and labels are in palette.ts.
import type { FigureWidth } from '../../../core/contracts/figure.js';

/** Inches: 3.4 for one column, 7 for two. */
export const FIGURE_WIDTH: Readonly<Record<FigureWidth, number>> = { column: 3.4 * 96, page: 7 * 96 };

/** DejaVu Sans has every symbol that a label may need; Verdana shares its metrics. */
export const FONT = 'DejaVu Sans, Verdana, sans-serif';
/** Average width of a character over the font size, measured on English text; for breaking lines. */
export const CHARACTER_WIDTH = { normal: 0.56, bold: 0.63 } as const;
/** The same of what numbers are written with, as DejaVu Sans has it: digits, points, signs and raised digits. */
const DIGIT_WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[0-9]/g, 0.637],
  [/\./g, 0.318],
  [/[×−+]/g, 0.838],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, 0.401],
];

/** Width of a tick's label: exact for numbers as they are written, about that of words; unit: pixels. */
export function numberWidth(label: string, fontSize: number): number {
  const counts = DIGIT_WIDTHS.map(([characters, width]) => ({ n: label.match(characters)?.length ?? 0, width }));
  const others = counts.reduce((left, { n }) => left - n, label.length);
  return fontSize * counts.reduce((sum, { n, width }) => sum + n * width, others * CHARACTER_WIDTH.bold);
}

/** Font sizes; unit: pixels. */
export const TEXT = { title: 11, label: 10, tick: 9, small: 8.5 } as const;
/** Baselines of successive lines, in font sizes. */
export const LINE_HEIGHT = 1.3;

/** Width of frames, ticks and hatching, and of a colour bar; unit: pixels. */
export const STROKE = 0.8;
export const BAR_WIDTH = 11;

export const INK = '#1a1a1a';
export const FAINT = '#6b6b6b';
export const EMPTY = '#e4e4e4';
export const HATCH = '#7d7d7d';

/** Of elements in their order: perceptually uniform and monotone in lightness. */
export const ORDERED = 'viridis';

/** Defaults that every specification shares. */
export const CONFIG = {
  background: 'white',
  axis: {
    // The frame around the plot is drawn once, by itself.
    domain: false,
    tickColor: INK,
    labelColor: INK,
    labelFont: FONT,
    labelFontSize: TEXT.tick,
    tickSize: 4,
    tickWidth: STROKE,
  },
} as const;

/** Characters of this font size that fit into a width in pixels. */
export function charactersIn(width: number, fontSize: number, weight: 'normal' | 'bold' = 'normal'): number {
  return Math.max(8, Math.floor(width / (fontSize * CHARACTER_WIDTH[weight])));
}

/** Space that the longest of some labels takes beside an axis, with the tick and a gap; unit: pixels. */
export function labelSpace(labels: readonly string[]): number {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  return 8 + longest * TEXT.tick * CHARACTER_WIDTH.normal;
}

/** The size of a label, or as much less as makes it fit, but never too small to read. */
export function fittingSize(label: string, room: number): number {
  return Math.max(6, Math.min(TEXT.label, room / (label.length * CHARACTER_WIDTH.normal)));
}
