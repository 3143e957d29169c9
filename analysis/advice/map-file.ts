// A phase map as a small data set: `map.json` says how it was made, `runs.csv` has a row for every run with its labels
// and what its observers measured first and last. Enough for advice, for figures of the end of training, and to be cited.
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import type { Tree } from '../../core/schema/schema.js';
import { parseOwnCsv, textCell } from '../../node/files/csv-cell.js';
import { isHeld, makeHeldFolder, readHeld, writePartsHeld } from '../../node/files/held-files.js';
import { isNamedFolder } from '../../node/files/named-file.js';
import { type Check, checkSize } from '../../node/files/output.js';
import { decodeText } from '../../node/files/text-encoding.js';
import { parseJson } from '../../node/scenario/read-json.js';
import { checkMap, type MapFile, type MapPart } from './map-check.js';
import { MAP_FORMAT } from './map-format.js';

export type { MapFile, MapPart };

export const mapFilePath = (folder: string) => join(folder, 'map.json');
const runsPath = (folder: string) => join(folder, 'runs.csv');
export const isMapFile = (folder: string) => isNamedFolder(folder) && isHeld(folder, mapFilePath(folder));

const csv = (rows: readonly (readonly string[])[]) => `${rows.map((row) => row.map(textCell).join(',')).join('\n')}\n`;

/** Writes the folder `path`, which does not exist yet. */
export async function writeMapFile(path: string, content: MapFile, { header, rows }: MapRows): Promise<Check> {
  makeHeldFolder(path, path);
  const cells = rows.map((row) => header.map((column) => row.get(column) ?? ''));
  const files = [
    [mapFilePath(path), `${JSON.stringify(content, null, 2)}\n`],
    [runsPath(path), csv([header, ...cells])],
  ] as const;
  const sizes = new Map<string, number>();
  for (const [file, text] of files) sizes.set(file, await writePartsHeld(path, file, [text]));
  return async () => {
    for (const [file, bytes] of sizes) await checkSize(file, bytes);
    readMapFile(path);
  };
}

/** Rows of runs.csv by the names of their columns. */
export interface MapRows {
  readonly header: readonly string[];
  readonly rows: readonly ReadonlyMap<string, string>[];
}

/** A line of the table of runs. */
export interface MapRow {
  readonly path: string;
  readonly line: number;
  /** '' where there is no such column. */
  cell(column: string): string;
}

/** @throws EigenflowError `results` or `file` when the folder is damaged */
export function readMapFile(folder: string): {
  readonly file: MapFile;
  readonly header: readonly string[];
  readonly rows: readonly MapRow[];
} {
  const path = mapFilePath(folder);
  const file = parseJson(decodeText(readHeld(folder, path), path), path) as MapFile;
  if (file?.format !== MAP_FORMAT || file.version !== 1) {
    throw new EigenflowError('results', path, 'is not a map that this eigenflow reads (version 1)');
  }
  checkMap(file as unknown as Tree, path);
  const table = runsPath(folder);
  const [header = [], ...body] = parseOwnCsv(decodeText(readHeld(folder, table), table));
  const place = new Map(header.map((name, i) => [name, i]));
  const rows = body.map((cells, i) => ({
    path: table,
    line: i + 2,
    cell: (column: string) => cells[place.get(column) ?? -1] ?? '',
  }));
  return { file, header, rows };
}
