// A run as observers see it, and what they have asked for: some of it belongs to one length of the run, and some of it
// only steps can tell.
import type { RunView } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import type { Motion, RunComponents } from './components.js';
import { createFullBatch } from './full-batch.js';
import { createShadowTrajectory } from './shadow-trajectory.js';
import type { Stepper } from './stepper.js';

export interface WatchedRunView {
  readonly view: RunView;
  /** Whether `view.steps` has been read since this was asked last. */
  tookLength(): boolean;
  /** Whether an observer has asked for anything that only steps tell. */
  readonly tookPath: boolean;
  /** To be told when the weights have been put elsewhere without a step. */
  forget(): void;
}

export interface RunLength {
  /** At the end of the run. */
  readonly steps: number;
  /** NaN for one-pass data. */
  readonly stepsPerEpoch: number;
  /** 0 for one-pass data. */
  readonly epochsPerStep: number;
}

export function createRunView(
  components: RunComponents,
  motion: Motion,
  stepper: Stepper,
  lossSum: Vector,
  { steps, stepsPerEpoch, epochsPerStep }: RunLength,
  workspace: Workspace,
): WatchedRunView {
  const { model, loss, noise, optimiser } = components;
  const { theta, state, clock } = motion;
  const { objective } = stepper;
  const optimiserState = Object.fromEntries(optimiser.state.map((name, i) => [name, state[i]]));
  const evaluateAll = createFullBatch(model, loss, workspace);
  const latest: { step: number; evaluation?: ReturnType<typeof evaluateAll> } = { step: -1 };
  let lengthTaken = false;
  let pathTaken = false;
  const view: RunView = {
    model,
    loss,
    clock,
    theta,
    get optimiserState() {
      pathTaken = true;
      return optimiserState;
    },
    get lossSum() {
      pathTaken = true;
      return lossSum;
    },
    get steps() {
      lengthTaken = true;
      return steps;
    },
    stepsPerEpoch,
    get nextStepSize() {
      return optimiser.stepSize(clock);
    },
    descent: optimiser.descent,
    preconditioner(out) {
      if (!optimiser.preconditioner) return false;
      pathTaken = true;
      optimiser.preconditioner(state, clock, out);
      return true;
    },
    modeStep: (curvature, matrix, noise) => optimiser.modeStep?.(curvature, clock, matrix, noise) ?? false,
    get stableLimit() {
      return optimiser.stableLimit?.(clock) ?? Number.NaN;
    },
    get temperature() {
      return noise.temperature?.(optimiser.stepSize(clock)) ?? Number.NaN;
    },
    sampling: noise.sampling,
    masks: noise.masks,
    batch() {
      pathTaken ||= noise.state !== undefined && noise.state.length > 0;
      stepper.evaluateNext();
      return { loss: objective.value[0], gradient: objective.gradient };
    },
    fullBatch() {
      if (latest.step !== clock.step || !latest.evaluation) {
        latest.evaluation = evaluateAll(theta);
        latest.step = clock.step;
      }
      return latest.evaluation;
    },
    shadowTrajectory(schedules) {
      pathTaken = true;
      return createShadowTrajectory(components, motion, epochsPerStep, workspace, schedules);
    },
  };
  return {
    view,
    get tookPath() {
      return pathTaken;
    },
    tookLength() {
      const taken = lengthTaken;
      lengthTaken = false;
      return taken;
    },
    forget() {
      latest.evaluation = undefined;
    },
  };
}
