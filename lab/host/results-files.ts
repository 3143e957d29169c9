// Which files of a results folder the page may read: tables, runs, pictures and fits. Not the others: checkpoints, scripts
// and logs of a cluster, stacks of failures, what was set aside, and whatever somebody else has put there.
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from '../../node/files/file-error.js';
import { type OpenFile, openPlainFile } from '../../node/files/plain-file.js';
import { isRunId } from '../../node/results/results-folder.js';
import { DIGESTS } from '../../node/results/run-digest.js';
import type { ListedFile } from './study.js';

/** A folder by the files that are read in it and the folders below it. */
interface Place {
  readonly reads: (name: string) => boolean;
  readonly below?: ReadonlyMap<string, Place>;
  /** Folders with other names, if any are looked into. */
  readonly others?: Place;
  /** Whether lines are added to its files. */
  readonly grows?: boolean;
}

/** Without those that are hidden, and those that a URL or a terminal would take for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const PLAIN = /^[^./\\\u0000-\u001f\u007f][^/\\\u0000-\u001f\u007f]*$/;

const runs: Place = { reads: (name) => name.endsWith('.npz') && isRunId(name.slice(0, -'.npz'.length)) };
const ofKind = (endings: RegExp): Place => ({ reads: (name) => endings.test(name) });

const TABLES = new Set([
  ...['runs', 'verdicts', 'cells', 'boundaries', 'classifiers', 'evidence'].map((name) => `${name}.csv`),
  DIGESTS,
]);
const tables = (name: string) => name === 'manifest.json' || TABLES.has(name);
const pictures: [string, Place][] = [
  ['figures', ofKind(/\.(svg|csv)$/)],
  ['fits', ofKind(/\.csv$/)],
];

/** Observers and classifiers on stored runs; each classifier has a folder of its own. */
const analysis: Place = {
  reads: tables,
  below: new Map([['runs', runs], ...pictures]),
  others: { reads: (name) => TABLES.has(name) },
};

const results: Place = {
  reads: tables,
  below: new Map([
    ['runs', runs],
    // Rows of processes at work, which runs.csv gets in the end.
    ['claims', { ...ofKind(/^[A-Za-z0-9-]+\.csv$/), grows: true }],
    ['analysis', analysis],
    ...pictures,
  ]),
};

const placeBelow = ({ below, others }: Place, name: string) => below?.get(name) ?? others;

/** Whether a path names a file that the page may read; whether there is one, and of which kind, is another matter. */
function isRead(path: string): boolean {
  const names = path.split('/');
  const file = names.pop() as string;
  let place: Place | undefined = results;
  for (const name of names) {
    if (!PLAIN.test(name)) return false;
    place = place && placeBelow(place, name);
  }
  return place !== undefined && PLAIN.test(file) && place.reads(file);
}

function listPlace(folder: string, within: string, place: Place): ListedFile[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(join(folder, within));
  } catch (error) {
    throw explainFileError(error, join(folder, within), 'read');
  }
  return entries.flatMap((entry): ListedFile[] => {
    const { name } = entry;
    if (!PLAIN.test(name)) return [];
    if (entry.isDirectory()) {
      const below = placeBelow(place, name);
      return below ? listPlace(folder, `${within}${name}/`, below) : [];
    }
    if (!entry.isFile() || !place.reads(name)) return [];
    // Gone since: checkpoints and claims come and go.
    const found = lstatSync(join(folder, within, name), { throwIfNoEntry: false });
    const grows = place.grows ? { grows: true } : {};
    return found?.isFile() ? [{ path: within + name, size: found.size, ...grows }] : [];
  });
}

const entriesOf = (path: string) =>
  readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * Files that are there and may be read, in an order that depends on their names alone. Links are left out.
 *
 * @throws EigenflowError `file` when a folder cannot be read
 */
export const listResults = (folder: string): ListedFile[] => listPlace(folder, '', results);

/**
 * Opens one of the files that `listResults` would name, also one that has come since.
 *
 * @param folder the real path of the results folder
 * @returns undefined for any other path
 * @throws EigenflowError `file` for what is missing, cannot be read, or is or lies behind a link, a pipe or a device
 */
export function openResultsFile(folder: string, path: string): OpenFile | undefined {
  return isRead(path) ? openBelow(folder, path) : undefined;
}

/**
 * Opens a file below a folder, by way of no link.
 *
 * @param folder a real path
 * @throws EigenflowError `file`
 */
export function openBelow(folder: string, path: string): OpenFile {
  const file = join(folder, path);
  let within: string;
  try {
    within = realpathSync(dirname(file));
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
  if (within !== dirname(file)) throw new EigenflowError('file', file, 'lies behind a link, which could lead anywhere');
  return openPlainFile(file);
}
