// Signals that ask the command to stop. Loaded before anything else, because Node answers SIGUSR1 with its debugger: a
// port on this machine through which anybody who is on it can run code as the owner of the process. Listening takes that
// over. Node resets all signals when it starts, so that what `nohup` said of SIGHUP cannot be seen.
import { constants } from 'node:os';
import { isatty } from 'node:tty';

const STANDARD_STREAMS = [0, 1, 2];

/** Asked once, at the start: a terminal that has ended is none any more. */
export const terminals: readonly number[] = STANDARD_STREAMS.filter((stream) => isatty(stream));

/**
 * Ctrl-C, the polite kill, what batch systems send before a limit (Slurm and SGE USR1, LSF and SGE USR2, a limit on
 * processor time XCPU), and the end of the terminal where there is one.
 */
const STOPS: readonly NodeJS.Signals[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const),
  ...(terminals.length > 0 ? (['SIGHUP'] as const) : []),
];

/** What the shell says of a process that a signal has ended. */
const statusOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

const stoppable = new Set<(signal: NodeJS.Signals) => void>();

/**
 * Calls `stop` for each signal that asks for it, from now on until the returned function is called. At other times such a
 * signal ends the process at once: files are there in full or not at all.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  stoppable.add(stop);
  for (const signal of STOPS) process.on(signal, stop);
  return () => {
    stoppable.delete(stop);
    for (const signal of STOPS) process.off(signal, stop);
  };
}

/** Whether whoever started Node asked for its debugger. */
function wantsDebugger(): boolean {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return options.some((option) => /^--inspect(-brk|-wait)?(=|$)/.test(option));
}

/**
 * Takes SIGUSR1 from Node's debugger, for as long as the process lives. One that came while Node itself was starting has
 * opened the debugger already: it is closed, and the process ends, as it would have on any other of these signals.
 */
function takeDebuggerSignal(): void {
  const end = () => process.exit(statusOf('SIGUSR1'));
  process.on('SIGUSR1', () => {
    if (stoppable.size === 0) end();
  });
  if (wantsDebugger()) return;
  const inspector = process.getBuiltinModule('node:inspector');
  const endWhereOpen = () => {
    if (inspector?.url() === undefined) return;
    inspector.close();
    end();
  };
  endWhereOpen();
  // Node opens it between two turns of its loop.
  setImmediate(endWhereOpen);
}

/** To be called first of all. */
export function listenForSignals(): void {
  takeDebuggerSignal();
  // Without a terminal, the whole command lives on when one ends somewhere: writing datasets and figures too.
  if (terminals.length === 0) process.on('SIGHUP', () => {});
}
