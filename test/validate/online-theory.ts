// What the theory of one-pass learning says without a simulation: trajectories, plateaus, stability.
import { EigenvalueDecomposition, Matrix, solve } from '../../core/theory.js';
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

/** Largest real part of the eigenvalues of the equations for Q (symmetric) and R at a state; read-outs stay. */
export function largestGrowth({ derivative }: OnlineDynamics, units: number, at: Float64Array, h = 1e-3): number {
  const pairs: number[][] = [];
  for (let i = 0; i < units; i++) for (let k = 0; k <= i; k++) pairs.push([i, k]);
  const count = pairs.length + units * units;
  const [full, slope] = [Float64Array.from(at), new Float64Array(at.length)];
  const flow = (state: Float64Array, out: Float64Array) => {
    pairs.forEach(([i, k], p) => {
      full[i * units + k] = state[p];
      full[k * units + i] = state[p];
    });
    for (let r = 0; r < units * units; r++) full[units * units + r] = state[pairs.length + r];
    derivative(full, slope);
    pairs.forEach(([i, k], p) => {
      out[p] = slope[i * units + k];
    });
    for (let r = 0; r < units * units; r++) out[pairs.length + r] = slope[units * units + r];
  };
  const reduced = new Float64Array(count);
  pairs.forEach(([i, k], p) => {
    reduced[p] = at[i * units + k];
  });
  for (let r = 0; r < units * units; r++) reduced[pairs.length + r] = at[units * units + r];
  return Math.max(...new EigenvalueDecomposition(jacobian(flow, reduced, h)).realEigenvalues);
}

export interface Plateau {
  readonly diagonal: number;
  readonly offDiagonal: number;
  readonly overlap: number;
  readonly error: number;
  /** Rate at which it is left, per alpha. */
  readonly escape: number;
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
  // Into the neighbourhood by the flow itself, which does not end on another branch; then by Newton's method.
  const start = Float64Array.of(0.5, 0.1, 0.05);
  const { state, advance } = createTrajectory(flow, start, 0.05);
  advance(200 / (rate === 0 ? 1 : rate));
  const residual = new Float64Array(3);
  for (let round = 0; round < 8; round++) {
    flow(state, residual);
    const move = solve(jacobian(flow, state, 1e-3), Matrix.columnVector([...residual]));
    for (let i = 0; i < 3; i++) state[i] -= move.get(i, 0);
  }
  const [diagonal, offDiagonal, overlap] = state;
  const full = spread(state);
  return {
    diagonal,
    offDiagonal,
    overlap,
    error: dynamics.generalisationError(full),
    escape: largestGrowth(dynamics, units, full),
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
