// Level processes outside a run, for the tests: a model and an integrator on one workspace, stepped by hand.

import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { LevelProcess } from '../../../core/contracts/level-process.js';
import type { Model } from '../../../core/contracts/model.js';
import type { Objective } from '../../../core/contracts/optimiser.js';
import type { Vector } from '../../../core/contracts/vector.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { create } from '../workbench.js';

export type Parameters = Readonly<Record<string, unknown>>;

export interface OpenedProcess {
  readonly model: Model;
  readonly process: LevelProcess;
  /** The levels, ascending. */
  readonly levels: Vector;
  readonly clock: Clock;
  /** Puts the levels back to where the model starts, or to these. The clock goes on: what follows is independent. */
  restart(levels?: ArrayLike<number>): void;
  step(count?: number): void;
  /** Other levels at another time, which the same integrator moves by one step in `stepElsewhere`. */
  readonly elsewhere: { readonly levels: Vector; readonly clock: Clock };
  stepElsewhere(): void;
}

function processOf({ levelProcess }: Model): LevelProcess {
  if (!levelProcess) throw new Error('the model has no levels');
  return levelProcess;
}

/** For integrators, which ask for no gradient. */
export const NO_OBJECTIVE: Objective = {
  gradient: new Float64Array(0),
  value: new Float64Array(1),
  evaluate() {},
};

/**
 * @param alter what the test changes in the process, to see what it is good for
 */
export function openProcess(
  [modelComponent, modelParameters]: readonly [Component<'model'>, Parameters],
  [integrator, integratorParameters]: readonly [Component<'optimiser'>, Parameters],
  { seed = 1, alter = {} }: { seed?: number; alter?: Partial<LevelProcess> } = {},
): OpenedProcess {
  const workspace = openWorkspace(2 ** 21);
  const { component: made } = create(modelComponent, modelParameters, { seed, workspace });
  const original = processOf(made);
  const process: LevelProcess = { ...original, ...alter };
  const model: Model = { ...made, levelProcess: process };
  const { component: optimiser } = create(integrator, integratorParameters, { seed, workspace, model });
  const levels = workspace.arena.vector(process.levels);
  const clock = new Clock();
  const elsewhere = { levels: workspace.arena.vector(process.levels), clock: new Clock() };
  const stepOnce = (x: Vector, at: Clock) => {
    at.stepSize = optimiser.stepSize(at);
    optimiser.step(x, NO_OBJECTIVE, [], at);
    at.step += 1;
    at.time += at.stepSize;
  };
  model.initialise(levels);
  workspace.arena.seal();
  return {
    model,
    process,
    levels,
    clock,
    restart(from) {
      if (from) levels.set(from);
      else model.initialise(levels);
    },
    step(count = 1) {
      for (let k = 0; k < count; k++) stepOnce(levels, clock);
    },
    elsewhere,
    stepElsewhere: () => stepOnce(elsewhere.levels, elsewhere.clock),
  };
}

/** sum_i x_i^power */
export function moment(levels: ArrayLike<number>, power: number): number {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += levels[i] ** power;
  return sum;
}

/** Values at the ends of `count` independent paths of `steps` steps each. */
export function ensemble(
  opened: OpenedProcess,
  steps: number,
  count: number,
  value: (levels: Vector) => number,
): number[] {
  return Array.from({ length: count }, () => {
    opened.restart();
    opened.step(steps);
    return value(opened.levels);
  });
}

/**
 * Means of `value` over `blocks` consecutive stretches of one long path, each of `samples` values that stand `every`
 * steps apart.
 */
export function blockMeans(
  opened: OpenedProcess,
  { blocks, samples, every }: { readonly blocks: number; readonly samples: number; readonly every: number },
  value: (levels: Vector) => number,
): number[] {
  return Array.from({ length: blocks }, () => {
    let sum = 0;
    for (let k = 0; k < samples; k++) {
      opened.step(every);
      sum += value(opened.levels);
    }
    return sum / samples;
  });
}
