// Entry of a worker thread: computes the runs that it is sent.
import { workerData } from 'node:worker_threads';
import { createRunWorker } from '../core/node/study/run-worker.js';
import { builtinPlugins } from '../plugins/builtin.js';

export default createRunWorker(workerData, builtinPlugins);
