// Numbers of the theory of one-pass learning that an independent program (numpy) has computed, and how far ours are off.
import { readFileSync } from 'node:fs';
import { createIntegrals } from '../../plugins/online-learning/theory/integrals.js';

type Matrix = readonly (readonly number[])[];

export interface ReferenceTrajectory {
  readonly desc: string;
  readonly Q0: Matrix;
  readonly R0: Matrix;
  readonly T: Matrix;
  readonly v: readonly number[];
  readonly A: readonly number[];
  readonly eta: number;
  readonly etav?: number;
  readonly sigma?: number;
  readonly alpha: readonly number[];
  readonly eg: readonly number[];
  readonly v_t?: Matrix;
}

interface NoiseAsymptote {
  readonly K: number;
  readonly M: number;
  readonly eta: number;
  readonly sigma: number;
  readonly eps: number;
  readonly lead: number;
  readonly linear?: number;
}

interface Reference {
  readonly integrals_erf: readonly ({ readonly C: Matrix } & Readonly<Record<string, number>>)[];
  readonly integrals_relu: readonly ({ readonly C: Matrix } & Readonly<Record<string, number>>)[];
  readonly trajectories: Readonly<Record<'E1' | 'E2' | 'E3' | 'E4', ReferenceTrajectory>>;
  readonly plateau: readonly {
    readonly K: number;
    readonly eta: number;
    readonly Q: number;
    readonly C: number;
    readonly R: number;
    readonly eg: number;
    readonly escape: number;
  }[];
  readonly plateau_length: readonly { readonly eta: number; readonly eps: number; readonly exit: number }[];
  readonly noise_asymptote: readonly NoiseAsymptote[];
  readonly published: {
    readonly t: readonly number[];
    readonly printed: readonly number[];
    readonly exact_ode: readonly number[];
  };
  readonly critical_eta: Readonly<Record<'erf' | 'relu', Readonly<Record<string, number>>>>;
}

export const REFERENCE: Reference = JSON.parse(
  readFileSync(new URL('../reference/online/online.json', import.meta.url), 'utf8'),
);

const methods = {
  I2: 'valueValue',
  J2: 'slopeSlope',
  I3: 'slopeFieldValue',
  I4: 'slopeSlopeValueValue',
} as const;

/** Our closed forms minus the numbers of the table, which counts fields from 1. */
export function integralDeviations(activation: 'erf' | 'relu'): { name: string; deviation: number }[] {
  const integrals = createIntegrals(activation, 4);
  return REFERENCE[`integrals_${activation}`].flatMap(({ C, ...values }, number) =>
    Object.entries(values).flatMap(([name, expected]) => {
      const kind = name.slice(0, 2);
      if (!Object.hasOwn(methods, kind)) return [];
      const fields = [...name.slice(2)].flatMap((sign) => (/\d/.test(sign) ? Number(sign) - 1 : []));
      const method = integrals[methods[kind as keyof typeof methods]] as (...args: unknown[]) => number;
      const value = method(Float64Array.from(C.flat()), ...fields);
      return [{ name: `${name} of covariance ${number + 1}`, deviation: value - (expected as number) }];
    }),
  );
}
