// Labels below an axis that leave each other room. Widths are those of the font that is shipped: what is drawn does not
// depend on how wide some machine thinks a letter is.

import type { ScaleKind } from '../../../core/contracts/figure.js';
import { log } from '../../../core/kernels/elementary.js';
import { numberWidth, TEXT } from './style.js';
import type { Tick } from './ticks.js';

/** Between two labels; unit: pixels. */
const BETWEEN = 5;

/** Where an axis lies; unit: pixels. */
export interface LabelledAxis {
  readonly length: number;
  /** From its end to the next axis like it: the labels of both may stick out into what is between. */
  readonly gap: number;
  readonly placeOf: (value: number) => number;
}

/** Where a value lies on an axis of this length; unit: pixels. */
export function placeOn(
  { domain: [low, high], scale }: { readonly domain: readonly [number, number]; readonly scale: ScaleKind },
  length: number,
): (value: number) => number {
  const at = (value: number) => (scale === 'log' ? log(value) : value);
  return (value) => ((at(value) - at(low)) / (at(high) - at(low))) * length;
}

/** Half the width of the last label, by which it sticks out of an axis that ends at its tick; unit: pixels. */
export function lastOverhang(ticks: readonly Tick[]): number {
  const last = ticks[ticks.length - 1];
  return last === undefined ? 0 : Math.ceil(numberWidth(last.label, TEXT.tick) / 2);
}

/**
 * The ticks, all of them, with labels centred below every one, or every second, third ... of them where more would run
 * together. A label at the end that would run into the first one of the next axis is left away.
 *
 * @param ticks ascending
 */
export function spaceLabels(ticks: readonly Tick[], { length, gap, placeOf }: LabelledAxis): Tick[] {
  const half = (label: string) => numberWidth(label, TEXT.tick) / 2;
  const sides = ticks.map(({ value, label }) => [placeOf(value) - half(label), placeOf(value) + half(label)] as const);
  const before = Math.min(gap - BETWEEN, -Math.min(0, ...sides.map(([left]) => left)));
  const end = length + gap - BETWEEN - before;
  const fits = (i: number) => sides[i][0] >= -before && sides[i][1] <= end;
  for (let stride = 1; ; stride++) {
    const labelled = ticks.map((_, i) => i).filter((i) => i % stride === 0 && fits(i));
    const apart = labelled.every((i, k) => k === 0 || sides[i][0] - sides[labelled[k - 1]][1] >= BETWEEN);
    if (apart || stride >= ticks.length) {
      return ticks.map((tick, i) => (labelled.includes(i) ? tick : { ...tick, label: '' }));
    }
  }
}
