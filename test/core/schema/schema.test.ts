// A schema and the JSON Schema that it writes accept the same, and the first mistake is told with its path and a remedy.
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  above,
  atLeast,
  described,
  either,
  filled,
  finite,
  fits,
  flag,
  kinds,
  list,
  naming,
  object,
  oneOf,
  open,
  optional,
  record,
  refine,
  type Schema,
  text,
  tuple,
  whole,
} from '../../../core/schema/schema.js';

const lower = naming(/^[a-z]+$/, 'a name has small letters only');
const part = object('{ size, label }', { size: whole(1, 9), label: optional(text, 'What it is called.', 'none') });
const shapes = kinds(
  'shape',
  { name: optional(filled('a name')) },
  { circle: { radius: above(0) }, polygon: { corners: list(tuple('[x, y]', finite, finite), 3) } },
);

const schemas: Readonly<Record<string, Schema>> = {
  text,
  filled: filled('a name'),
  flag,
  finite,
  above: above(0),
  atLeast: atLeast(0, 'a number from 0 up'),
  whole: whole(),
  oneOf: oneOf('log', 'linear'),
  either: either(oneOf('last'), whole(0)),
  list: list(finite, 1),
  tuple: tuple('[step, value]', whole(0), finite),
  record: record(part, '{ name: part }', 1, lower),
  open: open({ use: filled('a name') }),
  object: part,
  kinds: shapes,
  refine: refine(finite, (value) => (value < 9 ? undefined : 'is too large'), { exclusiveMaximum: 9 }),
};

const leaves = fc.constantFrom<unknown>(0, 1, -1, 0.5, 9, 12, '', 'log', 'last', 'a', true, null, [], {});
const { value: anything } = fc.letrec((again) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    fc.array(again('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('size', 'label', 'use', 'kind', 'radius', 'A'), again('value'), { maxKeys: 3 }),
    fc.record({ kind: fc.constantFrom('circle', 'polygon', 'line'), radius: leaves, corners: again('value') }),
    fc.dictionary(fc.constantFrom('a', 'b', 'C'), fc.record({ size: leaves }), { maxKeys: 2 }),
  ),
}));

describe.each(Object.entries(schemas))('%s', (_name, schema) => {
  it('accepts what its JSON Schema accepts', () => {
    const validate = new Ajv({ strict: false }).compile(schema.json);
    const agree = fc.property(anything, (value) => fits(schema, value) === validate(JSON.parse(JSON.stringify(value))));
    fc.assert(agree, { numRuns: 1000 });
  });
});

it.each<[Schema, unknown, string]>([
  [part, 3, 'at: expected { size, label }, found 3'],
  [part, {}, 'at.size: is missing; give a whole number of at least 1 and at most 9'],
  [part, { size: 10 }, 'at.size: expected a whole number of at least 1 and at most 9, found 10'],
  [part, { size: 1, lable: 'a' }, 'at.lable: no such field; did you mean "label"? Known: size, label'],
  [part, { size: 1, colour: 'a' }, 'at.colour: no such field. Known: size, label'],
  [schemas.oneOf, 'linaer', 'at: expected "log" or "linear", found "linaer"; did you mean "linear"?'],
  [schemas.either, -1, 'at: expected "last" or a whole number of at least 0, found -1'],
  [schemas.list, [], 'at: expected a list of 1 or more, each a finite number, found []'],
  // biome-ignore lint/suspicious/noSparseArray: holes are no numbers
  [schemas.list, [1, , 2], 'at[1]: expected a finite number, found undefined'],
  [schemas.tuple, [1, 'x'], 'at[1]: expected a finite number, found "x"'],
  [schemas.record, { A: { size: 1 } }, 'at.A: a name has small letters only'],
  [shapes, { kind: 'circel' }, 'at.kind: no shape of kind "circel"; did you mean "circle"? there are circle, polygon'],
  [shapes, { kind: 'circle', radius: 0 }, 'at.radius: expected a finite number above 0, found 0'],
  [schemas.refine, 10, 'at: is too large'],
])('%#: a mistake is told', (schema, value, message) => {
  expect(() => schema.check(value, 'at')).toThrow(expect.objectContaining({ code: 'scenario', message }));
  expect(() => schema.check(value, 'at', 'results')).toThrow(expect.objectContaining({ code: 'results', message }));
});

it('an editor is told what a field is and what holds without it', () => {
  expect(described(flag, 'Whether.').json).toEqual({ description: 'Whether.', type: 'boolean' });
  const label = { description: 'What it is called.', default: 'none', type: 'string' };
  expect(part.json).toMatchObject({ properties: { label }, required: ['size'], additionalProperties: false });
});
