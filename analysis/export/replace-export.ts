// Puts a finished export in its place, and refuses to put it in the place of anything but an older export.
import { dirname, join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import {
  checkHeldFile,
  isHeld,
  moveHeld,
  readEndsHeld,
  readHeld,
  removeHeld,
  statusHeld,
} from '../../node/files/held-files.js';
import { temporaryName } from '../../node/files/temporary-name.js';
import { MAP_FORMAT } from '../advice/map-format.js';
import { MARKER } from './dataset.js';

/** How often other processes may be faster: each time one of them has put its export in place. */
const MOST_ATTEMPTS = 100;

/** What the system said. */
const codeOf = (error: unknown) =>
  ((error instanceof Error ? error.cause : undefined) as NodeJS.ErrnoException | undefined)?.code;

/** What is there: another value once another process has put something else in its place. */
function whatIsAt(path: string): string | undefined {
  const found = statusHeld(dirname(path), path);
  return found && `${found.dev} ${found.ino}`;
}

/** @throws EigenflowError `file` when `path` exists and is not an export of this program. */
export function checkReplaceable(path: string): void {
  for (let attempt = 1; ; attempt++) {
    const found = whatIsAt(path);
    if (found === undefined || isOwnExport(path)) return;
    // An export that another process takes aside meanwhile looks like none.
    if (whatIsAt(path) === found || attempt === MOST_ATTEMPTS) break;
  }
  throw new EigenflowError(
    'file',
    path,
    'exists and is not an eigenflow export, so it is left alone; choose another --out, or move it away',
  );
}

/** What systems say of a rename onto something that is in the way. */
const IN_THE_WAY = ['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR', 'EPERM', 'EACCES'];

/**
 * Renames `finished` to `path`. A folder cannot be renamed over another one: the older export steps aside first, and comes
 * back where that was in vain. Of processes that do this at the same time the last one wins.
 */
export async function replaceExport(finished: string, path: string): Promise<void> {
  const aside: string[] = [];
  try {
    for (let attempt = 1; ; attempt++) {
      checkReplaceable(path);
      try {
        moveHeld(dirname(path), finished, path);
        break;
      } catch (error) {
        const isInTheWay = IN_THE_WAY.includes(codeOf(error) ?? '') && isHeld(dirname(path), finished);
        if (!isInTheWay || attempt === MOST_ATTEMPTS) throw error;
      }
      stepAside(path, aside);
    }
  } catch (error) {
    const last = aside.pop();
    // Where another process has put its own export by now, the older one is of no use.
    if (last !== undefined) comeBack(last, path);
    throw error;
  } finally {
    removeAll(aside);
  }
}

/** @param aside where older exports are now; gets one more, unless another process was faster */
function stepAside(path: string, aside: string[]): void {
  const place = temporaryName(path);
  try {
    moveHeld(dirname(path), path, place);
    aside.push(place);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function comeBack(place: string, path: string): void {
  try {
    moveHeld(dirname(path), place, path);
  } catch {
    removeAll([place]);
  }
}

/** What cannot be removed now is swept by the next export. */
function removeAll(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      removeHeld(dirname(path), path, { recursive: true });
    } catch {
      // As said.
    }
  }
}

/** Both ends of a file are searched for the mark: HDF5 keeps attributes near the front, Parquet at the end. */
const SEARCHED_BYTES = 2 ** 18;
/** What only our long table begins with. */
const CSV_HEADER = /^run,.*seed,status,channel,frame,step,epoch,time,index,value\n/;

/** False also for what is gone before it has been looked at. */
function isOwnExport(path: string): boolean {
  try {
    return bearsMark(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function bearsMark(path: string): boolean {
  if (statusHeld(dirname(path), path)?.isDirectory()) {
    const holds = (name: string, mark: string) =>
      isHeld(path, join(path, name)) && readHeld(path, join(path, name)).includes(`"${mark}"`);
    return holds('zarr.json', MARKER) || holds('map.json', MAP_FORMAT);
  }
  checkHeldFile(dirname(path), path);
  const { head, tail } = readEndsHeld(dirname(path), path, SEARCHED_BYTES);
  return CSV_HEADER.test(head.toString('latin1')) || head.includes(MARKER) || tail.includes(MARKER);
}
