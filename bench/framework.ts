/** The published step through the whole framework: plugins, engine, observers at 21 points. */
import { lastValueFrom, tap } from 'rxjs';
import { createRegistry } from '../core/container.js';
import type { NamedArrays, NumberArray } from '../core/contracts/arrays.js';
import { run } from '../core/engine/run.js';
import type { Memory, Workspace } from '../core/kernels/arena.js';
import { resolveScenario } from '../core/scenario/resolve.js';
import phases from '../plugins/phases/index.js';
import sgd from '../plugins/sgd/index.js';
import spectrum from '../plugins/spectrum/index.js';
import teacherStudent from '../plugins/teacher-student/index.js';
import training from '../plugins/training/index.js';
import { BATCH, COLS, type Problem, ROWS, SAMPLES } from './problem.js';

const plugins = [teacherStudent, sgd, training, spectrum, phases];
const POINTS = 20;
const TEST_SAMPLES = 128;

/** The problem as a file of arrays would give it: M is trained, targets are given. */
function arraysOf({ start, readout, inputs, targets }: Problem): NamedArrays {
  const arrays: Record<string, NumberArray> = {
    M_teacher: { shape: [ROWS, COLS], data: start },
    M_initial: { shape: [ROWS, COLS], data: start },
    Z: { shape: [1, ROWS], data: readout },
    x: { shape: [SAMPLES, COLS], data: inputs },
    y: { shape: [SAMPLES, 1], data: targets },
    // What the overlap is measured on: any inputs cost the same.
    x_test: { shape: [TEST_SAMPLES, COLS], data: inputs.subarray(0, TEST_SAMPLES * COLS) },
    y_test: { shape: [TEST_SAMPLES, 1], data: targets.subarray(0, TEST_SAMPLES) },
  };
  return {
    source: 'problem',
    digest: 'problem',
    names: Object.keys(arrays),
    get: (name) => arrays[name],
    has: (name) => Object.hasOwn(arrays, name),
  };
}

/** Hands out one workspace over and over and clears nothing: the problem stands in the same memory. */
function sharedMemory(workspace: Workspace): Memory {
  const current: Workspace = { ...workspace, arena: { ...workspace.arena, seal() {}, clear() {} } };
  return { build: 'strict', current, generation: 0, withRoom: (make) => make(current) };
}

/**
 * @param workspace that of the problem: with kernels of its own, the framework would be compiled for two of them
 * @returns runs from the start and gives the weights at the end
 */
export function createFramework(problem: Problem, workspace: Workspace) {
  const registry = createRegistry(plugins);
  const memory = sharedMemory(workspace);
  const arrays = arraysOf(problem);
  const load = () => arrays;
  return async (steps: number, learningRate: number): Promise<Float64Array> => {
    const when = { every: steps / POINTS };
    const { runs } = resolveScenario(
      {
        title: 'Published step',
        plugins: plugins.map(({ name }) => name),
        steps,
        model: { use: 'teacher-student', arrays: 'problem', trained: ['M'] },
        loss: { use: 'half-mean-square' },
        noise: { use: 'minibatch', batchSize: BATCH, order: 'cyclic' },
        optimiser: { use: 'sgd', learningRate },
        observers: {
          loss: { use: 'full-loss', when },
          spectrum: { use: 'gram-spectrum', block: 'M', when },
          overlap: { use: 'overlap', when },
          end: { use: 'weights', block: 'M', when: { at: [steps] } },
        },
      },
      registry,
      load,
    );
    let weights: Float64Array = new Float64Array(0);
    const watched = run(runs[0], { registry, memory, load }).pipe(
      tap((event) => {
        if (event.type === 'snapshot' && event.snapshot.channel === 'end.weights') weights = event.snapshot.data;
      }),
    );
    const last = await lastValueFrom(watched);
    if (last.type !== 'done' || last.status !== 'completed') throw new Error('the run did not end as it should');
    return weights;
  };
}
