// One run, ready to step: its components, its vectors, and the plain loop that advances them.

import type { Registry } from '../container.js';
import type { RunStatus } from '../contracts/classifier.js';
import { Clock } from '../contracts/clock.js';
import type { Model } from '../contracts/model.js';
import type { Observer, View } from '../contracts/observer.js';
import { EigenflowError, inSlot, placedInSlot } from '../errors.js';
import type { Workspace } from '../kernels/arena.js';
import { checkAttached } from '../plugin/create-component.js';
import { refusePromise } from '../plugin/promise.js';
import type { ArrayLoader, RunConfig } from '../scenario/resolve.js';
import { captureState, restoreState, type SimulationState } from './checkpoint.js';
import { wireRun } from './components.js';
import type { DeclaredDynamics } from './declared-dynamics.js';
import { createWatch } from './divergence.js';
import { CHUNK, createFullBatch } from './full-batch.js';
import { recordSteps, rowsAhead } from './kernel-steps.js';
import { createObjective } from './objective.js';
import { runLength } from './run-length.js';
import { createCompanion } from './shadow-trajectory.js';

export interface Simulation {
  readonly model: Model;
  readonly clock: Clock;
  readonly view: View;
  /** Steps at the end of the run. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Samples that one step counts for. */
  readonly samplesPerStep: number;
  readonly observers: ReadonlyMap<string, Observer>;
  /** 'completed' while nothing is wrong. */
  readonly status: RunStatus;
  /** Whether `view.steps` has been read since this was asked last. */
  tookLength(): boolean;
  /** Whether an observer has asked for anything that only steps tell, and `place` does not know. */
  readonly tookPath: boolean;
  /**
   * Advances to `until` steps, or to the step at which the run is found to have ended. Allocates nothing.
   *
   * One step is, in this order:
   *
   *     schedules -> optimiser.plan -> noise.draw
   *     -> optimiser.step [ which evaluates the objective, once or more:
   *          model.forward -> model.targets -> loss -> model.backward -> noise.perturb ]
   *     -> step += 1, time += stepSize
   *     -> loss check; every `CHECK_INTERVAL` steps and at the last one, the check of the weights
   *
   * Where the kernels do all of this, the steps are recorded once and played (kernel-steps.ts): the same bits.
   *
   * Observers run between two calls of `advance`, when scheduled parameters have the value of the coming step; the
   * state before the first step is observed too.
   */
  advance(until: number): void;
  /**
   * Learning times at which these steps will have been made; NaN where the optimiser does not say its step size in
   * advance. To be asked before the first step.
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

/** Steps between two checks of the weights' norm. Part of what a run is: it decides at which step divergence is found. */
export const CHECK_INTERVAL = 100;

/** Enough that two random orders do not begin alike by chance. */
const FIRST_BATCHES = 16;

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
  const { arena, kernels } = workspace;
  const start = new Clock();
  const wiring = wireRun(config, registry, workspace, load, start);
  const model = wiring.get('model', 'model');
  const loss = wiring.get('loss', 'loss');
  const noise = wiring.get('noise', 'noise');
  const optimiser = wiring.get('optimiser', 'optimiser');
  inSlot('noise', () => refusePromise('noise', 'attach', noise.attach?.(model, loss)));
  checkAttached('noise', 'noise', noise);

  const stepsPerEpoch = Number.isFinite(model.samples) ? model.samples / noise.samplesPerStep : Number.NaN;
  const { scheduled } = wiring;
  const followSchedules = (at: Clock) => {
    for (let i = 0; i < scheduled.length; i++) scheduled[i].follow(at);
  };
  const plannedSize = (step: number) => {
    start.step = step;
    followSchedules(start);
    optimiser.plan?.(start);
    return start.stepSize;
  };
  const steps = runLength(config, stepsPerEpoch, plannedSize, scheduled.length === 0);
  const epochsPerStep = Number.isFinite(stepsPerEpoch) ? 1 / stepsPerEpoch : 0;
  const clock = new Clock(epochsPerStep);

  const maxBatch = Math.max(noise.maxBatch, Number.isFinite(model.samples) ? Math.min(CHUNK, model.samples) : 1);
  inSlot('model', () => refusePromise('model', 'reserve', model.reserve(maxBatch)));
  const mostEvaluated = Math.max(maxBatch, model.heldOut?.samples ?? 0);
  inSlot('loss', () => refusePromise('loss', 'reserve', loss.reserve?.(mostEvaluated, model.outputs)));
  const theta = arena.vector(model.size);
  inSlot('model', () => refusePromise('model', 'initialise', model.initialise(theta)));
  const components = { model, loss, noise, optimiser, scheduled };
  const objective = createObjective(model, loss, noise, clock, workspace, rowsAhead(components, CHECK_INTERVAL));
  const state = optimiser.state.map(() => arena.vector(model.size));
  const optimiserState = Object.fromEntries(optimiser.state.map((name, i) => [name, state[i]]));
  const fullBatch = createFullBatch(model, loss, arena, kernels);
  const lossSum = arena.vector(1);
  const watch = createWatch(config.limits, model, theta, arena, kernels);
  followSchedules(clock);

  /** What is planned is the coming step; whoever looks at the clock shall still see the size of the last one. */
  const planned = <T>(act: (size: number) => T): T => {
    const { stepSize } = clock;
    optimiser.plan?.(clock);
    const result = act(optimiser.plan ? clock.stepSize : Number.NaN);
    clock.stepSize = stepSize;
    return result;
  };

  const fullBatchCache: { step: number; evaluation?: ReturnType<typeof fullBatch> } = { step: -1 };
  let lengthTaken = false;
  let pathTaken = false;
  const view: View = {
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
    get plannedStep() {
      return planned((size) => size);
    },
    descent: optimiser.descent,
    get temperature() {
      return planned((size) => noise.temperature?.(size) ?? Number.NaN);
    },
    batch: () =>
      planned(() => {
        pathTaken ||= (noise.state ?? []).length > 0;
        objective.draw(clock);
        objective.evaluate(theta);
        return { loss: objective.value[0], gradient: objective.gradient };
      }),
    fullBatch() {
      if (fullBatchCache.step !== clock.step || !fullBatchCache.evaluation) {
        fullBatchCache.evaluation = fullBatch(theta);
        fullBatchCache.step = clock.step;
      }
      return fullBatchCache.evaluation;
    },
    companion(schedules) {
      pathTaken = true;
      const run = { ...components, theta, optimiserState: state, clock, epochsPerStep };
      return createCompanion(run, workspace, schedules);
    },
  };

  const observers = new Map<string, Observer>();
  for (const name of Object.keys(config.observers)) {
    observers.set(name, wiring.get(`observers.${name}`, 'observer'));
  }

  const parts = { clock, theta, watch: watch.state, lossSum, optimiser: optimiserState, noise, observers };
  let status: RunStatus = 'completed';
  const lossLimit = config.limits.loss ?? Number.POSITIVE_INFINITY;
  const { value } = objective;

  const evaluateAll = () => view.fullBatch();
  const latestGradient = () => objective.latestGradient(theta);
  const recorded = inSlot('optimiser', () =>
    recordSteps({ ...components, objective, clock, theta, state }, lossLimit, lossSum, workspace),
  );
  const checkWeights = () => {
    const found = watch.check(theta, latestGradient, evaluateAll);
    if (found !== 'completed') status = found;
  };
  /** Ends early at a loss that is too large: the status is another one then. */
  const makeSteps = (until: number) => {
    if (recorded && !recorded.advance(until)) status = 'diverged';
    for (let step = clock.step; step < until && status === 'completed'; ) {
      followSchedules(clock);
      refusePromise('optimiser', 'plan', optimiser.plan?.(clock));
      objective.draw(clock);
      refusePromise('optimiser', 'step', optimiser.step(theta, objective, state, clock));
      step += 1;
      clock.step = step;
      clock.time += clock.stepSize;
      lossSum[0] += value[0];
      // Written so that NaN, which compares as false, is caught too.
      if (!(value[0] < lossLimit)) status = 'diverged';
    }
  };

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
      return pathTaken;
    },
    tookLength() {
      const taken = lengthTaken;
      lengthTaken = false;
      return taken;
    },
    advance(until) {
      while (clock.step < until && status === 'completed') {
        const nextCheck = Math.min(steps, (Math.floor(clock.step / CHECK_INTERVAL) + 1) * CHECK_INTERVAL);
        const target = Math.min(until, nextCheck);
        // Around a stretch of steps: what comes from other components than the optimiser has been told its place.
        try {
          makeSteps(target);
        } catch (error) {
          throw placedInSlot('optimiser', error);
        }
        if (status === 'completed' && target === nextCheck) checkWeights();
      }
      followSchedules(clock);
    },
    timesAt(steps) {
      let made = 0;
      let time = 0;
      const times = steps.map((step) => {
        for (; made < step; made++) time += plannedSize(made);
        return optimiser.plan ? time : Number.NaN;
      });
      followSchedules(clock);
      return times;
    },
    declaredAt(steps) {
      const { descent } = optimiser;
      const { levelProcess } = model;
      const declared = steps.map((step): DeclaredDynamics => {
        const size = plannedSize(step);
        if (!descent) return { temperature: levelProcess?.temperature ?? Number.NaN };
        const temperature = noise.temperature?.(optimiser.plan ? size : Number.NaN) ?? Number.NaN;
        const { momentum, nesterov, weightDecay } = descent;
        return { temperature, descent: { momentum, nesterov, weightDecay } };
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
        const n = objective.drawInto(row, at);
        return [...row.batch.subarray(0, n), ...row.weights.subarray(0, n)];
      }).flat();
    },
    isFinite: () => watch.isFinite(theta),
    capture: () => captureState(parts),
    restore(saved) {
      restoreState(parts, saved);
      followSchedules(clock);
    },
    place(weights, step, time) {
      if (weights.length !== theta.length) {
        const message = `${weights.length} weights were stored where the model has ${theta.length}`;
        throw new EigenflowError('results', 'weights', `${message}: they are those of another network`);
      }
      theta.set(weights);
      for (const vector of [...state, ...(noise.state ?? []), lossSum]) vector.fill(Number.NaN);
      clock.step = Math.max(0, step - 1);
      followSchedules(clock);
      optimiser.plan?.(clock);
      if (step === 0) clock.stepSize = 0;
      else if (!optimiser.plan) clock.stepSize = Number.NaN;
      clock.step = step;
      clock.time = time;
      fullBatchCache.evaluation = undefined;
      followSchedules(clock);
    },
  };
}
