// Where a report goes: beside the results, or elsewhere, because the results may be somebody else's.
import { dirname, join } from 'node:path';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { isNamedFolder } from '../../node/files/named-file.js';

const NAME = 'report.html';

/**
 * @param folder that the page is about
 * @param out file to write, or a folder to write `report.html` in. Default: the folder itself
 * @returns the path written
 * @throws EigenflowError `file` when it cannot be written
 */
export async function writePage(page: string, folder: string, out = folder): Promise<string> {
  const isFile = /\.html?$/i.test(out) && !isNamedFolder(out);
  const path = isFile ? out : join(out, NAME);
  makeHeldFolder(dirname(path), dirname(path));
  await writeHeld(dirname(path), path, page);
  return path;
}
