// Puts what is damaged or foreign out of the way: nothing in a results folder is ever deleted for what it holds.
import { existsSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { explainFileError } from '../files/file-error.js';
import { makePlainFolder } from '../files/plain-file.js';

/**
 * Moves a file or link below `quarantine/`; nothing there is ever overwritten.
 *
 * @param path relative to the folder
 * @returns where it is now, relative to the folder
 * @throws EigenflowError `file`
 */
export function quarantine(folder: string, path: string): string {
  for (let copy = 0; ; copy++) {
    const target = join(folder, 'quarantine', copy === 0 ? path : `${path}.${copy}`);
    if (existsSync(target)) continue;
    makePlainFolder(join(folder, 'quarantine'));
    makePlainFolder(dirname(target));
    try {
      renameSync(join(folder, path), target);
    } catch (error) {
      throw explainFileError(error, join(folder, path), 'replace');
    }
    return relative(folder, target);
  }
}
