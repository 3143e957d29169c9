// Contract: classifier. Names the phase or the outcome of a run, or of all runs of a sweep, with its evidence.
import type { Json } from './json.js';

/** An axis of a sweep. */
export interface Axis {
  /** Path of the value that varies. */
  readonly name: string;
  readonly values: readonly Json[];
  /** Axes of the same group vary together and have the same number of values. */
  readonly group: number;
}

/** Labels of the classifiers that speak of phases (the regimes of arXiv:2509.01349), in the order of the legend. */
export const PHASES = ['ordered', 'jammed', 'paramagnetic', 'diverged'] as const;

export type Phase = (typeof PHASES)[number];

/** How a run ended. Divergence is a result, never an exception and never a sentinel number. */
export type RunStatus = 'completed' | 'diverged' | 'saturated' | 'failed';

/** All frames of one channel. */
export interface Series {
  /** Shape of one frame. */
  readonly shape: readonly number[];
  /** Frames x shape, flat. */
  readonly data: Float64Array;
  readonly step: Float64Array;
  readonly epoch: Float64Array;
  readonly time: Float64Array;
}

/** A finished run as a classifier sees it. */
export interface RunRecord {
  readonly id: string;
  /** Value of each sweep axis. */
  readonly axes: Readonly<Record<string, unknown>>;
  /** Index on the seeds axis. */
  readonly seed: number;
  readonly status: RunStatus;
  /**
   * Seed of another run of the same setting whose weights went the same way to the last bit: this one says nothing that
   * the other does not, and does not count. undefined for a run of its own.
   */
  readonly copyOf?: number;
  /** Steps made. */
  readonly steps: number;
  /**
   * A parameter of this run by its path, for example `optimiser.learningRate` or `observers.spectrum.block`: swept,
   * given or default. undefined where the component has no such parameter.
   */
  parameter(path: string): Json | undefined;
  /** Frames by `component.channel` (the component's name, as in `needs`); undefined where no frame was measured. */
  series(need: string): Series | undefined;
}

/** What one run says. */
export interface Verdict {
  /** One of `labels`; undefined where what it rests on was not measured. */
  readonly label: string | undefined;
  /** For every label; they sum to 1. All NaN without a label. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The numbers that decided; NaN where not measured. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A number with a band around it: 68.27 % of what it may be. */
export interface Banded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What all seeds of one setting say together. */
export interface CellVerdict {
  /** Value of each sweep axis. */
  readonly axes: Readonly<Record<string, Json>>;
  /** Runs that have a label and are no copies: what the probabilities rest on. */
  readonly n: number;
  /** Runs that repeat another one of this setting and are not counted. */
  readonly copies?: number;
  /** Runs that ended without one. */
  readonly unlabelled: number;
  /** The most probable one, the first of `labels` among equals; undefined when n = 0. */
  readonly label: string | undefined;
  /** Probability that another seed of this setting gets the label, for every label; the values sum to 1. */
  readonly probabilities: Readonly<Record<string, Banded>>;
  /** Median over seeds, with the 16 and 84 % quantiles, of what the runs' verdicts rest on; NaN where not measured. */
  readonly evidence: Readonly<Record<string, Banded>>;
}

/** Where a boundary crosses one line of the grid. */
export interface Crossing extends Banded {
  /** The line: values of all axes but those that vary along it. */
  readonly at: Readonly<Record<string, Json>>;
  /** Fraction of the resampled maps in which the line is crossed; 1 where it is no matter of chance. */
  readonly found: number;
  /** Labelled runs in the cells on either side, the smaller number of the two. */
  readonly n: number;
}

/** The curve on which two labels meet. */
export interface Boundary {
  /** In the order of `labels`. */
  readonly between: readonly [string, string];
  /** Axis that is crossed; the crossings are values on it. */
  readonly along: string;
  /** Probability of the first label, of the two, on the curve. */
  readonly level: number;
  readonly crossings: readonly Crossing[];
}

/** What all runs of a sweep say. */
export interface SweepVerdict {
  /** One per run, in order. */
  readonly runs: readonly Verdict[];
  /** In the order in which the runs first show them. */
  readonly cells: readonly CellVerdict[];
  readonly boundaries: readonly Boundary[];
}

interface ClassifierBase {
  /** Closed and ordered: the legend of the phase diagram. */
  readonly labels: readonly string[];
  /** Channels as `component.channel`, checked before anything runs. */
  readonly needs: readonly string[];
  /**
   * Optional, for what is defined of certain models alone: why runs with these parameters cannot be judged, and what to
   * take instead; undefined where they can. Asked before anything runs.
   */
  refuses?(run: Pick<RunRecord, 'parameter'>): string | undefined;
}

/** Judges runs one by one. Cells and boundaries follow from its verdicts: see core/phases. */
export interface RunClassifier extends ClassifierBase {
  readonly scope: 'run';
  classify(run: RunRecord): Verdict;
}

/** Needs all runs to judge one, or draws boundaries of its own. `mapPhases` makes cells and boundaries of verdicts. */
export interface SweepClassifier extends ClassifierBase {
  readonly scope: 'sweep';
  /**
   * @param runs those that have ended; need not fill the grid
   * @param axes of the sweep
   */
  classify(runs: readonly RunRecord[], axes: readonly Axis[]): SweepVerdict;
}

export type Classifier = RunClassifier | SweepClassifier;
