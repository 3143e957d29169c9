// An optimiser that walks on an objective given as a function, as the engine would drive it.
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Model } from '../../../core/contracts/model.js';
import type { Objective, Optimiser } from '../../../core/contracts/optimiser.js';
import type { Vector } from '../../../core/contracts/vector.js';
import { create } from '../workbench.js';

export interface Walk {
  readonly theta: Vector;
  readonly state: readonly Vector[];
  readonly clock: Clock;
  readonly optimiser: Optimiser;
  /** Loss that the last step told. */
  readonly told: Vector;
  step(times?: number): void;
}

/** Loss at the weights; writes the gradient. */
export type Evaluate = (theta: Vector, gradient: Vector, clock: Clock) => number;

/** One block for all weights. */
export const oneBlock = (size: number): Model =>
  ({ layout: [{ name: 'W', rows: 1, cols: size, offset: 0 }], size, outputs: 1, samples: 1 }) as unknown as Model;

export function walk(
  component: Component<'optimiser'>,
  params: Readonly<Record<string, unknown>>,
  start: ArrayLike<number>,
  evaluate: Evaluate,
  model: Model = oneBlock(start.length),
): Walk {
  const { component: optimiser, arena, follow } = create(component, params, { model });
  const theta = arena.vector(start.length);
  theta.set(start);
  const clock = new Clock();
  const [gradient, told] = [arena.vector(start.length), arena.vector(1)];
  const objective: Objective = {
    gradient,
    value: told,
    evaluate(at) {
      told[0] = evaluate(at, gradient, clock);
    },
  };
  const state = optimiser.state.map(() => arena.vector(start.length));
  return {
    theta,
    state,
    clock,
    optimiser,
    told,
    step(times = 1) {
      for (let k = 0; k < times; k++) {
        follow(clock);
        for (const number of optimiser.stepNumbers ?? []) number.follow(clock);
        clock.stepSize = optimiser.stepSize(clock);
        optimiser.step(theta, objective, state, clock);
        clock.step += 1;
        clock.time += clock.stepSize;
      }
    },
  };
}

/** sum_i curvature_i theta_i^2/2. */
export const bowl =
  (curvatures: ArrayLike<number>): Evaluate =>
  (theta, gradient) => {
    let value = 0;
    for (let i = 0; i < theta.length; i++) {
      gradient[i] = curvatures[i] * theta[i];
      value += (curvatures[i] * theta[i] * theta[i]) / 2;
    }
    return value;
  };
