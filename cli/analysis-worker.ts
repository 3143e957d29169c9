// Entry of a worker thread of `eigenflow analyse`: looks at the stored runs that it is sent.
import { workerData } from 'node:worker_threads';
import { createLookWorker } from '../core/node/analysis/look-worker.js';
import { builtinPlugins } from '../plugins/builtin.js';

export default createLookWorker(workerData, builtinPlugins);
