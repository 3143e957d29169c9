// What a value that somebody wrote has to be. One schema gives the type of what passes (`Infer`), the check, which tells
// the first mistake with its path and what may be meant, and the JSON Schema that editors read.
import { implies, type JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError, type ErrorCode, isEigenflowError, suggest, suggestOrStop } from '../errors.js';

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Schema<T = unknown> {
  /** Continues "expected ...". */
  readonly expected: string;
  /** In its place where it depends on what is there. */
  readonly explain?: (value: unknown) => string;
  /** The message where it must be given and is not; default: "is missing; give" and what is expected. */
  readonly missing?: string;
  readonly optional?: boolean;
  /** Draft 7. Accepts what `check` accepts; a rule between several values, such as an order, may be left out. */
  readonly json: JsonSchema;
  /** Of an object. */
  readonly members?: Members;
  /** @throws EigenflowError `code`, by default `scenario`, with the path of the first mistake */
  check(value: unknown, path: string, code?: ErrorCode): void;
  /** Never set: carries the type. */
  readonly type?: T;
}

/** Of one value. */
export interface Leaf<T = unknown> extends Schema<T> {
  fits(value: unknown): value is T;
}

/** By name. */
export type Members = Readonly<Record<string, Schema>>;

type Optional = { readonly optional: true };

/** The type of what passes. */
export type Infer<S> = S extends { readonly type?: infer T } ? Exclude<T, undefined> : never;

type Flat<T> = { [K in keyof T]: T[K] };

/** Of an object. */
export type InferMembers<M> = Flat<
  { readonly [K in keyof M as M[K] extends Optional ? never : K]: Infer<M[K]> } & {
    readonly [K in keyof M as M[K] extends Optional ? K : never]?: Infer<M[K]>;
  }
>;

/** A schema for every member of a type; those that may be missing are `optional`. */
export type MembersOf<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Schema & Optional : Schema;
};

const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function wrong({ expected, explain }: Schema, value: unknown, path: string, code?: ErrorCode, near = '') {
  const message = `expected ${explain?.(value) ?? expected}, found ${show(value)}${near}`;
  return new EigenflowError(code ?? 'scenario', path, message);
}

/** @param words of which a misspelt one may be meant */
export const leaf = <T>(
  expected: string,
  fits: (value: unknown) => boolean,
  json: JsonSchema = {},
  words: readonly string[] = [],
): Leaf<T> => ({
  expected,
  json,
  fits: fits as Leaf<T>['fits'],
  check(value, path, code) {
    if (!fits(value)) throw wrong(this, value, path, code, typeof value === 'string' ? suggest(value, words) : '');
  },
});

export const anything = leaf<unknown>('a value', (value) => value !== undefined);
export const text = leaf<string>('a text', (value) => typeof value === 'string', { type: 'string' });
export const filled = (expected: string) =>
  leaf<string>(expected, (value) => text.fits(value) && value !== '', { type: 'string', minLength: 1 });
export const flag = leaf<boolean>('true or false', (value) => typeof value === 'boolean', { type: 'boolean' });
export const finite = leaf<number>('a finite number', Number.isFinite, { type: 'number' });

export const above = (bound: number, expected = `a finite number above ${bound}`) =>
  leaf<number>(expected, (value) => finite.fits(value) && value > bound, { type: 'number', exclusiveMinimum: bound });
export const atLeast = (bound: number, expected: string) =>
  leaf<number>(expected, (value) => finite.fits(value) && value >= bound, { type: 'number', minimum: bound });

export const whole = (least = -LARGEST_WHOLE, most = LARGEST_WHOLE): Leaf<number> => ({
  ...leaf('', (value) => isWhole(value, least, most), { type: 'integer', minimum: least, maximum: most }),
  expected: expectedWhole(undefined, least, most),
  explain: (value) => expectedWhole(value, least, most),
});

export function oneOf<const Word extends string | number>(...words: readonly Word[]): Leaf<Word> {
  const expected = words.map((word) => JSON.stringify(word)).join(' or ');
  return leaf(expected, (value) => words.some((word) => word === value), { enum: words }, words.map(String));
}

/** @param expected both in words */
export const either = <A, B>(
  first: Leaf<A>,
  other: Schema<B>,
  expected = `${first.expected} or ${other.expected}`,
): Schema<A | B> => ({
  expected,
  json: { anyOf: [first.json, other.json] },
  check(value, path, code) {
    const one: Schema = first.fits(value) ? first : { ...other, expected: this.expected, explain: this.explain };
    one.check(value, path, code);
  },
});

export const list = <T>(entry: Schema<T>, least = 0): Schema<readonly T[]> => ({
  expected: `a list${least > 0 ? ` of ${least} or more` : ''}, each ${entry.expected}`,
  json: { type: 'array', items: entry.json, ...(least > 0 && { minItems: least }) },
  check(value, path, code) {
    if (!Array.isArray(value) || value.length < least) throw wrong(this, value, path, code);
    // Not forEach, which skips holes.
    for (let i = 0; i < value.length; i++) entry.check(value[i], `${path}[${i}]`, code);
  },
});

/** A list of this length, with a schema for each place. */
export const tuple = <const S extends readonly Schema[]>(
  expected: string,
  ...places: S
): Schema<{ readonly [K in keyof S]: Infer<S[K]> }> => ({
  expected,
  json: { type: 'array', items: places.map(({ json }) => json), minItems: places.length, maxItems: places.length },
  check(value, path, code) {
    if (!Array.isArray(value) || value.length !== places.length) throw wrong(this, value, path, code);
    for (const [i, place] of places.entries()) place.check(value[i], `${path}[${i}]`, code);
  },
});

/** Names that somebody gives to what stands under them. */
export interface Naming {
  fits(name: string): boolean;
  /** In words, as the message. */
  readonly rule: string;
  readonly json: JsonSchema;
}

export const naming = (pattern: RegExp, rule: string): Naming => ({
  fits: (name) => pattern.test(name),
  rule,
  json: { propertyNames: { pattern: pattern.source } },
});

/** An object whose keys somebody else chooses. @param least how many there must be */
export const record = <T>(
  entry: Schema<T>,
  expected = '{ name: value }',
  least = 0,
  names?: Naming,
): Schema<Readonly<Record<string, T>>> => ({
  expected,
  json: { type: 'object', ...names?.json, additionalProperties: entry.json, minProperties: least },
  check(value, path, code) {
    if (!isTree(value) || Object.keys(value).length < least) throw wrong(this, value, path, code);
    for (const [name, given] of Object.entries(value)) {
      if (names?.fits(name) === false) throw new EigenflowError(code ?? 'scenario', below(path, name), names.rule);
      entry.check(given, below(path, name), code);
    }
  },
});

/** An object that may have other members too. */
export const open = <const M extends Members>(members: M, expected = 'an object'): Schema<InferMembers<M>> => ({
  expected,
  members,
  json: {
    type: 'object',
    properties: Object.fromEntries(Object.entries(members).map(([name, { json }]) => [name, json])),
    required: Object.keys(members).filter((name) => !members[name].optional),
  },
  check(value, path, code) {
    if (!isTree(value)) throw wrong(this, value, path, code);
    for (const [name, member] of Object.entries<Schema>(members)) {
      if (value[name] !== undefined) member.check(value[name], below(path, name), code);
      else if (!member.optional) {
        const message = member.missing ?? `is missing; give ${member.expected}`;
        throw new EigenflowError(code ?? 'scenario', below(path, name), message);
      }
    }
  },
});

/** An object with these members and no others. @param expected such as `{ axis, label }` */
export function object<const M extends Members>(expected: string, members: M): Schema<InferMembers<M>> {
  const known = Object.keys(members);
  const some = open(members, expected);
  return {
    ...some,
    json: { ...some.json, additionalProperties: false },
    check(value, path, code) {
      const stray = isTree(value) && Object.keys(value).find((name) => !known.includes(name));
      if (typeof stray === 'string') {
        const message = `no such field${suggestOrStop(stray, known)} Known: ${known.join(', ')}`;
        throw new EigenflowError(code ?? 'scenario', below(path, stray), message);
      }
      some.check.call(this, value, path, code);
    },
  };
}

/** One of several kinds of object, each with members of its own. @param common members of all kinds */
export function kinds<const K extends Readonly<Record<string, Members>>, const M extends Members>(
  what: string,
  common: M,
  own: K,
): Schema<{ [N in keyof K]: InferMembers<{ kind: Leaf<N> } & M & K[N]> }[keyof K]> {
  const known = Object.keys(own);
  const byKind = new Map<unknown, Schema>(
    known.map((kind) => [kind, object('{ kind, ... }', { kind: oneOf(kind), ...common, ...own[kind] })]),
  );
  return {
    expected: `a ${what} { kind, ... }`,
    json: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: known } },
      allOf: [...byKind].map(([kind, { json }]) => implies({ properties: { kind: { const: kind } } }, json)),
    },
    check(value, path, code) {
      if (!isTree(value)) throw wrong(this, value, path, code);
      const { kind } = value;
      const one = byKind.get(kind);
      if (one === undefined) {
        const near = typeof kind === 'string' ? suggest(kind, known) : '';
        const message = `no ${what} of kind ${show(kind)}${near || ';'} there are ${known.join(', ')}`;
        throw new EigenflowError(code ?? 'scenario', below(path, 'kind'), message);
      }
      one.check(value, path, code);
    },
  };
}

/**
 * Adds what a type cannot say.
 *
 * @param rule what is wrong, for a message at `path`; undefined where nothing is. It may throw for a place below
 * @param json the rule as JSON Schema, as far as it can be said
 */
export const refine = <S extends Schema>(
  schema: S,
  rule: (value: Infer<S>, path: string) => string | undefined,
  json: JsonSchema = {},
): S => ({
  ...schema,
  json: { ...schema.json, ...json },
  check(value: unknown, path: string, code?: ErrorCode) {
    schema.check.call(this, value, path, code);
    const mistake = rule(value as Infer<S>, path);
    if (mistake !== undefined) throw new EigenflowError(code ?? 'scenario', path, mistake);
  },
});

/** @param doc for editors */
export const described = <S extends Schema>(schema: S, doc: string): S => ({
  ...schema,
  json: { description: doc, ...schema.json },
});

/** @param fallback what holds where it is left out, for editors */
export const optional = <S extends Schema>(schema: S, doc?: string, fallback?: unknown): S & Optional => {
  const told = { ...(doc !== undefined && { description: doc }), ...(fallback !== undefined && { default: fallback }) };
  return { ...schema, optional: true, json: { ...told, ...schema.json } };
};

/** Whether the value passes. */
export function fits(schema: Schema, value: unknown): boolean {
  try {
    schema.check(value, '');
    return true;
  } catch (error) {
    if (isEigenflowError(error)) return false;
    throw error;
  }
}

/** From here on not every whole number is a double, so what was written is not what would be used. */
export const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER;

/** A bound in words. */
export const shownBound = (bound: number) => (bound === LARGEST_WHOLE ? `${bound} (2^53 - 1)` : String(bound));

export const isWhole = (value: unknown, least = -LARGEST_WHOLE, most = LARGEST_WHOLE): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** NaN for what is no number, objects that throw when they are asked for one among it. */
export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' ? Number(value) : Number.NaN;

/**
 * What was expected, for a message. The upper bound is named where it is one that was chosen, or where it is what the
 * value breaks: a seed of 64 bits is a whole number of at least 0.
 */
export function expectedWhole(value: unknown, least = -LARGEST_WHOLE, most = LARGEST_WHOLE): string {
  const number = asNumber(value);
  const isLow = least === -LARGEST_WHOLE;
  const bounds = [
    ...(isLow && !(number < least) ? [] : [`of at least ${isLow ? `-${shownBound(-least)}` : least}`]),
    ...(most === LARGEST_WHOLE && !(number > most) ? [] : [`at most ${shownBound(most)}`]),
  ];
  return ['a whole number', bounds.join(bounds.length > 1 ? ' and ' : '')].join(' ').trimEnd();
}

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
