// Writes a study with the page and the engine into one file, which opens from the disk and needs no server and no network.
import { dirname } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { isNamed, makeFolder, readNamed, writeNamed } from '../../node/files/named-file.js';
import type { PageFiles } from './page-files.js';
import { isLabPage, singleFile, studyInPage } from './page-html.js';
import type { PackedStudy } from './study.js';

/** Browsers have no longer texts, and the archive is one in the page. Unit: characters, as they write 512 MiB. */
const MOST_PAGE = 500_000_000;

/** @throws EigenflowError `file` when the page would take the place of something else */
export function checkPagePath(path: string, force: boolean): void {
  if (!/\.html?$/i.test(path)) throw new EigenflowError('file', path, 'the name of a page ends in .html');
  if (force || !isNamed(path) || isLabPage(readNamed(path))) return;
  throw new EigenflowError(
    'file',
    path,
    'exists and is no page of eigenflow lab, so it is left alone; choose another name, or say --force',
  );
}

/** @throws EigenflowError `results` when no browser could read the page */
export function makePage(page: PageFiles, study: PackedStudy): Buffer {
  const length = Math.ceil((study.zip.length * 4) / 3);
  if (length > MOST_PAGE) {
    const message = `would take ${length} bytes in the page, and browsers read at most ${MOST_PAGE}; give fewer runs along: --data`;
    throw new EigenflowError('results', study.name, message);
  }
  return singleFile(page, study);
}

/**
 * Writes the page, and reads it back: what is on the disk is the study that was given.
 *
 * @throws EigenflowError `file`
 */
export async function writeLabPage(path: string, made: Buffer, { zip }: PackedStudy): Promise<void> {
  makeFolder(dirname(path));
  await writeNamed(path, made);
  const written = readNamed(path);
  if (written.equals(made) && studyInPage(written, path).equals(zip)) return;
  throw new EigenflowError(
    'file',
    path,
    'was written and reads back as something else; check the disk, and export again',
  );
}
