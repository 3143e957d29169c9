// A study: a scenario with its plugins, runs and checks, and its execution over all cores into a results folder.
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { Observable } from 'rxjs';
import { openWorkbench, type Workbench } from '../arena.js';
import { createRegistry, type Registry } from '../container.js';
import { COMPONENT_KINDS } from '../contracts/component.js';
import { createClassifier } from '../engine/classify.js';
import { type Preflight, preflight } from '../engine/preflight.js';
import { checkFigures } from '../figures/check.js';
import { type KernelBuildName, kernelBuild } from '../kernels/kernels.js';
import { RESULTS_SCHEMA } from '../scenario/identity.js';
import { type ArrayLoader, type ResolvedSweep, type RunConfig, resolveScenario } from '../scenario/run-config.js';
import type { Scenario } from '../scenario/scenario.js';
import { packageVersion } from './load-module.js';
import { type BuiltinPlugins, loadPlugins } from './load-plugins.js';
import { createArrayLoader, type LoadedScenario } from './load-scenario.js';
import { checkSameStudy, type Manifest, openResults } from './results-folder.js';
import { recoverRow } from './run-file.js';
import { createRunWorker, type WorkerMessage, type WorkerSettings, type WorkerTask } from './run-worker.js';
import type { RunRow } from './runs-table.js';
import { classifyStored } from './verdicts.js';

/** A scenario that has passed every check that can be made without running it. */
export interface Study {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly registry: Registry;
  readonly sweep: ResolvedSweep;
  readonly preflight: Preflight;
  readonly bench: Workbench;
  readonly load: ArrayLoader;
}

/** @throws EigenflowError naming the first mistake; nothing has been written by then */
export async function prepareStudy(
  { scenario, folder }: LoadedScenario,
  builtin: BuiltinPlugins,
  build: KernelBuildName = 'strict',
): Promise<Study> {
  const registry = createRegistry(await loadPlugins(scenario.plugins, folder, builtin));
  const load = createArrayLoader(folder);
  const bench = openWorkbench(build);
  const sweep = resolveScenario(scenario, registry, load, build);
  const found = preflight(sweep, registry, bench, load);
  checkFigures(scenario.figures ?? [], { ...sweep.grid, channels: found.channels });
  return { scenario, folder, registry, sweep, preflight: found, bench, load };
}

function citationsOf({ registry, sweep }: Study): string[] {
  const [run] = sweep.runs;
  const used = [
    registry.find('model', run.model.use, 'model'),
    registry.find('loss', run.loss.use, 'loss'),
    registry.find('noise', run.noise.use, 'noise'),
    registry.find('optimiser', run.optimiser.use, 'optimiser'),
    ...Object.entries(run.observers).map(([name, { use }]) => registry.find('observer', use, `observers.${name}`)),
    ...(run.classifier ? [registry.find('classifier', run.classifier.use, 'classifier')] : []),
  ];
  return [...new Set(used.flatMap((component) => component.cite))].sort();
}

/** Unit of a swept parameter, where its component declares one. */
function axisUnit({ registry, sweep }: Study, axis: string): string {
  const [run] = sweep.runs;
  const slot = axis.slice(0, axis.lastIndexOf('.'));
  const name = axis.slice(axis.lastIndexOf('.') + 1);
  const kind = COMPONENT_KINDS.find((candidate) => candidate === slot) ?? (slot.startsWith('observers.') && 'observer');
  if (!kind || kind === 'classifier') return '1';
  const use = kind === 'observer' ? run.observers[slot.slice('observers.'.length)] : run[kind];
  return (use && registry.find(kind, use.use, slot).params[name]?.unit) ?? '1';
}

export function manifestOf(study: Study): Manifest {
  const { scenario, registry, sweep, bench } = study;
  const { name, hash, portable } = kernelBuild(bench.build);
  return {
    format: 'eigenflow-results',
    schema: RESULTS_SCHEMA,
    title: scenario.title,
    scenario,
    versions: {
      eigenflow: packageVersion(),
      node: process.version,
      plugins: Object.fromEntries(registry.plugins.map((plugin) => [plugin.name, plugin.version])),
    },
    citations: citationsOf(study),
    kernels: { name, hash, portable },
    axes: sweep.grid.axes.map((axis) => ({ ...axis, unit: axisUnit(study, axis.name) })),
    seeds: sweep.grid.seeds,
    channels: study.preflight.channels,
    labels: study.preflight.labels,
  };
}

export interface RunOptions {
  /** Results folder. */
  readonly out: string;
  /** Worker threads; 0 computes on the calling thread. */
  readonly workers: number;
  /** The built module that a worker thread loads. Needed unless `workers` is 0. */
  readonly workerModule?: URL;
  readonly builtin: BuiltinPlugins;
  /** Seconds between checkpoints of a long run. Default 60. */
  readonly checkpointSeconds?: number;
}

export type StudyEvent =
  | {
      readonly type: 'started';
      readonly runs: number;
      /** Runs that are stored already. */
      readonly stored: number;
      /** Steps that are left. */
      readonly steps: number;
    }
  | { readonly type: 'steps'; readonly count: number }
  | { readonly type: 'resumed'; readonly id: string; readonly step: number }
  | { readonly type: 'ended'; readonly row: RunRow }
  /** All runs have ended, or the study was told to stop. */
  | { readonly type: 'finished'; readonly rows: readonly RunRow[]; readonly missing: number };

/** Weights x steps below which runs are sent to a worker several at a time; about 20 ms. */
const SHORT_RUN = 2e7;
const LARGEST_BATCH = 32;

function batches(runs: readonly RunConfig[], stepsPerRun: number, weights: number, workers: number): RunConfig[][] {
  const short = stepsPerRun * weights < SHORT_RUN;
  const size = short ? Math.max(1, Math.min(LARGEST_BATCH, Math.floor(runs.length / (4 * Math.max(1, workers))))) : 1;
  const list: RunConfig[][] = [];
  for (let i = 0; i < runs.length; i += size) list.push(runs.slice(i, i + size));
  return list;
}

/** Sends a batch to a worker; `onMessage` hears all that it reports until it has ended, in whatever way. */
async function send(
  runs: readonly RunConfig[],
  execute: (task: WorkerTask) => Promise<void>,
  ports: Set<MessageChannel>,
  onMessage: (message: WorkerMessage) => void,
): Promise<void> {
  const channel = new MessageChannel();
  ports.add(channel);
  const heard = new Promise<void>((resolve) => {
    channel.port1.on('message', onMessage);
    channel.port1.on('close', resolve);
  });
  try {
    await execute({ runs, port: channel.port2 });
  } finally {
    // Closed already by a worker that came to its end; a dead one can close nothing.
    channel.port2.close();
    await heard;
    ports.delete(channel);
  }
}

/**
 * Computes the runs of a study that are not stored yet.
 *
 * @param stop resolves when the study shall stop: runs under way write a checkpoint
 * @throws EigenflowError `results` when `out` holds another study
 */
export function runStudy(study: Study, options: RunOptions, stop: AbortSignal): Observable<StudyEvent> {
  return new Observable<StudyEvent>((subscriber) => {
    execute(study, options, stop, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
  });
}

async function execute(
  study: Study,
  options: RunOptions,
  stop: AbortSignal,
  tell: (event: StudyEvent) => void,
): Promise<void> {
  const { sweep, scenario, folder, bench } = study;
  const { out, workers, builtin } = options;
  checkSameStudy(out, scenario);
  const results = await openResults(out, manifestOf(study), sweep.runs);
  for (const config of sweep.runs) {
    if (results.isStored(config.id) && !results.rows.has(config.id)) results.append(recoverRow(out, config));
  }
  const open = sweep.runs.filter((config) => !results.isStored(config.id));
  const stepsPerRun = study.preflight.totalSteps / sweep.runs.length;
  tell({
    type: 'started',
    runs: sweep.runs.length,
    stored: sweep.runs.length - open.length,
    steps: open.length * stepsPerRun,
  });

  const settings: WorkerSettings = {
    plugins: scenario.plugins,
    folder,
    kernelBuild: bench.build,
    out,
    checkpointSeconds: options.checkpointSeconds ?? 60,
  };
  const pool =
    workers > 0 && open.length > 0
      ? new Piscina({
          filename: (options.workerModule as URL).href,
          workerData: settings,
          minThreads: Math.min(workers, open.length),
          maxThreads: Math.min(workers, open.length),
          // Waiting on Atomics would block the thread's event loop, and with it the ports.
          atomics: 'disabled',
          // Each thread grows to the size of its runs and no further; V8's default would let garbage pile up.
          resourceLimits: { maxOldGenerationSizeMb: 4096 },
        })
      : undefined;
  const worker = pool ? undefined : createRunWorker(settings, builtin);
  const ports = new Set<MessageChannel>();
  const halt = () => {
    for (const channel of ports) channel.port1.postMessage('stop');
  };
  stop.addEventListener('abort', halt);

  const ended = new Set<string>();
  let unrecorded: unknown;
  const onMessage = (message: WorkerMessage) => {
    if (message.type === 'ended') {
      try {
        results.append(message.row);
      } catch (error) {
        unrecorded ??= error;
        halt();
      }
      ended.add(message.row.id);
    }
    tell(message);
  };
  const weights = study.preflight.weights;
  const queue = batches(open, stepsPerRun, weights, workers);
  const lane = async () => {
    for (let batch = queue.shift(); batch && !stop.aborted && !unrecorded; batch = queue.shift()) {
      try {
        await send(
          batch,
          (task) =>
            pool ? pool.run(task, { transferList: [task.port] }) : (worker as (t: WorkerTask) => Promise<void>)(task),
          ports,
          onMessage,
        );
      } catch (error) {
        // The thread died. Of several runs any may have killed it: each gets a thread of its own to show.
        const lost = batch.filter(({ id }) => !ended.has(id));
        if (lost.length > 1) {
          queue.push(...lost.map((config) => [config]));
          continue;
        }
        const reason = error instanceof Error ? error.message : String(error);
        for (const { id, axes, seed } of lost) {
          const row = {
            id,
            axes,
            seed,
            status: 'failed',
            steps: 0,
            seconds: Number.NaN,
            label: '',
            message: reason,
          } as const;
          onMessage({ type: 'ended', row });
        }
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, workers) }, lane));
  } finally {
    stop.removeEventListener('abort', halt);
    await pool?.destroy();
  }

  if (unrecorded) throw unrecorded;

  const known = sweep.runs.flatMap((config) => results.rows.get(config.id) ?? []);
  const classifier = createClassifier(sweep.runs[0], study.registry, bench, study.load);
  const rows = classifier ? await classifyStored(out, classifier, known, sweep.runs) : known;
  await results.finalise(rows);
  tell({ type: 'finished', rows, missing: sweep.runs.length - rows.length });
}
