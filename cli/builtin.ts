// The entry `eigenflow/builtin`: what the command hands to core, for scripts that call core themselves.
import { pathToFileURL } from 'node:url';
import { packageFile } from '../node/scenario/load-module.js';

export { builtinPlugins } from '../plugins/builtin.js';

/** The module that worker threads of a study load. It knows the builtin plugins. */
export const workerModule = pathToFileURL(packageFile('dist', 'cli', 'worker.js'));

/** The module that worker threads load which look at stored runs again. It knows the builtin plugins. */
export const analysisWorkerModule = pathToFileURL(packageFile('dist', 'cli', 'analysis-worker.js'));
