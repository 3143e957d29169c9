// Weight trajectories that eigenflow did not make: from a folder of checkpoints to a results folder with spectra, spacing
// statistics, outliers and level flow of every layer.
import { basename, join, resolve } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { createRegistry, type Registry } from '../../core/container.js';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import type { FigureDeclaration } from '../../core/contracts/figure.js';
import type { Block } from '../../core/contracts/model.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { observeStored, type Trajectory } from '../../core/engine/observe-stored.js';
import { EigenflowError } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import { RESULTS_SCHEMA } from '../../core/scenario/identity.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { ObserverUse, Scenario } from '../../core/scenario/scenario.js';
import { isWhole } from '../../core/schema/schema.js';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { type CheckpointRecord, type Manifest, manifestPath, manifestText } from '../../node/results/results-folder.js';
import { writeRun } from '../../node/results/run-file.js';
import { formatRunsTable } from '../../node/results/runs-table.js';
import { tablePath } from '../../node/results/stored-rows.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import { type BuiltinPlugins, loadPlugins } from '../../node/scenario/load-plugins.js';
import { openCheckpoint } from './checkpoint-arrays.js';
import { type CheckpointFile, type Checkpoints, listCheckpoints } from './checkpoint-files.js';
import { matrixShape, recordedPlugin } from './checkpoint-model.js';
import { measuredPart, recordOf } from './checkpoint-record.js';
import { checkAnalysisFolder, removeEarlier } from './earlier-analysis.js';
import { evidenceOf, evidenceTable, type LayerEvidence } from './layer-evidence.js';
import { chooseLayers, observerName } from './layers.js';
import { type TrainingProtocol, timeOfStep } from './training-protocol.js';
import { faultText, findFault, type WeightFault } from './weight-faults.js';

export interface CheckpointRequest extends TrainingProtocol {
  /** Lists of arrays that are weight matrices, as `chooseLayers` takes them: names, patterns, `all`. */
  readonly layers: readonly string[];
  /** Steps that the number in a file's name counts for: 1 for step numbers, the steps of an epoch for epochs. */
  readonly stepsPerNumber: number;
  /** Results folder. */
  readonly out: string;
}

export interface CheckpointAnalysis {
  readonly out: string;
  readonly checkpoints: Checkpoints;
  /** Weights that are not finite: the first of every layer of every checkpoint that has some. */
  readonly faults: readonly WeightFault[];
  readonly result: RunResult;
  readonly evidence: readonly LayerEvidence[];
}

/** What is measured of every layer, by the first part of the observer's name. */
const OBSERVERS = {
  levels: 'gram-spectrum',
  span: 'span-growth',
  bulk: 'marchenko-pastur',
  spacing: 'unfolded-spacing',
} as const;

function scenarioOf(
  request: CheckpointRequest,
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
    plugins: ['sgd', 'spectrum', 'spectral-statistics'],
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
  { stepsPerNumber }: Pick<CheckpointRequest, 'stepsPerNumber'>,
): number {
  const step = number * stepsPerNumber;
  if (isWhole(step, 0)) return step;
  const message = `its number ${number} x --steps-per-number ${stepsPerNumber} is no whole number of steps`;
  throw new EigenflowError('results', path, `${message}; name as --steps-per-number the steps of an epoch`);
}

/** Weights of one checkpoint at a time; the files may be large. @param tell hears of weights that are not finite */
function trajectoryOf(
  files: readonly CheckpointFile[],
  request: CheckpointRequest,
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

/** Name and version of the plugin that an observer is from. */
function owner(registry: Registry, use: string): [string, string] {
  const { name, version } = registry.owner('observer', use);
  return [name, version];
}

function manifestOf(
  scenario: Scenario,
  registry: Registry,
  channels: RunResult['channels'],
  build: 'strict',
  checkpoints: CheckpointRecord,
): Manifest {
  const { name, hash, portable } = kernelBuild(build);
  const used = Object.values(OBSERVERS).flatMap((use) => registry.find('observer', use, use).cite);
  return {
    format: 'eigenflow-results',
    schema: RESULTS_SCHEMA,
    title: scenario.title,
    scenario: measuredPart(scenario),
    checkpoints,
    versions: {
      eigenflow: packageVersion(),
      node: process.version,
      plugins: Object.fromEntries(Object.values(OBSERVERS).map((use) => owner(registry, use))),
    },
    citations: [...new Set(used)].sort(),
    kernels: { name, hash, portable },
    axes: [],
    seeds: 1,
    channels,
    labels: [],
  };
}

/** What is not finite is told wherever the results are read. */
const withFaults = (scenario: Scenario, faults: readonly WeightFault[]): Scenario => ({
  ...scenario,
  ...(faults.length > 0 && {
    description: faults.map((fault) => `${faultText({ ...fault, path: basename(fault.path) })}.`).join(' '),
  }),
});

/**
 * Reads the checkpoints one after the other and writes a results folder with a single run, and evidence.csv, in place of
 * those of an earlier analysis. Spectra need the weights alone; what is said in learning times or T needs the protocol.
 *
 * @param folder of checkpoints, or a single one
 * @param tell hears of every checkpoint
 * @throws EigenflowError `results`, `arrays` or `file` for checkpoints that cannot be read as a trajectory of these layers,
 *   and for a results folder that holds something else; nothing has been written by then
 */
export async function analyseCheckpoints(
  folder: string,
  request: CheckpointRequest,
  builtin: BuiltinPlugins,
  report: () => void,
): Promise<CheckpointAnalysis> {
  const { out } = request;
  const checkpoints = listCheckpoints(folder);
  const { found: files } = checkpoints;
  checkAnalysisFolder(out);
  const first = openCheckpoint(files[0]);
  const layers = chooseLayers(request.layers, first);
  const scenario = scenarioOf(request, layers, folder, files);
  const plugins = await loadPlugins(scenario.plugins, folder, builtin);
  const registry = createRegistry([recordedPlugin, ...plugins]);
  const load = (): NamedArrays => first;
  const [config] = resolveScenario(scenario, registry, load).runs;
  const memory = openMemory();
  const watched = { seen: '' };
  const faults: WeightFault[] = [];
  const trajectory = trajectoryOf(files, request, (fault) => faults.push(fault));
  const events = observeStored(config, trajectory, { registry, memory, load }).pipe(
    tap((event) => {
      if (event.type !== 'snapshot' || watched.seen === String(event.snapshot.step)) return;
      watched.seen = String(event.snapshot.step);
      report();
    }),
  );
  const result = await lastValueFrom(gather(events));
  makeHeldFolder(out, join(out, 'runs'));
  removeEarlier(out);
  const record = recordOf(request, layers, files, first);
  const manifest = manifestOf(withFaults(scenario, faults), registry, result.channels, 'strict', record);
  await writeHeld(out, manifestPath(out), manifestText(manifest));
  await writeRun(out, config, result);
  const row = { id: config.id, axes: {}, seed: 0, status: result.status, steps: result.steps } as const;
  await writeHeld(out, tablePath(out), formatRunsTable([], [{ ...row, seconds: Number.NaN, label: '', message: '' }]));
  const evidence = layers.map((layer) => {
    const [rows, cols] = matrixShape(first.shapeOf(layer));
    return evidenceOf({ name: layer, rows, cols }, request, (kind, channel) =>
      result.series.get(`${observerName(kind, layer)}.${channel}`),
    );
  });
  await writeHeld(out, join(out, 'evidence.csv'), evidenceTable(evidence));
  return { out, checkpoints, faults, result, evidence };
}
