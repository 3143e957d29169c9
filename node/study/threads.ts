// Worker threads: how many share a piece of work, the module that each of them loads, and the pool that they make.
import type { Piscina } from 'piscina';
import { EigenflowError } from '../../core/errors.js';
import { explainShortage } from '../machine-trouble.js';

export interface ThreadOptions {
  /** Worker threads; 0 computes on the calling thread. */
  readonly workers: number;
  /** The built module that a worker thread loads. Needed unless `workers` is 0. */
  readonly workerModule?: URL;
}

/**
 * To be called before anything is written.
 *
 * @throws EigenflowError `contract` for a number of workers that is none, and for threads without a module
 */
export function checkThreads({ workers, workerModule }: ThreadOptions): void {
  if (!Number.isSafeInteger(workers) || workers < 0) {
    const message = `expected a whole number of threads, 0 for the calling thread alone; got ${String(workers)}`;
    throw new EigenflowError('contract', 'workers', message);
  }
  if (workers > 0 && !(workerModule instanceof URL)) {
    const message =
      'expected the URL of the module that a worker thread loads; "eigenflow/builtin" exports it for the plugins that ' +
      'come with eigenflow. With workers: 0 none is needed';
    throw new EigenflowError('contract', 'workerModule', message);
  }
}

/**
 * A pool of threads, each with the function that the module exports.
 *
 * @param workerData what every thread is given once
 * @throws EigenflowError `storage` where the machine gives fewer threads
 */
export async function openThreads(workerModule: URL, workerData: unknown, threads: number): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  try {
    return new Piscina({
      filename: workerModule.href,
      workerData,
      minThreads: threads,
      maxThreads: threads,
      // Waiting on Atomics would block the thread's event loop, and with it the ports.
      atomics: 'disabled',
      // Each thread grows to the size of its runs and no further; V8's default would let garbage pile up.
      resourceLimits: { maxOldGenerationSizeMb: 4096 },
    });
  } catch (error) {
    throw explainShortage(error) ?? error;
  }
}
