// The end of the terminal: a command that was started in one stops in good order, one that has none goes on. Node resets
// the signal when it starts, so that what `nohup` said of it cannot be seen.
import { isatty } from 'node:tty';

/** Asked once, at the start: a terminal that has ended is none any more. */
const hasTerminal = [0, 1, 2].some((stream) => isatty(stream));

/** What asks a study to stop: Ctrl-C, the polite kill of a batch system, and the end of the terminal where there is one. */
export const STOPS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', ...(hasTerminal ? (['SIGHUP'] as const) : [])];

/** Without a terminal, the whole command lives on when one ends somewhere: writing datasets and figures too. */
export function outliveTerminals(): void {
  if (!hasTerminal) process.on('SIGHUP', () => {});
}

/** What writing to a terminal says when it has ended. */
export const isTerminalGone = ({ code }: NodeJS.ErrnoException): boolean => hasTerminal && code === 'EIO';
