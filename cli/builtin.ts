// The entry `eigenflow/builtin`: what the command hands to core, for scripts that call core themselves.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../core/node/scenario/load-module.js';

export { builtinPlugins } from '../plugins/builtin.js';

/** The module that worker threads of a study load. It knows the builtin plugins. */
// Not relative to this file, which may end up in a chunk of its own.
export const workerModule = pathToFileURL(join(packageRoot(), 'dist', 'cli', 'worker.js'));
