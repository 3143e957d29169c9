#!/usr/bin/env node
// The command `eigenflow`. Before anything else is loaded it listens for signals, and for standard streams that fail.
import { outliveStandardStreams } from './standard-streams.js';
import { listenForSignals } from './stop-signals.js';

listenForSignals();
outliveStandardStreams();
// Stacks name the lines of scenarios and plugins as they were written.
process.setSourceMapsEnabled(true);

/** So few files may be open that there is nothing to load an explanation from. @throws the error, where it is another one */
function explainUnloaded(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write('eigenflow: cannot be loaded: too many open files; raise the limit with "ulimit -n 4096"\n');
  process.exitCode = 1;
  return undefined;
}

const loaded = await import('./command-line.js').catch(explainUnloaded);
await loaded?.executeCommandLine();
