// Companions of a run: other states that the components of the run move, without its noticing.

import { Clock } from '../contracts/clock.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Optimiser } from '../contracts/optimiser.js';
import type { Companion, CompanionSchedules } from '../contracts/shadow-trajectory.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import type { ScheduledParameter } from '../plugin/bind-parameters.js';
import { recordSteps, rowsAhead } from './kernel-steps.js';
import { createObjective } from './objective.js';

/** Steps that are made without a pause where they are recorded. */
const AHEAD = 100;

/** What a companion shares with its run. */
export interface RunParts {
  readonly model: Model;
  readonly loss: Loss;
  readonly noise: NoiseModel;
  readonly optimiser: Optimiser;
  readonly theta: Vector;
  readonly optimiserState: readonly Vector[];
  readonly clock: Clock;
  readonly epochsPerStep: number;
  readonly scheduled: readonly ScheduledParameter[];
}

/** Exchanges what stands in two equally long lists of vectors. */
function exchange(a: readonly Vector[], b: readonly Vector[]): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    for (let k = 0; k < x.length; k++) {
      const held = x[k];
      x[k] = y[k];
      y[k] = held;
    }
  }
}

/** Called while vectors can be carved. */
export function createCompanion(
  parts: RunParts,
  workspace: Workspace,
  schedules: CompanionSchedules = 'follow',
): Companion {
  // Held, they take the value that they have in the run, whatever the step of the companion.
  const held = parts.scheduled.map((parameter) => ({ ...parameter, follow: () => parameter.follow(parts.clock) }));
  const run = schedules === 'hold' ? { ...parts, scheduled: held } : parts;
  const { model, loss, noise, optimiser, scheduled } = run;
  const { arena } = workspace;
  const clock = new Clock(run.epochsPerStep);
  const objective = createObjective(model, loss, noise, clock, workspace, rowsAhead(run, AHEAD));
  const theta = arena.vector(model.size);
  const optimiserState = run.optimiserState.map(() => arena.vector(model.size));
  const noiseState = noise.state ?? [];
  const ownNoiseState = noiseState.map((vector) => arena.vector(vector.length));

  const lossSum = arena.vector(1);
  const recorded = recordSteps(
    { ...run, objective, clock, theta, state: optimiserState },
    Number.POSITIVE_INFINITY,
    lossSum,
    workspace,
  );
  const followSchedules = (at: Clock) => {
    for (let i = 0; i < scheduled.length; i++) scheduled[i].follow(at);
  };
  /** Noise with a state belongs to the run: it is lent for the step and put back. */
  const step = () => {
    followSchedules(clock);
    exchange(noiseState, ownNoiseState);
    optimiser.plan?.(clock);
    objective.draw(clock);
    optimiser.step(theta, objective, optimiserState, clock);
    clock.step += 1;
    clock.time += clock.stepSize;
    exchange(noiseState, ownNoiseState);
  };

  return {
    theta,
    optimiserState,
    clock,
    loss: objective.value,
    reset() {
      theta.set(run.theta);
      for (let i = 0; i < optimiserState.length; i++) optimiserState[i].set(run.optimiserState[i]);
      for (let i = 0; i < noiseState.length; i++) ownNoiseState[i].set(noiseState[i]);
      clock.step = run.clock.step;
      clock.time = run.clock.time;
      clock.stepSize = run.clock.stepSize;
    },
    advance(steps) {
      const until = clock.step + steps;
      // Recorded steps stop at a loss that is not finite; the copy goes on.
      recorded?.advance(until);
      while (clock.step < until) step();
      // Scheduled parameters belong to the run, too.
      followSchedules(run.clock);
    },
  };
}
