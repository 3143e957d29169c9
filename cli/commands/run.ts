// `eigenflow run`: computes what is missing of a scenario's runs, then exports the dataset and draws its figures.
import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { lastValueFrom, tap } from 'rxjs';
import { exportDataset } from '../../core/node/export/index.js';
import { drawFigures } from '../../core/node/figures.js';
import { loadScenario } from '../../core/node/load-scenario.js';
import { checkSameStudy } from '../../core/node/results-folder.js';
import { prepareStudy, runStudy, type StudyEvent } from '../../core/node/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { estimateStudy, refuseUnlessAsked } from '../estimate.js';
import { createProgress } from '../progress.js';
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

function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** First interrupt: runs under way write a checkpoint. Second: stop at once. */
function stopOnInterrupt(say: (line: string) => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    say('stopping: runs under way write a checkpoint; press Ctrl-C again to stop at once');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

async function execute(file: string, options: RunArguments): Promise<void> {
  const overrides = options.seed === undefined ? options.set : [...options.set, `seed=${options.seed}`];
  const loaded = await loadScenario(file, overrides);
  const study = await prepareStudy(loaded, builtinPlugins, options.kernels);
  const out = options.out ?? join('results', basename(file, extname(file)));
  checkSameStudy(out, study.scenario);
  refuseUnlessAsked(await estimateStudy(study, out, options.workers), options.yes);

  const progress = createProgress(process.stderr);
  const stop = stopOnInterrupt((line) => progress.say(line));
  let last: StudyEvent | undefined;
  try {
    last = await lastValueFrom(
      runStudy(
        study,
        {
          out,
          workers: options.workers,
          workerModule: new URL('./worker.js', import.meta.url),
          builtin: builtinPlugins,
        },
        stop.signal,
      ).pipe(tap((event) => progress.show(event))),
    );
  } finally {
    stop.release();
    progress.end();
  }
  if (last?.type !== 'finished') return;
  const failed = last.rows.filter((row) => row.status === 'failed');
  for (const row of failed.slice(0, 5)) process.stderr.write(`failed: run ${row.id}: ${row.message}\n`);
  if (failed.length > 5) process.stderr.write(`... and ${failed.length - 5} more; see ${join(out, 'runs.csv')}\n`);
  if (last.rows.length > failed.length) {
    if (options.export !== 'none') process.stdout.write(`dataset: ${await exportDataset(out, options.export as 'zarr')}\n`);
    if (options.figures && last.missing === 0) {
      for (const figure of await drawFigures(out)) process.stdout.write(`figure: ${figure}\n`);
      printMap(out, process.stdout);
    }
  }
  if (last.missing > 0) {
    process.stderr.write(`${last.missing} runs are missing; the same command goes on with them\n`);
  }
  if (failed.length > 0 || last.missing > 0) process.exitCode = 1;
}

const collect = (value: string, list: readonly string[]) => [...list, value];

export function runCommand(): Command {
  return new Command('run')
    .description('run a scenario; what is stored already is not computed again')
    .argument('<scenario>', 'a .ts, .js or .json file')
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option('-w, --workers <n>', 'worker threads; 0 computes on the main thread', whole(0), availableParallelism())
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
