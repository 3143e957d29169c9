// `eigenflow compare`: SGD and its surrogates from the same weights on the same data at equal learning time, and a
// report of where they agree.
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { REFERENCE } from '../../analysis/comparison/comparison-plan.js';
import { type ComparisonContent, writeComparisonRecord } from '../../analysis/comparison/comparison-record.js';
import { spacingCsv, verdictCsv, verdictJson } from '../../analysis/comparison/comparison-tables.js';
import { drawComparison } from '../../analysis/comparison/draw-comparison.js';
import { type PreparedInstance, prepareInstances } from '../../analysis/comparison/prepare-instances.js';
import { readComparison } from '../../analysis/comparison/read-comparison.js';
import { writeHeld } from '../../node/files/held-files.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import type { Study } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { verdictTable } from '../comparison-report.js';
import { computeStudy, reportFailures, reportMissing, whole } from '../compute.js';
import { afterComputing } from '../exit-status.js';
import { addComputeOptions, type ComputeArguments } from '../options.js';
import { print, printError } from '../print.js';
import { collect } from '../target.js';

interface CompareArguments extends ComputeArguments {
  readonly out?: string;
  readonly instances?: number;
  readonly set?: readonly string[];
}

/** @returns whether all runs of the instance are stored */
async function computeInstance(instance: PreparedInstance, options: CompareArguments): Promise<boolean> {
  const { out, surrogates } = instance;
  const compute = async (name: string, study: Study) => {
    printError(`${name}\n`);
    const finished = await computeStudy(study, join(out, name), options);
    const failed = reportFailures(finished.rows, join(out, name, 'runs.csv'));
    reportMissing(finished);
    if (failed > 0 || finished.missing > 0) process.exitCode = 1;
    return finished.missing === 0 ? finished.rows : undefined;
  };
  const reference = await compute(REFERENCE, instance.reference);
  if (!reference) return false;
  for (const name of surrogates) {
    if (!(await compute(name, await instance.prepareSurrogate(name, reference)))) return false;
  }
  return true;
}

async function execute(file: string, options: CompareArguments): Promise<void> {
  const { instances: count, set = [] } = options;
  const loaded = await loadScenario(file, count === undefined ? set : [...set, `compare.instances=${count}`]);
  const out = options.out ?? join('results', basename(file, extname(file)));
  const instances = await prepareInstances(loaded, builtinPlugins, out);
  for (const [name, found] of Object.entries(instances[0].differences)) {
    for (const difference of found) printError(`${name}: not the same dynamics: ${difference}\n`);
  }
  for (const [i, instance] of instances.entries()) {
    if (instances.length > 1) printError(`instance ${i + 1} of ${instances.length}\n`);
    if (!(await computeInstance(instance, options))) return;
  }
  await afterComputing(() => conclude(out, instances, basename(file)));
}

/** What the folder of an instance says of it; the first is the folder of all. */
function contentOf(instance: PreparedInstance, scenario: string): ComparisonContent {
  const { comparison, title, top, surrogates, differences, fitted } = instance;
  const { levels, match, windows } = comparison;
  return { title, scenario, levels, match, top, windows, surrogates, differences, fitted };
}

/** Record, tables and figure of runs that are all stored. */
async function conclude(out: string, instances: readonly PreparedInstance[], scenario: string): Promise<void> {
  const [first, ...others] = instances;
  for (const other of others) await writeComparisonRecord(other.out, contentOf(other, scenario));
  const count = others.length > 0 ? { instances: instances.length } : {};
  await writeComparisonRecord(out, { ...contentOf(first, scenario), ...count });
  const compared = readComparison(out);
  await writeHeld(out, join(out, 'verdicts.csv'), verdictCsv(compared));
  await writeHeld(out, join(out, 'verdicts.json'), verdictJson(compared));
  await writeHeld(out, join(out, 'spacings.csv'), spacingCsv(compared.instances));
  const paths = await drawComparison(out, compared);
  print(`${verdictTable(compared)}\n`);
  const tables = ['verdicts.csv', 'verdicts.json', 'spacings.csv'].map((name) => join(out, name));
  for (const path of [...paths, ...tables]) print(`${path}\n`);
}

export function compareCommand(): Command {
  return addComputeOptions(new Command('compare'))
    .description('run SGD and the surrogates that a scenario declares, and say where they agree')
    .argument('<scenario>', 'a scenario with a `compare` field')
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option(
      '--instances <n>',
      'teachers, data and first weights to compare on (default: compare.instances, or 1)',
      whole(1),
    )
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect)
    .action(execute);
}
