// Files of a folder that may come from somebody else: results, comparisons, maps. Every reader and writer of such a folder
// goes through here, and says which folder it is. Links, devices, pipes and sockets in it are refused, at any depth: what
// is read or written lies in the folder. The folder itself may be reached through a link.
//
// A file is opened without following a link and looked at through its descriptor. The folders on the way to it are looked at
// before: this guards against what lies there, not against somebody who exchanges folders meanwhile.
import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { writeFileAtomic, writeFileAtomicSync } from './atomic-file.js';
import { explainFileError } from './file-error.js';
import { makeFolder } from './named-file.js';
import {
  isFolderNotFile,
  isLink,
  noPlainFile,
  type OpenedFile,
  openPlain,
  type ReadOptions,
  readFully,
  readWhole,
  withPlainFile,
} from './plain-file.js';

export type { OpenedFile };

/** Windows does not have it; there, making a link needs rights that few have. */
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = constants;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** Of the entry itself; undefined where there is none. @throws EigenflowError `file` */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below a file there is nothing.
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

/**
 * Checks a folder in the folder, and those between the two.
 *
 * @returns whether it is there
 * @throws EigenflowError `file` where one of them is a link or no folder, or the path leads elsewhere
 */
function checkFolders(folder: string, path: string): boolean {
  const way = relative(folder, path);
  const names = way === '' ? [] : way.split(sep);
  if (names[0] === '..' || isAbsolute(way)) {
    throw new EigenflowError('file', path, `lies outside ${folder}, which should hold it`);
  }
  return names.every((_, i) => {
    const step = join(folder, ...names.slice(0, i + 1));
    const status = statusOf(step);
    if (status?.isSymbolicLink()) throw isLink(step);
    if (status !== undefined && !status.isDirectory()) {
      throw new EigenflowError('file', step, 'is no folder; move it away, a folder of this name is needed here');
    }
    return status !== undefined;
  });
}

const checkAbove = (folder: string, path: string) => checkFolders(folder, dirname(path));

/** What lies there, itself and not what it may lead to; undefined for nothing. @throws EigenflowError `file` */
export const statusHeld = (folder: string, path: string): Stats | undefined =>
  checkAbove(folder, path) ? statusOf(path) : undefined;

/** Whether anything lies there: what is no plain file counts too, and is refused by whoever reads it. */
export const isHeld = (folder: string, path: string): boolean => statusHeld(folder, path) !== undefined;

/** Whether there is nothing, or a plain file. @throws EigenflowError `file` */
export function checkHeldFile(folder: string, path: string): void {
  const status = statusHeld(folder, path);
  if (status?.isSymbolicLink()) throw isLink(path);
  if (status?.isDirectory()) throw isFolderNotFile(path, 'write');
  if (status !== undefined && !status.isFile()) throw noPlainFile(path);
}

/** @throws EigenflowError `file` where it is a link or no folder; one that is missing passes */
export const checkHeldFolder = (folder: string, path: string): void => void checkFolders(folder, path);

function withHeld<T>(folder: string, path: string, work: Parameters<typeof withPlainFile<T>>[3]): T {
  checkAbove(folder, path);
  return withPlainFile(path, O_RDONLY | O_NOFOLLOW, 'read', work);
}

/**
 * Opens a file for those who read it later, or in parts.
 *
 * @returns the file, which is to be closed
 * @throws EigenflowError `file` for what is missing, cannot be read, or is no plain file of the folder
 */
export function openHeld(folder: string, path: string): OpenedFile {
  checkAbove(folder, path);
  return openPlain(path, O_RDONLY | O_NOFOLLOW, 'read');
}

/** @throws EigenflowError `file` for what is missing, cannot be read, is too large, or is no plain file of the folder */
export const readHeld = (folder: string, path: string, options: ReadOptions = {}): Buffer =>
  withHeld(folder, path, (opened) => readWhole(opened, path, options));

/**
 * As `readHeld`, with the time of the last change, in milliseconds of the file system's clock. Opening makes a network file
 * system ask its server; looking at the time alone may give a remembered answer.
 */
export const readDatedHeld = (
  folder: string,
  path: string,
  options: ReadOptions = {},
): { bytes: Buffer; changed: number } =>
  withHeld(folder, path, (opened) => ({
    bytes: readWhole(opened, path, options),
    changed: opened.status.mtimeMs,
  }));

/**
 * As `readDatedHeld`, for what another process may remove at any moment.
 *
 * @returns undefined where it is missing
 */
export function findHeld(
  folder: string,
  path: string,
  options: ReadOptions = {},
): ReturnType<typeof readDatedHeld> | undefined {
  try {
    return readDatedHeld(folder, path, options);
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The first and the last bytes of a file of any size. @throws EigenflowError `file` as `readHeld` */
export const readEndsHeld = (folder: string, path: string, most: number): { head: Buffer; tail: Buffer } =>
  withHeld(folder, path, ({ file, status: { size } }) => {
    const part = (from: number) => {
      const bytes = Buffer.alloc(Math.min(most, size));
      return bytes.subarray(0, readFully(file, bytes, from));
    };
    return { head: part(0), tail: part(Math.max(0, size - most)) };
  });

const CHUNK = 2 ** 20;

/** Reads a file of any size to its end, to know that it can be read. @throws EigenflowError `file` as `readHeld` */
export function readThroughHeld(folder: string, path: string): void {
  withHeld(folder, path, ({ file }) => {
    const bytes = Buffer.alloc(CHUNK);
    let length: number;
    let at = 0;
    do {
      length = readSync(file, bytes, 0, CHUNK, at);
      at += length;
    } while (length > 0);
  });
}

/** Names in a folder; none where it is missing. @throws EigenflowError `file` where it is a link or no folder */
export function listHeld(folder: string, path: string): string[] {
  try {
    return checkFolders(folder, path) ? readdirSync(path) : [];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw explainFileError(error, path, 'read');
  }
}

/** Makes a part of the folder, and the folder, where they are missing. @throws EigenflowError `file` */
export function makeHeldFolder(folder: string, path: string): void {
  makeFolder(folder);
  // Before the rest is made: what is made below a link lies where that leads.
  checkFolders(folder, path);
  makeFolder(path);
  checkFolders(folder, path);
}

/** Makes a folder that is not there yet. @returns false where something of that name is. @throws EigenflowError `file` */
export function createHeldFolder(folder: string, path: string): boolean {
  makeHeldFolder(folder, dirname(path));
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw explainFileError(error, path, 'write');
  }
}

/** Writes a file in full or not at all, see `writeFileAtomic`. @throws EigenflowError `file` */
export async function writeHeld(folder: string, path: string, content: Uint8Array | string): Promise<void> {
  checkHeldFile(folder, path);
  await writeFileAtomic(path, content);
}

/**
 * Writes a file that is not there yet, part after part: what may not fit into memory, or belongs to an output of several
 * files. Whoever gives the output its name, see `writeOutput`, syncs it and reads it back before.
 *
 * @param parts each is written before the next one is asked for
 * @returns bytes of the file
 * @throws EigenflowError `file`
 */
export async function writePartsHeld(
  folder: string,
  path: string,
  parts: Iterable<Uint8Array | string>,
): Promise<number> {
  checkAbove(folder, path);
  try {
    const file = await open(path, 'wx');
    let bytes = 0;
    try {
      for (const part of parts) {
        await file.writeFile(part);
        bytes += Buffer.byteLength(part);
      }
    } finally {
      await file.close();
    }
    return bytes;
  } catch (error) {
    throw explainFileError(error, path, 'write');
  }
}

/** As `writeHeld`, at once; without the promise that it survives a power cut. @throws EigenflowError `file` */
export function writeHeldNow(folder: string, path: string, content: string): void {
  checkHeldFile(folder, path);
  writeFileAtomicSync(path, content);
}

/** Adds to the end of a file, which is made where it is missing. @throws EigenflowError `file` */
export function appendHeld(folder: string, path: string, text: string): void {
  checkAbove(folder, path);
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW;
  withPlainFile(path, flags, 'write', ({ file }) => appendFileSync(file, text));
}

/**
 * Writes a file that is not there yet, at once. It is empty at first.
 *
 * @returns false where something of that name is
 * @throws EigenflowError `file`; what was created is then removed
 */
export function createHeld(folder: string, path: string, text: string): boolean {
  checkAbove(folder, path);
  let file: number;
  try {
    // Exclusive creation follows no link.
    file = openSync(path, 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw explainFileError(error, path, 'write');
  }
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw explainFileError(error, path, 'write');
  } finally {
    closeSync(file);
  }
}

/**
 * Writes over a file in its place, so that no reader finds it empty.
 *
 * @returns when it was changed, in milliseconds of the file system's clock
 * @throws EigenflowError `file`, also where it is missing
 */
export function overwriteHeld(folder: string, path: string, text: string): number {
  checkAbove(folder, path);
  return withPlainFile(path, O_WRONLY | O_NOFOLLOW, 'write', ({ file }) => {
    writeSync(file, text, 0);
    return fstatSync(file).mtimeMs;
  });
}

/**
 * Removes a file or a link itself, or a folder with all that is in it, of which links are removed themselves. What is not
 * there is no fault.
 *
 * @throws EigenflowError `file`
 */
export function removeHeld(folder: string, path: string, options: { readonly recursive?: boolean } = {}): void {
  try {
    if (checkAbove(folder, path)) rmSync(path, { ...options, force: true });
  } catch (error) {
    throw explainFileError(error, path, 'replace');
  }
}

/** Removes a folder where nothing is in it. */
export function removeEmptyHeld(folder: string, path: string): void {
  try {
    if (checkFolders(folder, path)) rmdirSync(path);
  } catch {
    // Others are still in it.
  }
}

/** Gives a file, folder or link another place in the folder. @throws EigenflowError `file` */
export function moveHeld(folder: string, from: string, to: string): void {
  try {
    checkAbove(folder, from);
    checkAbove(folder, to);
    renameSync(from, to);
  } catch (error) {
    throw explainFileError(error, from, 'replace');
  }
}
