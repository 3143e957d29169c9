// A value of a parameter as the text of a field, and back. What the text means beyond its form is for the engine to check.
import type { Json } from '../../../core/contracts/json.js';
import type { Parameter } from '../../../core/contracts/parameters.js';

export type Read = { readonly value: Json | undefined } | { readonly problem: string };

const LISTS: readonly Parameter['type'][] = ['integers', 'numbers', 'texts', 'flags'];

export const isList = ({ type }: Parameter) => LISTS.includes(type);

export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const FRACTION = /^([^/]+)\/([^/]+)$/;

/** 1/32 is how temperatures and widths are thought of. */
function numberOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const [, over, under] = FRACTION.exec(text) ?? [];
  const [a, b] = [over?.trim() ?? '', under?.trim() ?? ''];
  return NUMBER.test(a) && NUMBER.test(b) ? Number(a) / Number(b) : undefined;
}

function entryOf(type: Parameter['type'], text: string, words: readonly string[]): Read {
  if (type === 'texts') return { value: text };
  if (type === 'flags') {
    if (text === 'true' || text === 'false') return { value: text === 'true' };
    return { problem: `"${text}" is neither true nor false` };
  }
  if (words.includes(text)) return { value: text };
  const number = numberOf(text);
  if (number !== undefined) return { value: number };
  const other = words.length > 0 ? ` and none of ${words.join(', ')}` : '';
  return { problem: `"${text}" is no number${other}; write for example 0.25, 1e-3 or 1/32` };
}

/** @returns undefined as value for an empty text: the default of the parameter */
export function readField(parameter: Parameter, given: string): Read {
  const text = given.trim();
  if (text === '') return { value: undefined };
  const { type } = parameter;
  const words = 'words' in parameter ? (parameter.words ?? []) : [];
  if (isList(parameter)) {
    if (text === '[]') return { value: [] };
    const entries = text
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((part) => entryOf(type, part.trim().replace(/^"(.*)"$/, '$1'), words));
    const problem = entries.find((entry) => 'problem' in entry);
    if (problem) return problem;
    return { value: entries.map((entry) => ('value' in entry ? (entry.value ?? null) : null)) };
  }
  if (text.startsWith('{')) {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return { problem: 'is no JSON; a schedule is written like {"ramp": [1, 0.1], "over": 1000}' };
    }
  }
  if (type === 'number' || type === 'integer') return entryOf(type, text, words);
  if (type === 'flag') return { value: text === 'true' };
  if (type === 'text' && parameter.several && text.includes(',')) {
    return { value: text.split(',').map((part) => part.trim()) };
  }
  return { value: text };
}

/** What the parameter may be, in a few words: range, unit. */
export function rangeOf(parameter: Parameter): string {
  if (!('unit' in parameter)) return '';
  const { min, max, above, below, unit } = parameter;
  const bounds = [
    ...(min === undefined ? [] : [`≥ ${min}`]),
    ...(above === undefined ? [] : [`> ${above}`]),
    ...(max === undefined ? [] : [`≤ ${max}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  return [...(unit === '1' ? [] : [unit]), ...bounds].join(', ');
}
