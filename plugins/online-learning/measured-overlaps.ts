// The order parameters of a run, in the convention of the theory.
import { type Block, type Committee, type Environment, type RunView, rememberAddress, type Vector } from 'eigenflow';
import { fieldFactor } from './field-convention.js';
import { sizeOf } from './theory/dynamics.js';

export interface MeasuredOverlaps {
  /** T, M x M. */
  readonly teacherOverlaps: Vector;
  /** State (Q, R, v) of the theory at the weights as they stand. */
  measure(state: Float64Array): void;
}

export function createMeasuredOverlaps(
  committee: Committee,
  { theta }: RunView,
  { arena, kernels }: Pick<Environment, 'arena' | 'kernels'>,
): MeasuredOverlaps {
  const { inputs: N, students: K, teachers: M, teacher, firstLayer, readOut } = committee;
  const square = fieldFactor(committee);
  const cut = ({ offset, rows, cols }: Block): Vector => {
    const part = theta.subarray(offset, offset + rows * cols);
    rememberAddress(part);
    return part;
  };
  const weightsIn = ({ block, weights }: Committee['firstLayer']) => (block ? cut(block) : weights) as Vector;
  const rows = weightsIn(firstLayer);
  const outs = weightsIn(readOut);
  rememberAddress(teacher);
  const Q = arena.vector(K * K);
  const R = arena.vector(K * M);
  const teacherOverlaps = arena.vector(M * M);
  kernels.dense(teacher, M, N, teacher, null, M, teacherOverlaps);
  for (let i = 0; i < M * M; i++) teacherOverlaps[i] *= square;
  const [own, mixed] = [square * firstLayer.scale * firstLayer.scale, square * firstLayer.scale];

  return {
    teacherOverlaps,
    measure(state) {
      kernels.dense(rows, K, N, rows, null, K, Q);
      kernels.dense(teacher, M, N, rows, null, K, R);
      // One value for both triangles, whatever the order of a sum.
      for (let i = 0; i < K; i++) {
        for (let k = 0; k <= i; k++) {
          state[i * K + k] = own * Q[i * K + k];
          state[k * K + i] = own * Q[i * K + k];
        }
      }
      for (let i = 0; i < K * M; i++) state[K * K + i] = mixed * R[i];
      const start = sizeOf({ students: K, teachers: M }) - K;
      for (let i = 0; i < K; i++) state[start + i] = readOut.scale * outs[i];
    },
  };
}
