// Declared parameters as JSON Schema, for editors: accepts what check-parameters.ts accepts.
import type { JsonSchema } from '../contracts/json-schema.js';
import type { Parameter, ParameterSchema } from '../contracts/parameters.js';
import { LARGEST_WHOLE } from '../whole-number.js';
import { scheduleSchemas } from './schedules.js';

const BOUNDS: Readonly<Record<string, string>> = {
  min: 'minimum',
  max: 'maximum',
  above: 'exclusiveMinimum',
  below: 'exclusiveMaximum',
};

function bounds(parameter: Parameter): JsonSchema {
  return Object.fromEntries(
    Object.entries(parameter).flatMap(([name, value]) =>
      Object.hasOwn(BOUNDS, name) && Number.isFinite(value) ? [[BOUNDS[name], value]] : [],
    ),
  );
}

const oneOrMore = (one: JsonSchema): JsonSchema => ({ anyOf: [one, { type: 'array', items: one }] });

function valueSchema(parameter: Parameter): JsonSchema {
  const someText = { type: 'string', minLength: 1 };
  const number = { type: 'number', ...bounds(parameter) };
  const integer = { type: 'integer', minimum: -LARGEST_WHOLE, maximum: LARGEST_WHOLE, ...bounds(parameter) };
  switch (parameter.type) {
    case 'number':
      return parameter.schedulable ? { anyOf: [number, ...scheduleSchemas(number)] } : number;
    case 'integer':
      return parameter.words ? { anyOf: [integer, { enum: parameter.words }] } : integer;
    case 'choice':
      return { enum: parameter.values };
    case 'flag':
      return { type: 'boolean' };
    case 'text':
    case 'arrays':
      return someText;
    case 'integers':
      return oneOrMore(integer);
    case 'numbers':
      return oneOrMore(number);
    case 'texts':
      return oneOrMore(someText);
  }
}

/** With everything that an editor shows of it: what it is, its unit, its default. */
export function parameterSchema(parameter: Parameter): JsonSchema {
  const fallback = 'default' in parameter ? parameter.default : undefined;
  const notes = [
    parameter.doc,
    ...('unit' in parameter && parameter.unit !== '1' ? [`Unit: ${parameter.unit}.`] : []),
    ...(fallback === undefined ? [] : [`Default: ${JSON.stringify(fallback)}.`]),
    ...(parameter.type === 'number' && parameter.schedulable ? ['Can follow a schedule.'] : []),
    ...(parameter.type === 'arrays' ? ['Path of an .npz file.'] : []),
  ];
  return {
    description: notes.length === 1 ? parameter.doc : `${parameter.doc}. ${notes.slice(1).join(' ')}`,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...valueSchema(parameter),
  };
}

/** Names of those without which no component is created. */
export const requiredParameters = (schema: ParameterSchema): string[] =>
  Object.keys(schema).filter((name) => {
    const parameter = schema[name];
    return !parameter.optional && !('default' in parameter && parameter.default !== undefined);
  });
