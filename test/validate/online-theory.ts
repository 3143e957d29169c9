// What the theory of one-pass learning says without a simulation: trajectories, plateaus, stability.
import { Matrix, solve } from '../../core/theory.js';
import {
  createOnlineDynamics,
  type OnlineDynamics,
  type OnlineSetting,
} from '../../plugins/online-learning/theory/dynamics.js';
import { createTrajectory } from '../../plugins/online-learning/theory/trajectory.js';
import type { ReferenceTrajectory } from './online-reference.js';

const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));

/** As many teachers as students, orthogonal and of unit length, all read-outs 1; the rest as given. */
export function equalUnits(units: number, rate: number, rest: Partial<OnlineSetting> = {}): OnlineSetting {
  return {
    activation: 'erf',
    students: units,
    teachers: units,
    teacherOverlaps: identity(units),
    teacherReadOut: new Float64Array(units).fill(1),
    labelNoise: 0,
    rate,
    readOutRate: 0,
    decay: 0,
    readOutDecay: 0,
    batchSize: 1,
    inputs: Number.POSITIVE_INFINITY,
    ...rest,
  };
}

export const stateOf = (Q: readonly number[], R: readonly number[], v: readonly number[]): Float64Array =>
  Float64Array.from([...Q, ...R, ...v]);

/** Generalisation errors (and states) at given alphas, in ascending order. */
export function follow(
  dynamics: OnlineDynamics,
  start: Float64Array,
  alphas: readonly number[],
  step = 0.02,
): { errors: number[]; states: Float64Array[] } {
  const { state, advance } = createTrajectory(dynamics.derivative, Float64Array.from(start), step);
  let alpha = 0;
  const states: Float64Array[] = [];
  const errors = alphas.map((to) => {
    if (to > alpha) advance(to - alpha);
    alpha = to;
    states.push(Float64Array.from(state));
    return dynamics.generalisationError(state);
  });
  return { errors, states };
}

export function settingOf(activation: 'erf' | 'relu', trajectory: ReferenceTrajectory): OnlineSetting {
  const { v, A, T, eta, etav = 0, sigma = 0 } = trajectory;
  return equalUnits(v.length, eta, {
    activation,
    teachers: A.length,
    teacherOverlaps: Float64Array.from(T.flat()),
    teacherReadOut: Float64Array.from(A),
    labelNoise: sigma,
    readOutRate: etav,
  });
}

export const startOf = ({ Q0, R0, v }: ReferenceTrajectory): Float64Array => stateOf(Q0.flat(), R0.flat(), v);

/** Jacobian of a flow by differences of fourth order. */
function jacobian(flow: (state: Float64Array, out: Float64Array) => void, at: Float64Array, h: number): Matrix {
  const n = at.length;
  const rows = new Matrix(n, n);
  const [state, out] = [Float64Array.from(at), new Float64Array(n)];
  const weights = [
    [-2, 1 / 12],
    [-1, -2 / 3],
    [1, 2 / 3],
    [2, -1 / 12],
  ];
  for (let j = 0; j < n; j++) {
    for (const [by, weight] of weights) {
      state[j] = at[j] + by * h;
      flow(state, out);
      for (let i = 0; i < n; i++) rows.set(i, j, rows.get(i, j) + (weight * out[i]) / h);
    }
    state[j] = at[j];
  }
  return rows;
}

/** The independent numbers of a state: Q_ik with k <= i, R, and v where it is trained. */
function independent({ students: K, teachers: M, readOutRate }: OnlineSetting) {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < K; i++) for (let k = 0; k <= i; k++) pairs.push([i * K + k, k * K + i]);
  const end = K * (K + M) + (readOutRate === 0 ? 0 : K);
  for (let place = K * K; place < end; place++) pairs.push([place, place]);
  return {
    pack: (state: Float64Array) => Float64Array.from(pairs, ([place]) => state[place]),
    unpack(few: Float64Array, state: Float64Array) {
      pairs.forEach(([place, other], p) => {
        state[place] = few[p];
        state[other] = few[p];
      });
    },
  };
}

function reducedFlow(setting: OnlineSetting, at: Float64Array) {
  const { derivative } = createOnlineDynamics(setting);
  const { pack, unpack } = independent(setting);
  const [full, slope] = [Float64Array.from(at), new Float64Array(at.length)];
  const flow = (few: Float64Array, out: Float64Array) => {
    unpack(few, full);
    derivative(full, slope);
    out.set(pack(slope));
  };
  return { flow, pack, unpack };
}

/**
 * Largest eigenvalue of the Jacobian of all equations at a state, where it is real: by squaring 1 + h J until its directions
 * alone are left.
 */
export function largestGrowth(setting: OnlineSetting, at: Float64Array, h = 1e-3): number {
  const { flow, pack } = reducedFlow(setting, at);
  const J = jacobian(flow, pack(at), h);
  const n = J.rows;
  const size = Math.max(...Array.from({ length: n }, (_, i) => J.getRow(i).reduce((sum, x) => sum + Math.abs(x), 0)));
  let power = Matrix.add(Matrix.eye(n), Matrix.mul(J, 0.5 / size));
  for (let round = 0; round < 24; round++) {
    power = power.mmul(power);
    power.div(power.norm());
  }
  const probe = Matrix.columnVector(Array.from({ length: n }, (_, i) => 1 / (1 + i)));
  const direction = power.mmul(probe);
  return direction.dot(J.mmul(direction)) / direction.dot(direction);
}

/** The state at which nothing changes, by Newton's method from a state near it. */
export function fixedPoint(setting: OnlineSetting, near: Float64Array, h = 1e-4): Float64Array {
  const { flow, pack, unpack } = reducedFlow(setting, near);
  const few = pack(near);
  const residual = new Float64Array(few.length);
  for (let round = 0; round < 10; round++) {
    flow(few, residual);
    const move = solve(jacobian(flow, few, h), Matrix.columnVector([...residual]));
    for (let i = 0; i < few.length; i++) few[i] -= move.get(i, 0);
  }
  const state = Float64Array.from(near);
  unpack(few, state);
  return state;
}

/** Students that are their teachers, and further units of length 0; read-outs 1. */
export function perfectState(students: number, teachers: number): Float64Array {
  const state = new Float64Array(students * (students + teachers + 1)).fill(1, students * (students + teachers));
  for (let m = 0; m < teachers; m++) {
    state[m * students + m] = 1;
    state[students * students + m * teachers + m] = 1;
  }
  return state;
}

export interface Plateau {
  readonly diagonal: number;
  readonly offDiagonal: number;
  readonly overlap: number;
  readonly error: number;
  /** Rate at which it is left, per alpha. */
  readonly exitRate: number;
}

/** Into the neighbourhood by the flow itself, which does not end on another branch; then by Newton's method. */
function settle(
  flow: (state: Float64Array, out: Float64Array) => void,
  start: readonly number[],
  duration: number,
): Float64Array {
  const { state, advance } = createTrajectory(flow, Float64Array.from(start), 0.2);
  advance(duration);
  const residual = new Float64Array(state.length);
  for (let round = 0; round < 8; round++) {
    flow(state, residual);
    const move = solve(jacobian(flow, state, 1e-3), Matrix.columnVector([...residual]));
    for (let i = 0; i < state.length; i++) state[i] -= move.get(i, 0);
  }
  return state;
}

/** The state in which no student unit has chosen a teacher unit. @param rate 0 for the limit of small rates */
export function plateauOf(units: number, rate: number): Plateau {
  // In the limit the equations are divided by the rate, and what is of second order in it goes.
  const setting = equalUnits(units, rate === 0 ? 1 : rate, rate === 0 ? { batchSize: Number.POSITIVE_INFINITY } : {});
  const dynamics = createOnlineDynamics(setting);
  const spread = ([diagonal, offDiagonal, overlap]: Float64Array) => {
    const state = new Float64Array(dynamics.size).fill(1);
    state.fill(offDiagonal, 0, units * units);
    for (let i = 0; i < units; i++) state[i * (units + 1)] = diagonal;
    state.fill(overlap, units * units, 2 * units * units);
    return state;
  };
  const slope = new Float64Array(dynamics.size);
  const flow = (three: Float64Array, out: Float64Array) => {
    dynamics.derivative(spread(three), slope);
    out[0] = slope[0];
    out[1] = units > 1 ? slope[1] : 0;
    out[2] = slope[units * units];
  };
  // At small rates student units are one on the plateau, and the way there is slow: they are, from the start.
  const together = (two: Float64Array, out: Float64Array) => {
    const three = new Float64Array(3);
    flow(Float64Array.of(two[0], two[0], two[1]), three);
    out[0] = three[0];
    out[1] = three[2];
  };
  const state = rate === 0 ? settle(together, [0.3, 0.1], 200) : settle(flow, [0.5, 0.1, 0.05], 200 / rate);
  const [diagonal, offDiagonal, overlap] = rate === 0 ? [state[0], state[0], state[1]] : state;
  const full = spread(Float64Array.of(diagonal, offDiagonal, overlap));
  return {
    diagonal,
    offDiagonal,
    overlap,
    error: dynamics.generalisationError(full),
    exitRate: largestGrowth(setting, full),
  };
}

/** Where the generalisation error first falls below a level, between two frames by bisection. */
export function firstBelow(dynamics: OnlineDynamics, start: Float64Array, level: number, frame = 0.5): number {
  const { state, advance } = createTrajectory(dynamics.derivative, Float64Array.from(start), 0.02);
  let alpha = 0;
  for (;;) {
    const before = Float64Array.from(state);
    advance(frame);
    alpha += frame;
    if (dynamics.generalisationError(state) >= level) {
      if (alpha > 1e5) throw new Error('the plateau does not end');
      continue;
    }
    let [low, high] = [0, frame];
    for (let round = 0; round < 30; round++) {
      const middle = (low + high) / 2;
      const part = createTrajectory(dynamics.derivative, Float64Array.from(before), 0.02);
      part.advance(middle);
      if (dynamics.generalisationError(part.state) < level) high = middle;
      else low = middle;
    }
    return alpha - frame + high;
  }
}
