// `eigenflow analyse`: observers and classifiers on stored runs, without computing a step.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import { prepareAnalysis } from '../../core/node/analysis/analysis.js';
import { judge } from '../../core/node/analysis/judge.js';
import { lookAgain } from '../../core/node/analysis/look-again.js';
import type { FrameChoice } from '../../core/node/analysis/stored-weights.js';
import { parseOverride } from '../../core/node/load-scenario.js';
import { manifestPath } from '../../core/node/results-folder.js';
import { withValue } from '../../core/scenario/paths.js';
import type { ObserverUse, Use } from '../../core/scenario/scenario.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { agreementReport } from '../agreement-report.js';
import { createCounter } from '../progress.js';

/** What is asked when nothing is: the classifiers of phases that need few frames and no steps. */
const USUAL_CLASSIFIERS = ['dyson-boundary-published', 'dyson-boundary', 'order-parameters'];

interface AnalyseArguments {
  readonly observers: readonly string[];
  readonly classifiers?: readonly string[];
  readonly frames: FrameChoice;
  readonly set: readonly string[];
  readonly base: string;
}

/** Components by name, with the parameters that `--set observers.NAME.parameter=value` gives them. */
function usesOf(names: readonly string[], kind: 'observers' | 'classifiers', overrides: readonly string[]) {
  let tree: Record<string, Record<string, Use>> = { [kind]: Object.fromEntries(names.map((use) => [use, { use }])) };
  for (const [path, value] of overrides.map(parseOverride)) {
    const [slot, name] = path.split('.');
    if (slot !== kind) continue;
    if (!names.includes(name)) {
      throw new EigenflowError('scenario', `--set ${path}`, `no ${slot.slice(0, -1)} "${name}" is asked for`);
    }
    tree = withValue(tree, path, value);
  }
  return tree[kind];
}

async function analyseRuns(folder: string, options: AnalyseArguments): Promise<void> {
  const { observers: names, frames, set, base } = options;
  const stray = set.map((text) => parseOverride(text)[0]).find((path) => !/^(observers|classifiers)\./.test(path));
  if (stray !== undefined) {
    throw new EigenflowError(
      'scenario',
      `--set ${stray}`,
      'runs are stored; set parameters of observers or classifiers',
    );
  }
  const classifiers = options.classifiers ?? (names.length > 0 ? [] : USUAL_CLASSIFIERS);
  const observers = usesOf(names, 'observers', set) as Record<string, ObserverUse>;
  const request = { observers, classifiers: Object.values(usesOf(classifiers, 'classifiers', set)), frames };
  const analysis = await prepareAnalysis(folder, request, builtinPlugins, base);
  const counter = createCounter(process.stderr, 'runs looked at again', analysis.runs.length);
  const computed = await lookAgain(analysis, () => counter.add(1));
  counter.end();
  if (Object.keys(analysis.observers).length > 0) {
    const kept = analysis.runs.length - computed;
    const what = Object.keys(analysis.observers).join(', ');
    process.stdout.write(`${what}: ${computed} runs computed, ${kept} were there; ${analysis.out}\n`);
  }
  const judgements = await judge(analysis);
  if (judgements.length === 0) return;
  process.stdout.write(`${agreementReport(judgements, analysis.manifest.axes)}\n`);
  process.stdout.write(`tables: ${join(analysis.out, 'classifiers.csv')}, and a folder for each classifier\n`);
}

async function execute(folder: string, options: AnalyseArguments): Promise<void> {
  if (!existsSync(manifestPath(folder))) {
    throw new EigenflowError('results', folder, 'is not a results folder: it has no manifest.json');
  }
  await analyseRuns(folder, options);
}

const list = (value: string) => value.split(',').filter((name) => name !== '');
const collect = (value: string, values: readonly string[]) => [...values, value];

export function analyseCommand(): Command {
  return new Command('analyse')
    .description('observers and classifiers on stored runs; results in <folder>/analysis')
    .argument('<folder>', 'results folder whose scenario stored weights')
    .option('--observers <names>', 'observers to look at stored weights with, separated by commas', list, [])
    .option('--classifiers <names>', `default without observers: ${USUAL_CLASSIFIERS.join(',')}`, list)
    .addOption(
      new Option('--frames <choice>', 'stored frames that are looked at')
        .choices(['all', 'ends', 'last'])
        .default('all'),
    )
    .option('--set <path=value>', 'a parameter, such as observers.NAME.block=W; may be repeated', collect, [])
    .option('--base <folder>', 'folder that relative paths of the scenario refer to', '.')
    .action(execute);
}
