// How many threads share a piece of work, and the module that each of them loads.
import { EigenflowError } from '../../core/errors.js';

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
