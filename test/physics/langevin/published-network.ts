// The published network at its first weights, opened as the engine does it, for tests that take single steps by hand.

import { createRegistry } from '../../../core/container.js';
import type { Plugin } from '../../../core/contracts/component.js';
import type { Vector } from '../../../core/contracts/vector.js';
import { createSimulation, type Simulation } from '../../../core/engine/simulation.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { singularValuesWork } from '../../../core/kernels/kernels.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import langevin from '../../../plugins/langevin/index.js';
import sgd from '../../../plugins/sgd/index.js';
import spectrum from '../../../plugins/spectrum/index.js';
import teacherStudent from '../../../plugins/teacher-student/index.js';
import training from '../../../plugins/training/index.js';

const plugins: readonly Plugin[] = [langevin, sgd, spectrum, teacherStudent, training];
const registry = createRegistry(plugins);
const workspace = openWorkspace();
const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

/** Minibatches of 1 at learning rate 1/256 on the network of arXiv:2509.01349. */
export const published = {
  title: 'Published network',
  plugins: plugins.map(({ name }) => name),
  steps: 1000,
  model: { use: 'teacher-student' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 / 256 },
} satisfies Scenario;

/** A run at step 0, with room for further vectors. Opening another one ends it. */
export function open(scenario: Scenario, place = workspace): Simulation & { readonly workspace: typeof workspace } {
  const { runs } = resolveScenario(scenario, registry, noFiles);
  place.arena.clear();
  const simulation = createSimulation(runs[0], registry, place, noFiles);
  return Object.assign(simulation, { workspace: place });
}

/** A frame of an observer at the state as it stands, an owned copy. */
export function measure({ observers }: Simulation, name: string): Readonly<Record<string, Float64Array>> {
  const attached = observers.find((candidate) => candidate.name === name);
  if (!attached) throw new Error(`no observer ${name} in this test`);
  const { observer, buffers } = attached;
  const frame = Object.fromEntries(
    Object.entries(buffers).map(([channel, { length }]) => [channel, new Float64Array(length).fill(Number.NaN)]),
  );
  observer.observe(frame);
  return frame;
}

/** @returns a function from weights (rows x cols, in the arena) to the levels of W W^T, descending. */
export function levelMeter(rows: number, cols: number, { kernels, arena } = workspace): (weights: Vector) => number[] {
  const work = arena.vector(singularValuesWork(rows, cols));
  const singular = arena.vector(Math.min(rows, cols));
  return (weights) => {
    kernels.singularValues(weights, rows, cols, work, singular);
    return Array.from(singular, (value) => value * value);
  };
}
