// Derivatives of the student along a direction of its flat parameter vector.
import type { ActivationName, Environment, Vector } from 'eigenflow';
import type { Student } from './student.js';
import { createTangentLayer, createTangents, type TangentLayer, type Tangents } from './tangents.js';

export interface StudentTangents extends Tangents {
  /** Makes the passes follow `direction` (size of theta). */
  useDirection(direction: Vector): void;
  /** Makes `backward` write into `result` (size of theta). */
  useResult(result: Vector): void;
}

/** @param capacity the most samples of one pass */
export function createStudentTangents(
  { arena, kernels }: Environment,
  activation: ActivationName,
  student: Student,
  capacity: number,
): StudentTangents {
  const { hidden, readOut, trained, blocksOf } = student;
  const tangentOf = new Map(
    [...hidden, readOut].map((layer) => [layer, createTangentLayer(layer, layer === readOut ? 0 : capacity, arena)]),
  );
  const of = (layer: (typeof trained)[number]) => tangentOf.get(layer) as TangentLayer;
  const largest = Math.max(
    ...[...hidden, readOut].map(({ rows, cols }) => Math.max(capacity * rows, capacity * cols, rows * cols)),
  );
  const tangents = createTangents(kernels, activation, hidden.map(of), of(readOut), arena.vector(largest));
  return {
    ...tangents,
    useDirection(flat) {
      const blocks = blocksOf(flat);
      for (let i = 0; i < trained.length; i++) of(trained[i]).direction = blocks[i];
    },
    useResult(flat) {
      const blocks = blocksOf(flat);
      for (let i = 0; i < trained.length; i++) of(trained[i]).result = blocks[i];
    },
  };
}
