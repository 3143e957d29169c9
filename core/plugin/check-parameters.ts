// Declared parameters as schemas: checks the parameters of one component and fills in defaults, before anything is
// created, and writes the same as JSON Schema for editors.
import type { Json } from '../contracts/json.js';
import type { JsonSchema } from '../contracts/json-schema.js';
import type { Parameter, ParameterSchema } from '../contracts/parameters.js';
import { EigenflowError, suggestOrStop } from '../errors.js';
import {
  either,
  expectedWhole,
  filled,
  finite,
  flag,
  list,
  oneOf,
  optional,
  refine,
  type Schema,
  whole,
} from '../schema/schema.js';
import { isSchedule, scheduleOf } from './schedules.js';

type Range = Pick<Extract<Parameter, { min?: number }>, 'min' | 'max' | 'above' | 'below'>;

/** Each with JSON Schema's name for it, and how it is told. */
const BOUNDS: readonly (readonly [keyof Range, string, string, (value: number, bound: number) => boolean])[] = [
  ['min', 'minimum', 'at least', (value, bound) => value >= bound],
  ['max', 'maximum', 'at most', (value, bound) => value <= bound],
  ['above', 'exclusiveMinimum', 'greater than', (value, bound) => value > bound],
  ['below', 'exclusiveMaximum', 'less than', (value, bound) => value < bound],
];

const inRange = (number: Schema<number>, range: Range): Schema<number> =>
  BOUNDS.reduce((inner, [name, keyword, told, holds]) => {
    const bound = range[name];
    if (bound === undefined) return inner;
    const rule = (value: number) =>
      holds(value, bound) ? undefined : `${value} is out of range; it must be ${told} ${bound}`;
    return refine(inner, rule, Number.isFinite(bound) ? { [keyword]: bound } : {});
  }, number);

function numberSchema(parameter: Range & { readonly schedulable?: boolean }): Schema {
  const explain = (value: unknown) => {
    if (typeof value === 'number') return 'a finite number';
    return isSchedule(value) ? 'a plain number (it cannot follow a schedule)' : 'a number';
  };
  const number = inRange({ ...finite, explain }, parameter);
  if (!parameter.schedulable) return number;
  return { ...either(scheduleOf(number), number), explain };
}

function integerSchema(parameter: Range & { readonly words?: readonly string[] }): Schema {
  const explain = (value: unknown) => expectedWhole(value, parameter.min, parameter.max);
  const integer = inRange({ ...whole(), explain }, parameter);
  const { words } = parameter;
  if (!words) return integer;
  const orWord = `a whole number or ${words.map((word) => `"${word}"`).join(', ')}`;
  return {
    ...either(oneOf(...words), integer),
    explain: (value) => (typeof value === 'string' ? orWord : explain(value)),
  };
}

/** In its normal form, a list. */
function oneOrMore(entry: Schema): Schema {
  const several = list(entry);
  return { ...several, json: { anyOf: [entry.json, several.json] } };
}

/** A list with something in it, of which none comes twice. */
const distinctTexts = refine(list(filled('a text'), 1), (values: readonly string[]) => {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  return twice === undefined ? undefined : `names "${twice}" twice; name each once`;
});

const textOrTexts: Schema = {
  ...either(filled('a text'), distinctTexts),
  explain: (value) => (Array.isArray(value) ? 'a list of texts that are not empty' : 'a text or a list of texts'),
};

const ARRAY_FILE = 'a file of arrays (.npz, .csv, .safetensors, or IDX)';

/** Editors offer the words; any other text is a path, and whether there is such a file is known when it is read. */
function arraysSchema({ words = [] }: { readonly words?: readonly string[] }): Schema {
  const path = filled(`the path of ${ARRAY_FILE}`);
  if (words.length === 0) return path;
  return either(oneOf(...words), path, `${words.map((word) => `"${word}"`).join(', ')}, or ${path.expected}`);
}

function createSchema(parameter: Parameter): Schema {
  switch (parameter.type) {
    case 'number':
      return numberSchema(parameter);
    case 'integer':
      return integerSchema(parameter);
    case 'choice':
      return { ...oneOf(...parameter.values), expected: `one of ${parameter.values.join(', ')}` };
    case 'flag':
      return flag;
    case 'text':
      return parameter.several ? textOrTexts : filled('a text');
    case 'arrays':
      return arraysSchema(parameter);
    case 'integers':
      return oneOrMore(integerSchema(parameter));
    case 'numbers':
      return oneOrMore(numberSchema(parameter));
    case 'texts':
      return oneOrMore(filled('a text'));
    case 'flags':
      return oneOrMore(flag);
  }
}

/** A sweep asks for it in every cell. */
const schemas = new WeakMap<Parameter, Schema>();

function schemaOf(parameter: Parameter): Schema {
  const schema = schemas.get(parameter) ?? createSchema(parameter);
  schemas.set(parameter, schema);
  return schema;
}

const defaultOf = (parameter: Parameter) => ('default' in parameter ? parameter.default : undefined);

/**
 * @param path where the component stands in the scenario
 * @param given what the scenario says, without `use` and the like
 * @returns every parameter that has a value, in its normal form, in the schema's order
 * @throws EigenflowError `parameter`
 */
export function checkParameters(
  path: string,
  given: Readonly<Record<string, unknown>>,
  schema: ParameterSchema,
): Record<string, Json> {
  const fail = (name: string, message: string) => new EigenflowError('parameter', `${path}.${name}`, message);
  const known = Object.keys(schema);
  const stray = Object.keys(given).find((name) => !Object.hasOwn(schema, name));
  if (stray !== undefined) {
    const there = known.length > 0 ? `Its parameters: ${known.join(', ')}` : 'It has no parameters';
    throw fail(stray, `no such parameter${suggestOrStop(stray, known)} ${there}`);
  }
  const values: Record<string, Json> = {};
  for (const name of known) {
    const parameter = schema[name];
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = own === undefined ? defaultOf(parameter) : own;
    if (value === undefined) {
      if (parameter.optional) continue;
      const choices = parameter.type === 'choice' ? ` (one of ${parameter.values.join(', ')})` : '';
      throw fail(name, `is required${choices}: ${parameter.doc}`);
    }
    const normal = /^(integers|numbers|texts|flags)$/.test(parameter.type) && !Array.isArray(value) ? [value] : value;
    schemaOf(parameter).check(normal, `${path}.${name}`, 'parameter');
    values[name] = normal as Json;
  }
  return values;
}

/** As JSON Schema, with everything that an editor shows of it: what it is, its unit, its default. */
export function parameterSchema(parameter: Parameter): JsonSchema {
  const fallback = defaultOf(parameter);
  const notes = [
    ...('unit' in parameter && parameter.unit !== '1' ? [`Unit: ${parameter.unit}.`] : []),
    ...(fallback === undefined ? [] : [`Default: ${JSON.stringify(fallback)}.`]),
    ...(parameter.type === 'number' && parameter.schedulable ? ['Can follow a schedule.'] : []),
    ...(parameter.type === 'arrays' ? [`Path of ${ARRAY_FILE}, relative to the scenario.`] : []),
  ];
  const doc = notes.length === 0 ? parameter.doc : `${parameter.doc}. ${notes.join(' ')}`;
  return optional(schemaOf(parameter), doc, fallback).json;
}

/** Names of those without which no component is created. */
export const requiredParameters = (schema: ParameterSchema): string[] =>
  Object.keys(schema).filter((name) => !schema[name].optional && defaultOf(schema[name]) === undefined);
