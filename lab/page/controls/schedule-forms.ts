// Forms of a schedule, and a first one of each form to change.
import type { Json } from '../../../core/contracts/json.js';

export const FORMS = {
  constant: 'constant',
  ramp: 'ramp',
  pieces: 'in pieces',
  peak: 'warm-up, decay',
} as const;

export type Form = keyof typeof FORMS;

export function formOf(value: Json | undefined): Form {
  if (typeof value !== 'object' || value === null) return 'constant';
  return (['ramp', 'pieces', 'peak'] as const).find((form) => Object.hasOwn(value, form)) ?? 'constant';
}

/** Any number of a schedule, the first that stands in it; undefined where there is none. */
function firstNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(firstNumber).find((found) => found !== undefined);
  if (typeof value !== 'object' || value === null) return undefined;
  const { ramp, pieces, peak } = value as Readonly<Record<string, Json>>;
  if (Array.isArray(pieces)) return firstNumber((pieces[0] as readonly Json[])?.[1]);
  return firstNumber(peak ?? ramp);
}

/** @param value what stood there before: its number goes on */
export function startOf(form: Form, value: Json | undefined): Json | undefined {
  const number = firstNumber(value) || 1;
  switch (form) {
    case 'constant':
      return number;
    case 'ramp':
      return { ramp: [number, number / 10], over: 10_000 };
    case 'pieces':
      return {
        pieces: [
          [0, number],
          [10_000, number / 10],
        ],
      };
    case 'peak':
      return { peak: number, warmUp: 1000, cosine: 20_000 };
  }
}
