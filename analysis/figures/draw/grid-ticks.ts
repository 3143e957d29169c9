// Ticks of an axis of computed values: a tick stands where something was computed, and nowhere else.

import type { ScaleKind } from '../../../core/contracts/figure.js';
import { log, log2 } from '../../../core/kernels/elementary.js';
import { formatNumber, superscript } from './format.js';
import type { Tick } from './ticks.js';

/** Digits of a tick's label; a value such as 0.0928713 is drawn where it lies, and named by its first ones. */
const DIGITS = 3;

function labelsOf(positions: readonly number[]): string[] {
  const isBinary = positions.length > 1 && positions.every((value) => value > 0 && Number.isInteger(log2(value)));
  if (isBinary) return positions.map((value) => `2${superscript(log2(value))}`);
  return positions.map((value) => formatNumber(Number(value.toPrecision(DIGITS))));
}

/** Lower is better: many short labels, since round values are short; 2⁰ counts as the roundest power of two. */
const cost = (labels: readonly string[]) => labels.reduce((sum, label) => sum + label.replace('2⁰', '').length, 0);

/**
 * All values where they are few, else some of them, which leave each other the same room and are as round as the grid has
 * them. Powers of two are written as such.
 *
 * @param positions ascending
 * @param most ticks wanted
 */
export function gridTicks(positions: readonly number[], scale: ScaleKind, most = 7): Tick[] {
  const labels = labelsOf(positions);
  const tick = (i: number): Tick => ({ value: positions[i], label: labels[i] });
  if (positions.length <= most) return positions.map((_, i) => tick(i));
  const at = positions.map((value) => (scale === 'log' ? log(value) : value));
  const room = ((at[at.length - 1] - at[0]) / most) * (1 - 1e-9);
  /** Each the first that is far enough from the one before. */
  const from = (first: number) => {
    const kept = [first];
    for (let i = first + 1; i < at.length; i++) if (at[i] - at[kept[kept.length - 1]] >= room) kept.push(i);
    return kept;
  };
  const starts = at.map((_, i) => i).filter((i) => at[i] - at[0] < room);
  const choices = starts.map(from);
  const longest = Math.max(...choices.map((kept) => kept.length));
  const best = choices
    .filter((kept) => kept.length >= longest - 1)
    .map((kept) => ({ kept, cost: cost(kept.map((i) => labels[i])) / kept.length }))
    .reduce((a, b) => (b.cost < a.cost - 1e-9 ? b : a));
  return best.kept.map(tick);
}
