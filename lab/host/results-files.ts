// Which files of a results folder the page may read: tables, runs, pictures and fits. Not the others: checkpoints, scripts
// and logs of a cluster, stacks of failures, what was set aside, and whatever somebody else has put there.
import { join } from 'node:path';
import { listHeld, type OpenedFile, openHeld, statusHeld } from '../../node/files/held-files.js';
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
  const names = listHeld(folder, join(folder, within)).sort();
  return names.flatMap((name): ListedFile[] => {
    if (!PLAIN.test(name)) return [];
    const below = placeBelow(place, name);
    if (!below && !place.reads(name)) return [];
    // Gone since: checkpoints and claims come and go.
    const found = statusHeld(folder, join(folder, within, name));
    if (found?.isDirectory()) return below ? listPlace(folder, `${within}${name}/`, below) : [];
    const grows = place.grows ? { grows: true } : {};
    return found?.isFile() && place.reads(name) ? [{ path: within + name, size: found.size, ...grows }] : [];
  });
}

/**
 * Files that are there and may be read, in an order that depends on their names alone. Links are left out.
 *
 * @throws EigenflowError `file` when a folder cannot be read
 */
export const listResults = (folder: string): ListedFile[] => listPlace(folder, '', results);

/**
 * Opens one of the files that `listResults` would name, also one that has come since.
 *
 * @returns the file, which is to be closed; undefined for any other path
 * @throws EigenflowError `file` for what is missing, cannot be read, or is or lies behind a link, a pipe or a device
 */
export const openResultsFile = (folder: string, path: string): OpenedFile | undefined =>
  isRead(path) ? openHeld(folder, join(folder, path)) : undefined;
