// Runs for tests: from a scenario of the toy world, or of the built-in plugins, to events and results.
import { createHash } from 'node:crypto';
import { lastValueFrom, takeWhile, tap, toArray } from 'rxjs';
import { createRegistry } from '../../../core/container.js';
import type { Plugin } from '../../../core/contracts/component.js';
import type { Checkpoint } from '../../../core/engine/checkpoint.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { type RunEvent, run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { type RunConfig, resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { encodeRun } from '../../../node/results/run-file.js';
import phases from '../../../plugins/phases/index.js';
import sgd from '../../../plugins/sgd/index.js';
import spectrum from '../../../plugins/spectrum/index.js';
import teacherStudent from '../../../plugins/teacher-student/index.js';
import training from '../../../plugins/training/index.js';
import { toy } from './toy.js';

export const builtin: readonly Plugin[] = [teacherStudent, sgd, training, spectrum, phases];
const registry = createRegistry([toy, ...builtin]);
const memory = openMemory();

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

/** Needs no registry of its own: everything that these tests use is loaded. */
export const context = { registry, memory, load: noFiles };

export const toyScenario: Scenario = {
  title: 'Toy',
  plugins: ['toy'],
  seed: 1,
  steps: 20,
  model: { use: 'line' },
  loss: { use: 'square' },
  noise: { use: 'turn' },
  optimiser: { use: 'descent' },
};

/** The published network, smaller. */
export const networkScenario: Scenario = {
  title: 'Network',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum'],
  seed: 1,
  steps: 200,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
};

export function configsOf(scenario: Scenario): readonly RunConfig[] {
  return resolveScenario(scenario, registry, noFiles).runs;
}

/** The only run, or the first. */
export function configOf(changes: Partial<Scenario> = {}, base: Scenario = toyScenario): RunConfig {
  return configsOf({ ...base, ...changes })[0];
}

export function eventsOf(config: RunConfig, checkpoint?: Checkpoint): Promise<RunEvent[]> {
  return lastValueFrom(run(config, { ...context, checkpoint }).pipe(toArray()));
}

export function resultOf(config: RunConfig, checkpoint?: Checkpoint): Promise<RunResult> {
  return lastValueFrom(gather(run(config, { ...context, checkpoint })));
}

/** Frames of a channel, one array each. */
export function framesOf({ series }: RunResult, channel: string): number[][] {
  const found = series.get(channel);
  if (!found) throw new Error(`no channel ${channel}; there are ${[...series.keys()]}`);
  const size = found.shape.reduce((product, length) => product * length, 1);
  return Array.from(found.step, (_, frame) => [...found.data.subarray(frame * size, (frame + 1) * size)]);
}

export function stepsOf({ series }: RunResult, channel: string): number[] {
  return [...(series.get(channel)?.step ?? [])];
}

/** SHA-256 of all that is stored of a run, to the last bit. */
export function digestOf(config: RunConfig, result: RunResult): string {
  return createHash('sha256').update(encodeRun(config, result)).digest('hex');
}

/** Runs to `step`, where it is broken off, and returns what it would store then. */
export async function breakOff(config: RunConfig, step: number, from?: Checkpoint): Promise<Checkpoint> {
  const stepsPerSlice = step - (from?.state.step ?? 0);
  let checkpoint: Checkpoint | undefined;
  await lastValueFrom(
    run(config, { ...context, checkpoint: from, pace: { steps: () => stepsPerSlice } }).pipe(
      tap((event) => {
        if (event.type === 'progress') checkpoint ??= event.checkpoint();
      }),
      takeWhile(() => checkpoint === undefined),
    ),
    { defaultValue: undefined },
  );
  if (checkpoint?.state.step !== step) throw new Error(`the run was not broken off at step ${step}`);
  return checkpoint;
}
