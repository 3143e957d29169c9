// What may stand in a field of a scenario, as small checks that are put together: parameters of components have schemas
// of their own, but those are flat, and what a scenario declares beside them has lists and objects in it.

import { show } from '../contracts/show.js';
import { EigenflowError, suggest, suggestOrStop } from '../errors.js';
import { isWhole, LARGEST_WHOLE, shownBound } from '../whole-number.js';

export type Tree = Record<string, unknown>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws EigenflowError `scenario` for a key that is not in `known`. */
export function checkKeys(path: string, tree: Tree, known: readonly string[]): void {
  for (const key of Object.keys(tree)) {
    if (known.includes(key)) continue;
    const message = `no such field${suggestOrStop(key, known)} Known: ${known.join(', ')}`;
    throw new EigenflowError('scenario', path === '' ? key : `${path}.${key}`, message);
  }
}

/** What one field holds. */
export interface Check {
  /** In words, after "expected". */
  readonly expected: string;
  /** @throws EigenflowError `scenario` naming the path, what is expected and what is there. */
  test(path: string, value: unknown): void;
}

/** A field that cannot be left out. */
export interface Required {
  readonly required: Check;
}

/** A check for every member of a type; those that it must have are `required`. */
export type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Check : Required };

export const required = (check: Check): Required => ({ required: check });

function wrong({ expected }: Pick<Check, 'expected'>, path: string, value: unknown, hint = ''): EigenflowError {
  return new EigenflowError('scenario', path, `expected ${expected}, found ${show(value)}${hint}`);
}

function plain(expected: string, accepts: (value: unknown) => boolean): Check {
  return {
    expected,
    test(path, value) {
      if (!accepts(value)) throw wrong(this, path, value);
    },
  };
}

export const anything: Check = plain('a value', (value) => value !== undefined);
export const text: Check = plain('a text', (value) => typeof value === 'string');
export const flag: Check = plain('true or false', (value) => typeof value === 'boolean');
export const finite: Check = plain('a finite number', Number.isFinite);

export const above = (bound: number) =>
  plain(`a finite number above ${bound}`, (value) => Number.isFinite(value) && (value as number) > bound);

export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Check => ({
  expected: most === LARGEST_WHOLE ? `a whole number from ${least} up` : `a whole number from ${least} to ${most}`,
  test(path, value) {
    if (isWhole(value, least, most)) return;
    const isLarge = most === LARGEST_WHOLE && Number(value) > most;
    throw wrong({ expected: `${this.expected}${isLarge ? ` to ${shownBound(most)}` : ''}` }, path, value);
  },
});

export function oneOf<const Word extends string>(...words: readonly Word[]): Check {
  return {
    expected: words.map((word) => `"${word}"`).join(' or '),
    test(path, value) {
      if (words.some((word) => word === value)) return;
      throw wrong(this, path, value, typeof value === 'string' ? suggest(value, words) : '');
    },
  };
}

/** Any text, or the other. @param expected both in words */
export const textOr = (other: Check, expected: string): Check => ({
  expected,
  test(path, value) {
    if (typeof value !== 'string') ({ ...other, expected }).test(path, value);
  },
});

/** One word, or the other. */
export const wordOr = (word: string, other: Check): Check => ({
  expected: `"${word}" or ${other.expected}`,
  test(path, value) {
    if (value !== word) ({ ...other, expected: this.expected }).test(path, value);
  },
});

export function list(entry: Check, least = 0): Check {
  return {
    expected: `a list${least > 0 ? ` of ${least} or more` : ''}, each ${entry.expected}`,
    test(path, value) {
      if (!Array.isArray(value) || value.length < least) throw wrong(this, path, value);
      // Not forEach, which skips holes.
      for (let i = 0; i < value.length; i++) entry.test(`${path}[${i}]`, value[i]);
    },
  };
}

/** Keys are not known in advance. */
export const record: Check = plain('{ path: value }', isTree);

/** An object with these fields. @param expected such as `{ axis, label }` */
export function fields(expected: string, table: Readonly<Record<string, Check | Required>>): Check {
  const known = Object.entries(table);
  return {
    expected,
    test(path, value) {
      if (!isTree(value)) throw wrong(this, path, value);
      checkKeys(
        path,
        value,
        known.map(([name]) => name),
      );
      for (const [name, field] of known) {
        const at = path === '' ? name : `${path}.${name}`;
        const given = value[name];
        if (given !== undefined) ('required' in field ? field.required : field).test(at, given);
        else if ('required' in field) {
          throw new EigenflowError('scenario', at, `is missing; give ${field.required.expected}`);
        }
      }
    },
  };
}
