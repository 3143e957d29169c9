// Bringing levels back into their range and order after a step.
import type { Vector } from 'eigenflow';

/**
 * Reflects levels below `floor`, then sorts by insertion: they nearly are in ascending order. NaN stays where it is.
 */
export function reflectAndSort(levels: Vector, floor: number): void {
  const n = levels.length;
  if (floor !== Number.NEGATIVE_INFINITY) {
    for (let i = 0; i < n; i++) if (levels[i] < floor) levels[i] = floor + (floor - levels[i]);
  }
  for (let i = 1; i < n; i++) {
    const level = levels[i];
    let j = i;
    for (; j > 0 && levels[j - 1] > level; j--) levels[j] = levels[j - 1];
    levels[j] = level;
  }
}
