// What a member of a contract may be, where JSON has no word for it.
import { isTree, leaf, type Members } from '../schema/schema.js';

/** Members of what `create` returns, of a pass, of a capability. */
export type Rules = Members;

/** Declared `async`, which shows before it is called. Plain functions that return a promise show at their first call. */
export const isAsync = (value: unknown): boolean =>
  /^\[object Async/.test(Object.prototype.toString.call(value)) && typeof value === 'function';

export const callable = leaf(
  'a function, and not an async one',
  (value) => typeof value === 'function' && !isAsync(value),
);
export const count = leaf<number>('a whole number above 0', (n) => Number.isInteger(n) && (n as number) > 0);
/** Steps, places: 0 too. */
export const index = leaf<number>('a whole number from 0 up', (n) => Number.isInteger(n) && (n as number) >= 0);
/** NaN and Infinity too. */
export const amount = leaf<number>('a number', (value) => typeof value === 'number');
export const record = leaf<object>('an object', isTree);

const listOf = <T>(expected: string, fits: (entry: unknown) => boolean) =>
  leaf<readonly T[]>(expected, (value) => Array.isArray(value) && value.every(fits));

export const words = listOf<string>('a list of names', (entry) => typeof entry === 'string');
export const vectors = listOf<Float64Array>('a list of Float64Array', (entry) => entry instanceof Float64Array);
