// `eigenflow export`: a labelled dataset from a results folder.
import { Command, Option } from 'commander';
import { type ExportFormat, exportDataset } from '../../analysis/export/index.js';
import { print } from '../print.js';

async function execute(folders: readonly string[], options: { format: ExportFormat; out?: string; title?: string }) {
  print(`${await exportDataset(folders, options.format, options.out, options.title)}\n`);
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write a labelled dataset that xarray or pandas opens, or a small phase map')
    .argument('<folders...>', 'results folder; several of the same instances make one map')
    .addOption(new Option('-f, --format <format>').choices(['zarr', 'csv', 'parquet', 'netcdf', 'map']).default('zarr'))
    .option('-o, --out <path>', 'default: dataset.<ending> in the folder')
    .option('--title <text>', 'of a map (default: that of the first folder)')
    .action(execute);
}
