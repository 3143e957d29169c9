// Weight trajectories that eigenflow did not make: from a folder of checkpoints to a results folder with spectra, spacing
// statistics, outliers and level flow of every layer.
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { openWorkbench } from '../../arena.js';
import type { NamedArrays } from '../../arrays.js';
import { createRegistry, type Registry } from '../../container.js';
import type { Block } from '../../contracts/model.js';
import { matrixShape, recordedPlugin } from '../../engine/recorded-weights.js';
import { replay, type Trajectory } from '../../engine/replay.js';
import { gather, type RunResult } from '../../engine/result.js';
import { EigenflowError, suggest } from '../../errors.js';
import type { FigureDeclaration } from '../../figures/declaration.js';
import { kernelBuild } from '../../kernels/create-kernels.js';
import { RESULTS_SCHEMA } from '../../scenario/identity.js';
import { resolveScenario } from '../../scenario/run-config.js';
import type { ObserverUse, Scenario } from '../../scenario/scenario.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { explainFileError } from '../results/file-error.js';
import { type CheckpointRecord, type Manifest, manifestPath } from '../results/results-folder.js';
import { writeRun } from '../results/run-file.js';
import { formatRunsTable } from '../results/runs-table.js';
import { tablePath } from '../results/stored-rows.js';
import { packageVersion } from '../scenario/load-module.js';
import { type BuiltinPlugins, loadPlugins } from '../scenario/load-plugins.js';
import { type CheckpointFile, listCheckpoints, readArrays } from './checkpoint-files.js';
import { measuredPart, recordOf } from './checkpoint-record.js';
import { evidenceOf, evidenceTable, type LayerEvidence } from './layer-evidence.js';

export interface CheckpointRequest {
  /** Names of arrays that are weight matrices. */
  readonly layers: readonly string[];
  readonly learningRate: number;
  readonly batchSize: number;
  /** Steps that the number in a file's name counts for: 1 for step numbers, the steps of an epoch for epochs. */
  readonly stepsPerNumber: number;
  /** Results folder. */
  readonly out: string;
}

export interface CheckpointAnalysis {
  readonly out: string;
  readonly checkpoints: readonly CheckpointFile[];
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

/** Names of observers have letters, digits, - and _ only. */
const observerName = (kind: string, layer: string) => `${kind}-${layer.replace(/[^A-Za-z0-9]+/g, '_')}`;

/** @throws EigenflowError `arrays` for a layer that is no matrix of at least two rows and two columns */
function checkLayers(layers: readonly string[], first: ReturnType<typeof readArrays>): void {
  const matrices = first.names.filter((name) => {
    const shape = first.shapeOf(name);
    return shape.length >= 2 && Math.min(...matrixShape(shape)) >= 2;
  });
  const known = `matrices in it: ${matrices.slice(0, 30).join(', ') || 'none'}`;
  if (layers.length === 0) throw new EigenflowError('arrays', first.source, `name its layers; ${known}`);
  for (const layer of layers) {
    if (matrices.includes(layer)) continue;
    const what = first.has(layer) ? `"${layer}" is no matrix` : `no array called "${layer}"${suggest(layer, matrices)}`;
    throw new EigenflowError('arrays', first.source, `${what}; ${known}`);
  }
  const names = layers.map((layer) => observerName('levels', layer));
  const twice = layers.find((_, i) => names.indexOf(names[i]) < i);
  if (twice !== undefined) throw new EigenflowError('arrays', first.source, `the layer "${twice}" is named twice`);
}

function scenarioOf(request: CheckpointRequest, folder: string, files: readonly CheckpointFile[]): Scenario {
  const { layers, learningRate, batchSize, stepsPerNumber } = request;
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
    steps: files[files.length - 1].number * stepsPerNumber,
    model: { use: 'recorded-weights', layers, checkpoint: basename(files[0].path) },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize, order: 'iid' },
    optimiser: { use: 'sgd', learningRate },
    observers,
    figures: layers.flatMap((layer) => [
      flow('levels', layer, 'levels', 'Levels of W Wᵀ'),
      flow('bulk', layer, 'outliers', 'Levels above the Marchenko-Pastur bulk'),
    ]),
  };
}

/** Weights of one checkpoint at a time; the files may be large. */
function trajectoryOf(files: readonly CheckpointFile[], { learningRate, stepsPerNumber }: CheckpointRequest) {
  return (layout: readonly Block[]): Trajectory => ({
    step: files.map(({ number }) => number * stepsPerNumber),
    time: files.map(({ number }) => number * stepsPerNumber * learningRate),
    theta(k) {
      const found = readArrays(files[k].path);
      const theta = new Float64Array(layout.reduce((size, { rows, cols }) => size + rows * cols, 0));
      for (const { name, rows, cols, offset } of layout) {
        const { shape, data } = found.get(name);
        if (String(matrixShape(shape)) !== String([rows, cols])) {
          const message = `"${name}" has shape (${shape.join(', ')}), in the first checkpoint it is ${rows} x ${cols}`;
          throw new EigenflowError('arrays', files[k].path, message);
        }
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

/**
 * Reads the checkpoints one after the other and writes a results folder with a single run, and evidence.csv. Learning
 * rate and batch size say what a step is: learning time = learning rate x steps, T = learning rate / batch size.
 *
 * @param tell hears of every checkpoint
 * @throws EigenflowError `results`, `arrays` or `file` for checkpoints that cannot be read as a trajectory of these layers;
 *   what is wrong with the first one is found before anything is written
 */
export async function analyseCheckpoints(
  folder: string,
  request: CheckpointRequest,
  builtin: BuiltinPlugins,
  tell: () => void,
): Promise<CheckpointAnalysis> {
  const files = listCheckpoints(folder);
  const first = readArrays(files[0].path);
  checkLayers(request.layers, first);
  const scenario = scenarioOf(request, folder, files);
  const plugins = await loadPlugins(scenario.plugins, folder, builtin);
  const registry = createRegistry([recordedPlugin, ...plugins]);
  const load = (): NamedArrays => first;
  const [config] = resolveScenario(scenario, registry, load).runs;
  const bench = openWorkbench();
  const watched = { seen: '' };
  const events = replay(config, trajectoryOf(files, request), { registry, bench, load }).pipe(
    tap((event) => {
      if (event.type !== 'snapshot' || watched.seen === String(event.snapshot.step)) return;
      watched.seen = String(event.snapshot.step);
      tell();
    }),
  );
  const result = await lastValueFrom(gather(events));
  const { out } = request;
  try {
    mkdirSync(join(out, 'runs'), { recursive: true });
  } catch (error) {
    throw explainFileError(error, out, 'write');
  }
  const checkpoints = recordOf(request, request.layers, files, first);
  await writeFileAtomic(
    manifestPath(out),
    `${JSON.stringify(manifestOf(scenario, registry, result.channels, 'strict', checkpoints), null, 2)}\n`,
  );
  await writeRun(out, config, result);
  const row = { id: config.id, axes: {}, seed: 0, status: result.status, steps: result.steps } as const;
  await writeFileAtomic(tablePath(out), formatRunsTable([], [{ ...row, seconds: Number.NaN, label: '', message: '' }]));
  const evidence = request.layers.map((layer) =>
    evidenceOf(layer, request, (kind, channel) => result.series.get(`${observerName(kind, layer)}.${channel}`)),
  );
  await writeFileAtomic(join(out, 'evidence.csv'), evidenceTable(evidence));
  return { out, checkpoints: files, result, evidence };
}
