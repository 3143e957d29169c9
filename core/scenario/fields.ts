// What may stand in a field of a scenario, as small checks that are put together: parameters of components have schemas
// of their own, but those are flat, and what a scenario declares beside them has lists and objects in it. Every check
// carries the same rule as JSON Schema, for editors.

import type { JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError, suggest, suggestOrStop } from '../errors.js';
import { asNumber, expectedWhole, isWhole, LARGEST_WHOLE, shownBound } from '../whole-number.js';

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
  /** The message where it cannot be left out and is; default: "is missing; give" and what is expected. */
  readonly missing?: string;
  /** Accepts what `test` accepts; a rule between several values, such as an order, may be left out. */
  readonly schema: JsonSchema;
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

/** The check with what editors tell of the field. @param fallback what holds where the field is left out */
export const described = (doc: string, check: Check, fallback?: unknown): Check => ({
  ...check,
  schema: { description: doc, ...(fallback === undefined ? {} : { default: fallback }), ...check.schema },
});

function wrong({ expected }: Pick<Check, 'expected'>, path: string, value: unknown, hint = ''): EigenflowError {
  return new EigenflowError('scenario', path, `expected ${expected}, found ${show(value)}${hint}`);
}

export function plain(expected: string, accepts: (value: unknown) => boolean, schema: JsonSchema): Check {
  return {
    expected,
    schema,
    test(path, value) {
      if (!accepts(value)) throw wrong(this, path, value);
    },
  };
}

export const anything: Check = plain('a value', (value) => value !== undefined, {});
export const text: Check = plain('a text', (value) => typeof value === 'string', { type: 'string' });
export const flag: Check = plain('true or false', (value) => typeof value === 'boolean', { type: 'boolean' });
export const finite: Check = plain('a finite number', Number.isFinite, { type: 'number' });

export const above = (bound: number, expected = `a finite number above ${bound}`) =>
  plain(expected, (value) => Number.isFinite(value) && (value as number) > bound, {
    type: 'number',
    exclusiveMinimum: bound,
  });

export const whole = (least: number, most = LARGEST_WHOLE): Check => ({
  expected: most === LARGEST_WHOLE ? `a whole number from ${least} up` : `a whole number from ${least} to ${most}`,
  schema: { type: 'integer', minimum: least, maximum: most },
  test(path, value) {
    if (isWhole(value, least, most)) return;
    const isLarge = most === LARGEST_WHOLE && asNumber(value) > most;
    throw wrong({ expected: `${this.expected}${isLarge ? ` to ${shownBound(most)}` : ''}` }, path, value);
  },
});

/** As `whole`, for numbers that count something. */
export const count = (least: number): Check => ({
  ...whole(least),
  expected: expectedWhole(undefined, least),
  test(path, value) {
    if (!isWhole(value, least)) throw wrong({ expected: expectedWhole(value, least) }, path, value);
  },
});

export function oneOf<const Word extends string>(...words: readonly Word[]): Check {
  return {
    expected: words.map((word) => `"${word}"`).join(' or '),
    schema: { enum: words },
    test(path, value) {
      if (words.some((word) => word === value)) return;
      throw wrong(this, path, value, typeof value === 'string' ? suggest(value, words) : '');
    },
  };
}

/** Any text, or the other. @param expected both in words */
export const textOr = (other: Check, expected: string): Check => ({
  expected,
  schema: { anyOf: [text.schema, other.schema] },
  test(path, value) {
    if (typeof value !== 'string') ({ ...other, expected }).test(path, value);
  },
});

/** One word, or the other. */
export const wordOr = (word: string, other: Check): Check => ({
  expected: `"${word}" or ${other.expected}`,
  schema: { anyOf: [{ enum: [word] }, other.schema] },
  test(path, value) {
    if (value !== word) ({ ...other, expected: this.expected }).test(path, value);
  },
});

export function list(entry: Check, least = 0): Check {
  return {
    expected: `a list${least > 0 ? ` of ${least} or more` : ''}, each ${entry.expected}`,
    schema: { type: 'array', items: entry.schema, minItems: least },
    test(path, value) {
      if (!Array.isArray(value) || value.length < least) throw wrong(this, path, value);
      // Not forEach, which skips holes.
      for (let i = 0; i < value.length; i++) entry.test(`${path}[${i}]`, value[i]);
    },
  };
}

/** Keys are not known in advance. */
export const record: Check = plain('{ path: value }', isTree, { type: 'object' });

/** Names that somebody gives to what stands under them. */
export interface Naming {
  /** Tests a whole name. */
  readonly pattern: RegExp;
  /** In words, as the message. */
  readonly rule: string;
}

/** An object whose keys are names of this kind. @param least how many there must be */
export function named(expected: string, { pattern, rule }: Naming, entry: Check, least = 0): Check {
  return {
    expected,
    schema: {
      type: 'object',
      propertyNames: { pattern: pattern.source },
      additionalProperties: entry.schema,
      minProperties: least,
    },
    test(path, value) {
      if (!isTree(value) || Object.keys(value).length < least) throw wrong(this, path, value);
      for (const [name, given] of Object.entries(value)) {
        if (!pattern.test(name)) throw new EigenflowError('scenario', `${path}.${name}`, rule);
        entry.test(`${path}.${name}`, given);
      }
    },
  };
}

export type FieldTable = Readonly<Record<string, Check | Required>>;

const checkOf = (field: Check | Required): Check => ('required' in field ? field.required : field);

/** As `fields`, for an object that may have others too. @throws EigenflowError `scenario` */
export function checkGiven(path: string, tree: Tree, table: FieldTable): void {
  for (const [name, field] of Object.entries(table)) {
    const at = path === '' ? name : `${path}.${name}`;
    const given = tree[name];
    const check = checkOf(field);
    if (given !== undefined) check.test(at, given);
    else if ('required' in field) {
      throw new EigenflowError('scenario', at, check.missing ?? `is missing; give ${check.expected}`);
    }
  }
}

/** An object with these fields. @param expected such as `{ axis, label }` */
export function fields(expected: string, table: FieldTable): Check {
  const known = Object.keys(table);
  return {
    expected,
    schema: {
      type: 'object',
      properties: Object.fromEntries(known.map((name) => [name, checkOf(table[name]).schema])),
      required: known.filter((name) => 'required' in table[name]),
      additionalProperties: false,
    },
    test(path, value) {
      if (!isTree(value)) throw wrong(this, path, value);
      checkKeys(path, value, known);
      checkGiven(path, value, table);
    },
  };
}
