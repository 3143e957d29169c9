// A phase map as a small data set: `map.json` says how it was made, `runs.csv` has a row for every run with its labels
// and what its observers measured first and last. Enough for advice, for figures of the end of training, and to be cited.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import type { Tree } from '../../core/schema/schema.js';
import { type Check, checkSize } from '../../node/files/atomic-file.js';
import { parseOwnCsv, textCell } from '../../node/files/csv-cell.js';
import { explainFileError } from '../../node/files/file-error.js';
import { decodeText } from '../../node/files/text-encoding.js';
import { readJson } from '../../node/scenario/read-json.js';
import { checkMap, type MapFile, type MapPart } from './map-check.js';
import { MAP_FORMAT } from './map-format.js';

export type { MapFile, MapPart };

export const mapFilePath = (folder: string) => join(folder, 'map.json');
const runsPath = (folder: string) => join(folder, 'runs.csv');
export const isMapFile = (folder: string) => existsSync(mapFilePath(folder));

const csv = (rows: readonly (readonly string[])[]) => `${rows.map((row) => row.map(textCell).join(',')).join('\n')}\n`;

/** Writes the folder `path`, which does not exist yet. */
export async function writeMapFile(path: string, content: MapFile, { header, rows }: MapRows): Promise<Check> {
  await mkdir(path);
  const cells = rows.map((row) => header.map((column) => row.get(column) ?? ''));
  const files = new Map([
    [mapFilePath(path), `${JSON.stringify(content, null, 2)}\n`],
    [runsPath(path), csv([header, ...cells])],
  ]);
  for (const [file, text] of files) await writeFile(file, text);
  return async () => {
    for (const [file, text] of files) await checkSize(file, Buffer.byteLength(text));
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
  try {
    const path = mapFilePath(folder);
    const file = readJson(path) as MapFile;
    if (file?.format !== MAP_FORMAT || file.version !== 1) {
      throw new EigenflowError('results', path, 'is not a map that this eigenflow reads (version 1)');
    }
    checkMap(file as unknown as Tree, path);
    const [header = [], ...body] = parseOwnCsv(decodeText(readFileSync(runsPath(folder)), runsPath(folder)));
    const place = new Map(header.map((name, i) => [name, i]));
    const rows = body.map((cells, i) => ({
      path: runsPath(folder),
      line: i + 2,
      cell: (column: string) => cells[place.get(column) ?? -1] ?? '',
    }));
    return { file, header, rows };
  } catch (error) {
    if (error instanceof EigenflowError) throw error;
    throw explainFileError(error, folder, 'read');
  }
}
