// Values inside a scenario by dotted path, as sweep axes and `--set` name them.
import { EigenflowError, suggest } from '../errors.js';

type Tree = Record<string, unknown>;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function keys(path: string): string[] {
  const parts = path.split('.');
  if (parts.some((part) => part === '' || FORBIDDEN.has(part))) {
    throw new EigenflowError('scenario', path, 'is not a path; write for example optimiser.learningRate');
  }
  return parts;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @returns a copy of `tree` in which `path` has `value`; what is not on the path is shared with `tree`
 * @throws EigenflowError `scenario` when the path leads through something that is not an object
 */
export function withValue<T extends object>(tree: T, path: string, value: unknown): T {
  const parts = keys(path);
  const set = (node: Tree, depth: number): Tree => {
    const key = parts[depth];
    if (depth === parts.length - 1) return { ...node, [key]: value };
    const below = Object.hasOwn(node, key) ? node[key] : undefined;
    if (!isTree(below)) {
      const here = parts.slice(0, depth + 1).join('.');
      const near = suggest(key, Object.keys(node));
      throw new EigenflowError('scenario', path, `the scenario has no object at ${here} to set this in${near}`);
    }
    return { ...node, [key]: set(below, depth + 1) };
  };
  return set(tree as Tree, 0) as T;
}
