// Puts what is damaged or foreign out of the way: nothing in a results folder is ever deleted for what it holds.
import { dirname, join, relative } from 'node:path';
import { isHeld, makeHeldFolder, moveHeld } from '../files/held-files.js';

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
    if (isHeld(folder, target)) continue;
    makeHeldFolder(folder, dirname(target));
    moveHeld(folder, join(folder, path), target);
    return relative(folder, target);
  }
}
