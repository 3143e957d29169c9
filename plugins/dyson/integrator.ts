// What the integrators of this plugin have in common: an optimiser that moves the levels of a level process.
import { defineOptimiser } from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { LevelProcess } from '../../core/contracts/level-process.js';
import type { Model } from '../../core/contracts/model.js';
import type { Vector } from '../../core/contracts/vector.js';
import type { ParameterSchema, ParameterValues } from '../../core/parameters/schema.js';
import { levelProcessOf } from './level-process-of.js';
import { stepSize } from './parameters.js';

/** Moves `levels` by one step of learning time `h`; `step` is the number of the step, from 0. */
export type Move = (levels: Vector, h: number, step: number) => void;

export interface IntegratorDefinition<S extends ParameterSchema> {
  readonly name: string;
  readonly summary: string;
  readonly params: S;
  readonly cite: readonly string[];
  /** Called at the first step of a run. */
  prepare(process: LevelProcess, params: ParameterValues<S>, environment: Environment): Move;
}
