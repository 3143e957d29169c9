// How figures look, beside what they show: as they come, with title and sample, or bare, for the page of a paper.

import type { FigureWidth } from '../../../core/contracts/figure.js';
import { EigenflowError } from '../../../core/errors.js';
import { FIGURE_WIDTH, TEXT } from './style.js';

export interface FigureLook {
  /** Without title, sample and small print, which then belong into the caption. Default false. */
  readonly bare?: boolean;
  /** Of a journal, or in inches. Default: that of each figure. */
  readonly width?: FigureWidth | number;
  /** Size of the labels of axes; unit: points. Ticks have 0.9 and legends 0.85 of it. Default 7.5. */
  readonly fontSize?: number;
  /** A family that comes with eigenflow, or the path of a font file. Default `DejaVu Sans`. */
  readonly font?: string;
}

/** Limits of what can be drawn so that it can be read: inches, and points. */
const WIDTHS = [1.5, 30] as const;
const SIZES = [4, 30] as const;

/** Points of a label as it is laid out. */
const POINTS = TEXT.label * 0.75;

export interface Sizes {
  /** Of the page as it is laid out, with letters of the usual size; unit: pixels. */
  readonly width: number;
  /** From the layout to what is drawn. */
  readonly scale: number;
  /** As wide as the page of a journal: panels stand side by side. */
  readonly isPage: boolean;
}

/**
 * A figure is laid out with letters of one size and then scaled: so letters, lines and marks keep their proportions.
 *
 * @throws EigenflowError `scenario` for a width or a size that cannot be drawn
 */
export function sizesOf({ width = 'column', fontSize = POINTS }: Pick<FigureLook, 'width' | 'fontSize'>): Sizes {
  const inches = typeof width === 'number' ? width : FIGURE_WIDTH[width] / 96;
  const within = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;
  if (!within(inches, WIDTHS)) {
    throw new EigenflowError('scenario', 'width', `is ${inches} inches; between ${WIDTHS.join(' and ')} can be drawn`);
  }
  if (!within(fontSize, SIZES)) {
    throw new EigenflowError(
      'scenario',
      'font size',
      `is ${fontSize} points; between ${SIZES.join(' and ')} can be drawn`,
    );
  }
  const scale = fontSize / POINTS;
  const layout = (inches * 96) / scale;
  if (layout < LEAST_LAYOUT) {
    const most = Math.floor((10 * POINTS * inches * 96) / LEAST_LAYOUT) / 10;
    throw new EigenflowError(
      'scenario',
      'font size',
      `${fontSize} points leave no room for a plot in ${Number(inches.toFixed(2))} inches; take ${most} at most, or a wider figure`,
    );
  }
  return { width: layout, scale, isPage: inches >= PAGE };
}

/** Below this a plot has no room beside its labels; unit: pixels. */
const LEAST_LAYOUT = 150;
/** From so many inches on panels stand side by side. */
const PAGE = 4.5;

/** What the command line has to say to draw it so; '' for a figure as it comes. */
export function lookOptions({ bare, width, fontSize, font }: FigureLook): string {
  return [
    ...(bare ? ['--bare'] : []),
    ...(width === undefined ? [] : [`--width ${width}`]),
    ...(fontSize === undefined ? [] : [`--font-size ${fontSize}`]),
    ...(font === undefined ? [] : [`--font "${font}"`]),
  ]
    .map((option) => ` ${option}`)
    .join('');
}
