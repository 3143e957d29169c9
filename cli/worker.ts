// Entry of a worker thread: computes the runs that it is sent.
import { workerData } from 'node:worker_threads';
import { createRunWorker } from '../node/study/run-worker.js';
import { builtinPlugins } from '../plugins/builtin.js';

// This thread is eigenflow's own: stacks in it name the lines of plugins as they were written.
process.setSourceMapsEnabled(true);

export default createRunWorker(workerData, builtinPlugins);
