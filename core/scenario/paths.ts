// Values inside a scenario by dotted path, as sweep axes and `--set` name them, and which of them a sweep varies.
import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import { FORBIDDEN, isTree, type Tree } from '../schema/schema.js';
import type { Scenario } from './scenario.js';

/** Keys below this one are paths themselves. */
const AXES = 'sweep.axes.';

function keys(path: string): string[] {
  const parts = path.split('.');
  if (parts.some((part) => part === '' || FORBIDDEN.has(part))) {
    throw new EigenflowError('scenario', path, 'is not a path; write for example optimiser.learningRate');
  }
  return path.startsWith(AXES) ? ['sweep', 'axes', path.slice(AXES.length)] : parts;
}

/**
 * @returns a copy of `tree` in which `path` has `value`; what is not on the path is shared with `tree`. Objects that are
 *   missing on the way are made: whether they belong there is for `parseScenario` to say.
 * @throws EigenflowError `scenario` when the path leads through something that is not an object
 */
export function withValue<T extends object>(tree: T, path: string, value: unknown): T {
  const parts = keys(path);
  const set = (node: Tree, depth: number): Tree => {
    const key = parts[depth];
    if (depth === parts.length - 1) return { ...node, [key]: value };
    const below = Object.hasOwn(node, key) ? (node[key] ?? {}) : {};
    if (!isTree(below)) {
      const here = parts.slice(0, depth + 1).join('.');
      throw new EigenflowError('scenario', path, `${here} is ${show(below)} and no object to set this in`);
    }
    return { ...node, [key]: set(below, depth + 1) };
  };
  return set(tree as Tree, 0) as T;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(tree: object, path: string): unknown {
  let node: unknown = tree;
  for (const key of keys(path)) {
    if (!isTree(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node;
}

/** @returns a copy of `tree` in which nothing stands at `path`; `tree` itself where nothing did */
export function withoutValue<T extends object>(tree: T, path: string): T {
  if (valueAt(tree, path) === undefined) return tree;
  const [last, ...above] = keys(path).reverse();
  const remove = (node: Tree, way: readonly string[]): Tree => {
    const [key, ...rest] = way;
    if (key === undefined) {
      const { [last]: _removed, ...kept } = node;
      return kept;
    }
    return { ...node, [key]: remove(node[key] as Tree, rest) };
  };
  return remove(tree as Tree, above.reverse()) as T;
}

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
