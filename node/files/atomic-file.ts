// Outputs that are either there in full or not there at all, whatever happens in between: a crash, a full disk, a second
// process writing the same name. Everything that is to stay goes through here.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from './file-error.js';

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
  /** Default: a name next to the path that no other process uses. */
  readonly temporary?: string;
  /** Default: renames, which replaces a file that is there. */
  put?(temporary: string, path: string): Promise<void>;
}

let outputs = 0;

/** Whether this thread has written anything that stays: a command that fails then has not left all as it was. */
export const hasWritten = () => outputs > 0;

/**
 * Writes under a temporary name, syncs, reads back, and gives the output its name last: after this resolves, it survives a
 * power cut.
 *
 * @param path in a folder that exists
 * @throws EigenflowError `file`; what was written is then removed, and what was there before is as it was.
 */
export async function writeOutput(path: string, output: Output): Promise<void> {
  const { temporary = temporaryName(path), put = rename } = output;
  try {
    const check = await output.write(temporary);
    await syncTree(temporary);
    await check();
    await put(temporary, path);
    outputs += 1;
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError(error, path, 'write');
  }
}

/** Writes a file whose content is at hand, as `writeOutput` does. An existing file is replaced. */
export function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  return writeOutput(path, outputOf(content));
}

/** As `writeFileAtomic`, but refuses where there is something already. */
export function writeNewFile(path: string, content: Uint8Array | string): Promise<void> {
  return writeOutput(path, { ...outputOf(content), put: putWhereNothingIs });
}

/** As `writeFileAtomic`, for those who cannot wait: what happens next depends on the file. */
export function writeFileAtomicSync(path: string, content: Uint8Array | string): void {
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, content, { flag: 'wx', flush: true });
    checkContent(temporary, content);
    renameSync(temporary, path);
    outputs += 1;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, path, 'write');
  }
}

function outputOf(content: Uint8Array | string): Output {
  return {
    async write(temporary) {
      await writeFile(temporary, content, { flag: 'wx' });
      return () => checkContent(temporary, content);
    },
  };
}

/** Of an output that is not what was written, although nobody has said so. */
export const notAsWritten = (found: string) =>
  new Error(`${found} when read back; the disk may be full or failing, so write to another one`);

/** @throws Error where the file has another size */
export async function checkSize(file: string, bytes: number): Promise<void> {
  const { size } = await lstat(file);
  if (size !== bytes) throw notAsWritten(`${basename(file)} has ${size} bytes of ${bytes}`);
}

const COMPARED_BYTES = 2 ** 20;

/** @throws Error where the file holds anything else */
function checkContent(temporary: string, content: Uint8Array | string): void {
  const expected = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(temporary, 'r');
  try {
    const { size } = fstatSync(file);
    if (size !== expected.length) throw notAsWritten(`it has ${size} bytes of ${expected.length}`);
    const part = Buffer.allocUnsafe(Math.min(size, COMPARED_BYTES));
    for (let at = 0; at < size; at += part.length) {
      const length = readSync(file, part, 0, Math.min(part.length, size - at), at);
      const wanted = expected.subarray(at, at + Math.min(part.length, size - at));
      if (length !== wanted.length || part.compare(wanted, 0, wanted.length, 0, length) !== 0) {
        throw notAsWritten('it has other bytes');
      }
    }
  } finally {
    closeSync(file);
  }
}

/** A link fails where a name is taken. Some file systems have none: there, another process may come in between. */
async function putWhereNothingIs(temporary: string, path: string): Promise<void> {
  const refuse = (cause?: unknown) =>
    new EigenflowError('file', path, 'exists already, so it is left alone; choose another name', { cause });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(path)) throw refuse(error);
    await rename(temporary, path);
    return;
  }
  await rm(temporary, { force: true });
}

/** A name next to `path` that no other process uses, recognisable as unfinished: `.<name>.<random>.tmp`. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
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
