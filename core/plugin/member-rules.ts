// What a member of a contract may be, as a test and in words.

/** A member of what `create` returns. */
export interface Rule {
  /** Continues "expected ...". */
  readonly expected: string;
  fits(value: unknown): boolean;
  readonly optional?: boolean;
  /** Members of a capability. */
  readonly members?: Rules;
}

export type Rules = Readonly<Record<string, Rule>>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Declared `async`, which shows before it is called. Plain functions that return a promise show at their first call. */
export const isAsync = (value: unknown): boolean =>
  /^\[object Async/.test(Object.prototype.toString.call(value)) && typeof value === 'function';

export const callable: Rule = {
  expected: 'a function, and not an async one',
  fits: (value) => typeof value === 'function' && !isAsync(value),
};

export const count: Rule = {
  expected: 'a whole number above 0',
  fits: (value) => Number.isInteger(value) && (value as number) > 0,
};

/** Steps, places: 0 too. */
export const index: Rule = {
  expected: 'a whole number from 0 up',
  fits: (value) => Number.isInteger(value) && (value as number) >= 0,
};

export const amount: Rule = { expected: 'a number', fits: (value) => typeof value === 'number' };

export const yesOrNo: Rule = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };

export const words: Rule = {
  expected: 'a list of names',
  fits: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
};

export const vectors: Rule = {
  expected: 'a list of Float64Array',
  fits: (value) => Array.isArray(value) && value.every((entry) => entry instanceof Float64Array),
};

export const record: Rule = { expected: 'an object', fits: (value) => isObject(value) && !Array.isArray(value) };

export const oneOf = (...values: readonly (string | number)[]): Rule => ({
  expected: values.map((value) => JSON.stringify(value)).join(' or '),
  fits: (value) => (values as readonly unknown[]).includes(value),
});

export const capability = (members: Rules): Rule => ({ ...record, members });

export const optional = (rule: Rule): Rule => ({ ...rule, optional: true });
