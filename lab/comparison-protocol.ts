// What the page and its workers say to each other of a comparison: SGD beside a surrogate. The rest is in protocol.ts.
import type { Outcome } from '../analysis/comparison/verdict.js';
import type { Series } from '../core/contracts/classifier.js';
import type { ChannelRecord } from '../core/engine/run.js';
import type { Scenario } from '../core/scenario/scenario.js';
import type { RunRow } from '../node/results/runs-table.js';
import type { Place } from './protocol.js';

/** A surrogate of any scenario with noise: the matrix Langevin equation, or the same without the structure of the noise. */
export type PresetName = 'langevin' | 'isotropic';

export interface ComparisonRequest {
  /** With the surrogates of its own, where it declares any. */
  readonly scenario: Scenario;
  readonly place: Place;
  /** One that the scenario declares, else a preset. */
  readonly surrogate: string;
  readonly realisations: number;
  /** Of a preset: the weight matrix whose levels are compared; the largest one where it is not given. */
  readonly block?: string;
  /** Of a preset: how much of the run is compared, 1 for all of it. */
  readonly part: number;
  /** Of a preset: steps of the surrogate in one of SGD; by the sharpness of the first weights where it is not given. */
  readonly substeps?: number;
}

/** What is known of a comparison before its first step. */
export interface ComparisonOutline {
  /** What `eigenflow compare` runs, with this surrogate alone. */
  readonly scenario: Scenario;
  readonly surrogate: string;
  /** Learning time. */
  readonly time: number;
  /** Of one realisation. */
  readonly steps: { readonly reference: number; readonly surrogate: number };
  /** How often one realisation computes the gradient of a sample. */
  readonly gradients: { readonly reference: number; readonly surrogate: number };
  /** T of both, as they declare it at the start; NaN where they do not. */
  readonly temperature: { readonly reference: number; readonly surrogate: number };
  readonly substeps?: number;
  /** Step of the surrogate times the sharpness of the first weights; undefined where it is not known. */
  readonly stepTimesSharpness?: number;
  /** How the dynamics differ that both declare. */
  readonly differences: readonly string[];
  /** What was changed of the scenario to compare it. */
  readonly notes: readonly string[];
  /** The surrogate has coefficients that are measured on realisations of SGD. */
  readonly isFitted: boolean;
  /** The surrogate alone, to be watched; undefined where it has to be measured first. */
  readonly live?: Scenario;
}

/** The run that is held against its surrogate, or the surrogate. */
export type Side = 'reference' | 'surrogate';

/** One run of a comparison. */
export interface Realisation {
  readonly side: Side;
  readonly replica: number;
  readonly row: RunRow;
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** By `observer.channel`. */
  readonly series: ReadonlyMap<string, Series>;
}

/** One level at one time. */
export interface ShownContrast {
  readonly time: number;
  /** From 1, the largest first. */
  readonly level: number;
  /** Difference of the means over the standard deviation under SGD, with its standard error; NaN where nothing fluctuates. */
  readonly difference: number;
  readonly differenceError: number;
  /** log of the ratio of standard deviations, with its error; NaN where nothing fluctuates. */
  readonly logRatio: number;
  readonly logRatioError: number;
}

/** The verdict on a window of learning time. */
export interface ShownVerdict {
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
  /** The mean that is least likely to be the same: relative, with its error, its level and the probability. */
  readonly shift: { readonly value: number; readonly error: number; readonly level: number; readonly pValue: number };
  /** The ratio of standard deviations that is farthest from 1, with the ends of its error bar. */
  readonly ratio?: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly level: number;
    readonly pValue: number;
  };
  /** What would have been found in all levels alike; NaN where nothing fluctuates. */
  readonly detectable: { readonly shift: number; readonly ratio: number };
  readonly broken: readonly string[];
  /** All of it in a line, as the command prints it. */
  readonly line: string;
}

/** Levels of one side over all realisations. */
export interface LevelsOverTime {
  readonly time: readonly number[];
  readonly mean: readonly (readonly number[])[];
  readonly deviation: readonly (readonly number[])[];
}

/** What the realisations so far say. */
export interface ComparisonVerdict {
  /** How many were used of each side. */
  readonly used: { readonly reference: number; readonly surrogate: number };
  /** The same in words, with those that are left out and why. */
  readonly realisations: { readonly reference: string; readonly surrogate: string };
  readonly windows: readonly ShownVerdict[];
  readonly contrasts: readonly ShownContrast[];
  readonly levels: { readonly reference: LevelsOverTime; readonly surrogate: LevelsOverTime };
  /** What coefficients were measured on. */
  readonly fitted: readonly string[];
  /** What the powers mean. */
  readonly note: string;
}

/** What a worker does for a comparison. */
export interface ComparisonEngine {
  /** @throws EigenflowError that says why this run cannot be compared so */
  outlineComparison(request: ComparisonRequest): Promise<ComparisonOutline>;
  /** Makes ready for realisations. @param seed of the place */
  openComparison(scenario: Scenario, seed: number): Promise<void>;
  realise(side: Side, replica: number): Promise<Realisation>;
  /** Coefficients of the surrogate, as a file, from the realisations that were kept. */
  measureCoefficients(): Promise<Uint8Array>;
  /** Gives the surrogate its coefficients. */
  takeCoefficients(file: Uint8Array): Promise<void>;
  keepRealisation(realisation: Realisation): Promise<void>;
  /** Undefined before two of each side have completed. */
  judgeComparison(): Promise<ComparisonVerdict | undefined>;
}
