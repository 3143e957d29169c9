// JSON from anywhere, before anything else looks at it: no key that means something to JavaScript itself, no nesting
// that exhausts the stack of whoever walks through it, and nothing that has no JSON.

import { show } from '../contracts/show.js';
import { EigenflowError, type ErrorCode } from '../errors.js';

/** Assigning to these in a plain object changes what the object is; none of them can be a field. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const NO_JSON = new Set(['bigint', 'function', 'symbol']);
/** A scenario needs about six. */
const DEEPEST = 64;

interface Node {
  readonly value: unknown;
  readonly path: string;
  /** What it stands in. */
  readonly outer?: Node;
}

function isInside(node: Node | undefined, value: unknown): boolean {
  for (let at = node; at !== undefined; at = at.outer) if (at.value === value) return true;
  return false;
}

/**
 * Walks without recursion: depth is what is checked.
 *
 * @param path where the value stands, for the message
 * @throws EigenflowError `code` with the path of what is refused
 */
export function checkKeysAndDepth(value: unknown, path: string, code: ErrorCode): void {
  let level: Node[] = [{ value, path }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      throw new EigenflowError(code, level[0].path.slice(0, 200), `is nested more than ${DEEPEST} levels deep`);
    }
    const below: Node[] = [];
    for (const node of level) {
      if (typeof node.value !== 'object' || node.value === null) continue;
      const isList = Array.isArray(node.value);
      for (const [key, entry] of Object.entries(node.value)) {
        const at = isList ? node.path : node.path === '' ? key : `${node.path}.${key}`;
        if (!isList && FORBIDDEN.has(key)) throw new EigenflowError(code, at, 'cannot be the name of a field');
        if (NO_JSON.has(typeof entry)) {
          throw new EigenflowError(code, at, `expected plain data as in JSON, found ${show(entry)}`);
        }
        if (typeof entry !== 'object') continue;
        if (entry !== null && isInside(node, entry)) {
          throw new EigenflowError(code, at, 'stands inside itself; it must be plain data as in JSON');
        }
        below.push({ value: entry, path: at, outer: node });
      }
    }
    level = below;
  }
}
