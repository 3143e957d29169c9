// Outputs that are either there in full or not there at all, whatever happens in between: a crash, a full disk, a second
// process writing the same name. Everything that is to stay goes through here.
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isEigenflowError } from '../../core/errors.js';
import { explainFileError } from './file-error.js';
import { sweepOnce, temporaryName } from './temporary-name.js';

/**
 * Reads back what the disk has: a library may say nothing of a write that failed, and so may a disk.
 *
 * @throws anything where it is not what was written
 */
export type Check = () => Promise<void> | void;

/** How an output comes about. */
export interface Output {
  /**
   * Makes a file or a folder under a name that nothing has yet.
   *
   * @returns called once all is on the disk, before the output gets its name
   */
  write(temporary: string): Promise<Check>;
  /** Default: renames, which replaces a file that is there. */
  put?(temporary: string, path: string): Promise<void>;
}

let outputs = 0;

/** How many outputs that stay this thread has written: a command that fails after one has not left all as it was. */
export const outputsWritten = (): number => outputs;

/** Says that something has got its name. */
export const noteOutput = (): void => {
  outputs += 1;
};

/**
 * Writes under a temporary name, syncs, reads back, and gives the output its name last: after this resolves, it survives a
 * power cut. What killed processes have left in the folder is cleared away.
 *
 * @param path in a folder that exists
 * @throws EigenflowError `file`; what was written is then removed, and what was there before is as it was.
 */
export async function writeOutput(path: string, output: Output): Promise<void> {
  const { put = rename } = output;
  sweepOnce(dirname(path));
  const temporary = temporaryName(path);
  try {
    const check = await output.write(temporary);
    await syncTree(temporary);
    await check();
    await put(temporary, path);
    noteOutput();
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError(causeWithin(temporary, error), path, 'write');
  }
}

/** What the system said of a file of the output: the output has a name that somebody knows, the file has not. */
const causeWithin = (temporary: string, error: unknown): unknown =>
  isEigenflowError(error) && error.path.startsWith(temporary) && error.cause !== undefined ? error.cause : error;

/** Of an output that is not what was written, although nobody has said so. */
export const notAsWritten = (found: string) =>
  new Error(`${found} when read back; the disk may be full or failing, so write to another one`);

/** @throws Error where the file has another size */
export async function checkSize(file: string, bytes: number): Promise<void> {
  const { size } = await lstat(file);
  if (size !== bytes) throw notAsWritten(`${basename(file)} has ${size} bytes of ${bytes}`);
}

/** Makes the content of a file, or of all files of a folder, durable. */
async function syncTree(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) {
    for (const name of await readdir(path)) await syncTree(join(path, name));
    await syncFolder(path);
    return;
  }
  // Windows syncs only what may be written.
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in this folder durable. Where folders cannot be opened (Windows), the rename is durable by itself. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch (error) {
    // Network file systems may refuse to sync a folder; the content itself has been synced.
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}
