// What an optimiser promises: an update that depends on the objective and its named state only.
import { Clock } from '../contracts/clock.js';
import type { Arena } from '../contracts/environment.js';
import type { Objective, Optimiser } from '../contracts/optimiser.js';
import type { Vector } from '../contracts/vector.js';
import { type Check, carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { checkpointCheck, scheduleChecks } from './continuity.js';
import { promptCheck } from './promptness.js';
import { ensureRecordable } from './recordable.js';
import { type Place, probes, type Subject, type Wired, wire } from './stage.js';

/** Odd, so that the last element of a SIMD pair is exercised. */
const SIZE = 7;

interface Opened extends Wired {
  readonly optimiser: Optimiser;
  readonly theta: Marked<Vector>;
  readonly state: readonly Marked<Vector>[];
  readonly gradient: Marked<Vector>;
  readonly clock: Clock;
  readonly value: Vector;
  /** For the vectors of the tests: the arena is sealed. */
  readonly room: Arena;
  /** Gradients as they were evaluated. */
  readonly evaluated: Vector[];
  step(): void;
}

/** Weights on a quadratic bowl, 1/2 sum_i (i + 1)/SIZE (theta_i - 1)^2, from 0. */
function open(subject: Subject, place: Place = 0): Opened {
  const wired = wire(subject, place);
  const { arena } = wired;
  const optimiser = wired.wiring.get('optimiser', 'optimiser');
  const theta = markedVector(arena, SIZE);
  const gradient = markedVector(arena, SIZE);
  const state = optimiser.state.map(() => markedVector(arena, SIZE));
  for (const { values } of [theta, gradient, ...state]) values.fill(0);
  const value = arena.vector(1);
  const evaluated: Vector[] = [];
  const evaluate = (at: Vector) => {
    value[0] = 0;
    for (let i = 0; i < SIZE; i++) {
      const curvature = (i + 1) / SIZE;
      gradient.values[i] = curvature * (at[i] - 1);
      value[0] += (curvature * (at[i] - 1) ** 2) / 2;
    }
    evaluated.push(gradient.values.slice());
  };
  const objective: Objective = {
    model: wired.wiring.get('model', 'model'),
    gradient: gradient.values,
    value,
    evaluate,
    descend(at, rate) {
      evaluate(at);
      for (let i = 0; i < SIZE; i++) at[i] -= rate * gradient.values[i];
    },
  };
  const clock = new Clock();
  const room = carveRoom(arena, 1000);
  arena.seal();
  return {
    ...wired,
    optimiser,
    theta,
    state,
    gradient,
    clock,
    value,
    room,
    evaluated,
    step() {
      const vectors = state.map(({ values }) => values);
      optimiser.plan?.(clock);
      optimiser.step(theta.values, objective, vectors, clock);
    },
  };
}

export function optimiserChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'names its state vectors',
      run() {
        const { state } = open(subject).optimiser;
        ensure(
          state.every((name) => /^[A-Za-z][A-Za-z0-9]*$/.test(name)),
          `state names are not words: ${state.join(', ')}`,
        );
        ensure(new Set(state).size === state.length, `two state vectors have the same name: ${state.join(', ')}`);
      },
    },
    {
      name: 'evaluates the objective and moves the weights',
      run() {
        const { theta, evaluated, step } = open(subject);
        const before = theta.values.slice();
        step();
        ensure(evaluated.length > 0, 'the objective is not evaluated, so the step uses an old gradient');
        ensure(theta.values.every(Number.isFinite), 'a weight is not finite after one step on a quadratic bowl');
        ensure(!sameBits(theta.values, before), 'a step does not move the weights');
      },
    },
    {
      name: 'sets the step size and leaves the rest of the clock to the engine',
      run() {
        const { clock, step } = open(subject);
        clock.stepSize = Number.NaN;
        step();
        ensure(clock.stepSize > 0 && Number.isFinite(clock.stepSize), `stepSize is ${clock.stepSize} after a step`);
        ensure(clock.step === 0 && clock.time === 0, 'step or time of the clock is changed; the engine advances them');
      },
    },
    {
      name: 'makes the step that it plans',
      run() {
        const { clock, optimiser, step } = open(subject);
        if (!optimiser.plan) return;
        clock.stepSize = Number.NaN;
        optimiser.plan(clock);
        const planned = clock.stepSize;
        ensure(planned > 0 && Number.isFinite(planned), `plan sets the step size to ${planned}`);
        step();
        ensure(clock.stepSize === planned, `plans a step of size ${planned} and makes one of ${clock.stepSize}`);
      },
    },
    {
      name: 'writes to weights and state only',
      run() {
        const { theta, state, gradient, evaluated, step } = open(subject);
        for (let k = 0; k < 3; k++) {
          step();
          const last = evaluated[evaluated.length - 1] ?? gradient.values;
          ensure(sameBits(gradient.values, last), 'the gradient is changed after it was evaluated');
        }
        for (const vector of [theta, gradient, ...state]) ensure(vector.intact(), 'writes beyond the end of a vector');
      },
    },
    {
      name: 'gives the same bits again',
      run() {
        const [first, second] = [open(subject, 0), open(subject, 1)];
        for (let k = 0; k < 5; k++) {
          first.step();
          second.step();
        }
        ensure(sameBits(first.theta.values, second.theta.values), 'a second instance moves to other weights');
      },
    },
    promptCheck(subject),
    checkpointCheck(subject),
    {
      name: 'is all kernel calls where it says that steps can be recorded',
      run() {
        const opened = open(subject);
        const { optimiser, theta, gradient, state, clock, kernels, room } = opened;
        if (!optimiser.recordable) return;
        const objective: Objective = {
          model: opened.wiring.get('model', 'model'),
          gradient: gradient.values,
          value: opened.value,
          evaluate() {},
          descend: (at, rate) => kernels.sgdStep(at, gradient.values, SIZE, rate, 0),
        };
        const vectors = state.map(({ values }) => values);
        const random = probes(opened);
        const fill = (counter: number) => () => {
          [theta.values, gradient.values, ...vectors].forEach((vector, i) => {
            random.normals(counter + i, vector);
          });
        };
        ensureRecordable(kernels, room, () => optimiser.step(theta.values, objective, vectors, clock), [
          fill(10),
          fill(20),
        ]);
      },
    },
    {
      name: 'steps from weights that are not finite without throwing',
      run() {
        const { theta, step } = open(subject);
        theta.values[0] = Number.NaN;
        step();
      },
    },
    ...scheduleChecks(subject),
  ];
}
