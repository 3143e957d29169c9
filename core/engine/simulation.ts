// One run, ready to step: its components, its vectors, and what can be asked of it between two steps.

import type { Registry } from '../container.js';
import type { RunStatus } from '../contracts/classifier.js';
import { Clock } from '../contracts/clock.js';
import type { Model } from '../contracts/model.js';
import type { RunView } from '../contracts/observer.js';
import type { Optimiser } from '../contracts/optimiser.js';
import { show } from '../contracts/show.js';
import { EigenflowError, inSlot } from '../errors.js';
import type { Workspace } from '../kernels/arena.js';
import { refusePromise } from '../plugin/promise.js';
import type { ArrayLoader, RunConfig } from '../scenario/resolve.js';
import { captureState, restoreState, type SimulationState } from './checkpoint.js';
import { makeComponents, openContainer } from './components.js';
import type { DeclaredDynamics } from './declared-dynamics.js';
import { CHECK_INTERVAL } from './divergence.js';
import { type AttachedObserver, attachObservers } from './observers.js';
import { runLength } from './run-length.js';
import { createRunView } from './run-view.js';
import { createStepper } from './stepper.js';

export interface Simulation {
  readonly model: Model;
  readonly clock: Clock;
  readonly view: RunView;
  /** Steps at the end of the run. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Samples that one step counts for. */
  readonly samplesPerStep: number;
  /** In the order of the scenario. */
  readonly observers: readonly AttachedObserver[];
  /** 'completed' while nothing is wrong. */
  readonly status: RunStatus;
  /** Whether `view.steps` has been read since this was asked last. */
  tookLength(): boolean;
  /** Whether an observer has asked for anything that only steps tell, and `place` does not know. */
  readonly tookPath: boolean;
  /**
   * Advances to `until` steps, or to the step at which the run is found to have ended: at a loss beyond its limit, or at
   * the check of the weights, every `CHECK_INTERVAL` steps and at the last one. Allocates nothing. stepper.ts has the
   * order of a step.
   *
   * Observers run between two calls, when scheduled parameters have the value of the coming step; the state before the
   * first step is observed too.
   */
  advance(until: number): void;
  /**
   * Learning times at which these steps will have been made. To be asked before the first step.
   *
   * @param steps ascending
   */
  timesAt(steps: readonly number[]): number[];
  /** What the components say of the dynamics in the step that follows each of these. To be asked before the first step. */
  declaredAt(steps: readonly number[]): DeclaredDynamics[];
  /** Sample numbers and weights of the batches of the first steps, one batch after the other: what the noise draws. */
  firstBatches(): number[];
  /** False where the weights have overflowed and the next check will say so: such a state is not observed. */
  isFinite(): boolean;
  capture(): SimulationState;
  restore(state: SimulationState): void;
  /**
   * Puts the run at weights that are known without what led to them: the optimiser's vectors, the state of the noise and
   * the sum of losses become NaN. Such a run can be looked at; it is not advanced.
   */
  place(theta: Float64Array, step: number, time: number): void;
}

/** Enough that two random orders do not begin alike by chance. */
const FIRST_BATCHES = 16;

/** @throws EigenflowError `contract` for a step size that is no number, which would make the learning time NaN */
function checkStepSize(optimiser: Optimiser, at: Clock): void {
  const size: unknown = inSlot('optimiser', () => optimiser.stepSize(at));
  refusePromise('optimiser', 'stepSize', size);
  if (typeof size === 'number') return;
  const message = `stepSize returned ${show(size)}; expected the size of the coming step, a number`;
  throw new EigenflowError('contract', 'optimiser', message);
}

/**
 * Builds a run in a cleared workspace and writes the initial weights.
 *
 * @throws EigenflowError for mistakes that only the components can find, such as arrays of the wrong shape
 */
export function createSimulation(
  config: RunConfig,
  registry: Registry,
  workspace: Workspace,
  load: ArrayLoader,
): Simulation {
  const { arena } = workspace;
  const container = openContainer(config, registry, workspace, load);
  const components = makeComponents(container, config, registry);
  const { model, noise, optimiser, scheduled } = components;

  const ahead = new Clock();
  checkStepSize(optimiser, ahead);
  const followSchedules = (at: Clock) => {
    for (let i = 0; i < scheduled.length; i++) scheduled[i].follow(at);
  };
  const sizeOfStep = (step: number) => {
    ahead.step = step;
    followSchedules(ahead);
    return optimiser.stepSize(ahead);
  };
  const stepsPerEpoch = Number.isFinite(model.samples) ? model.samples / noise.samplesPerStep : Number.NaN;
  const epochsPerStep = Number.isFinite(stepsPerEpoch) ? 1 / stepsPerEpoch : 0;
  const steps = runLength(config, stepsPerEpoch, sizeOfStep, scheduled.length === 0);

  const clock = new Clock(epochsPerStep);
  const theta = arena.vector(model.size);
  inSlot('model', () => refusePromise('model', 'initialise', model.initialise(theta)));
  const state = optimiser.state.map(() => arena.vector(model.size));
  const lossSum = arena.vector(1);
  const motion = { theta, state, clock };
  const lossLimit = config.limits.loss ?? Number.POSITIVE_INFINITY;
  const stepper = createStepper(components, motion, { lossLimit, lossSum, longestStretch: CHECK_INTERVAL }, workspace);
  const { objective } = stepper;
  const divergence = container.services.divergence(config.limits, model, theta);
  followSchedules(clock);
  const length = { steps, stepsPerEpoch, epochsPerStep };
  const watched = createRunView(components, motion, stepper, lossSum, length, workspace);
  const { view, tookLength } = watched;
  container.showRun(view);
  const observers = attachObservers(
    Object.keys(config.observers),
    (slot) => container.get(slot, 'observer'),
    tookLength,
  );

  const parts = {
    clock,
    theta,
    divergence: divergence.state,
    lossSum,
    optimiser: Object.fromEntries(optimiser.state.map((name, i) => [name, state[i]])),
    noise,
    observers,
  };
  let status: RunStatus = 'completed';
  const latestGradient = () => objective.latestGradient(theta);

  return {
    model,
    clock,
    view,
    steps,
    stepsPerEpoch,
    samplesPerStep: noise.samplesPerStep,
    observers,
    get status() {
      return status;
    },
    get tookPath() {
      return watched.tookPath;
    },
    tookLength,
    advance(until) {
      while (clock.step < until && status === 'completed') {
        const nextCheck = Math.min(steps, (Math.floor(clock.step / CHECK_INTERVAL) + 1) * CHECK_INTERVAL);
        const target = Math.min(until, nextCheck);
        if (!stepper.advance(target)) status = 'diverged';
        else if (target === nextCheck) status = divergence.check(theta, latestGradient, view.fullBatch);
      }
      followSchedules(clock);
    },
    timesAt(steps) {
      let made = 0;
      let time = 0;
      const times = steps.map((step) => {
        for (; made < step; made++) time += sizeOfStep(made);
        return time;
      });
      followSchedules(clock);
      return times;
    },
    declaredAt(steps) {
      const { descent } = optimiser;
      const { levelProcess } = model;
      const declared = steps.map((step): DeclaredDynamics => {
        const size = sizeOfStep(step);
        if (!descent) return { temperature: levelProcess?.temperature ?? Number.NaN };
        const { momentum, nesterov, weightDecay } = descent;
        return { temperature: noise.temperature?.(size) ?? Number.NaN, descent: { momentum, nesterov, weightDecay } };
      });
      followSchedules(clock);
      return declared;
    },
    firstBatches() {
      const at = new Clock(epochsPerStep);
      const [row] = objective.rows;
      return Array.from({ length: FIRST_BATCHES }, (_, step) => {
        at.step = step;
        at.stepSize = clock.stepSize;
        const n = objective.draw(at, row);
        return [...row.batch.subarray(0, n), ...row.weights.subarray(0, n)];
      }).flat();
    },
    isFinite: () => divergence.isFinite(theta),
    capture: () => captureState(parts),
    restore(saved) {
      restoreState(parts, saved);
      clock.stepSize = clock.step === 0 ? 0 : sizeOfStep(clock.step - 1);
      followSchedules(clock);
    },
    place(weights, step, time) {
      if (weights.length !== theta.length) {
        const message = `${weights.length} weights were stored where the model has ${theta.length}`;
        throw new EigenflowError('results', 'weights', `${message}: they are those of another network`);
      }
      theta.set(weights);
      for (const vector of [...state, ...(noise.state ?? []), lossSum]) vector.fill(Number.NaN);
      clock.stepSize = step === 0 ? 0 : sizeOfStep(step - 1);
      clock.step = step;
      clock.time = time;
      watched.forget();
      followSchedules(clock);
    },
  };
}
