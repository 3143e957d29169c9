// The page and a study as a folder for any static host: addresses are relative, so it may lie anywhere on it.
import { readdirSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import { makeHeldFolder, readHeld, writePartsHeld } from '../../node/files/held-files.js';
import { isNamed, makeFolder } from '../../node/files/named-file.js';
import { checkSize, writeOutput } from '../../node/files/output.js';
import { temporaryName } from '../../node/files/temporary-name.js';
import type { PageFiles } from './page-files.js';
import { isLabPage, staticPage } from './page-html.js';
import { HEADERS, STATIC_POLICY } from './policy.js';
import type { Selection } from './selection.js';
import { describeStudy, FOLDER, type LabStudy, type ListedFile, type PackedStudy, ZIP } from './study.js';

const NOTES = 'README.md';
const DESCRIPTION = 'study.json';

/** Files in a site that its last writing did not put there: somebody else's. */
function strangersIn(path: string, { files }: PageFiles): string[] {
  const { files: listed = [] } = JSON.parse(readHeld(path, join(path, DESCRIPTION)).toString()) as {
    readonly files?: readonly ListedFile[];
  };
  const own = new Set([...files.keys(), NOTES, DESCRIPTION, ZIP, ...listed.map((file) => FOLDER + file.path)]);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !own.has(name));
}

/** @throws EigenflowError `file` when the site would take the place of something else */
export function checkSitePath(path: string, page: PageFiles): void {
  if (!isNamed(path)) return;
  try {
    if (readdirSync(path).length === 0) return;
    const isSite = isLabPage(readHeld(path, join(path, 'index.html')));
    const [stranger] = isSite ? strangersIn(path, page) : [];
    if (isSite && stranger === undefined) return;
    if (isSite) throw leftAlone(path, `holds ${stranger}, which is not of the site`);
  } catch (error) {
    if (isEigenflowError(error) && error.path === path) throw error;
    // What cannot be read as a site is none.
  }
  throw leftAlone(path, 'exists and is no site of eigenflow lab');
}

const leftAlone = (path: string, what: string) =>
  new EigenflowError('file', path, `${what}, so it is left alone; choose another folder, or move it away`);

/**
 * Writes the folder, in the place of an earlier one of this kind.
 *
 * @param study the files that go along, or an archive of them
 * @throws EigenflowError `file`; an earlier folder is then as it was
 */
export async function writeSite(path: string, page: PageFiles, study: Selection | PackedStudy): Promise<void> {
  checkSitePath(path, page);
  makeFolder(dirname(path));
  await writeOutput(path, {
    async write(temporary) {
      const sizes = new Map<string, number>();
      for (const [name, content] of filesOf(page, study)) {
        const file = join(temporary, name);
        makeHeldFolder(temporary, dirname(file));
        sizes.set(file, await writePartsHeld(temporary, file, [content]));
      }
      return async () => {
        for (const [file, bytes] of sizes) await checkSize(file, bytes);
      };
    },
    put: replaceSite,
  });
}

/** Contents by name: what a site has of its own takes the place of what the page was built with. */
function filesOf(page: PageFiles, study: Selection | PackedStudy): Map<string, Uint8Array | string> {
  const ofStudy: [string, Uint8Array][] =
    'zip' in study ? [[ZIP, study.zip]] : [...study.files].map(([name, content]) => [FOLDER + name, content]);
  return new Map<string, Uint8Array | string>([
    ...page.files,
    ['index.html', staticPage(page)],
    [NOTES, notes()],
    [DESCRIPTION, describeStudy(asStudy(study))],
    ...ofStudy,
  ]);
}

/** A folder cannot be renamed over another one: the earlier site steps aside, and comes back where that was in vain. */
async function replaceSite(finished: string, path: string): Promise<void> {
  if (!isNamed(path)) return rename(finished, path);
  const former = temporaryName(path);
  await rename(path, former);
  try {
    await rename(finished, path);
  } catch (error) {
    await rename(former, path);
    throw error;
  }
  rmSync(former, { recursive: true, force: true });
}

/** With sizes that do not change any more. */
function asStudy(study: Selection | PackedStudy): LabStudy {
  if ('zip' in study) return study;
  const { name, kind, files } = study;
  const list = () => [...files].map(([path, { length }]) => ({ path, size: length }));
  return { name, kind, foreignPlugins: [], list, open: (path) => files.get(path) };
}

const notes = () => `# A page of eigenflow lab

Put this folder on any host of static files, at any address; all addresses in it are relative. The page needs no server of
its own: it fetches what lies beside it and computes in the reader's tab.

## Headers

The page carries its policy itself, so that it is safe on a host that sets no headers. Where headers can be set, set these
on every file:

\`\`\`
Content-Security-Policy: ${STATIC_POLICY}; frame-ancestors 'self'
${Object.entries(HEADERS)
  .filter(([name]) => name !== 'Content-Security-Policy')
  .map(([name, value]) => `${name}: ${value}`)
  .join('\n')}
\`\`\`

* \`frame-ancestors\` names the sites that may show the page in a frame, such as \`'self' https://example.org\`, or \`*\` for
  all. A page cannot say it of itself: where no header is set, everybody may.
* \`Cross-Origin-Resource-Policy: cross-origin\` is needed where pages of other hosts draw on these files directly.
* Types: \`.js\` as \`text/javascript\` (with \`nosniff\` nothing else runs), \`.json\` as \`application/json\`, \`.npz\` as
  \`application/octet-stream\`. Compress text (gzip, brotli) where the host can.
* Files of the same name change when the folder is written again: \`Cache-Control: no-cache\` lets browsers ask.
`;
