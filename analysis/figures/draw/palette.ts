// The colours of values and of labels, as numbers: figures, their legends and the terminal show the same ones.
import { PHASES } from '../../../core/contracts/classifier.js';
import { power } from '../../../core/kernels/elementary.js';

/** Inferno at 17 even places: perceptually uniform and monotone in lightness. */
export const SEQUENTIAL = [
  ...['#000004', '#0b0724', '#210c4a', '#3c0a65', '#57106d', '#70196e', '#89226a', '#a32c61', '#bb3755'],
  ...['#d14545', '#e45933', '#f1721e', '#fa8d0b', '#fcab10', '#f9ca33', '#f2e865', '#fcffa4'],
] as const;

/** Purple over nearly white to orange at 17 even places: hues that no kind of colour blindness confuses. */
export const DIVERGING = [
  ...['#411469', '#583485', '#70569e', '#8a7cb3', '#a49cc7', '#bdb9d9', '#d2d1e6', '#e3e2eb', '#f3eeea'],
  ...['#f9e5cc', '#fcd8a9', '#fbc37d', '#f2a952', '#e48e2b', '#ce7416', '#b55d0b', '#994a07'],
] as const;

/** Okabe and Ito's colours without yellow, which is lost on white: told apart with any colour vision. */
export const CATEGORIES = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#000000'] as const;

/** Viridis at eight places, without its lightest end. */
const ORDERED_COLORS = ['#440154', '#472f7d', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#8fd744'];
/** The part of it that is seen on a dark ground, with its lightest end. */
const ORDERED_ON_DARK = [...ORDERED_COLORS.slice(3), '#c2df23', '#fde725'];

/** What lies behind a picture. */
export type Ground = 'light' | 'dark';

/** Of elements in their order: perceptually uniform and monotone in lightness. */
export function orderedColors(count: number, ground: Ground): string[] {
  const colors = ground === 'dark' ? ORDERED_ON_DARK : ORDERED_COLORS;
  return Array.from({ length: count }, (_, i) => colorAlong(colors, count > 1 ? i / (count - 1) : 0));
}

/** A few categories, or many steps of one ordered scale. */
export function seriesColors(count: number): string[] {
  if (count <= 4) return CATEGORIES.slice(0, count);
  return orderedColors(count, 'light');
}

/** Red, green and blue of #rrggbb, 0 to 255. */
export function channels(color: string): readonly [number, number, number] {
  const at = (i: number) => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  return [at(0), at(1), at(2)];
}

/** A colour between two. */
export function mix(a: string, b: string, part: number): string {
  const [from, to] = [channels(a), channels(b)];
  const mixed = from.map((value, i) => Math.round(value + part * (to[i] - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** @param part place between the ends, 0 to 1; interpolated between the colours next to it */
export function colorAlong(colors: readonly string[], part: number): string {
  const place = Math.min(1, Math.max(0, part)) * (colors.length - 1);
  const below = Math.min(Math.floor(place), colors.length - 2);
  return mix(colors[below], colors[below + 1], place - below);
}

/**
 * The colours of a classifier's labels. A phase has the same one whatever the other labels are, so that maps of several
 * classifiers can be compared; other labels take the first colours that are left.
 *
 * @param labels of the classifier, all of them: the colour of a label must not depend on which labels occur
 */
export function labelColors(labels: readonly string[]): ReadonlyMap<string, string> {
  const phase = (label: string) => (PHASES as readonly string[]).indexOf(label);
  const taken = new Set(labels.map(phase));
  const free = CATEGORIES.filter((_, i) => !taken.has(i));
  const others = labels.filter((label) => phase(label) < 0);
  return new Map(
    labels.map((label) => {
      if (phase(label) >= 0) return [label, CATEGORIES[phase(label)]];
      // More labels than colours: they repeat.
      const colors = free.length > 0 ? free : CATEGORIES;
      return [label, colors[others.indexOf(label) % colors.length]];
    }),
  );
}

/** A label's colour, nearly white where it is no more probable than the `count` labels by chance. */
export function probableColor(color: string, probability: number, count: number): string {
  const chance = count > 1 ? 1 / count : 0;
  const strength = Math.max(0, (probability - chance) / (1 - chance));
  return mix('#ffffff', color, 0.15 + 0.85 * strength);
}

/** Relative luminance (WCAG 2), 0 for black and 1 for white. */
export function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((value) => power(value / 255, 2.2));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
