// The student: trained layers that compute on blocks of the flat parameter vector.
import {
  type ActivationName,
  type Block,
  EigenflowError,
  type Environment,
  rememberAddress,
  type Vector,
} from 'eigenflow';
import { createLayer, createNetwork, type Layer, type Network } from './network.js';
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

export interface Student extends Network {
  readonly hidden: readonly Layer[];
  readonly readOut: Layer;
  /** The layers of the trained blocks, in the order of the layout. */
  readonly trained: readonly Layer[];
  /** The trained blocks of a flat vector (size of theta), cut once per vector. */
  blocksOf(flat: Vector): readonly Vector[];
  /** The layer of a trained block. @throws EigenflowError `contract` for a block that is not trained. */
  layerOf(block: Block): Layer;
  /** Makes the trained layers read `theta`. */
  useWeights(theta: Vector): void;
  /** Makes `backward` write into `gradient` (size of theta). */
  useGradient(gradient: Vector): void;
}

/** Views of the blocks of a flat vector, cut once per vector: a view is an allocation, and steps may not allocate. */
function blockViews(layout: readonly Block[]): (flat: Vector) => readonly Vector[] {
  const cut = new WeakMap<Vector, readonly Vector[]>();
  return (flat) => {
    let views = cut.get(flat);
    if (!views) {
      views = layout.map(({ rows, cols, offset }) => {
        const block = flat.subarray(offset, offset + rows * cols);
        rememberAddress(block);
        return block;
      });
      cut.set(flat, views);
    }
    return views;
  };
}

/**
 * Layers from the first trained one on, with memory for `capacity` samples. Their input is what the teacher calls
 * `shared`.
 *
 * @param layout the trained blocks
 */
export function createStudent(
  { arena, kernels }: Environment,
  activation: ActivationName,
  task: Task,
  layout: readonly Block[],
  capacity: number,
): Student {
  const { matrices } = task;
  const last = matrices.length - 1;
  const first = matrices.findIndex(({ name }) => name === layout[0].name);
  const layers = matrices.map((shape, i) =>
    createLayer(shape, task.teacher[i], i === last || i < first ? 0 : capacity, arena),
  );
  const trained = layout.map(({ name }) => layers[matrices.findIndex((matrix) => matrix.name === name)]);
  const readOut = layers[last];

  const views = blockViews(layout);
  let theta: Vector | null = null;
  let gradient: Vector | null = null;
  const hidden = layers.slice(first, last);
  return {
    ...createNetwork(kernels, activation, hidden, readOut),
    hidden,
    readOut,
    trained,
    blocksOf: views,
    layerOf({ name }) {
      for (let i = 0; i < layout.length; i++) if (layout[i].name === name) return trained[i];
      throw new EigenflowError('contract', 'model', `sample gradients of ${name}, which is not a trained block`);
    },
    useWeights(flat) {
      if (flat === theta) return;
      const blocks = views(flat);
      for (let i = 0; i < trained.length; i++) trained[i].weights = blocks[i];
      theta = flat;
    },
    useGradient(flat) {
      if (flat === gradient) return;
      const blocks = views(flat);
      for (let i = 0; i < trained.length; i++) trained[i].gradient = blocks[i];
      gradient = flat;
    },
  };
}
