// Contract: observer. Measures at chosen steps; what it measures travels as snapshots on an RxJS stream.
import type { Observable } from 'rxjs';
import type { Clock } from './clock.js';
import type { Loss } from './loss.js';
import type { Model } from './model.js';
import type { Masks, Sampling } from './noise-model.js';
import type { Descent } from './optimiser.js';
import type { ShadowSchedules, ShadowTrajectory } from './shadow-trajectory.js';
import type { Vector } from './vector.js';

/** What one channel holds. */
export interface Channel {
  /** Shape of one frame. Default: [], a number. */
  readonly shape?: readonly number[];
  /** One name for each axis of `shape`: they become the dimensions of the exported dataset. Default: []. */
  readonly dims?: readonly string[];
  /** '1' where dimensionless. */
  readonly unit: string;
  /** Its name at the axis of a figure; `_` and `^` before a letter or {...} lower and raise. Default: its key in words. */
  readonly label?: string;
  readonly doc: string;
  /**
   * What an error over seeds of this channel leaves out, to follow "errors leave out". Said wherever such an error is
   * shown; absent where it leaves out nothing that is known.
   */
  readonly leavesOut?: string;
}

/** The only thing that travels on a stream: an owned copy. */
export interface Snapshot {
  /** `observer.channel`, observer being its name in the scenario. */
  readonly channel: string;
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A loss with its gradient. */
export interface Evaluation {
  readonly loss: number;
  /** Size of theta; valid until the next evaluation of the same kind. */
  readonly gradient: Vector;
}

/** The run as an observer sees it: the state between two steps, at the initial weights when observers are created. */
export interface RunView {
  readonly model: Model;
  readonly loss: Loss;
  readonly clock: Clock;
  readonly theta: Vector;
  /** State vectors of the optimiser by name. */
  readonly optimiserState: Readonly<Record<string, Vector>>;
  /** Sum, over all steps so far, of the loss of the step's batch at the weights before it; 1 slot. */
  readonly lossSum: Vector;
  /** Steps that the run will have when it ends. */
  readonly steps: number;
  /** Steps in one epoch; NaN for one-pass data. */
  readonly stepsPerEpoch: number;
  /** Size of the coming step, where `clock.stepSize` is that of the last one. */
  readonly nextStepSize: number;
  /** How the coming step follows from gradients; undefined where the optimiser does not say. */
  readonly descent: Descent | undefined;
  /**
   * The diagonal P by which the optimiser multiplies gradients (see `Optimiser.preconditioner`), as the last step left it.
   *
   * @param out size of theta, overwritten where there is one
   * @returns false where the optimiser does not say: P is 1 where there is a `descent`, and has no meaning where not
   */
  preconditioner(out: Vector): boolean;
  /**
   * What the coming step does to a mode of a quadratic loss (see `Optimiser.modeStep`).
   *
   * @param matrix (1 + states) x (1 + states), overwritten where there is one
   * @param noise 1 + states, overwritten where there is one
   * @returns false where the optimiser does not say
   */
  modeStep(curvature: number, matrix: Vector, noise: Vector): boolean;
  /** Limit of stability in the metric of P (see `Optimiser.stableLimit`) in the coming step; NaN where there is none. */
  readonly stableLimit: number;
  /** T of the noise in the coming step (see `NoiseModel.temperature`); NaN where there is none. */
  readonly temperature: number;
  /** How batches are drawn; undefined where the noise model does not say. */
  readonly sampling: Sampling | undefined;
  /** Law of the masks by which samples take part; undefined where noise is not of this kind. */
  readonly masks: Masks | undefined;
  /** Loss and gradient of the batch that the coming step will use, at the weights as they stand. */
  batch(): Evaluation;
  /** Mean loss and gradient over the whole data set at the weights as they stand; computed once per step. */
  fullBatch(): Evaluation;
  /**
   * A second state that the observer moves on its own; carved in `create`, one at each call.
   *
   * @param schedules default `follow`
   */
  shadowTrajectory(schedules?: ShadowSchedules): ShadowTrajectory;
}

export type Channels = Readonly<Record<string, Channel>>;

/** One array for each channel, filled with NaN before it is handed out. */
export type Frame<C extends Channels> = { readonly [name in keyof C]: Float64Array };

export interface Observer<C extends Channels = Channels> {
  readonly channels: C;
  /** Writes one frame of the state as it stands; called only when the trigger fires. */
  observe(frame: Frame<C>): void;
  /**
   * For quantities along a path, or that refer to an earlier time: the steps at which `prepare` is called for a frame at
   * this step. A frame that needs one before the start is not measured. At a step that has a frame too, `observe` comes
   * first.
   */
  preparedAt?(step: number): readonly number[];
  prepare?(): void;
  /** Vectors that must survive a checkpoint. */
  readonly state?: readonly Vector[];
  /** Windows, histograms and fits over the observer's own snapshots; `derived` describes the channels that come out. */
  derive?(own: Observable<Snapshot>): Observable<Snapshot>;
  readonly derived?: Channels;
}

/** The observer that it is given: so that the compiler knows which channels a frame has. */
export const observer = <const C extends Channels>(made: Observer<C>): Observer<C> => made;

/** What a channel may say beside its unit and its description. */
type ChannelOptions = Pick<Channel, 'label' | 'leavesOut'>;

/** A channel of numbers. */
export const scalar = (unit: string, doc: string, options: ChannelOptions = {}): Channel => ({ unit, doc, ...options });

/** A channel of vectors. @param dim name of their axis */
export const vector = (
  dim: string,
  length: number,
  unit: string,
  doc: string,
  options: ChannelOptions = {},
): Channel => ({ shape: [length], dims: [dim], unit, doc, ...options });
