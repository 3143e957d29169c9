// A zip archive of a study, unpacked in memory.
import { openZip } from '../../node/files/zip-archive.js';
import type { StudyFile } from './study-file.js';

/** More than that is not unpacked in a tab; unit: bytes. */
const MOST_BYTES = 2 ** 30;

/** @throws EigenflowError `arrays` for what is no sound archive, or unpacks to too much */
export function unpack(archive: Uint8Array, name: string): StudyFile[] {
  return openZip(archive, name, MOST_BYTES)
    .filter(({ name: path }) => !path.endsWith('/'))
    .map((member) => {
      const bytes = member.read();
      return { path: member.name, size: bytes.length, source: { bytes } };
    });
}
