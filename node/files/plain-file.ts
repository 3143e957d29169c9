// Opens what must be a plain file, for reading or writing: without waiting for the other end of a pipe, and looked at through
// the descriptor, so that there is no moment between looking and opening.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from './file-error.js';

/** Windows does not have it; there, pipes are no files of a folder. */
const { O_NONBLOCK = 0 } = constants;

/** The most that Node reads at once. */
const MOST_BYTES = 2 ** 31;

export type Doing = 'read' | 'write';

/** Whatever its name leads to later, this one is read. */
export interface OpenedFile {
  /** Its descriptor. */
  readonly file: number;
  readonly status: Stats;
}

export interface ReadOptions {
  /** Default 2 GiB, the most that Node reads at once. */
  readonly maxBytes?: number;
}

export const isLink = (path: string) =>
  new EigenflowError(
    'file',
    path,
    'is a symbolic link, which could lead anywhere; put the file or folder itself here (a link to the whole results folder is fine)',
  );

export const noPlainFile = (path: string) =>
  new EigenflowError('file', path, 'is no plain file; remove it, or name another one');

export const isFolderNotFile = (path: string, doing: Doing) =>
  new EigenflowError('file', path, `cannot ${doing} it: this is a folder, not a file; name a file in it`);

/** @returns the file, which is to be closed. @throws EigenflowError `file` as `withPlainFile` */
export function openPlain(path: string, flags: number, doing: Doing): OpenedFile {
  let file: number;
  try {
    file = openSync(path, flags | O_NONBLOCK, 0o666);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw isLink(path);
    // A pipe that nobody reads, a socket.
    if (code === 'ENXIO') throw noPlainFile(path);
    throw explainFileError(error, path, doing);
  }
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) throw isFolderNotFile(path, doing);
    if (!status.isFile()) throw noPlainFile(path);
    return { file, status };
  } catch (error) {
    closeSync(file);
    throw explainFileError(error, path, doing);
  }
}

/** @throws EigenflowError `file` for what is missing, cannot be opened, or is no plain file, and where the work fails */
export function withPlainFile<T>(path: string, flags: number, doing: Doing, work: (opened: OpenedFile) => T): T {
  const opened = openPlain(path, flags, doing);
  try {
    return work(opened);
  } catch (error) {
    throw explainFileError(error, path, doing);
  } finally {
    closeSync(opened.file);
  }
}

/** The most that one call of the system is asked for. */
const MOST_AT_ONCE = 2 ** 30;

/**
 * Fills `bytes` from a place in a file on. A system may hand over less than it was asked for, and is asked again then.
 *
 * @returns how many bytes there were: fewer than asked for only where the file ends
 */
export function readFully(file: number, bytes: Uint8Array, from: number): number {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, Math.min(bytes.length - done, MOST_AT_ONCE), from + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** @throws EigenflowError `file` for one that is larger than announced */
export function readWhole({ file, status }: OpenedFile, path: string, { maxBytes = MOST_BYTES }: ReadOptions): Buffer {
  if (status.size <= maxBytes) return readFileSync(file);
  const message = `has ${status.size} bytes; at most ${maxBytes} are read. Is it the right file?`;
  throw new EigenflowError('file', path, message);
}
