// Trouble of the machine that nobody down the line has explained: no more threads, files or memory, a working directory
// that is gone. One sentence with the remedy; Node's own words are a code and a stack.
import { EigenflowError, isEigenflowError } from '../core/errors.js';
import { explainFileError } from './files/file-error.js';

interface SystemError extends Error {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && typeof (error as Partial<SystemError>).code === 'string';

const NO_THREAD =
  'this machine gives no further thread or process; raise the limit (ulimit -u, or the number of tasks that the batch ' +
  'system allows), or use fewer workers (--workers)';
const NO_MEMORY = 'this machine gives no more memory; ask for more, or use fewer workers (--workers)';

const NO_FILE = 'too many open files; raise the limit with "ulimit -n 4096", or use fewer workers (--workers)';

/** What is short, by the code of the error. */
const SHORT: Readonly<Record<string, string>> = {
  EAGAIN: NO_THREAD,
  ERR_WORKER_INIT_FAILED: NO_THREAD,
  ENOMEM: NO_MEMORY,
  EMFILE: NO_FILE,
  ENFILE: NO_FILE,
};

/** @returns an EigenflowError `storage` for threads, files or memory that could not be had; undefined for anything else */
export function explainShortage(error: unknown): EigenflowError | undefined {
  const short = isSystemError(error) ? SHORT[error.code] : undefined;
  return short === undefined ? undefined : new EigenflowError('storage', '', short, { cause: error });
}

/** Where the working directory is gone, every relative path seems to be wrong. */
function lostDirectory(cause: unknown): EigenflowError | undefined {
  try {
    process.cwd();
    return undefined;
  } catch {
    const message =
      'is gone: it was removed or renamed after this shell had entered it; change to a folder that exists (cd)';
    return new EigenflowError('file', 'the working directory', message, { cause });
  }
}

/** @returns as `explainShortage`, and `file` for what names a path; undefined for what is no trouble of the machine */
export function explainMachineTrouble(error: unknown): EigenflowError | undefined {
  if (isEigenflowError(error) || !isSystemError(error)) return undefined;
  const lost = error.code === 'ENOENT' ? lostDirectory(error) : undefined;
  const known = explainShortage(error) ?? lost;
  if (known || error.syscall === undefined || error.path === undefined) return known;
  return explainFileError(error, error.path, error.syscall === 'open' ? 'read' : 'write');
}
