// `eigenflow analyse`: observers and classifiers on stored runs, without computing a step; and spectra of checkpoints
// that another program has written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import { prepareAnalysis } from '../../core/node/analysis/analysis.js';
import { listCheckpoints } from '../../core/node/analysis/checkpoint-files.js';
import { analyseCheckpoints } from '../../core/node/analysis/checkpoints.js';
import { judge } from '../../core/node/analysis/judge.js';
import { lookAgain } from '../../core/node/analysis/look-again.js';
import type { FrameChoice } from '../../core/node/analysis/stored-weights.js';
import { exportDataset } from '../../core/node/export/index.js';
import { manifestPath } from '../../core/node/results/results-folder.js';
import { parseOverride } from '../../core/node/scenario/load-scenario.js';
import { withValue } from '../../core/scenario/paths.js';
import type { ObserverUse, Use } from '../../core/scenario/scenario.js';
import { agreementReport } from '../agreement-report.js';
import { analysisWorkerModule, builtinPlugins } from '../builtin.js';
import { whole } from '../compute.js';
import { evidenceReport } from '../evidence-report.js';
import { addWorkersOption, positive } from '../options.js';
import { print } from '../print.js';
import { createCounter } from '../progress.js';
import { tellFigures } from '../tell-figures.js';

/** What is asked when nothing is: the classifiers of phases that need few frames and no steps. */
const USUAL_CLASSIFIERS = ['dyson-boundary-published', 'dyson-boundary', 'order-parameters'];

interface AnalyseArguments {
  readonly observers: readonly string[];
  readonly classifiers?: readonly string[];
  readonly frames: FrameChoice;
  readonly set: readonly string[];
  readonly base: string;
  readonly plugins?: readonly string[];
  readonly workers: number;
  readonly layers: readonly string[];
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly stepsPerNumber: number;
  readonly out?: string;
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
  const { observers: names, frames, set, base, plugins = [], workers } = options;
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
  const analysis = await prepareAnalysis({ folder, request, base, plugins }, builtinPlugins);
  const counter = createCounter(process.stderr, 'runs looked at again', analysis.runs.length);
  const how = { workers, workerModule: analysisWorkerModule, tell: () => counter.add(1) };
  const computed = await lookAgain(analysis, how);
  counter.end();
  if (Object.keys(analysis.observers).length > 0) {
    const kept = analysis.runs.length - computed;
    const what = Object.keys(analysis.observers).join(', ');
    print(`${what}: ${computed} runs computed, ${kept} were there; ${analysis.out}\n`);
  }
  const judgements = await judge(analysis);
  if (judgements.length === 0) return;
  if (analysis.failed.length > 0) print(`not judged: ${analysis.failed.length} runs that failed\n`);
  print(`${agreementReport(judgements, analysis.manifest.axes)}\n`);
  print(`tables: ${join(analysis.out, 'classifiers.csv')}, and a folder for each classifier\n`);
}

/** What a step of the trajectory was; nothing in the files says so. */
function stepOf({ learningRate, batchSize }: AnalyseArguments): { learningRate: number; batchSize: number } {
  if (learningRate !== undefined && batchSize !== undefined) return { learningRate, batchSize };
  throw new EigenflowError(
    'scenario',
    learningRate === undefined ? '--learning-rate' : '--batch-size',
    'is missing; checkpoints do not say with which learning rate and batch size they were made',
  );
}

async function analyseFolder(folder: string, options: AnalyseArguments): Promise<void> {
  const { layers, stepsPerNumber, out = join(folder, 'analysis') } = options;
  const request = { ...stepOf(options), layers, stepsPerNumber, out };
  const counter = createCounter(process.stderr, 'checkpoints', listCheckpoints(folder).length);
  const { evidence, checkpoints } = await analyseCheckpoints(folder, request, builtinPlugins, () => counter.add(1));
  counter.end();
  print(`${checkpoints.length} checkpoints, ${checkpoints[0].path} to ${checkpoints.at(-1)?.path}\n`);
  print(`${evidenceReport(evidence)}\n`);
  print(`evidence: ${join(out, 'evidence.csv')}\n`);
  print(`dataset: ${await exportDataset(out, 'csv')}\n`);
  const { drawFigures } = await import('../../core/node/figures/figures.js');
  tellFigures(await drawFigures(out), 'figure: ');
}

/** Options that are for checkpoints, which say less of themselves than results do. */
function refuseForResults(folder: string, { layers, learningRate, batchSize, out }: AnalyseArguments): void {
  const given = { layers: layers[0], 'learning-rate': learningRate, 'batch-size': batchSize, out };
  const stray = Object.entries(given).find(([, value]) => value !== undefined);
  if (stray === undefined) return;
  const message = `${folder} is a results folder, which knows how its runs were made; leave this out: it is for checkpoints`;
  throw new EigenflowError('results', `--${stray[0]}`, message);
}

async function execute(folder: string, options: AnalyseArguments): Promise<void> {
  if (existsSync(manifestPath(folder))) {
    refuseForResults(folder, options);
    return analyseRuns(folder, options);
  }
  if (options.layers.length === 0 && options.learningRate === undefined && options.batchSize === undefined) {
    throw new EigenflowError(
      'results',
      folder,
      'is not a results folder: it has no manifest.json. For a folder of checkpoints give --layers, --learning-rate ' +
        'and --batch-size',
    );
  }
  return analyseFolder(folder, options);
}

const list = (value: string) =>
  value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
const collect = (value: string, values: readonly string[]) => [...values, value];

export function analyseCommand(): Command {
  const description =
    'observers and classifiers on stored runs, or spectra of checkpoints; results in <folder>/analysis';
  return addWorkersOption(new Command('analyse'))
    .description(description)
    .argument('<folder>', 'results folder whose scenario stored weights; or checkpoints as .npz or .safetensors')
    .option('--observers <names>', 'observers to look at stored weights with, separated by commas', list, [])
    .option('--classifiers <names>', `default without observers: ${USUAL_CLASSIFIERS.join(',')}`, list)
    .addOption(
      new Option('--frames <choice>', 'stored frames that are looked at')
        .choices(['all', 'ends', 'last'])
        .default('all'),
    )
    .option('--set <path=value>', 'a parameter, such as observers.NAME.block=W; may be repeated', collect, [])
    .option('--plugins <name...>', 'plugins of yours, by name or path; those that the folder names are named here, too')
    .option('--base <folder>', 'folder that relative paths of the scenario and of plugins refer to', '.')
    .option('--layers <names>', 'checkpoints: arrays that are weight matrices, separated by commas', list, [])
    .option('--learning-rate <number>', 'checkpoints: with which they were trained', positive)
    .option('--batch-size <n>', 'checkpoints: with which they were trained', whole(1))
    .option('--steps-per-number <n>', 'checkpoints: steps that the number in a file name counts for', whole(1), 1)
    .option('-o, --out <folder>', 'checkpoints: results folder (default: <folder>/analysis)')
    .action(execute);
}
