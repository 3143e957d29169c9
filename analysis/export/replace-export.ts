// Puts a finished export in its place, and refuses to put it in the place of anything but an older export.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { MAP_FORMAT } from '../advice/map-format.js';
import { MARKER } from './dataset.js';
import { temporaryExport } from './temporary-export.js';

/** How often other processes may be faster: each time one of them has put its export in place. */
const MOST_ATTEMPTS = 100;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** What is there: another value once another process has put something else in its place. */
function whatIsAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
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
        await rename(finished, path);
        break;
      } catch (error) {
        const isInTheWay = IN_THE_WAY.includes(codeOf(error) ?? '') && existsSync(finished);
        if (!isInTheWay || attempt === MOST_ATTEMPTS) throw error;
      }
      await stepAside(path, aside);
    }
  } catch (error) {
    const last = aside.pop();
    // Where another process has put its own export by now, the older one is of no use.
    if (last !== undefined) await rename(last, path).catch(() => removeAll([last]));
    throw error;
  } finally {
    await removeAll(aside);
  }
}

/** @param aside where older exports are now; gets one more, unless another process was faster */
async function stepAside(path: string, aside: string[]): Promise<void> {
  const place = temporaryExport(path);
  try {
    await rename(path, place);
    aside.push(place);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** What cannot be removed now is swept by the next export. */
async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true }).catch(() => undefined);
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
  if (statSync(path).isDirectory()) {
    const holds = (name: string, mark: string) =>
      existsSync(join(path, name)) && readFileSync(join(path, name), 'utf8').includes(`"${mark}"`);
    return holds('zarr.json', MARKER) || holds('map.json', MAP_FORMAT);
  }
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const part = (from: number) => {
      const bytes = Buffer.alloc(Math.min(SEARCHED_BYTES, size));
      readSync(file, bytes, 0, bytes.length, from);
      return bytes.toString('latin1');
    };
    const head = part(0);
    const tail = part(Math.max(0, size - SEARCHED_BYTES));
    return CSV_HEADER.test(head) || head.includes(MARKER) || tail.includes(MARKER);
  } finally {
    closeSync(file);
  }
}
