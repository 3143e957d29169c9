// From a number to its place on an axis.

import { chooseTicks, type Tick } from '../../../analysis/figures/draw/ticks.js';
import type { ScaleKind } from '../../../core/contracts/figure.js';

export interface AxisScale {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** 0 at the low end, 1 at the high one; not a number where the axis has no place. */
  place(value: number): number;
  /** The inverse of `place`. */
  valueAt(place: number): number;
  ticks(most: number): readonly Tick[];
}

export function linearScale(low: number, high: number): AxisScale {
  return {
    kind: 'linear',
    low,
    high,
    place: (value) => (value - low) / (high - low),
    valueAt: (place) => low + place * (high - low),
    ticks: (most) => chooseTicks(low, high, 'linear', most),
  };
}

/** Values below the low end lie at it: a level that has shrunk to nothing stays in sight. */
export function logScale(low: number, high: number): AxisScale {
  const decades = Math.log10(high / low);
  return {
    kind: 'log',
    low,
    high,
    place: (value) => (Number.isNaN(value) ? Number.NaN : Math.log10(Math.max(low, value) / low) / decades),
    valueAt: (place) => low * 10 ** (place * decades),
    ticks: (most) => chooseTicks(low, high, 'log', most),
  };
}

/** Of a logarithmic axis that begins before its first step: what lies left of the break. */
export const BEFORE = 0.035;

/**
 * Logarithmic from the first value above 0 on, with 0 itself in its own place before a break: the start of a run is seen.
 *
 * @param first above 0
 */
export function logScaleFromZero(first: number, high: number): AxisScale {
  const beyond = logScale(first, Math.max(high, first * 10));
  return {
    kind: 'log',
    low: 0,
    high: beyond.high,
    place: (value) => (value <= 0 ? 0 : BEFORE + (1 - BEFORE) * beyond.place(value)),
    valueAt: (place) => (place < BEFORE / 2 ? 0 : beyond.valueAt(Math.max(0, (place - BEFORE) / (1 - BEFORE)))),
    ticks: (most) => [
      { value: 0, label: '0' },
      // The label of the first one would touch that of 0.
      ...beyond.ticks(most).filter(({ value }) => beyond.place(value) > 0.02),
    ],
  };
}

/** Steps in which an upper end grows. */
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next round number. @param value above 0 */
export function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return magnitude * (ROUND.find((digit) => digit * magnitude >= value * (1 - 1e-9)) ?? 10);
}

/**
 * Ends of an axis for values that move: round numbers, kept until the values leave them or need less than half of them, so
 * that the axis rests while data move.
 */
export interface SteadyRange {
  /** @returns ends that hold all of the values; those before where they still do */
  hold(low: number, high: number): readonly [number, number];
}

/** @param kind on a logarithmic axis ends are powers of ten, and of the values those above 0 count */
export function steadyRange(kind: ScaleKind, fixedLow?: number): SteadyRange {
  let held: readonly [number, number] | undefined;
  const linear = (low: number, high: number): readonly [number, number] => {
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const top = high > 0 ? roundUp(high + 0.04 * size) : 0;
    const bottom = fixedLow ?? (low < 0 ? -roundUp(-low + 0.04 * size) : 0);
    return [bottom, top > bottom ? top : bottom + 1];
  };
  const logarithmic = (low: number, high: number): readonly [number, number] => {
    const top = Math.ceil(Math.log10(high) + 0.05);
    const bottom = Math.floor(Math.log10(low) - 0.05);
    return [10 ** Math.min(bottom, top - 1), 10 ** top];
  };
  return {
    hold(low, high) {
      if (!Number.isFinite(low) || !Number.isFinite(high)) return held ?? (kind === 'log' ? [0.1, 1] : [0, 1]);
      const next = kind === 'log' ? logarithmic(low, high) : linear(low, high);
      const inside = held !== undefined && low >= held[0] && high <= held[1];
      const part =
        held === undefined
          ? 1
          : kind === 'log'
            ? Math.log(next[1] / next[0]) / Math.log(held[1] / held[0])
            : (next[1] - next[0]) / (held[1] - held[0]);
      if (!inside || part < 0.5) held = next;
      return held as readonly [number, number];
    },
  };
}
