// The state of a run between two steps: what a checkpoint holds.
import type { Clock } from '../contracts/clock.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Observer } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import { EigenflowError } from '../errors.js';
import type { MeasuredFrames } from './frames.js';

/** Everything that a later step depends on, as owned copies. */
export interface SimulationState {
  readonly step: number;
  readonly time: number;
  readonly theta: Float64Array;
  readonly divergence: Float64Array;
  readonly lossSum: Float64Array;
  /** By name of the optimiser's state vector. */
  readonly optimiser: Readonly<Record<string, Float64Array>>;
  readonly noise: readonly Float64Array[];
  /** By name of the observer. */
  readonly observers: Readonly<Record<string, readonly Float64Array[]>>;
}

/** Enough to go on as if the run had never been broken off. */
export interface Checkpoint {
  readonly state: SimulationState;
  /** Measured so far, without those derived from them. */
  readonly frames: MeasuredFrames;
}

/** Where the state of a run lives. */
export interface StatefulParts {
  readonly clock: Clock;
  readonly theta: Vector;
  readonly divergence: Vector;
  readonly lossSum: Vector;
  readonly optimiser: Readonly<Record<string, Vector>>;
  readonly noise: NoiseModel;
  readonly observers: readonly { readonly name: string; readonly observer: Observer }[];
}

export function captureState(parts: StatefulParts): SimulationState {
  const { clock, theta, divergence, lossSum, optimiser, noise, observers } = parts;
  const copies = (vectors: readonly Vector[] = []) => vectors.map((vector) => vector.slice());
  return {
    step: clock.step,
    time: clock.time,
    theta: theta.slice(),
    divergence: divergence.slice(),
    lossSum: lossSum.slice(),
    optimiser: Object.fromEntries(Object.entries(optimiser).map(([name, vector]) => [name, vector.slice()])),
    noise: copies(noise.state),
    observers: Object.fromEntries(observers.map(({ name, observer }) => [name, copies(observer.state)])),
  };
}

function copyInto(target: Vector, source: Float64Array | undefined, what: string): void {
  if (target.length !== source?.length) {
    const found = source ? `${source.length} numbers` : 'nothing';
    throw new EigenflowError(
      'results',
      what,
      `the checkpoint holds ${found} where ${target.length} are expected: a plugin has changed without a new version`,
    );
  }
  target.set(source);
}

/** @throws EigenflowError `results` where a vector of the run is missing in the state or has another length there */
export function restoreState(parts: StatefulParts, saved: SimulationState): void {
  const { clock, theta, divergence, lossSum, optimiser, noise, observers } = parts;
  copyInto(theta, saved.theta, 'theta');
  copyInto(divergence, saved.divergence, 'divergence');
  copyInto(lossSum, saved.lossSum, 'lossSum');
  for (const [name, vector] of Object.entries(optimiser)) {
    copyInto(vector, saved.optimiser[name], `optimiser.${name}`);
  }
  for (const [i, vector] of (noise.state ?? []).entries()) copyInto(vector, saved.noise[i], 'noise');
  for (const { name, observer } of observers) {
    for (const [i, vector] of (observer.state ?? []).entries()) {
      copyInto(vector, saved.observers[name]?.[i], `observers.${name}`);
    }
  }
  clock.step = saved.step;
  clock.time = saved.time;
}
