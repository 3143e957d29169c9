// What an optimiser promises: an update that depends on the objective and its named state only.
import { Clock } from '../contracts/clock.js';
import type { Component } from '../contracts/component.js';
import type { Arena } from '../contracts/environment.js';
import type { Objective, Optimiser } from '../contracts/optimiser.js';
import type { Vector } from '../contracts/vector.js';
import { type Check, carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { checkpointCheck, scheduleChecks } from './continuity.js';
import { ensureKernelsOnly } from './kernels-only.js';
import { promptCheck } from './promptness.js';
import { referenceModel } from './reference.js';
import { isKernelsOnly, type Place, probes, type Subject, type Wired, wire } from './stage.js';

/** Odd, so that the last element of a SIMD pair is exercised. */
const SIZE = 7;

/** Only its layout is looked at: the gradient of the bowl is not its own. */
const oddModel: Component<'model'> = {
  ...referenceModel,
  create: (params, environment) => ({
    ...referenceModel.create(params, environment),
    layout: [{ name: 'W', rows: 1, cols: SIZE, offset: 0 }],
    size: SIZE,
  }),
};

/** By how much a step may miss its map: those that solve equations stop short of rounding. */
const MAP_TOLERANCE = 1e-8;

/** Small ones, and the edges of 32 bits. */
const STEPS = [0, 1, 5, 6, 1000, 2 ** 31, 2 ** 32 + 1];

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

/** Weights on a quadratic bowl, 1/2 sum_i (i + 1)/size (theta_i - 1)^2, from 0. */
function open({ component, options }: Subject, place: Place = 0): Opened {
  const stage = { model: { component: oddModel }, ...options.stage };
  const wired = wire({ component, options: { ...options, stage } }, place);
  const { arena, components } = wired;
  const { optimiser, model } = components;
  const { size } = model;
  const theta = markedVector(arena, size);
  const gradient = markedVector(arena, size);
  const state = optimiser.state.map(() => markedVector(arena, size));
  for (const { values } of [theta, gradient, ...state]) values.fill(0);
  const value = arena.vector(1);
  const evaluated: Vector[] = [];
  const objective: Objective = {
    gradient: gradient.values,
    value,
    evaluate(at) {
      value[0] = 0;
      for (let i = 0; i < size; i++) {
        const curvature = (i + 1) / size;
        gradient.values[i] = curvature * (at[i] - 1);
        value[0] += (curvature * (at[i] - 1) ** 2) / 2;
      }
      evaluated.push(gradient.values.slice());
    },
  };
  const clock = new Clock();
  const room = carveRoom(arena, 4000);
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
      for (const number of optimiser.stepNumbers ?? []) number.follow(clock);
      clock.stepSize = optimiser.stepSize(clock);
      optimiser.step(theta.values, objective, vectors, clock);
    },
  };
}

/** The size is asked at any time, in any order, of clocks that know the step and nothing else for sure. */
function checkStepSize(subject: Subject): void {
  const [first, second] = [open(subject, 0), open(subject, 1)];
  const clock = new Clock();
  const sizeOf = ({ optimiser }: Opened, step: number, time: number) => {
    clock.step = step;
    clock.time = time;
    clock.stepSize = time;
    const size = optimiser.stepSize(clock);
    ensure(size > 0 && Number.isFinite(size), `the size of step ${step} is ${size}, expected a finite number above 0`);
    const untouched = clock.step === step && clock.time === time && clock.stepSize === time;
    ensure(untouched, `stepSize changes the clock at step ${step}; it should return the size`);
    return size;
  };
  const sizes = STEPS.map((step) => sizeOf(first, step, 0));
  for (let k = 0; k < 3; k++) first.step();
  for (const [i, step] of [...STEPS.entries()].reverse()) {
    const again = sizeOf(first, step, 3);
    ensure(again === sizes[i], `the size of step ${step} is ${sizes[i]} at first and ${again} later`);
    const elsewhere = sizeOf(second, step, 0);
    ensure(elsewhere === sizes[i], `the size of step ${step} is ${sizes[i]}, in a second instance ${elsewhere}`);
  }
}

/** What noise adds to the gradient of a mode. */
const DISTURBANCE = 0.3;

/** A step from weights and state at random, on a bowl whose gradient is disturbed, against the map of every mode. */
function checkModeStep(subject: Subject): void {
  const { optimiser, theta, state, gradient, value, clock, room, kernels, ...wired } = open(subject);
  if (!optimiser.modeStep) return;
  const size = theta.values.length;
  const width = 1 + state.length;
  const curvatureOf = (i: number) => (i + 1) / size;
  const objective: Objective = {
    gradient: gradient.values,
    value,
    evaluate(at) {
      for (let i = 0; i < size; i++) gradient.values[i] = curvatureOf(i) * at[i] + DISTURBANCE;
    },
  };
  const random = probes({ kernels, ...wired });
  const [matrix, noise] = [markedVector(room, width * width), markedVector(room, width)];
  for (const step of [0, 7]) {
    clock.step = step;
    for (const number of optimiser.stepNumbers ?? []) number.follow(clock);
    clock.stepSize = optimiser.stepSize(clock);
    const vectors = [theta, ...state].map(({ values }) => values);
    vectors.forEach((vector, i) => {
      random.normals(100 + step + i, vector);
    });
    const before = vectors.map((vector) => vector.slice());
    const expected = before[0].slice();
    for (let i = 0; i < size; i++) {
      const said = optimiser.modeStep(curvatureOf(i), clock, matrix.values, noise.values);
      if (!said) return;
      ensure(matrix.written() === width * width && noise.written() === width, 'modeStep leaves numbers unwritten');
      ensure(matrix.intact() && noise.intact(), 'modeStep writes beyond its vectors');
      expected[i] = noise.values[0] * DISTURBANCE;
      for (let j = 0; j < width; j++) expected[i] += matrix.values[j] * before[j][i];
      for (let k = 1; k < width; k++) {
        // Kept until the step is made: the state follows the map, too.
        let sum = noise.values[k] * DISTURBANCE;
        for (let j = 0; j < width; j++) sum += matrix.values[k * width + j] * before[j][i];
        state[k - 1].values[i] = sum;
      }
    }
    const expectedState = state.map(({ values }) => values.slice());
    before.forEach((vector, i) => {
      vectors[i].set(vector);
    });
    optimiser.step(theta.values, objective, vectors.slice(1), clock);
    for (const [made, found] of [expected, ...expectedState].map((each, i) => [each, vectors[i]] as const)) {
      for (let i = 0; i < size; i++) {
        ensure(
          Math.abs(made[i] - found[i]) <= MAP_TOLERANCE * (1 + Math.abs(found[i])),
          `a step takes a mode of curvature ${curvatureOf(i)} to ${found[i]}; modeStep says ${made[i]}`,
        );
      }
    }
  }
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
      name: 'has a step size that is a finite pure function of the step',
      run() {
        checkStepSize(subject);
      },
    },
    {
      name: 'leaves the clock to the engine',
      run() {
        const { clock, optimiser, step } = open(subject);
        step();
        ensure(clock.step === 0 && clock.time === 0, 'step or time of the clock is changed; the engine advances them');
        const size = optimiser.stepSize(clock);
        ensure(clock.stepSize === size, `the step changes at.stepSize to ${clock.stepSize}; stepSize says ${size}`);
      },
    },
    {
      name: 'writes to weights and state only',
      run() {
        const { theta, state, gradient, evaluated, guarded, step } = open(subject);
        for (let k = 0; k < 3; k++) {
          step();
          const last = evaluated[evaluated.length - 1] ?? gradient.values;
          ensure(sameBits(gradient.values, last), 'the gradient is changed after it was evaluated');
        }
        const vectors = [theta, gradient, ...state, guarded];
        ensure(
          vectors.every((vector) => vector.intact()),
          'writes beyond the end of a vector',
        );
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
      name: 'leaves all arithmetic to kernels where it says so',
      run() {
        if (!isKernelsOnly(subject)) return;
        const { optimiser, theta, gradient, state, clock, value, kernels, room, ...wired } = open(subject);
        const objective: Objective = { gradient: gradient.values, value, evaluate() {} };
        const vectors = state.map(({ values }) => values);
        const random = probes({ kernels, ...wired });
        const fill = (counter: number) => () => {
          [theta.values, gradient.values, ...vectors].forEach((vector, i) => {
            random.normals(counter + i, vector);
          });
        };
        for (const number of optimiser.stepNumbers ?? []) number.follow(clock);
        clock.stepSize = optimiser.stepSize(clock);
        ensureKernelsOnly(kernels, room, () => optimiser.step(theta.values, objective, vectors, clock), [
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
    {
      name: 'moves a mode of a quadratic as it says',
      run() {
        checkModeStep(subject);
      },
    },
    ...scheduleChecks(subject),
  ];
}
