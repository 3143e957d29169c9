// A zip archive of a study, unpacked in memory.
import { EigenflowError } from '../../core/errors.js';
import { openZip } from '../../node/files/zip-archive.js';
import type { StudyFile } from './study-file.js';

/** More than that is not unpacked in a tab; unit: bytes. */
const MOST_BYTES = 2 ** 30;

/** Every zip archive ends with a directory that begins so, before a comment of at most 64 kB. */
function isZip(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === 5 && bytes[at + 3] === 6) return true;
  }
  return false;
}

/** @throws EigenflowError `arrays` for what is no sound archive, or unpacks to too much */
export function unpack(archive: Uint8Array, name: string): StudyFile[] {
  if (!isZip(archive)) {
    const message =
      'is no zip archive, or was cut short (there is no directory at its end); pack the folder again with zip -r';
    throw new EigenflowError('arrays', name, message);
  }
  return openZip(archive, name, MOST_BYTES)
    .filter(({ name: path }) => !path.endsWith('/'))
    .map((member) => {
      const bytes = member.read();
      return { path: member.name, size: bytes.length, source: { bytes } };
    });
}
