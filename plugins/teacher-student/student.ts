// The student: trained layers that compute on blocks of the flat parameter vector.
import {
  type ActivationName,
  type Block,
  createLayer,
  createTrainedNetwork,
  type Environment,
  type TrainedNetwork,
} from 'eigenflow';
import type { Task } from './task.js';

/** The trained matrices one after the other, from the inputs to the read-out. */
export function trainedLayout(task: Task, trained: readonly string[]): readonly Block[] {
  let offset = 0;
  return task.matrices
    .filter(({ name }) => trained.includes(name))
    .map(({ name, rows, cols }) => {
      const block = { name, rows, cols, offset };
      offset += rows * cols;
      return block;
    });
}

/**
 * Layers from the first trained one on, with memory for `capacity` samples. Their input is what the teacher calls
 * `shared`.
 *
 * @param layout the trained blocks
 */
export function createStudent(
  environment: Environment,
  activation: ActivationName,
  task: Task,
  layout: readonly Block[],
  capacity: number,
): TrainedNetwork {
  const { matrices } = task;
  const last = matrices.length - 1;
  const first = matrices.findIndex(({ name }) => name === layout[0].name);
  const layers = matrices.map((shape, i) => {
    const memory = i === last || i < first ? 0 : capacity;
    return createLayer(shape, task.teacher[i], null, memory, environment.arena, i === last ? {} : { activation });
  });
  const trained = layout.map((block) => {
    const layer = layers[matrices.findIndex(({ name }) => name === block.name)];
    return { block, layer, part: 'weights' as const };
  });
  return createTrainedNetwork(environment, layers.slice(first, last), layers[last], trained, capacity);
}
