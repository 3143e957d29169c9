// Entry of a worker thread of `eigenflow analyse`: looks at the stored runs that it is sent.
import { workerData } from 'node:worker_threads';
import { createObserveWorker } from '../analysis/stored/observe-worker.js';
import { builtinPlugins } from '../plugins/builtin.js';

// This thread is eigenflow's own: stacks in it name the lines of plugins as they were written.
process.setSourceMapsEnabled(true);

export default createObserveWorker(workerData, builtinPlugins);
