// Turns an error of the operating system into a message that names the file and the way out.
import { EigenflowError, isEigenflowError, messageOf } from '../../core/errors.js';

const IN_THE_WAY = 'a part of this path is a file, not a folder; check the path';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the path',
  EISDIR: 'this is a folder, not a file; name a file in it',
  ENOTDIR: IN_THE_WAY,
  // How some versions of Node say it of a folder that is to be made.
  EEXIST: IN_THE_WAY,
  EACCES: 'permission denied; change its permissions, or write elsewhere with --out where the command has it',
  EPERM:
    'the system does not permit this; change its permissions, or write elsewhere with --out where the command has it',
  EROFS: 'the file system is read-only; write elsewhere with --out where the command has it',
  ENOSPC: 'no space left on this disk; free some',
  EDQUOT: 'your disk quota is used up; free some space',
  EFBIG: 'larger than a file may be here; raise the limit with "ulimit -f", or write to another disk',
  EMFILE: 'too many open files; raise the limit with "ulimit -n 4096" or use fewer workers',
  EIO: 'the disk reports an error; copy your results to another disk',
  ERR_FS_FILE_TOO_LARGE: 'larger than 2 GiB; split it into several files',
};

/** An error met while storing results under way. */
export function storageError(error: unknown): EigenflowError {
  if (!isEigenflowError(error)) return new EigenflowError('storage', '', messageOf(error), { cause: error });
  const message = `${error.reason}. Stored runs are kept; the same command goes on with the others`;
  return error.code === 'storage' ? error : new EigenflowError('storage', error.path, message, { cause: error });
}

/** @param doing what failed, as in "cannot read". @returns an EigenflowError `file`, or the error itself when it is one already. */
export function explainFileError(error: unknown, path: string, doing: 'read' | 'write' | 'replace'): EigenflowError {
  if (error instanceof EigenflowError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const remedy = REMEDIES[code] ?? messageOf(error);
  return new EigenflowError('file', path, `cannot ${doing} it: ${remedy}`, { cause: error });
}
