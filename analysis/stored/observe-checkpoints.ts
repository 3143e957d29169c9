// Weight trajectories that eigenflow did not make, read checkpoint by checkpoint: spectra, spacing statistics, outliers and level
// flow of every layer. Nothing is written.
import { basename, resolve } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { createRegistry, type Registry } from '../../core/container.js';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import type { Plugin } from '../../core/contracts/component.js';
import type { FigureDeclaration } from '../../core/contracts/figure.js';
import type { Block } from '../../core/contracts/model.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { observeStored, type Trajectory } from '../../core/engine/observe-stored.js';
import { EigenflowError } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import { type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { ObserverUse, Scenario } from '../../core/scenario/scenario.js';
import { isWhole } from '../../core/schema/schema.js';
import { type CheckpointArrays, openCheckpoint } from './checkpoint-arrays.js';
import { type CheckpointFile, type Checkpoints, listCheckpoints } from './checkpoint-files.js';
import { matrixShape, recordedPlugin } from './checkpoint-model.js';
import { evidenceOf, type LayerEvidence } from './layer-evidence.js';
import { chooseLayers, observerName } from './layers.js';
import { type TrainingProtocol, timeOfStep } from './training-protocol.js';
import { findFault, type WeightFault } from './weight-faults.js';

/** What is read of checkpoints. */
export interface CheckpointReading extends TrainingProtocol {
  /** Lists of arrays that are weight matrices, as `chooseLayers` takes them: names, patterns, `all`. */
  readonly layers: readonly string[];
  /** Steps that the number in a file's name counts for: 1 for step numbers, the steps of an epoch for epochs. */
  readonly stepsPerNumber: number;
}

/** Plugins that bring what is measured. */
export const PLUGINS = ['sgd', 'spectrum', 'spectral-statistics'];

/** What is measured of every layer, by the first part of the observer's name. */
export const OBSERVERS = {
  levels: 'gram-spectrum',
  span: 'span-growth',
  bulk: 'marchenko-pastur',
  spacing: 'unfolded-spacing',
} as const;

function scenarioOf(
  request: CheckpointReading,
  layers: readonly string[],
  folder: string,
  files: readonly CheckpointFile[],
): Scenario {
  // What is not known is 1, and said to be: the pieces of a scenario cannot be left out.
  const { learningRate = 1, batchSize = 1, optimiser, momentum = 0 } = request;
  const observers: Record<string, ObserverUse> = {};
  for (const layer of layers) {
    for (const [kind, use] of Object.entries(OBSERVERS)) observers[observerName(kind, layer)] = { use, block: layer };
  }
  const flow = (kind: string, layer: string, channel: string, title: string): FigureDeclaration => ({
    kind: 'flow',
    name: observerName(kind, layer),
    title: `${title} of ${layer}`,
    value: `${observerName(kind, layer)}.${channel}`,
    width: 'column',
    x: 'step',
    xScale: 'linear',
    yScale: kind === 'levels' ? 'log' : 'linear',
  });
  return {
    title: `Checkpoints in ${basename(resolve(folder))}`,
    plugins: PLUGINS,
    steps: stepOf(files[files.length - 1], request),
    model: { use: 'recorded-weights', layers, checkpoint: basename(files[0].path) },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize, order: 'iid' },
    optimiser: optimiser === 'momentum' ? { use: 'momentum', learningRate, momentum } : { use: 'sgd', learningRate },
    observers,
    // A flow has a beginning and an end.
    figures: (files.length < 2 ? [] : layers).flatMap((layer) => [
      flow('levels', layer, 'levels', 'Levels of W Wᵀ'),
      flow('bulk', layer, 'outliers', 'Levels above the Marchenko-Pastur bulk'),
    ]),
  };
}

/** @throws EigenflowError `results` where the number counts for no whole number of steps */
function stepOf(
  { path, number }: CheckpointFile,
  { stepsPerNumber }: Pick<CheckpointReading, 'stepsPerNumber'>,
): number {
  const step = number * stepsPerNumber;
  if (isWhole(step, 0)) return step;
  const message = `its number ${number} x --steps-per-number ${stepsPerNumber} is no whole number of steps`;
  throw new EigenflowError('results', path, `${message}; name as --steps-per-number the steps of an epoch`);
}

/** Weights of one checkpoint at a time; the files may be large. @param tell hears of weights that are not finite */
function trajectoryOf(
  files: readonly CheckpointFile[],
  request: CheckpointReading,
  report: (fault: WeightFault) => void,
) {
  const steps = files.map((file) => stepOf(file, request));
  return (layout: readonly Block[]): Trajectory => ({
    step: steps,
    time: steps.map((step) => step * timeOfStep(request)),
    theta(k) {
      const found = openCheckpoint(files[k]);
      const theta = new Float64Array(layout.reduce((size, { rows, cols }) => size + rows * cols, 0));
      for (const { name, rows, cols, offset } of layout) {
        const array = found.get(name);
        const { shape, data } = array;
        if (String(matrixShape(shape)) !== String([rows, cols])) {
          const message = `"${name}" has shape (${shape.join(', ')}), in the first checkpoint it is ${rows} x ${cols}`;
          throw new EigenflowError('arrays', files[k].path, message);
        }
        const fault = findFault(array, name, files[k].path);
        if (fault !== undefined) report(fault);
        theta.set(data, offset);
      }
      return theta;
    },
  });
}

/** Checkpoints that can be read as a trajectory of these layers; nothing but the names and shapes of the first is read. */
export interface OpenCheckpoints {
  readonly checkpoints: Checkpoints;
  readonly first: CheckpointArrays;
  readonly layers: readonly string[];
  readonly scenario: Scenario;
}

/** @throws EigenflowError `results`, `arrays` or `file` */
export function openCheckpoints(folder: string, request: CheckpointReading): OpenCheckpoints {
  const checkpoints = listCheckpoints(folder);
  const first = openCheckpoint(checkpoints.found[0]);
  const layers = chooseLayers(request.layers, first);
  return { checkpoints, first, layers, scenario: scenarioOf(request, layers, folder, checkpoints.found) };
}

export interface CheckpointObservation {
  readonly registry: Registry;
  readonly config: RunConfig;
  readonly result: RunResult;
  /** Weights that are not finite: the first of every layer of every checkpoint that has some. */
  readonly faults: readonly WeightFault[];
  readonly evidence: readonly LayerEvidence[];
}

/**
 * Reads the checkpoints one after the other.
 *
 * @param plugins `PLUGINS`, loaded
 * @param report hears of every checkpoint
 * @throws EigenflowError `results`, `arrays` or `file` for checkpoints that cannot be read as a trajectory of these layers
 */
export async function observeCheckpoints(
  { checkpoints, first, layers, scenario }: OpenCheckpoints,
  request: CheckpointReading,
  plugins: readonly Plugin[],
  report: () => void,
): Promise<CheckpointObservation> {
  const registry = createRegistry([recordedPlugin, ...plugins]);
  const load = (): NamedArrays => first;
  const [config] = resolveScenario(scenario, registry, load).runs;
  const memory = openMemory();
  const watched = { seen: '' };
  const faults: WeightFault[] = [];
  const trajectory = trajectoryOf(checkpoints.found, request, (fault) => faults.push(fault));
  const events = observeStored(config, trajectory, { registry, memory, load }).pipe(
    tap((event) => {
      if (event.type !== 'snapshot' || watched.seen === String(event.snapshot.step)) return;
      watched.seen = String(event.snapshot.step);
      report();
    }),
  );
  const result = await lastValueFrom(gather(events));
  const evidence = layers.map((layer) => {
    const [rows, cols] = matrixShape(first.shapeOf(layer));
    return evidenceOf({ name: layer, rows, cols }, request, (kind, channel) =>
      result.series.get(`${observerName(kind, layer)}.${channel}`),
    );
  });
  return { registry, config, result, faults, evidence };
}
