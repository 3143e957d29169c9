// What an analysis of stored runs will compute: observers that look at stored weights again, and classifiers. Everything
// is checked before anything is written.
import { resolve } from 'node:path';
import { createRegistry, type Registry } from '../../core/container.js';
import type { Classifier } from '../../core/contracts/classifier.js';
import type { Block } from '../../core/contracts/model.js';
import { checkNeeds, checkRefusal, createClassifier } from '../../core/engine/classifier.js';
import { observeStored, type Trajectory } from '../../core/engine/observe-stored.js';
import type { ChannelRecord } from '../../core/engine/run.js';
import { EigenflowError } from '../../core/errors.js';
import { type Memory, openMemory } from '../../core/kernels/arena.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { type ArrayLoader, type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { ObserverUse, Scenario, Use } from '../../core/scenario/scenario.js';
import { analysisFolder, type Manifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { checkWeights, type FrameChoice, weightChannels } from '../../node/results/stored-weights.js';
import { type BuiltinPlugins, loadPlugins } from '../../node/scenario/load-plugins.js';
import { createArrayLoader } from '../../node/scenario/load-scenario.js';
import { type RunGrid, readRunGrid } from '../export/run-grid.js';

export interface AnalysisRequest {
  /** Observers to look at stored weights with, by name. Those that classifiers miss are added. */
  readonly observers: Readonly<Record<string, ObserverUse>>;
  /** Classifiers by name. */
  readonly classifiers: readonly Use[];
  readonly frames: FrameChoice;
}

/** What is analysed, and how: plain data. */
export interface AnalysisSettings {
  /** A results folder. */
  readonly folder: string;
  readonly request: AnalysisRequest;
  /** Folder that relative paths of its scenario, and of plugins, refer to. */
  readonly base: string;
  /** Plugins that are trusted, beside those that come with eigenflow: loading one runs its code. */
  readonly plugins: readonly string[];
}

/** A stored run with its configuration, under the observers of the analysis. */
export interface StoredRun {
  readonly row: RunRow;
  readonly config: RunConfig;
}

export interface Analysis {
  readonly settings: AnalysisSettings;
  /** The results that are analysed. */
  readonly folder: string;
  /** Where the analysis goes. */
  readonly out: string;
  readonly manifest: Manifest;
  readonly registry: Registry;
  readonly memory: Memory;
  readonly load: ArrayLoader;
  readonly frames: FrameChoice;
  /** Runs that are stored, in the order of the grid. */
  readonly runs: readonly StoredRun[];
  /** Runs that failed: there is nothing to look at. */
  readonly failed: readonly RunRow[];
  /** Observers that look again; all with their parameters. */
  readonly observers: Readonly<Record<string, ObserverUse>>;
  /** Channels that these observers measure. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  readonly classifiers: readonly { readonly name: string; readonly classifier: Classifier }[];
}

const needOf = (channel: string, component: string) => `${component}.${channel.slice(channel.indexOf('.') + 1)}`;

/** The scenario with other observers, and without what follows from observers. */
function bare(scenario: Scenario, plugins: readonly string[], observers: AnalysisRequest['observers']): Scenario {
  const { classifier: _classifier, figures: _figures, compare: _compare, sweep, ...rest } = scenario;
  // An adaptive sweep chooses by the labels of the classifier; its grid is the same without.
  const { adaptive: _adaptive, ...grid } = sweep ?? {};
  return { ...rest, plugins, observers, sweep: grid };
}

function openClassifiers(
  uses: readonly Use[],
  config: RunConfig,
  registry: Registry,
  memory: Memory,
  load: ArrayLoader,
): { name: string; classifier: Classifier }[] {
  return uses.map(({ use, ...given }) => {
    const path = `classifiers.${use}`;
    const { params: schema } = registry.find('classifier', use, path);
    const params = checkParameters(path, given, schema);
    const made = createClassifier({ ...config, classifier: { use, params } }, registry, memory, load);
    return { name: use, classifier: made as Classifier };
  });
}

/** The block whose weights are stored is the one that is meant, where a component asks for one and none was named. */
function withBlock(use: ObserverUse, path: string, registry: Registry, blocks: readonly string[]): ObserverUse {
  const { params } = registry.find('observer', use.use, path);
  const asks = params.block?.type === 'text' && params.block.default === undefined && !params.block.optional;
  return asks && use.block === undefined && blocks.length > 0 ? { ...use, block: blocks[0] } : use;
}

/** Opens stored weights for the observers and ends before its first frame. @throws whatever creating it throws */
function inspectStored(
  config: RunConfig,
  context: Pick<Analysis, 'registry' | 'memory' | 'load'>,
  checkLayout: (layout: readonly Block[]) => void,
): Analysis['channels'] {
  let channels: Analysis['channels'] = {};
  let failure: unknown;
  const nothing = (layout: readonly Block[]): Trajectory => {
    checkLayout(layout);
    return { step: [], time: [], theta: () => new Float64Array(0) };
  };
  observeStored(config, nothing, context).subscribe({
    next: (event) => {
      if (event.type === 'manifest') channels = event.channels;
    },
    error: (error: unknown) => {
      failure = error;
    },
  });
  if (failure !== undefined) throw failure;
  return channels;
}

/** A results folder is data, maybe of somebody else; the plugins that it names are code. */
function checkTrust({ scenario }: Manifest, { folder, plugins }: AnalysisSettings, builtin: BuiltinPlugins): void {
  const unknown = scenario.plugins.filter((name) => !Object.hasOwn(builtin, name) && !plugins.includes(name));
  if (unknown.length === 0) return;
  const names = unknown.join(' ');
  const message = `the runs of ${folder} need ${names}, and loading a plugin runs it; where it is yours: --plugins ${names}`;
  throw new EigenflowError('plugin', 'plugins', message);
}

/** @throws EigenflowError naming the first mistake; nothing has been written by then */
export async function prepareAnalysis(settings: AnalysisSettings, builtin: BuiltinPlugins): Promise<Analysis> {
  const { folder, request, base } = settings;
  const grid = readRunGrid(folder);
  const { manifest } = grid;
  const scenario = scenarioOfRuns(folder, manifest);
  checkTrust(manifest, settings, builtin);
  const plugins = [...new Set([...manifest.scenario.plugins, ...Object.keys(builtin), ...settings.plugins])];
  const registry = createRegistry(await loadPlugins(plugins, resolve(base), builtin));
  const memory = openMemory(manifest.kernels.name);
  const load = createArrayLoader(resolve(base), folder);
  const resolveWith = (observers: AnalysisRequest['observers']) =>
    resolveScenario(bare(scenario, plugins, observers), registry, load, manifest.kernels.name).runs;

  const [first] = resolveWith({});
  const classifiers = openClassifiers(request.classifiers, first, registry, memory, load);
  for (const { name, classifier } of classifiers) checkRefusal(classifier, name, first);
  const stored = new Set(Object.entries(manifest.channels).map(([name, { component }]) => needOf(name, component)));
  const observers: Record<string, ObserverUse> = { ...request.observers };
  for (const need of classifiers.flatMap(({ classifier }) => classifier.needs)) {
    const [component] = need.split('.');
    const asked = Object.values(observers).some(({ use }) => use === component);
    if (!asked && !stored.has(need)) observers[component] = { use: component };
  }
  const context = { registry, memory, load };
  const weights = weightChannels(manifest);
  const blocks = [...weights.keys()];
  const looksAgain = Object.keys(observers).length > 0;
  // Before observers ask for a block: without weights no answer to that leads anywhere.
  if (looksAgain && blocks.length === 0) {
    inspectStored(first, context, (layout) => checkWeights(layout, weights, folder));
  }
  for (const [name, use] of Object.entries(observers)) {
    observers[name] = withBlock(use, `observers.${name}`, registry, blocks);
  }
  if (!looksAgain && classifiers.length === 0) {
    throw new EigenflowError('scenario', '', 'nothing to analyse; name observers or classifiers');
  }
  const configs = resolveWith(observers);
  const channels = inspectStored(configs[0], context, (layout) => {
    if (looksAgain) checkWeights(layout, weights, folder);
  });
  for (const { name, classifier } of classifiers) checkNeeds(classifier, name, { ...manifest.channels, ...channels });
  return {
    settings,
    folder,
    out: analysisFolder(folder),
    manifest,
    ...context,
    frames: request.frames,
    runs: endedRuns(grid, configs),
    failed: grid.runs.filter((row) => row?.status === 'failed') as RunRow[],
    observers,
    channels,
    classifiers,
  };
}

/** The grid of the results is that of their scenario, so runs and configurations stand in the same order. */
function endedRuns({ runs }: RunGrid, configs: readonly RunConfig[]): StoredRun[] {
  return configs.flatMap((config, i) => {
    const row = runs[i];
    return row === undefined || row.status === 'failed' ? [] : [{ row, config: { ...config, id: row.id } }];
  });
}
