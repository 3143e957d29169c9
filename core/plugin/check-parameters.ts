// Checks the parameters of one component against its schema and fills in defaults, before anything is created.
import type { Json } from '../contracts/json.js';
import type { Parameter, ParameterSchema } from '../contracts/parameters.js';
import { show } from '../contracts/show.js';
import { EigenflowError, suggest, suggestOrStop } from '../errors.js';
import { expectedWhole, isWhole } from '../whole-number.js';
import { isSchedule, parseSchedule } from './schedules.js';

function wrong(path: string, expected: string, value: unknown): EigenflowError {
  return new EigenflowError('parameter', path, `expected ${expected}, found ${show(value)}`);
}

function checkRange(path: string, value: number, range: Extract<Parameter, { min?: number }>): void {
  const { min, max, above, below } = range;
  const fail = (bound: string) => {
    throw new EigenflowError('parameter', path, `${value} is out of range; it must be ${bound}`);
  };
  if (min !== undefined && value < min) fail(`at least ${min}`);
  if (max !== undefined && value > max) fail(`at most ${max}`);
  if (above !== undefined && value <= above) fail(`greater than ${above}`);
  if (below !== undefined && value >= below) fail(`less than ${below}`);
}

function checkNumber(path: string, value: unknown, parameter: Extract<Parameter, { min?: number }>): number {
  if (typeof value !== 'number') throw wrong(path, 'a number', value);
  if (!Number.isFinite(value)) throw wrong(path, 'a finite number', value);
  checkRange(path, value, parameter);
  return value;
}

function checkInteger(path: string, value: unknown, parameter: Extract<Parameter, { min?: number }>): number {
  if (!isWhole(value)) throw wrong(path, expectedWhole(value, parameter.min, parameter.max), value);
  checkRange(path, value, parameter);
  return value;
}

function checkList<T>(path: string, value: unknown, one: (path: string, value: unknown) => T): T[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((entry, i) => one(`${path}[${i}]`, entry));
}

function checkText(path: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw wrong(path, 'a text', value);
  return value;
}

/** @returns the value in its normal form. @throws EigenflowError `parameter`. */
function checkValue(path: string, value: unknown, parameter: Parameter): Json {
  switch (parameter.type) {
    case 'number':
      if (isSchedule(value)) {
        if (!parameter.schedulable) throw wrong(path, 'a plain number (it cannot follow a schedule)', value);
        const schedule = parseSchedule(path, value);
        for (const end of schedule.range) checkRange(path, end, parameter);
        return value as unknown as Json;
      }
      return checkNumber(path, value, parameter);
    case 'integer':
      if (typeof value === 'string' && parameter.words) {
        if (parameter.words.includes(value)) return value;
        throw wrong(path, `a whole number or ${parameter.words.map((w) => `"${w}"`).join(', ')}`, value);
      }
      return checkInteger(path, value, parameter);
    case 'choice':
      if (typeof value === 'string' && parameter.values.includes(value)) return value;
      throw new EigenflowError(
        'parameter',
        path,
        `expected one of ${parameter.values.join(', ')}, found ${show(value)}${
          typeof value === 'string' ? suggest(value, parameter.values) : ''
        }`,
      );
    case 'flag':
      if (typeof value === 'boolean') return value;
      throw wrong(path, 'true or false', value);
    case 'text':
      return checkText(path, value);
    case 'arrays':
      if (typeof value === 'string' && value !== '') return value;
      throw wrong(path, 'the path of an .npz file', value);
    case 'integers':
      return checkList(path, value, (p, v) => checkInteger(p, v, parameter));
    case 'numbers':
      return checkList(path, value, (p, v) => checkNumber(p, v, parameter));
    case 'texts':
      return checkList(path, value, checkText);
  }
}

/**
 * @param path where the component stands in the scenario
 * @param given what the scenario says, without `use` and the like
 * @returns every parameter that has a value, in the schema's order
 * @throws EigenflowError `parameter`
 */
export function checkParameters(
  path: string,
  given: Readonly<Record<string, unknown>>,
  schema: ParameterSchema,
): Record<string, Json> {
  const known = Object.keys(schema);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema, name)) {
      const list = known.length > 0 ? `Its parameters: ${known.join(', ')}` : 'It has no parameters';
      throw new EigenflowError(
        'parameter',
        `${path}.${name}`,
        `no such parameter${suggestOrStop(name, known)} ${list}`,
      );
    }
  }
  const values: Record<string, Json> = {};
  for (const name of known) {
    const parameter = schema[name];
    const fallback = 'default' in parameter ? parameter.default : undefined;
    const value = Object.hasOwn(given, name) && given[name] !== undefined ? given[name] : fallback;
    if (value === undefined) {
      if (parameter.optional) continue;
      const choices = parameter.type === 'choice' ? ` (one of ${parameter.values.join(', ')})` : '';
      throw new EigenflowError('parameter', `${path}.${name}`, `is required${choices}: ${parameter.doc}`);
    }
    values[name] = checkValue(`${path}.${name}`, value, parameter);
  }
  return values;
}
