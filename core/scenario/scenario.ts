// A scenario: pure data that says what to run. Valid as JSON, survives structuredClone, names its plugins.
import type { FigureDeclaration } from '../contracts/figure.js';
import type { Json } from '../contracts/json.js';

/** A component with its parameters: `{ use: 'sgd', learningRate: 1 }`. */
export interface Use {
  readonly use: string;
  readonly [parameter: string]: Json | undefined;
}

/**
 * When an observer measures. `every`, `perDecade` and `points` include the state before the first step and the last
 * one; `at` and `atEpochs` are taken literally.
 */
export type Trigger =
  | 'end'
  | { readonly every: number }
  | { readonly everyEpochs: number }
  | { readonly perDecade: number }
  /** Evenly spaced, both ends included. */
  | { readonly points: number }
  | { readonly at: 'end' | readonly (number | 'end')[] }
  | { readonly atEpochs: readonly (number | 'end')[] };

export interface ObserverUse {
  readonly use: string;
  /** Default `{ points: 21 }`. */
  readonly when?: Trigger;
  readonly [parameter: string]: unknown;
}

/** Values of one axis: a list, or a range with both ends included. */
export type AxisValues =
  | readonly Json[]
  | { readonly geometric: readonly [number, number]; readonly count: number }
  | { readonly linear: readonly [number, number]; readonly count: number }
  | ScaledValues;

/** Values that follow another axis of the same group of `zip`, such as a learning rate that follows the batch size. */
export interface ScaledValues {
  /** Path of the axis that is followed. */
  readonly scaledWith: string;
  /** A value of that axis, and the one that belongs to it here. */
  readonly from: readonly [number, number];
  /** `linear`: in proportion (arXiv:1706.02677); `square-root`: to its root (arXiv:2205.10287, for Adam). */
  readonly law: 'linear' | 'square-root';
}

/** A map that computes part of its grid: a coarse grid first, then runs where the probability of a phase is undecided. */
export interface Adaptive {
  /** The first cells: every n-th value of each axis, and the last one; one seed each. Default 3. */
  readonly every?: number;
  /** Runs in all, the first ones included. Default: a quarter of the grid. */
  readonly runs?: number;
  /** Runs that are chosen at a time, from the results of all before. Default: a twelfth of what follows the first. */
  readonly batch?: number;
}

export interface Sweep {
  /** Values by path, for example `optimiser.learningRate`. Axes form a product. */
  readonly axes?: Readonly<Record<string, AxisValues>>;
  /**
   * Axes that vary together: one group of axis paths, a list of such groups, or a list of `{ path: values }`, whose
   * members need not be repeated under `axes`.
   */
  readonly zip?: readonly string[] | readonly (readonly string[])[] | readonly Readonly<Record<string, AxisValues>>[];
  /** Realisations of every cell, numbered from 0. Default 1. */
  readonly seeds?: number;
  /**
   * false (default): seed k means the same teacher, data and initial draw in every cell. true: every cell draws its
   * own.
   */
  readonly independent?: boolean;
  /** Compute part of the grid only. The scenario needs a classifier, whose labels decide what is computed next. */
  readonly adaptive?: Adaptive;
}

/** Where a run counts as diverged. */
export interface Limits {
  /** Largest batch loss; unset: only a loss that is not finite. */
  readonly loss?: number;
  /**
   * Largest Frobenius norm of the weights (it bounds the largest singular value), in units of the larger of the
   * initial norm and sqrt(number of weights). Default 1e3.
   */
  readonly weightGrowth?: number;
}

/** Coefficients of the level equation, measured on the reference and given to a model of levels. */
export interface MeasuredCoefficients {
  /** Name of the observer `dyson-coefficients`; its frames are the states of the path. */
  readonly from: string;
  /** How the drift depends on the levels: not at all, or linearly, by regression over the realisations. */
  readonly drift: 'frozen' | 'linearised';
  /** Added to the variance of every level in the regression, as a fraction of it. Default 0.001. */
  readonly ridge?: number;
  /**
   * Realisations that they are measured on: "half", the default, every other one, while the surrogate is compared with
   * the rest; "all", so that it is compared with what it was fitted to.
   */
  readonly realisations?: 'half' | 'all';
}

/** Other dynamics for the same start: slots of the scenario that are replaced. */
export interface Surrogate extends Partial<Pick<Scenario, 'model' | 'loss' | 'noise' | 'optimiser'>> {
  /** Instead of those of the scenario, which are the observer of the levels and any `sharpness`. */
  readonly observers?: Scenario['observers'];
  /** For a model that takes its coefficients from a file, such as `general-levels`. */
  readonly coefficients?: MeasuredCoefficients;
}

/** The same run under other dynamics, for `eigenflow compare`. */
export interface Comparison {
  /** Surrogates by name. */
  readonly surrogates: Readonly<Record<string, Surrogate>>;
  /** Channel that holds the levels, `observer.channel`. */
  readonly levels: string;
  /** How many of the largest levels are compared. Default 6. */
  readonly top?: number;
  /**
   * Whether the channel holds levels, which have no names and are compared by their rank ('by-size', the default), or numbers
   * with a meaning each, compared place by place ('by-place'); `top` then counts from the first.
   */
  readonly match?: 'by-size' | 'by-place';
  /**
   * Realisations of the noise, all from the same weights: values of `model.replica` where a model draws samples that never
   * come twice, else of `noise.replica`, or of `optimiser.replica` where the noise is that of an integrator.
   */
  readonly replicas: number;
  /**
   * How many instances (teacher, data and first weights, as far as they are drawn) are compared, each with so many
   * realisations: under this root seed and those that follow it. Default 1.
   */
  readonly instances?: number;
  /** Ends of the windows of time for which verdicts are given. Default: quarters of the run. */
  readonly windows?: readonly number[];
}

export interface Scenario {
  /** JSON Schema for editors, which `eigenflow schema` writes. It says nothing about the runs. */
  readonly $schema?: string;
  readonly title: string;
  readonly description?: string;
  readonly plugins: readonly string[];
  /** Root seed. Default 1. */
  readonly seed?: number;
  /** The length of every run: one of the three. */
  readonly steps?: number;
  readonly epochs?: number;
  /** In learning time, the sum of the step sizes: what SGD and its surrogates have in common. */
  readonly time?: number;
  readonly model: Use;
  readonly loss: Use;
  readonly noise: Use;
  readonly optimiser: Use;
  readonly observers?: Readonly<Record<string, ObserverUse>>;
  readonly classifier?: Use;
  readonly limits?: Limits;
  readonly sweep?: Sweep;
  readonly compare?: Comparison;
  readonly figures?: readonly FigureDeclaration[];
}

/** Gives a scenario its type; returns it unchanged. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
