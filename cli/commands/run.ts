// `eigenflow run`: computes what is missing of a scenario's runs, then exports the dataset and draws its figures.
import { basename, extname, join } from 'node:path';
import { Command, Option } from 'commander';
import { exportDataset } from '../../core/node/export/index.js';
import { loadScenario } from '../../core/node/load-scenario.js';
import { checkSameStudy } from '../../core/node/results-folder.js';
import { prepareStudy } from '../../core/node/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { computeStudy, defaultWorkers, reportFailures, whole } from '../compute.js';
import { estimateStudy, refuseUnlessAsked } from '../estimate.js';
import { printMap } from '../print-map.js';

interface RunArguments {
  readonly out?: string;
  readonly workers: number;
  readonly seed?: number;
  readonly set: readonly string[];
  readonly kernels: 'strict' | 'relaxed';
  readonly export: string;
  readonly figures: boolean;
  readonly yes: boolean;
}

async function execute(file: string, options: RunArguments): Promise<void> {
  const overrides = options.seed === undefined ? options.set : [...options.set, `seed=${options.seed}`];
  const loaded = await loadScenario(file, overrides);
  const study = await prepareStudy(loaded, builtinPlugins, options.kernels);
  const out = options.out ?? join('results', basename(file, extname(file)));
  checkSameStudy(out, study.scenario);
  refuseUnlessAsked(await estimateStudy(study, out, options.workers), options.yes);

  const finished = await computeStudy(study, out, options.workers);
  const failed = reportFailures(finished, join(out, 'runs.csv'));
  if (finished.rows.length > failed) {
    if (options.export !== 'none')
      process.stdout.write(`dataset: ${await exportDataset(out, options.export as 'zarr')}\n`);
    if (options.figures && finished.missing === 0) {
      // Loaded when there is something to draw: what draws takes longer to load than all the rest.
      const { drawFigures } = await import('../../core/node/figures.js');
      const { paths } = await drawFigures(out);
      for (const figure of paths) process.stdout.write(`figure: ${figure}\n`);
      printMap(out, process.stdout);
    }
  }
  if (failed > 0 || finished.missing > 0) process.exitCode = 1;
}

const collect = (value: string, list: readonly string[]) => [...list, value];

export function runCommand(): Command {
  return new Command('run')
    .description('run a scenario; what is stored already is not computed again')
    .argument('<scenario>', 'a .ts, .js or .json file')
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option('-w, --workers <n>', 'worker threads; 0 computes on the main thread', whole(0), defaultWorkers)
    .option('-s, --seed <n>', 'root seed', whole(0))
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect, [])
    .addOption(
      new Option('--kernels <build>', 'relaxed is faster on some machines, and its bits are not portable')
        .choices(['strict', 'relaxed'])
        .default('strict'),
    )
    .addOption(
      new Option('--export <format>', 'labelled dataset to write at the end')
        .choices(['zarr', 'netcdf', 'csv', 'parquet', 'none'])
        .default('zarr'),
    )
    .option('--no-figures', 'draw no figures')
    .option('-y, --yes', 'start even when the estimate is long', false)
    .action(execute);
}
