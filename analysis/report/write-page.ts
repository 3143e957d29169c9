// Where a report goes: beside the results, or elsewhere, because the results may be somebody else's.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../node/files/atomic-file.js';
import { makeFolder } from '../../node/files/plain-file.js';

const NAME = 'report.html';

/**
 * @param folder that the page is about
 * @param out file to write, or a folder to write `report.html` in. Default: the folder itself
 * @returns the path written
 * @throws EigenflowError `file` when it cannot be written
 */
export async function writePage(page: string, folder: string, out = folder): Promise<string> {
  const isFile = /\.html?$/i.test(out) && !statSync(out, { throwIfNoEntry: false })?.isDirectory();
  const path = isFile ? out : join(out, NAME);
  makeFolder(dirname(path));
  await writeFileAtomic(path, page);
  return path;
}
