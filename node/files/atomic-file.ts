// Files that are either there in full or not there at all, whatever happens in between: a crash, a full disk, a second
// process writing the same name.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFileError } from './file-error.js';
import { sweepOnce, temporaryName } from './temporary-name.js';

/**
 * Writes to a temporary name in the same folder, syncs, renames, and syncs the folder: after this resolves, the file
 * survives a power cut. An existing file is replaced. What killed processes have left in the folder is cleared away.
 *
 * @param path of a file in a folder that exists
 * @throws EigenflowError `file`; the temporary file is then removed and an older file is as it was.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  sweepOnce(dirname(path));
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explainFileError(error, path, 'write');
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
