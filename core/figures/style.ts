// One look for all figures: sizes for a journal column at 96 pixels an inch, a font that is shipped, colours that
// survive colour blindness and grey printing.

/** One column of a journal, or the whole page. */
export type FigureWidth = 'column' | 'page';

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

/** Width of a number as it is written; unit: pixels. */
export function numberWidth(label: string, fontSize: number): number {
  const counts = DIGIT_WIDTHS.map(([characters, width]) => (label.match(characters)?.length ?? 0) * width);
  return fontSize * counts.reduce((sum, width) => sum + width, 0);
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

/** Perceptually uniform and monotone in lightness. */
export const SEQUENTIAL = 'inferno';
export const ORDERED = 'viridis';
/** Two hues that no kind of colour blindness confuses, light in the middle. */
export const DIVERGING = 'purpleorange';

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

/** Okabe and Ito's colours without yellow, which is lost on white: told apart with any colour vision. */
export const CATEGORIES = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#000000'] as const;

/** Viridis at eight places, without its lightest end. */
const ORDERED_COLORS = ['#440154', '#472f7d', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#8fd744'];

/** Of the label or series with this number. */
export const categoryColor = (i: number) =>
  CATEGORIES[((i % CATEGORIES.length) + CATEGORIES.length) % CATEGORIES.length];

/** A few categories, or many steps of one ordered scale. */
export function seriesColors(count: number): string[] {
  if (count <= 4) return CATEGORIES.slice(0, count);
  return Array.from({ length: count }, (_, i) => {
    const place = (i / (count - 1)) * (ORDERED_COLORS.length - 1);
    const below = Math.min(Math.floor(place), ORDERED_COLORS.length - 2);
    return mix(ORDERED_COLORS[below], ORDERED_COLORS[below + 1], place - below);
  });
}

/** A colour between two, given as #rrggbb. */
export function mix(a: string, b: string, part: number): string {
  const channel = (color: string, i: number) => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(a, i) + part * (channel(b, i) - channel(a, i))));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
