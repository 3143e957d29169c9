// Where a line of settings through the map leaves a phase, and where it is safe.
import { power } from '../../core/kernels/elementary.js';
import type { Setting } from './map-data.js';
import type { Range, ReadableMap, Reading, Slice } from './reading.js';

export type Coordinate = 'temperature' | 'initialWidth';

/** Where the label of a setting stops being more probable than not, in one direction. */
export interface Exit {
  readonly along: Coordinate;
  readonly direction: 'up' | 'down';
  /** The label on the other side; undefined where the map ends first. */
  readonly to: string | undefined;
  /** Value of the coordinate there, or at the edge of the map. */
  readonly value: number;
  /** Nearest and farthest value that the band of the probability allows; the edge of the map where it allows none. */
  readonly nearest: number;
  readonly farthest: number;
  /** Factor from the setting to `value`, above 1 upwards and below 1 downwards. */
  readonly factor: number;
}

/** Values of a coordinate at which the label has at least the wanted probability. */
export interface Band {
  readonly low: number;
  readonly high: number;
  /** Whether it ends there because the map does. */
  readonly isCutBelow: boolean;
  readonly isCutAbove: boolean;
}

/** Steps of a walk, in octaves. */
const STEP = 1 / 8;

/** At the batch size of a setting that the map contains. */
function rangeOf(map: ReadableMap, { batchSize }: Setting, along: Coordinate): Range {
  const { temperatures, widths } = map.at(batchSize) as Slice;
  return along === 'temperature' ? temperatures : widths;
}

const inside = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));

/** Values from `start` (included) to the edge of the map, and what the map says there. */
function* walk(map: ReadableMap, setting: Setting, along: Coordinate, direction: 1 | -1) {
  const range = rangeOf(map, setting, along);
  const edge = range[direction === 1 ? 1 : 0];
  for (let step = 0; ; step++) {
    const value = inside(setting[along] * power(2, direction * STEP * step), range);
    yield { value, reading: map.read({ ...setting, [along]: value }) };
    if (value === edge) return;
  }
}

/** Place between two values where a number falls through 1/2, in the logarithm. */
const between = (a: number, atA: number, b: number, atB: number) => a * power(b / a, (atA - 0.5) / (atA - atB));

/** The most probable label other than this one. */
function strongestBut(label: string, { probabilities }: Reading): string | undefined {
  const others = Object.keys(probabilities).filter((name) => name !== label);
  return others.sort((a, b) => probabilities[b].value - probabilities[a].value)[0];
}

export function exitOf(map: ReadableMap, setting: Setting, label: string, along: Coordinate, direction: 1 | -1): Exit {
  const found = { low: Number.NaN, value: Number.NaN, high: Number.NaN };
  let to: string | undefined;
  let last: { value: number; reading: Reading } | undefined;
  for (const here of walk(map, setting, along, direction)) {
    const now = here.reading.probabilities[label];
    const before = last?.reading.probabilities[label];
    for (const part of ['low', 'value', 'high'] as const) {
      if (!Number.isNaN(found[part]) || now[part] >= 0.5) continue;
      found[part] = before && last ? between(last.value, before[part], here.value, now[part]) : here.value;
      if (part === 'value') to = strongestBut(label, here.reading);
    }
    last = here;
    if (!Number.isNaN(found.high)) break;
  }
  const edge = rangeOf(map, setting, along)[direction === 1 ? 1 : 0];
  const orEdge = (value: number) => (Number.isNaN(value) ? edge : value);
  const value = orEdge(found.value);
  return {
    along,
    direction: direction === 1 ? 'up' : 'down',
    to,
    value,
    nearest: orEdge(found.low),
    farthest: orEdge(found.high),
    factor: value / setting[along],
  };
}

/** The stretches along a coordinate where the label has at least this probability, ascending. */
export function bandsOf(map: ReadableMap, setting: Setting, label: string, along: Coordinate, least: number): Band[] {
  const [low, high] = rangeOf(map, setting, along);
  const bands: Band[] = [];
  let open: { low: number; isCutBelow: boolean } | undefined;
  let last: { value: number; p: number } | undefined;
  const crossing = (a: { value: number; p: number }, b: { value: number; p: number }) =>
    a.value * power(b.value / a.value, (a.p - least) / (a.p - b.p));
  for (const { value, reading } of walk(map, { ...setting, [along]: low }, along, 1)) {
    const here = { value, p: reading.probabilities[label]?.value ?? 0 };
    if (here.p >= least && !open) {
      open = last ? { low: crossing(last, here), isCutBelow: false } : { low: value, isCutBelow: true };
    } else if (here.p < least && open && last) {
      bands.push({ ...open, high: crossing(last, here), isCutAbove: false });
      open = undefined;
    }
    last = here;
  }
  if (open) bands.push({ ...open, high, isCutAbove: true });
  return bands;
}

/** The one that spans the largest factor. */
export const widestOf = (bands: readonly Band[]): Band | undefined =>
  bands.reduce<Band | undefined>(
    (best, band) => (best && best.high / best.low >= band.high / band.low ? best : band),
    undefined,
  );
