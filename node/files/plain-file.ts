// Files and folders of a results folder, which may come from somebody else: links that lead out of it, devices and pipes
// are refused, and nothing larger than announced is read into memory.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from './file-error.js';

/** Windows has neither; there, what they guard against needs rights that few have. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

export interface PlainFileOptions {
  /** Default 2 GiB, the most that Node reads at once. */
  readonly maxBytes?: number;
  /** For files that the user names, who knows where they lie. Default: false. */
  readonly followLinks?: boolean;
}

/** @throws EigenflowError `file` for what is missing, cannot be read, is too large, or is no plain file */
export function readPlainFile(path: string, options: PlainFileOptions = {}): Buffer {
  return readDatedFile(path, options).bytes;
}

/**
 * As `readPlainFile`, with the time of the last change, in milliseconds of the file system's clock. Opening makes a
 * network file system ask its server; looking at the time alone may give a remembered answer.
 */
export function readDatedFile(
  path: string,
  { maxBytes = 2 ** 31, followLinks = false }: PlainFileOptions = {},
): { bytes: Buffer; changed: number } {
  const { descriptor, status } = openPlainFile(path, followLinks);
  try {
    if (status.size > maxBytes) {
      throw new EigenflowError(
        'file',
        path,
        `has ${status.size} bytes; at most ${maxBytes} are read. Is it the right file?`,
      );
    }
    return { bytes: readFileSync(descriptor), changed: status.mtimeMs };
  } catch (error) {
    throw explainFileError(error, path, 'read');
  } finally {
    closeSync(descriptor);
  }
}

/** A file that is open for reading: whatever its name leads to later, this one is read. */
export interface OpenFile {
  readonly descriptor: number;
  readonly status: Stats;
}

/**
 * @returns the file, which is to be closed
 * @throws EigenflowError `file` for what is missing, cannot be read, or is no plain file
 */
export function openPlainFile(path: string, followLinks = false): OpenFile {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a pipe waits until somebody writes into it.
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw refuseLink(path);
    throw explainFileError(error, path, 'read');
  }
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory())
      throw new EigenflowError('file', path, 'cannot read it: this is a folder, not a file; name a file in it');
    if (!status.isFile()) throw new EigenflowError('file', path, 'is no plain file; remove it, or name another one');
    return { descriptor, status };
  } catch (error) {
    closeSync(descriptor);
    throw explainFileError(error, path, 'read');
  }
}

/** Creates the folder, and those above it, where they are missing. @throws EigenflowError `file` when it cannot */
export function makeFolder(path: string): void {
  try {
    makeEach(resolve(path));
  } catch (error) {
    throw explainFileError(error, path, 'write');
  }
}

/** One folder after the other: asked for all at once on a read-only file system, Node says that the path is missing. */
function makeEach(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeEach(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** As `makeFolder`, for a part of a results folder. @throws EigenflowError `file` also when it is a link */
export function makePlainFolder(path: string): void {
  makeFolder(path);
  checkPlainFolder(path);
}

/** @throws EigenflowError `file` when it is a link; one that is missing passes */
export function checkPlainFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw refuseLink(path);
}

function refuseLink(path: string): EigenflowError {
  return new EigenflowError(
    'file',
    path,
    'is a symbolic link, which could lead anywhere; put the file or folder itself here (a link to the whole results folder is fine)',
  );
}
