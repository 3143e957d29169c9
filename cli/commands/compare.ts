// `eigenflow compare`: SGD and its surrogates from the same weights on the same data at equal learning time, and a
// report of where they agree.
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { prepareComparison, REFERENCE } from '../../analysis/comparison/comparison.js';
import { type ComparisonContent, writeComparisonRecord } from '../../analysis/comparison/comparison-record.js';
import { readComparison } from '../../analysis/comparison/comparison-reports.js';
import { spacingCsv, verdictCsv, verdictJson } from '../../analysis/comparison/comparison-tables.js';
import { drawComparison } from '../../analysis/comparison/draw-comparison.js';
import { writeFileAtomic } from '../../node/files/atomic-file.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import type { Study } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { verdictTable } from '../comparison-report.js';
import { computeStudy, reportFailures, reportMissing } from '../compute.js';
import { afterComputing } from '../exit-status.js';
import { addComputeOptions, type ComputeArguments } from '../options.js';
import { print, printError } from '../print.js';
import { collect } from '../target.js';

interface CompareArguments extends ComputeArguments {
  readonly out?: string;
  readonly set?: readonly string[];
}

async function execute(file: string, options: CompareArguments): Promise<void> {
  const loaded = await loadScenario(file, options.set);
  const out = options.out ?? join('results', basename(file, extname(file)));
  const prepared = await prepareComparison(loaded, builtinPlugins, out);
  const { comparison, top, surrogates, differences, fitted } = prepared;
  for (const [name, found] of Object.entries(differences)) {
    for (const difference of found) printError(`${name}: not the same dynamics: ${difference}\n`);
  }
  const compute = async (name: string, study: Study) => {
    printError(`${name}\n`);
    const finished = await computeStudy(study, join(out, name), options);
    const failed = reportFailures(finished.rows, join(out, name, 'runs.csv'));
    reportMissing(finished);
    if (failed > 0 || finished.missing > 0) process.exitCode = 1;
    return finished.missing === 0 ? finished.rows : undefined;
  };
  const reference = await compute(REFERENCE, prepared.reference);
  if (!reference) return;
  for (const name of surrogates) {
    if (!(await compute(name, await prepared.prepareSurrogate(name, reference)))) return;
  }

  const { levels, windows } = comparison;
  const { title } = loaded.scenario;
  await afterComputing(() =>
    conclude(out, { title, scenario: basename(file), levels, top, windows, surrogates, differences, fitted }),
  );
}

/** Record, tables and figure of runs that are all stored. */
async function conclude(out: string, content: ComparisonContent): Promise<void> {
  await writeComparisonRecord(out, content);
  const compared = readComparison(out);
  const { reports } = compared;
  await writeFileAtomic(join(out, 'verdicts.csv'), verdictCsv(reports));
  await writeFileAtomic(join(out, 'verdicts.json'), verdictJson(reports));
  await writeFileAtomic(join(out, 'spacings.csv'), spacingCsv(reports));
  const paths = await drawComparison(out, compared);
  print(`${verdictTable(reports)}\n`);
  const tables = ['verdicts.csv', 'verdicts.json', 'spacings.csv'].map((name) => join(out, name));
  for (const path of [...paths, ...tables]) print(`${path}\n`);
}

export function compareCommand(): Command {
  return addComputeOptions(new Command('compare'))
    .description('run SGD and the surrogates that a scenario declares, and say where they agree')
    .argument('<scenario>', 'a scenario with a `compare` field')
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect)
    .action(execute);
}
