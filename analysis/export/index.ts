// Turns a results folder into one labelled file that xarray, pandas or a spreadsheet opens.
import { basename, dirname, join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { type Check, writeOutput } from '../../node/files/output.js';
import { sweepTemporary } from '../../node/files/temporary-name.js';
import { writeCsv } from './csv.js';
import { describeDataset } from './dataset.js';
import { checkReplaceable, replaceExport } from './replace-export.js';
import { readRunGrid } from './run-grid.js';

export type ExportFormat = 'zarr' | 'netcdf' | 'csv' | 'parquet' | 'map';

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  zarr: '.zarr',
  netcdf: '.nc',
  csv: '.csv',
  parquet: '.parquet',
  map: '.map',
};

/**
 * Zarr and netCDF hold labelled arrays (see `describeDataset`); CSV and Parquet hold the long table (see
 * `longFrames`); a map is the small data set of `writeMapFile`. Written under a temporary name, read back, and renamed, so
 * that a reader never meets half an export; several processes may do so at the same time. What killed ones have left is
 * removed. Memory stays bounded however long the sweep is.
 *
 * @param folders results folders; several make one map (or maps), and nothing else
 * @param out default: `dataset` with the format's ending, in the folder
 * @param title of a map; default: that of the first folder
 * @returns the path written
 * @throws EigenflowError `results`, `arrays` or `file`; nothing has changed then.
 */
export async function exportDataset(
  folders: string | readonly string[],
  format: ExportFormat,
  out?: string,
  title?: string,
): Promise<string> {
  const all = typeof folders === 'string' ? [folders] : folders;
  const [folder] = all;
  if (all.length > 1 && format !== 'map') {
    throw new EigenflowError('results', all[1], 'several folders make one data set with --format map only');
  }
  const path = out ?? join(folder, `dataset${ENDINGS[format]}`);
  checkReplaceable(path);
  sweepTemporary(dirname(path), (name) => name === basename(path));
  await writeOutput(path, { write: (temporary) => write(all, format, temporary, title), put: replaceExport });
  return path;
}

async function write(folders: readonly string[], format: ExportFormat, path: string, title?: string): Promise<Check> {
  const [folder] = folders;
  // Loaded when asked for: each format but CSV has a package of its own.
  if (format === 'csv') return writeCsv(readRunGrid(folder), path);
  if (format === 'parquet') return (await import('./parquet.js')).writeParquet(readRunGrid(folder), path);
  if (format === 'map') return (await import('../advice/export-map.js')).exportMap(folders, path, title);
  const dataset = describeDataset(folder);
  if (format === 'zarr') return (await import('./zarr.js')).writeZarr(dataset, path);
  return (await import('./netcdf.js')).writeNetcdf(dataset, path);
}
