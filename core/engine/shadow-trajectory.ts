// Shadow trajectories of a run: other states that the components of the run move, without its noticing.

import { Clock } from '../contracts/clock.js';
import type { ShadowSchedules, ShadowTrajectory } from '../contracts/shadow-trajectory.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import type { Motion, RunComponents } from './components.js';
import { createStepper } from './stepper.js';

/** Steps that are made without a pause where they are captured. */
const LONGEST_STRETCH = 100;

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

/** Called while vectors can be carved. @param run whose components move the shadow */
export function createShadowTrajectory(
  components: RunComponents,
  run: Motion,
  epochsPerStep: number,
  workspace: Workspace,
  schedules: ShadowSchedules = 'follow',
): ShadowTrajectory {
  const { arena } = workspace;
  // Held, they take the value that they have in the run, whatever the step of the shadow.
  const held = components.scheduled.map((parameter) => ({ ...parameter, follow: () => parameter.follow(run.clock) }));
  const clock = new Clock(epochsPerStep);
  const theta = arena.vector(run.theta.length);
  const state = run.state.map((vector) => arena.vector(vector.length));
  const noiseState = components.noise.state ?? [];
  const ownNoiseState = noiseState.map((vector) => arena.vector(vector.length));
  const stepper = createStepper(
    schedules === 'hold' ? { ...components, scheduled: held } : components,
    { theta, state, clock },
    { lossSum: arena.vector(1), longestStretch: LONGEST_STRETCH },
    workspace,
  );

  return {
    theta,
    optimiserState: state,
    clock,
    loss: stepper.objective.value,
    evaluations: stepper.objective.evaluations,
    reset() {
      stepper.objective.evaluations[0] = 0;
      theta.set(run.theta);
      for (let i = 0; i < state.length; i++) state[i].set(run.state[i]);
      for (let i = 0; i < noiseState.length; i++) ownNoiseState[i].set(noiseState[i]);
      clock.step = run.clock.step;
      clock.time = run.clock.time;
      clock.stepSize = run.clock.stepSize;
    },
    advance(steps) {
      const until = clock.step + steps;
      // Noise with a state belongs to the run: it is lent for the steps and put back.
      exchange(noiseState, ownNoiseState);
      // A stretch ends at a loss that is not finite; the shadow goes on.
      while (clock.step < until) stepper.advance(until);
      exchange(noiseState, ownNoiseState);
      // Scheduled parameters belong to the run, too.
      stepper.followSchedules(run.clock);
    },
  };
}
