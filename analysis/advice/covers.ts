// Which settings a map spans: inside it answers, outside it does not.
import { log2, power } from '../../core/kernels/elementary.js';
import type { Setting } from './map-data.js';

export type Range = readonly [low: number, high: number];

/** What a map spans at one batch size. */
export interface Slice {
  readonly widths: Range;
  readonly temperatures: Range;
  readonly lengths: Range;
}

/** Rounding of a value that was typed must not put it outside. */
const EDGE = 1e-9;

export const within = (value: number, [low, high]: Range) => value >= low * (1 - EDGE) && value <= high * (1 + EDGE);

const rangeOf = (values: readonly number[]): Range => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];

/** The ends moved along from one range to another, in the logarithm. */
const between = (a: Range, b: Range, part: number): Range => [
  a[0] * power(b[0] / a[0], part),
  a[1] * power(b[1] / a[1], part),
];

/**
 * By batch size, what the settings span. Between two batch sizes that occur: widths and temperatures with ends in
 * between, lengths of training that both have. undefined below the smallest and above the largest batch size, and where
 * nothing is left.
 */
export function coversOf(settings: readonly Setting[]): (batchSize: number) => Slice | undefined {
  const batchSizes = [...new Set(settings.map(({ batchSize }) => batchSize))].sort((a, b) => a - b);
  const slices = batchSizes.map((batchSize): Slice => {
    const own = settings.filter((setting) => setting.batchSize === batchSize);
    return {
      widths: rangeOf(own.map(({ initialWidth }) => initialWidth)),
      temperatures: rangeOf(own.map(({ temperature }) => temperature)),
      lengths: rangeOf(own.map(({ length }) => length)),
    };
  });
  return (batchSize) => {
    const above = batchSizes.findIndex((value) => value >= batchSize);
    if (above < 0) return undefined;
    if (batchSizes[above] === batchSize) return slices[above];
    if (above === 0) return undefined;
    const [a, b] = [slices[above - 1], slices[above]];
    const part = log2(batchSize / batchSizes[above - 1]) / log2(batchSizes[above] / batchSizes[above - 1]);
    const lengths: Range = [Math.max(a.lengths[0], b.lengths[0]), Math.min(a.lengths[1], b.lengths[1])];
    if (lengths[0] > lengths[1]) return undefined;
    return {
      widths: between(a.widths, b.widths, part),
      temperatures: between(a.temperatures, b.temperatures, part),
      lengths,
    };
  };
}
