// Computes runs and stores them: the same function in a worker thread and on the main thread. Tells its progress over
// a message port and stops, with a checkpoint, when told to.
import type { MessagePort } from 'node:worker_threads';
import { Observable } from 'rxjs';
import { createRegistry, type Registry } from '../../core/container.js';
import type { Checkpoint } from '../../core/engine/checkpoint.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { type RunEvent, run } from '../../core/engine/run.js';
import { EigenflowError, isEigenflowError, messageOf, stackOfBug } from '../../core/errors.js';
import { type Memory, openMemory } from '../../core/kernels/arena.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import type { ArrayLoader, RunConfig } from '../../core/scenario/resolve.js';
import { type HostServices, openHost } from '../host.js';
import { loadPlayer } from '../native/load-player.js';
import type { Quarantined } from '../results/checkpoint-file.js';
import { readEnds, writeEnd } from '../results/end-file.js';
import type { RunRow } from '../results/runs-table.js';
import { type BuiltinPlugins, loadPlugins } from '../scenario/load-plugins.js';
import { createArrayLoader } from '../scenario/load-scenario.js';
import { checkCode, type PluginCode, textOfCode } from '../scenario/plugin-code.js';
import { reuseStored, type StoredBefore } from './reuse-stored.js';

/** What all runs of a sweep share; sent to each worker once. */
export interface WorkerSettings {
  readonly plugins: readonly string[];
  /** Folder of the scenario. */
  readonly folder: string;
  readonly kernelBuild: KernelBuildName;
  /** File of the native player; undefined: WebAssembly. */
  readonly player?: string;
  /** Results folder. */
  readonly out: string;
  readonly checkpointSeconds: number;
  /** Seconds of computing after which a run fails; undefined: none. */
  readonly runTimeLimit?: number;
  /** Keep what longer training goes on from. */
  readonly keepEnds?: boolean;
  /** Results folder in which shorter runs are looked for, to go on from their ends. */
  readonly continueFrom?: string;
  /** Runs in that folder that went the same way under other observers, by the id of the run that is to be computed. */
  readonly storedBefore?: Readonly<Record<string, StoredBefore>>;
  /** Code of the plugins that the study was prepared with. */
  readonly code: PluginCode;
}

export interface WorkerTask {
  readonly runs: readonly RunConfig[];
  readonly port: MessagePort;
}

/** From the worker. */
export type WorkerMessage =
  /** A run is under way from here on, to `computed`; storing it comes after that. */
  { readonly type: 'begun'; readonly id: string } | { readonly type: 'computed' } | RunMessage;

/** What is told of a run, to the study that it is part of and to whoever watches that. */
export type RunReport =
  | { readonly type: 'steps'; readonly count: number }
  | { readonly type: 'resumed'; readonly id: string; readonly step: number }
  /** A run goes on from one of another folder: at this step of it, or, where that is its last one, with its weights alone. */
  | { readonly type: 'continued'; readonly id: string; readonly step: number }
  /** A run was to go on from a shorter one and starts from its beginning. */
  | { readonly type: 'from-start'; readonly id: string; readonly reason: string }
  /** A run starts anew: its checkpoint is damaged or does not fit, and was moved. */
  | ({ readonly type: 'restarted'; readonly id: string } & Quarantined)
  /** A checkpoint could not be written; the run goes on. */
  | { readonly type: 'unsaved'; readonly id: string; readonly reason: string }
  | { readonly type: 'ended'; readonly row: RunRow };

/** Of runs, or why there will be none. */
export type RunMessage =
  | RunReport
  /** The disk is full or refuses: no other run could be stored either. */
  | { readonly type: 'unstorable'; readonly path: string; readonly reason: string }
  /** Nothing can be computed in this thread, nor in another one. */
  | { readonly type: 'unable'; readonly reason: string };

/** Milliseconds between two reports of progress. */
const REPORT_INTERVAL = 200;

/** Tells trouble with the disk from that of a plugin. */
function storing(work: Promise<void>): Promise<void> {
  return work.catch((error: unknown) => {
    throw isEigenflowError(error) ? new EigenflowError('storage', error.path, error.reason, { cause: error }) : error;
  });
}

/** The end first: a run that is stored is never computed again, and would be left without one. */
async function keep(config: RunConfig, result: RunResult, settings: WorkerSettings, { store }: HostServices) {
  const { out, code } = settings;
  if (result.end) await writeEnd(out, config, kernelBuild(settings.kernelBuild).hash, textOfCode(code), result.end);
  await store.write(out, config, result);
}

interface WorkerContext {
  readonly registry: Registry;
  readonly memory: Memory;
  readonly load: ArrayLoader;
}

/** One run from its start, or from its checkpoint, to its end; undefined when it was told to stop. */
async function compute(
  config: RunConfig,
  context: WorkerContext,
  settings: WorkerSettings,
  { store: { checkpoints }, now: timeOf }: HostServices,
  stopping: () => boolean,
  report: (message: WorkerMessage) => void,
): Promise<{ result: RunResult; seconds: number } | undefined> {
  const kernels = kernelBuild(settings.kernelBuild).hash;
  const code = textOfCode(settings.code);
  const saved = checkpoints.read(settings.out, config.id, kernels, code, (moved) =>
    report({ type: 'restarted', id: config.id, ...moved }),
  );
  const { continueFrom, storedBefore = {} } = settings;
  const before = saved ? undefined : storedBefore[config.id];
  if (before && continueFrom !== undefined) {
    const result = await reuseStored(config, before, continueFrom, context);
    if (typeof result !== 'string') {
      report({ type: 'continued', id: config.id, step: result.steps });
      return { result, seconds: Number.NaN };
    }
    report({ type: 'from-start', id: config.id, reason: result });
  }
  const shorter =
    saved || continueFrom === undefined ? undefined : readEnds(continueFrom, config.course, kernels, code);
  const findEnd = (steps: number) => {
    const { ends = [] } = shorter ?? {};
    return ends.find(({ state }) => state.step <= steps) ?? ends.at(-1);
  };
  if (shorter?.ends.length === 0 && before === undefined) {
    const reason =
      shorter.reason ??
      `${continueFrom} keeps no end of a run that differs from it in its length alone (see --keep-checkpoints)`;
    report({ type: 'from-start', id: config.id, reason });
  }
  const secondsBefore = saved?.seconds ?? 0;
  if (saved) report({ type: 'resumed', id: config.id, step: saved.checkpoint.state.step });
  const started = timeOf();
  const seconds = () => secondsBefore + (timeOf() - started) / 1000;
  let lastStep = saved?.checkpoint.state.step ?? 0;
  let lastReport = started;
  let lastCheckpoint = started;
  const count = (step: number) => {
    report({ type: 'steps', count: step - lastStep });
    lastStep = step;
  };
  // One after the other, so that an older state never replaces a newer one and none comes after the end of the run.
  let saving = Promise.resolve();
  let unsaved = 0;
  const save = (checkpoint: Checkpoint) => {
    const stored = { checkpoint, seconds: seconds() };
    unsaved += 1;
    const saved = saving.then(() => storing(checkpoints.write(settings.out, config.id, kernels, stored, code)));
    const settled = () => {
      unsaved -= 1;
    };
    saving = saved.then(settled, settled);
    return saved;
  };

  return new Promise((resolve, reject) => {
    const watched = new Observable<RunEvent>((subscriber) => {
      const subscription = run(config, {
        ...context,
        checkpoint: saved?.checkpoint,
        findEnd,
        keepEnd: settings.keepEnds,
      }).subscribe({
        next: (event) => {
          subscriber.next(event);
          const now = timeOf();
          if (event.type === 'manifest' && event.continuation) {
            const { id } = config;
            if ('refused' in event.continuation) {
              report({ type: 'from-start', id, reason: event.continuation.refused });
            } else {
              lastStep = event.continuation.step;
              report({ type: 'continued', id, step: lastStep });
            }
          }
          if (event.type === 'done') count(event.step);
          if (event.type !== 'progress') return;
          if (now - lastReport >= REPORT_INTERVAL) {
            lastReport = now;
            count(event.step);
          }
          const limit = settings.runTimeLimit;
          if (limit !== undefined && seconds() > limit) {
            const message = `after ${limit} s it had made ${event.step} steps; a longer limit goes on from there`;
            const exceeded = new EigenflowError('time-limit', 'time limit', message);
            save(event.checkpoint()).then(() => reject(exceeded), reject);
            subscriber.unsubscribe();
          } else if (stopping()) {
            save(event.checkpoint()).then(() => resolve(undefined), reject);
            subscriber.unsubscribe();
          } else if (unsaved === 0 && now - lastCheckpoint >= 1000 * settings.checkpointSeconds) {
            lastCheckpoint = now;
            // A checkpoint that cannot be written costs time if the run is broken off, and nothing otherwise.
            save(event.checkpoint()).catch((error: unknown) =>
              report({ type: 'unsaved', id: config.id, reason: messageOf(error) }),
            );
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return () => subscription.unsubscribe();
    });
    gather(watched).subscribe({
      next: (result) => {
        const ended = { result, seconds: seconds() };
        saving.then(() => resolve(ended));
      },
      error: reject,
    });
  });
}

/** @returns the function that a worker thread exports: it computes the runs of a task one after the other. */
export function createRunWorker(
  settings: WorkerSettings,
  builtin: BuiltinPlugins,
  host: HostServices = openHost(),
): (task: WorkerTask) => Promise<void> {
  let opened: Promise<WorkerContext> | undefined;
  const load = async () => {
    const plugins = await loadPlugins(settings.plugins, settings.folder, builtin);
    checkCode(plugins, settings.code);
    return createRegistry(plugins);
  };
  const open = async (): Promise<WorkerContext> => ({
    registry: await load(),
    memory: openMemory(settings.kernelBuild, settings.player === undefined ? undefined : loadPlayer(settings.player)),
    load: createArrayLoader(settings.folder, settings.out),
  });

  const work = async ({ runs, port }: WorkerTask, context: WorkerContext): Promise<void> => {
    const report = (message: WorkerMessage) => port.postMessage(message);
    let stopping = false;
    port.on('message', () => {
      stopping = true;
    });
    const underWay: Promise<void>[] = [];
    for (const config of runs) {
      if (stopping) break;
      const { id, axes, seed } = config;
      const fail = (error: unknown) => {
        if (isEigenflowError(error) && error.code === 'storage') {
          report({ type: 'unstorable', path: error.path, reason: error.reason });
          return;
        }
        // After a bug the next attempt starts anew; a missing file or a lack of time spoils no state.
        if (!isEigenflowError(error) || !['file', 'time-limit'].includes(error.code))
          host.store.checkpoints.drop(settings.out, id);
        const row = { id, axes, seed, status: 'failed', steps: 0, seconds: Number.NaN, label: '' } as const;
        report({ type: 'ended', row: { ...row, message: messageOf(error), stack: stackOfBug(error) } });
      };
      report({ type: 'begun', id });
      try {
        const done = await compute(config, context, settings, host, () => stopping, report);
        if (!done) break;
        const { result, seconds } = done;
        const { status, steps, trajectory } = result;
        const row = { id, axes, seed, status, steps, trajectory, seconds, label: '', message: '' };
        // Storing goes on while the next run is computed; its row is reported when the file is safely there.
        underWay.push(storing(keep(config, result, settings, host)).then(() => report({ type: 'ended', row }), fail));
      } catch (error) {
        fail(error);
      }
      report({ type: 'computed' });
      // Lets a message to stop come through between short runs.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(underWay);
  };

  return async (task) => {
    try {
      opened ??= open();
      const context = await opened.catch((error: unknown) => {
        task.port.postMessage({ type: 'unable', reason: messageOf(error) } satisfies WorkerMessage);
        return undefined;
      });
      if (context) await work(task, context);
    } finally {
      task.port.close();
    }
  };
}
