// Files and folders that the user names, who knows where they lie: links to them are followed. What is no plain file is
// refused here too: a pipe could keep a command waiting for ever.
import { constants, existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeFileAtomic, writeNewFile } from './atomic-file.js';
import { explainFileError } from './file-error.js';
import { type ReadOptions, readWhole, withPlainFile } from './plain-file.js';

/** @throws EigenflowError `file` for what is missing, cannot be read, is too large, or is no plain file */
export const readNamed = (path: string, options: ReadOptions = {}): Buffer =>
  withPlainFile(path, constants.O_RDONLY, 'read', (opened) => readWhole(opened, path, options));

/** For parts of a file: `work` is given its descriptor and length. @throws EigenflowError `file` as `readNamed` */
export const withNamedFile = <T>(path: string, work: (file: number, length: number) => T): T =>
  withPlainFile(path, constants.O_RDONLY, 'read', ({ file, status }) => work(file, status.size));

export const isNamed = (path: string): boolean => existsSync(path);

/** What a path leads to; undefined for nothing. */
export const statusNamed = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

export const isNamedFolder = (path: string): boolean => isNamed(path) && statSync(path).isDirectory();

/** @throws EigenflowError `file` */
export function listNamed(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

/** In full or not at all, see `writeFileAtomic`. A link there is replaced, not followed. @throws EigenflowError `file` */
export const writeNamed = (path: string, content: Uint8Array | string): Promise<void> => writeFileAtomic(path, content);

/** As `writeNamed`, but refuses where there is something already. @throws EigenflowError `file` */
export const writeNewNamed = (path: string, content: Uint8Array | string): Promise<void> => writeNewFile(path, content);

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
  if (statusNamed(path)?.isDirectory()) return;
  if (dirname(path) !== path) makeEach(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!statusNamed(path)?.isDirectory()) throw error;
  }
}
