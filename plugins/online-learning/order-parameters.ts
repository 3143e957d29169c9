// The order parameters that are different numbers, in one list: Q_ik for k <= i, R, v.
import type { Units } from './theory/dynamics.js';

/** Places in a state (Q, R, v), each with the one that holds the same number. */
export function independentPlaces({ students: K, teachers: M }: Units): readonly (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  for (let i = 0; i < K; i++) for (let k = 0; k <= i; k++) places.push([i * K + k, k * K + i]);
  for (let place = K * K; place < K * (K + M + 1); place++) places.push([place, place]);
  return places;
}

export const orderParameterChannel = (length: number) => ({
  shape: [length],
  dims: ['order parameter'],
  unit: '1',
  label: 'order parameter',
  doc: 'independent order parameters: Q_ik for k <= i, row by row, R_im student by student, v_i',
});
