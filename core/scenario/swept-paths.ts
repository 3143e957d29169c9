// The paths that a sweep varies. What a scenario says at such a path itself is replaced in every cell.
import { isTree } from '../schema/schema.js';
import { withoutValue } from './paths.js';
import type { Scenario } from './scenario.js';

/** @param sweep as it stands in a file: its values need not have been checked */
export function sweptPaths(sweep: unknown): string[] {
  if (!isTree(sweep)) return [];
  const places = [sweep.axes, ...(Array.isArray(sweep.zip) ? sweep.zip : [])];
  return [...new Set(places.flatMap((place) => (isTree(place) ? Object.keys(place) : [])))];
}

/** The axis that replaces a value at this path; undefined where none does. */
export const axisAbove = (path: string, axes: readonly string[]): string | undefined =>
  axes.find((axis) => path === axis || path.startsWith(`${axis}.`));

/** The scenario without the values that no cell uses. */
export function withoutSwept(scenario: Partial<Scenario>): Partial<Scenario> {
  return sweptPaths(scenario.sweep).reduce<Partial<Scenario>>(withoutValue, scenario);
}
