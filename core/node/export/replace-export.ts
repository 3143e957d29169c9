// Puts a finished export in its place, and refuses to put it in the place of anything but an older export.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EigenflowError } from '../../errors.js';
import { MAP_FORMAT } from '../map/map-format.js';
import { syncFolder, temporaryName } from '../results/atomic-file.js';
import { MARKER } from './dataset.js';

/** @throws EigenflowError `file` when `path` exists and is not an export of this program. */
export function checkReplaceable(path: string): void {
  if (!existsSync(path) || isOwnExport(path)) return;
  throw new EigenflowError(
    'file',
    path,
    'exists and is not an eigenflow export, so it is left alone; choose another --out, or move it away',
  );
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** How often another process may be faster. */
const MOST_ATTEMPTS = 20;

/**
 * Renames `finished` to `path`. A folder cannot be renamed over another one: the older export steps aside first, and back
 * again where that was in vain. Of several processes that export at the same time the last one wins.
 */
export async function replaceExport(finished: string, path: string): Promise<void> {
  checkReplaceable(path);
  const aside = temporaryName(path);
  for (let attempt = 1; ; attempt++) {
    const stepsAside = existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    try {
      if (stepsAside) await rename(path, aside);
    } catch (error) {
      // Another process has just taken it aside.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    try {
      await rename(finished, path);
      break;
    } catch (error) {
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'EISDIR'].includes(codeOf(error) ?? '');
      if (!isTaken && !existsSync(path) && existsSync(aside)) await rename(aside, path);
      if (!isTaken || attempt === MOST_ATTEMPTS) throw error;
      await rm(aside, { recursive: true, force: true });
    }
  }
  await syncFolder(dirname(path));
  await rm(aside, { recursive: true, force: true });
}

/** Both ends of a file are searched for the mark: HDF5 keeps attributes near the front, Parquet at the end. */
const SEARCHED_BYTES = 2 ** 18;
/** What only our long table begins with. */
const CSV_HEADER = /^run,.*seed,status,channel,frame,step,epoch,time,index,value\n/;

function isOwnExport(path: string): boolean {
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
