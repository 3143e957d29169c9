// `eigenflow run`: computes what is missing of a scenario's runs, then exports the dataset and draws its figures.
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { exportDataset } from '../../analysis/export/index.js';
import { describeEndings } from '../../node/results/endings.js';
import { checkFolderTakes } from '../../node/results/same-study.js';
import { manifestOf } from '../../node/study/study.js';
import { computeStudy, reportFailures, reportMissing } from '../compute.js';
import { estimateStudy, refuseUnlessAsked } from '../estimate.js';
import { afterComputing } from '../exit-status.js';
import { addComputeOptions, addContinuationOptions, type ComputeArguments } from '../options.js';
import { print } from '../print.js';
import { printFigures } from '../print-figures.js';
import { printMap } from '../print-map.js';
import { openTarget, type TargetArguments, withTargetOptions } from '../target.js';

interface RunArguments extends TargetArguments, ComputeArguments {
  readonly export: string;
  readonly figures: boolean;
  readonly yes?: boolean;
}

/** Dataset and figures of what is stored. */
async function publish(out: string, options: RunArguments, isWhole: boolean): Promise<void> {
  if (options.export !== 'none') print(`dataset: ${await exportDataset(out, options.export as 'zarr')}\n`);
  if (!options.figures || !isWhole) return;
  // Loaded when there is something to draw: what draws takes longer to load than all the rest.
  const { drawFigures } = await import('../../analysis/figures/figures.js');
  const figures = await drawFigures(out);
  printFigures(figures, 'figure: ');
  printMap(out, figures.left);
}

async function execute(target: string, options: RunArguments): Promise<void> {
  const { study, out } = await openTarget(target, options);
  checkFolderTakes(out, manifestOf(study, out));
  refuseUnlessAsked(await estimateStudy(study, out, options.workers), options.yes === true);

  const finished = await computeStudy(study, out, options);
  const { rows, missing } = finished;
  print(`${describeEndings(rows, rows.length + missing)}\n`);
  const failed = reportFailures(finished.rows, join(out, 'runs.csv'));
  reportMissing(finished);
  if (rows.length > failed) await afterComputing(() => publish(out, options, missing === 0));
  if (failed > 0 || missing > 0) process.exitCode = 1;
}

export function runCommand(): Command {
  const command = addContinuationOptions(addComputeOptions(new Command('run')))
    .description('run a scenario; what is stored already is not computed again')
    .argument('<scenario>', 'a .ts, .js or .json file; or a results folder, to go on with it')
    .addOption(
      new Option('--export <format>', 'labelled dataset to write at the end')
        .choices(['zarr', 'netcdf', 'csv', 'parquet', 'none'])
        .default('zarr'),
    )
    .option('--no-figures', 'draw no figures')
    .option('-y, --yes', 'start even when the estimate is long');
  return withTargetOptions(command).action(execute);
}
