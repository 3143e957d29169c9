// From a number to its colour on a heat map: linear, logarithmic, or logarithmic in both directions from a centre. One
// scale for the cells, the colour bar, the legend and the terminal.

import type { ColorKind } from '../../../core/contracts/figure.js';
import { exp, expm1, log, log1p, log10, power } from '../../../core/kernels/elementary.js';
import { formatAlike } from './format.js';
import { colorAlong, DIVERGING, SEQUENTIAL } from './palette.js';
import { chooseTicks, type Tick } from './ticks.js';

export interface ColorScaleSpec {
  readonly color: ColorKind;
  /** Ends of the scale; positive where it is logarithmic. */
  readonly limits: readonly [number, number];
  /** Where two hues part; always there on a symmetric logarithmic scale. */
  readonly center?: number;
  /** Distance from the centre up to which a symmetric logarithmic scale is about linear. */
  readonly linearWithin?: number;
}

export interface ColorScale {
  /** Whether it has two hues, which part at `center`. */
  readonly diverges: boolean;
  /** Where a value lies between the limits, 0 to 1; values beyond them lie at the ends. */
  place(value: number): number;
  /** The inverse of `place`. */
  valueAt(place: number): number;
  colorOf(value: number): string;
  ticks(most: number): readonly Tick[];
}

/** Distances from the centre that a symmetric logarithmic scale spans where nothing is said. */
const SPAN = 1e4;

/**
 * A power of ten: about the smallest distance from the centre that occurs, and not less than 10^-4 of the largest, so that
 * rounding noise does not fill the scale.
 */
export function usualLinearWithin(values: readonly number[], center: number): number {
  const distances = values.map((value) => Math.abs(value - center)).filter((each) => Number.isFinite(each) && each > 0);
  if (distances.length === 0) return 1;
  const largest = distances.reduce((a, b) => Math.max(a, b));
  const smallest = distances.reduce((a, b) => Math.min(a, b));
  return power(10, Math.floor(log10(Math.max(smallest, largest / SPAN)) + 1e-9));
}

/** sign(v) ln(1 + |v| / within): linear near 0, logarithmic far from it. */
const bend = (value: number, within: number) => Math.sign(value) * log1p(Math.abs(value) / within);
const unbend = (bent: number, within: number) => Math.sign(bent) * expm1(Math.abs(bent)) * within;

export function colorScale({ color, limits, center, linearWithin = 1 }: ColorScaleSpec): ColorScale {
  const middle = center ?? 0;
  const [to, from] = {
    linear: [(value: number) => value, (at: number) => at],
    log: [log, exp],
    symlog: [(value: number) => bend(value - middle, linearWithin), (at: number) => middle + unbend(at, linearWithin)],
  }[color];
  const [low, high] = limits.map(to);
  const place = (value: number) => Math.min(1, Math.max(0, (to(value) - low) / (high - low)));
  const valueAt = (part: number) => from(low + part * (high - low));
  const diverges = center !== undefined || color === 'symlog';
  const shared = {
    diverges,
    place,
    valueAt,
    ticks: (most: number) => ticksOf({ color, limits, center, linearWithin }, place, most),
  };
  if (!diverges) return { ...shared, colorOf: (value) => colorAlong(SEQUENTIAL, place(value)) };
  const reach = Math.max(high - to(middle), to(middle) - low);
  return { ...shared, colorOf: (value) => colorAlong(DIVERGING, 0.5 + (to(value) - to(middle)) / (2 * reach)) };
}

function ticksOf(
  { color, limits: [low, high], center = 0, linearWithin = 1 }: ColorScaleSpec,
  place: ColorScale['place'],
  most: number,
): readonly Tick[] {
  if (color !== 'symlog') return chooseTicks(low, high, color, most);
  const reach = Math.max(high - center, center - low);
  const outward: number[] = [];
  const first = Math.round(log10(linearWithin));
  for (let exponent = first; exponent <= log10(reach) + 1e-9; exponent++) outward.push(power(10, exponent));
  const shown = (value: number) => value >= low && value <= high;
  /** Beyond the centre, outwards, those that leave each other room. */
  const spaced = (sign: 1 | -1) => {
    const kept: number[] = [];
    let last = place(center);
    for (const value of outward.map((distance) => center + sign * distance)) {
      if (!shown(value) || Math.abs(place(value) - last) * 2.5 * most < 1) continue;
      kept.push(value);
      last = place(value);
    }
    return kept;
  };
  const values = [...spaced(-1).reverse(), center, ...spaced(1)].filter(shown);
  const kept = values.length > 1 ? values : [low, high];
  const labels = formatAlike(kept);
  return kept.map((value, i) => ({ value, label: labels[i] }));
}
