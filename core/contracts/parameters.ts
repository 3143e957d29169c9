// Typed parameter schemas. Validation, TypeScript types, `--help`, tables in the docs and controls in a page all
// derive from these descriptions.
import type { NamedArrays } from './arrays.js';

interface Described {
  readonly doc: string;
  /** May be left out; `create` then sees undefined. */
  readonly optional?: boolean;
}

interface Quantity extends Described {
  /** '1' where dimensionless. */
  readonly unit: string;
  /** Smallest allowed value. */
  readonly min?: number;
  readonly max?: number;
  /** Strict lower bound. */
  readonly above?: number;
  /** Strict upper bound. */
  readonly below?: number;
}

export interface NumberParameter extends Quantity {
  readonly type: 'number';
  readonly default?: number;
  /** Accepts a schedule such as `{ ramp: [1, 0.1], over: 1000 }`; `create` sees a property that follows it. */
  readonly schedulable?: boolean;
}
export interface IntegerParameter extends Quantity {
  readonly type: 'integer';
  readonly default?: number | string;
  /** Words accepted in place of a number. */
  readonly words?: readonly string[];
}
export interface ChoiceParameter extends Described {
  readonly type: 'choice';
  readonly values: readonly string[];
  readonly default?: string;
}
export interface FlagParameter extends Described {
  readonly type: 'flag';
  readonly default?: boolean;
}
export interface TextParameter extends Described {
  readonly type: 'text';
  /** Accepts a list of texts too; `create` sees what was written, a text or a list. */
  readonly several?: boolean;
  readonly default?: string;
}
/** One integer or a list of integers; `create` always sees a list. */
export interface IntegersParameter extends Quantity {
  readonly type: 'integers';
  readonly default?: readonly number[];
}
export interface NumbersParameter extends Quantity {
  readonly type: 'numbers';
  readonly default?: readonly number[];
}
/** One word or a list of words; `create` always sees a list. */
export interface TextsParameter extends Described {
  readonly type: 'texts';
  readonly default?: readonly string[];
}
/** One flag or a list of flags; `create` always sees a list. */
export interface FlagsParameter extends Described {
  readonly type: 'flags';
  readonly default?: readonly boolean[];
}
/** The path of a file of arrays, relative to the scenario; `create` sees the arrays. */
export interface ArraysParameter extends Described {
  readonly type: 'arrays';
  /** Names accepted in place of a path, of what is no file; `create` sees the name. A file of that name is `./name`. */
  readonly words?: readonly string[];
  /** One of the words. */
  readonly default?: string;
}

export type Parameter =
  | NumberParameter
  | IntegerParameter
  | ChoiceParameter
  | FlagParameter
  | TextParameter
  | IntegersParameter
  | NumbersParameter
  | TextsParameter
  | FlagsParameter
  | ArraysParameter;

export type ParameterSchema = Readonly<Record<string, Parameter>>;

type Bare<P> = P extends { type: 'number' }
  ? number
  : P extends { type: 'integer'; words: readonly (infer W)[] }
    ? number | W
    : P extends { type: 'integer' }
      ? number
      : P extends { type: 'choice'; values: readonly (infer V)[] }
        ? V
        : P extends { type: 'flag' }
          ? boolean
          : P extends { type: 'text' }
            ? P extends { several: true }
              ? string | readonly string[]
              : string
            : P extends { type: 'integers' | 'numbers' }
              ? readonly number[]
              : P extends { type: 'texts' }
                ? readonly string[]
                : P extends { type: 'flags' }
                  ? readonly boolean[]
                  : P extends { type: 'arrays'; words: readonly (infer W)[] }
                    ? NamedArrays | W
                    : P extends { type: 'arrays' }
                      ? NamedArrays
                      : never;

/** What `create` receives for a schema. */
export type ParameterValues<S extends ParameterSchema> = {
  readonly [K in keyof S]: S[K] extends { optional: true } ? Bare<S[K]> | undefined : Bare<S[K]>;
};

type Spec<P extends Parameter> = Omit<P, 'type'>;

export const number = <const P extends Spec<NumberParameter>>(spec: P) => ({ type: 'number', ...spec }) as const;
export const integer = <const P extends Spec<IntegerParameter>>(spec: P) => ({ type: 'integer', ...spec }) as const;
export const choice = <const P extends Spec<ChoiceParameter>>(spec: P) => ({ type: 'choice', ...spec }) as const;
export const flag = <const P extends Spec<FlagParameter>>(spec: P) => ({ type: 'flag', ...spec }) as const;
export const text = <const P extends Spec<TextParameter>>(spec: P) => ({ type: 'text', ...spec }) as const;
export const integers = <const P extends Spec<IntegersParameter>>(spec: P) => ({ type: 'integers', ...spec }) as const;
export const numbers = <const P extends Spec<NumbersParameter>>(spec: P) => ({ type: 'numbers', ...spec }) as const;
export const texts = <const P extends Spec<TextsParameter>>(spec: P) => ({ type: 'texts', ...spec }) as const;
export const flags = <const P extends Spec<FlagsParameter>>(spec: P) => ({ type: 'flags', ...spec }) as const;
export const arrays = <const P extends Spec<ArraysParameter>>(spec: P) => ({ type: 'arrays', ...spec }) as const;
