// Opens what the user gives the page: the files of a study, or an archive of them.
import type { StudyFile } from '../../worker/study-file.js';
import { engines, openFiles } from '../state.js';

/** @throws Error that names the mistake */
export async function openDropped(files: readonly StudyFile[]): Promise<void> {
  const [only] = files;
  if (files.length === 1 && only.path.endsWith('.zip') && 'blob' in only.source) {
    const archive = new Uint8Array(await only.source.blob.arrayBuffer());
    await openFiles(await engines.archive.unpack(archive, only.path));
  } else await openFiles(files);
}
