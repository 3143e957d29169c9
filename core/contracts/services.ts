// What a run is made with beside its components: bound by name in a container of its own, so that a plugin can put
// something else in place of a part.

import type { Kernels } from '../kernels/kernels.js';
import type { NamedArrays } from './arrays.js';
import type { RunStatus } from './classifier.js';
import type { Arena, Stream } from './environment.js';
import type { Model } from './model.js';
import type { Evaluation } from './observer.js';
import type { Vector } from './vector.js';

/** Limits of a run, as the scenario gives them. */
export interface DivergenceLimits {
  /** Largest loss of a batch; undefined for no limit. */
  readonly loss?: number;
  /** Largest growth of the Frobenius norm of the weights. */
  readonly weightGrowth: number;
}

/** Looks at the weights of a run for the ends that a bounded loss cannot show. */
export interface DivergenceCheck {
  /** Whether the norm of the weights is a finite number: where it is not, there is nothing to measure. */
  isFinite(theta: Vector): boolean;
  /**
   * Called every hundred steps and at the last one.
   *
   * @param gradient on the last batch; asked only while the weights stand still
   * @returns 'diverged', 'saturated', or 'completed' when nothing is wrong.
   */
  check(theta: Vector, gradient: () => Vector, fullBatch: () => Evaluation): RunStatus;
  /** Must survive a checkpoint. */
  readonly state: Vector;
}

export interface RunServices {
  readonly kernels: Kernels;
  readonly arena: Arena;
  /** Arrays of a file by the path that the scenario names. @throws EigenflowError `file` or `arrays` */
  readonly arrays: (path: string) => NamedArrays;
  /** The random numbers of a component by its path in the scenario; `common` are the same in every replica. */
  readonly streams: (path: string) => { readonly random: Stream; readonly common: Stream };
  /** Opens the check of one run, at its initial weights. */
  readonly divergence: (limits: DivergenceLimits, model: Model, initial: Vector) => DivergenceCheck;
}

export type ServiceName = keyof RunServices;

/**
 * Services that a plugin puts in place of the usual ones. The plugin is then part of the identity of every run that lists it.
 *
 * @param usual what stands there without this plugin, to wrap or to drop
 * @param services all others
 */
export type ServiceBindings = {
  readonly [K in ServiceName]?: (usual: RunServices[K], services: Omit<RunServices, K>) => RunServices[K];
};
