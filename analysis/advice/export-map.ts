// Makes the small data set of a phase map, with the smoothness that advice needs, found once and for all.

import type { Smoothness } from '../../core/phases/covariance.js';
import type { Check } from '../../node/files/output.js';
import { readRunGrid } from '../export/run-grid.js';
import { isMapFile, readMapFile, writeMapFile } from './map-file.js';
import { type MapTable, mergeTables, tableOfMapFile, tableOfResults } from './map-table.js';
import { mapDataOf } from './read-map.js';
import { openMap } from './reading.js';

/** @throws EigenflowError `results` or `file` when the folder holds neither a map nor labelled results */
export function mapTable(folder: string): MapTable {
  return isMapFile(folder) ? tableOfMapFile(folder) : tableOfResults(readRunGrid(folder));
}

/**
 * @param folders of results whose runs have labels, or of maps; of the same instances
 * @param path of the data set; does not exist yet
 * @param title default: that of the first folder
 * @throws EigenflowError `results` when they are no map for advice, or not one map
 */
export async function exportMap(folders: readonly string[], path: string, title?: string): Promise<Check> {
  const table = mergeTables(folders.map(mapTable));
  const names = Object.keys(table.content.classifiers);
  // Maps among the folders know how smooth they are: the search for all runs begins there.
  const known: Readonly<Record<string, Smoothness>> = Object.assign(
    {},
    ...folders.filter(isMapFile).map((folder) => readMapFile(folder).file.smoothness),
  );
  const smoothness = Object.fromEntries(
    names.map((name) => [name, openMap(mapDataOf(table, name), true, known[name]).smoothness]),
  );
  return writeMapFile(path, { ...table.content, title: title ?? table.content.title, smoothness }, table);
}
