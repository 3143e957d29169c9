// Contract: classifier. Names the phase or the outcome of a run, or of all runs of a sweep, with its evidence.

/** How a run ended. Divergence is a result, never an exception and never a sentinel number. */
export type RunStatus = 'completed' | 'diverged' | 'saturated' | 'stopped' | 'failed';

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
  /** Steps made. */
  readonly steps: number;
  /** Frames by `component.channel` (the component's name, as in `needs`); undefined where no frame was measured. */
  series(need: string): Series | undefined;
}

export interface Verdict {
  /** One of `labels`. */
  readonly label: string;
  /** For every label; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The numbers that decided; NaN where not measured. */
  readonly evidence: Readonly<Record<string, number>>;
}

interface ClassifierBase {
  /** Closed and ordered: the legend of the phase diagram. */
  readonly labels: readonly string[];
  /** Channels as `component.channel`, checked before anything runs. */
  readonly needs: readonly string[];
}

export interface RunClassifier extends ClassifierBase {
  readonly scope: 'run';
  classify(run: RunRecord): Verdict;
}

export interface SweepClassifier extends ClassifierBase {
  readonly scope: 'sweep';
  /** @returns one verdict per run, in order. */
  classify(runs: readonly RunRecord[]): readonly Verdict[];
}

export type Classifier = RunClassifier | SweepClassifier;
