// The worker threads of a study, or the calling thread in their place: sends batches of runs, hears of their progress,
// and says what the death of a thread has cost.
import { MessageChannel } from 'node:worker_threads';
import { isEigenflowError, messageOf } from '../../core/errors.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { HostServices } from '../host.js';
import { explainShortage } from '../machine-trouble.js';
import type { BuiltinPlugins } from '../scenario/load-plugins.js';
import {
  createRunWorker,
  type RunMessage,
  type WorkerMessage,
  type WorkerSettings,
  type WorkerTask,
} from './run-worker.js';
import { openThreads, type ThreadOptions } from './threads.js';

export interface WorkerPoolOptions extends ThreadOptions {
  readonly builtin: BuiltinPlugins;
}

/** Why a thread has come to its end before its batch did. */
export interface LostWorker {
  readonly reason: string;
  /** The run that is to blame, where that is known. */
  readonly culprit?: string;
}

export interface WorkerPool {
  /**
   * @returns undefined when the worker has come to the end of the batch, which it also does when told to stop
   * @throws EigenflowError when the machine gives no thread, or not what one needs: no run is to blame
   */
  compute(runs: readonly RunConfig[], onMessage: (message: RunMessage) => void): Promise<LostWorker | undefined>;
  /** Runs under way write a checkpoint and end. */
  halt(): void;
  /** Ends the threads themselves, with what they compute; the calling thread cannot be ended so. */
  abandon(): void;
  close(): Promise<void>;
}

/** What a run may take longer than its limit before its thread is killed: it might yet end by itself, with a checkpoint. */
const graceSeconds = (limit: number) => Math.max(5, limit / 10);

type Execute = (task: WorkerTask, signal: AbortSignal) => Promise<void>;

/** Milliseconds to wait for the last words of a worker that has come to its end. */
const MOST_SILENCE = 2000;

function openPool(
  settings: WorkerSettings,
  { workers, workerModule }: WorkerPoolOptions,
): [Execute, () => Promise<void>] {
  const threads = openThreads(workerModule as URL, settings, workers);
  return [
    async (task, signal) => {
      await (await threads).run(task, { transferList: [task.port], signal });
    },
    // Threads that could not be had have told so where they were needed.
    () =>
      threads.then(
        (pool) => pool.destroy(),
        () => undefined,
      ),
  ];
}

/** Resolves with `event`, or without it when it takes longer. */
async function within(milliseconds: number, event: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([event, late]);
  clearTimeout(timer);
}

/** Calls `exceeded` when a run goes on for longer than it may. */
function watchTime(limit: number | undefined, exceeded: (id: string) => void) {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const begin = (id: string) => {
    stop();
    if (limit !== undefined) timer = setTimeout(() => exceeded(id), 1000 * (limit + graceSeconds(limit)));
  };
  return { begin, stop };
}

/** @param host services of the calling thread, where it computes itself; threads have the usual ones */
export function openWorkerPool(settings: WorkerSettings, options: WorkerPoolOptions, host: HostServices): WorkerPool {
  const [execute, close]: [Execute, () => Promise<void>] =
    options.workers > 0
      ? openPool(settings, options)
      : [createRunWorker(settings, options.builtin, host), () => Promise.resolve()];
  const batches = new Map<MessageChannel, AbortController>();
  return {
    close,
    halt() {
      for (const channel of batches.keys()) channel.port1.postMessage('stop');
    },
    abandon() {
      for (const killing of batches.values()) killing.abort();
    },
    async compute(runs, onMessage) {
      const channel = new MessageChannel();
      const killing = new AbortController();
      batches.set(channel, killing);
      let culprit: string | undefined;
      const clock = watchTime(settings.runTimeLimit, (id) => {
        culprit = id;
        killing.abort();
      });
      const heard = new Promise<void>((resolve) => {
        channel.port1.on('message', (message: WorkerMessage) => {
          if (message.type === 'begun') clock.begin(message.id);
          else if (message.type === 'computed') clock.stop();
          else onMessage(message);
        });
        channel.port1.on('close', resolve);
      });
      try {
        await execute({ runs, port: channel.port2 }, killing.signal);
        return undefined;
      } catch (error) {
        if (culprit !== undefined) return { reason: `time limit: killed after ${settings.runTimeLimit} s`, culprit };
        const trouble = isEigenflowError(error) ? error : explainShortage(error);
        if (trouble) throw trouble;
        return { reason: messageOf(error) };
      } finally {
        clock.stop();
        // Closed already by a worker that came to its end, and by the end of a thread. A thread that could not load the
        // worker closes nothing.
        await within(MOST_SILENCE, heard);
        channel.port1.close();
        batches.delete(channel);
      }
    },
  };
}
