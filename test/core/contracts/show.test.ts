// What stands in a message about a value: JSON where the value is JSON, words where it is not, and never a second error.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { number, numbers } from '../../../core/contracts/parameters.js';
import { show } from '../../../core/contracts/show.js';
import { isEigenflowError } from '../../../core/errors.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';

it('writes JSON as JSON, at most 60 characters of it', () => {
  const short = fc.jsonValue({ maxDepth: 3 }).filter((value) => JSON.stringify(value).length <= 60);
  const withoutNegativeZero = (value: unknown) => JSON.stringify(value).replaceAll('-0', '0');
  fc.assert(fc.property(short, (value) => show(value).replaceAll('-0', '0') === withoutNegativeZero(value)));
  expect(show('x'.repeat(1e6))).toBe(`"${'x'.repeat(56)}...`);
  expect(show(Array.from({ length: 1e6 }, () => 1))).toHaveLength(60);
});

const cycle: Record<string, unknown> = { a: 1 };
cycle.b = [cycle];
const twice = [7];
const throwing = {
  get a(): never {
    throw new Error('no');
  },
};

const values: readonly [string, unknown, string][] = [
  ['undefined', undefined, 'undefined'],
  ['a big whole number', 5n, '5n'],
  ['a big whole number inside', { a: [1n, { b: 2n }] }, '{"a":[1n,{"b":2n}]}'],
  ['what JSON turns into null', [Number.NaN, Number.POSITIVE_INFINITY, undefined], '[NaN,Infinity,undefined]'],
  ['an object that holds itself', cycle, '{"a":1,"b":[(itself)]}'],
  ['an object that stands there twice', [twice, twice], '[[7],[7]]'],
  ['a function', { f: Math.max }, '{"f":the function max}'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['an object without a prototype', Object.create(null), '{}'],
  ['a map', new Map(), '[object Map]'],
  ['an array of numbers', Float64Array.of(1, 2), '[1,2]'],
  ['a getter that throws', throwing, 'a value of type object that cannot be read'],
];
it.each(values)('%s', (_, value, text) => {
  expect(show(value)).toBe(text);
});

it.each(values)('a parameter that is %s is refused by a message of its own', (_, value, text) => {
  const schema = {
    rate: number({ doc: 'rate', unit: '1' }),
    rates: numbers({ doc: 'rates', unit: '1', optional: true }),
  };
  for (const given of [{ rate: value ?? null }, { rate: 1, rates: [value ?? null] }]) {
    let thrown: unknown;
    try {
      checkParameters('model', given, schema);
    } catch (error) {
      thrown = error;
    }
    expect(isEigenflowError(thrown)).toBe(true);
    expect(String(thrown)).toContain(`found ${value === undefined ? 'null' : text}`);
  }
});
