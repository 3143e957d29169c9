#!/usr/bin/env node
// The command `eigenflow`. Before anything else is loaded it listens for signals, and for standard streams that fail.
import { outliveStandardStreams } from './standard-streams.js';
import { listenForSignals } from './stop-signals.js';

listenForSignals();
outliveStandardStreams();
// Stacks name the lines of scenarios and plugins as they were written.
process.setSourceMapsEnabled(true);
const { executeCommandLine } = await import('./command-line.js');
await executeCommandLine();
