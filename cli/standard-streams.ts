// Standard output and standard error that cannot be written to: a full disk under a log, a reader that has seen enough,
// such as `head`, a terminal that is gone. What is printed is lost then; the work goes on.
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { terminals } from './stop-signals.js';

/** Why standard output was lost, where that is trouble. */
let lost: NodeJS.ErrnoException | undefined;

/**
 * At its end Node gives terminals back as it has found them, and aborts where one is gone; it leaves alone what is closed.
 * The last thing that a process does: nothing opened later can be taken for a standard stream.
 */
function closeLostTerminals(): void {
  for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
}

/** To be called before anything is printed. */
export function outliveStandardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && terminals.length === 0) lost ??= error;
  });
  process.stderr.on('error', () => {});
  process.on('exit', closeLostTerminals);
}

/** What happened to standard output; undefined where all of it was written, or nobody wanted more of it. */
export const lostOutput = (): NodeJS.ErrnoException | undefined => lost;
