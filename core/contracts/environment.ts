// What a component receives beside its own parameters: where to put vectors, how to draw random numbers, the kernels, and
// the other components of the run that it depends on.
import type { Kernels } from '../kernels/kernels.js';
import type { Loss } from './loss.js';
import type { Model } from './model.js';
import type { RunView } from './observer.js';
import type { Indices, Vector } from './vector.js';

/**
 * Memory of one run. Carve every vector in `create`, or in `open` of a model or a loss: the engine seals the arena before
 * the first step, so that stepping cannot allocate.
 */
export interface Arena {
  /** @returns `length` zeros, 16-byte aligned. @throws EigenflowError `arena-sealed` after the first step. */
  vector(length: number): Vector;
  /** @returns `length` zeros, 16-byte aligned. @throws EigenflowError `arena-sealed` after the first step. */
  indices(length: number): Indices;
}

/**
 * Random numbers as a pure function of (seed, path of the component, counter, index). Nothing is consumed: asking for
 * the same counter twice gives the same numbers, so order, workers and added observers cannot change a run.
 */
export interface Stream {
  /** An independent stream below this one. */
  child(name: string): Stream;
  /** Standard normals. Element i depends on (stream, counter, i) only. `out` must lie in the arena. */
  normals(counter: number, out: Vector, length?: number): void;
  /** Uniform on (0, 1). Element i depends on (stream, counter, i) only. `out` must lie in the arena. */
  uniforms(counter: number, out: Vector, length?: number): void;
  /** Uniform integers 0 .. bound - 1. Element i depends on (stream, counter, i) only. `out` must lie in the arena. */
  integers(counter: number, bound: number, out: Indices, length?: number): void;
}

/** Second argument of every `create`; that of a model, a loss and a classifier, which depend on no other component. */
export interface Environment {
  /** Keyed by (seed, replica, the component's path in the scenario). */
  readonly random: Stream;
  /** Keyed by (seed, path) only: the same in every replica. For probes that all runs must share. */
  readonly common: Stream;
  readonly arena: Arena;
  readonly kernels: Kernels;
}

/** Of a noise model. */
export interface NoiseEnvironment extends Environment {
  readonly model: Model;
  readonly loss: Loss;
}

/** Of an optimiser. */
export interface OptimiserEnvironment extends Environment {
  /** For integrators that need a capability of the model beside its gradient. */
  readonly model: Model;
}

/** Of an observer. */
export interface ObserverEnvironment extends Environment {
  /** Nothing in it may be written to. */
  readonly run: RunView;
}
