// `eigenflow analyse`: observers and classifiers on stored runs, without computing a step; and spectra of checkpoints
// that another program has written.
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { exportDataset } from '../../analysis/export/index.js';
import { prepareAnalysis } from '../../analysis/stored/analysis.js';
import { listCheckpoints } from '../../analysis/stored/checkpoint-files.js';
import { analyseCheckpoints } from '../../analysis/stored/checkpoints.js';
import { judge } from '../../analysis/stored/classify-runs.js';
import { layerSentence } from '../../analysis/stored/layer-sentence.js';
import { observeRuns } from '../../analysis/stored/observe-runs.js';
import { OPTIMISERS, type TrainingProtocol } from '../../analysis/stored/training-protocol.js';
import { faultText } from '../../analysis/stored/weight-faults.js';
import { EigenflowError } from '../../core/errors.js';
import { withValue } from '../../core/scenario/paths.js';
import type { ObserverUse, Use } from '../../core/scenario/scenario.js';
import { checkHeldFolder } from '../../node/files/held-files.js';
import { isNamedFolder, statusNamed } from '../../node/files/named-file.js';
import { isResults, readManifest, refuseAnalysis } from '../../node/results/results-folder.js';
import type { FrameChoice } from '../../node/results/stored-weights.js';
import { parseOverride } from '../../node/scenario/load-scenario.js';
import { agreementReport } from '../agreement-report.js';
import { analysisWorkerModule, builtinPlugins } from '../builtin.js';
import { whole } from '../compute.js';
import { evidenceReport } from '../evidence-report.js';
import { addWorkersOption, positive } from '../options.js';
import { print } from '../print.js';
import { printFigures } from '../print-figures.js';
import { createCounter } from '../progress.js';

/** What is asked when nothing is: the classifiers of phases that need few frames and no steps. */
const USUAL_CLASSIFIERS = ['dyson-boundary-published', 'dyson-boundary', 'order-parameters'];

interface AnalyseArguments extends TrainingProtocol {
  readonly observers: readonly string[];
  readonly classifiers?: readonly string[];
  readonly frames: FrameChoice;
  readonly set: readonly string[];
  readonly base: string;
  readonly plugins?: readonly string[];
  readonly workers: number;
  readonly layers: readonly string[];
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
  const how = { workers, workerModule: analysisWorkerModule, onRun: () => counter.add(1) };
  const computed = await observeRuns(analysis, how);
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

/** Layers whose numbers are printed; evidence.csv has those of all. */
const MOST_IN_TABLE = 8;

/** T is that of an optimiser: which one was used is asked where T is said. */
function protocolOf({ learningRate, batchSize, optimiser, momentum }: AnalyseArguments): TrainingProtocol {
  if (momentum !== undefined && (optimiser ?? 'momentum') !== 'momentum') {
    throw new EigenflowError('scenario', '--momentum', `is for --optimiser momentum, not ${optimiser}; leave one out`);
  }
  if (optimiser === 'momentum' && momentum === undefined) {
    throw new EigenflowError('scenario', '--momentum', 'is missing: T = learning rate / (batch size (1 - momentum))');
  }
  return { learningRate, batchSize, optimiser: momentum === undefined ? optimiser : 'momentum', momentum };
}

/** What of the summary rests on the protocol, and what is missing for the rest. */
function aboutProtocol({ learningRate, batchSize, optimiser }: TrainingProtocol): string {
  const asked = 'spectra need neither; T and learning times are said with --learning-rate, --batch-size, --optimiser';
  if (learningRate === undefined && batchSize === undefined) return `learning rate and batch size: not named; ${asked}`;
  if (optimiser === 'other') return 'T and learning times: not defined for an optimiser whose step has no one size';
  if (optimiser !== undefined) return '';
  return 'T and learning times are those of plain SGD; otherwise say --momentum 0.9, or --optimiser other (such as Adam)';
}

async function analyseFolder(folder: string, options: AnalyseArguments): Promise<void> {
  const { layers, stepsPerNumber } = options;
  const beside = statusNamed(folder)?.isFile() ? dirname(folder) : folder;
  const out = options.out ?? join(beside, 'analysis');
  if (options.out === undefined && isNamedFolder(beside)) checkHeldFolder(beside, out);
  const protocol = protocolOf(options);
  const { found, label, left } = listCheckpoints(folder);
  const counter = createCounter(process.stderr, 'checkpoints', found.length);
  const request = { ...protocol, layers, stepsPerNumber, out };
  const { evidence, faults } = await analyseCheckpoints(folder, request, builtinPlugins, () => counter.add(1));
  counter.end();
  const [first, last] = [found[0], found[found.length - 1]];
  const named = label === '' ? 'numbers' : label;
  print(
    found.length === 1
      ? `1 checkpoint, ${first.path}\n`
      : `${found.length} checkpoints, ${first.path} to ${last.path}; ${named} ${first.number} to ${last.number}\n`,
  );
  if (left.length > 0) print(`left out, without a number in the name: ${left.join(', ')}\n`);
  for (const fault of faults) print(`${faultText(fault)}\n`);
  print(`\n${evidence.map(layerSentence).join('\n')}\n\n`);
  if (evidence.length <= MOST_IN_TABLE) print(`${evidenceReport(evidence)}\n\n`);
  const about = aboutProtocol(protocol);
  if (about !== '') print(`${about}\n`);
  print(`evidence: ${join(out, 'evidence.csv')}\n`);
  print(`dataset: ${await exportDataset(out, 'csv')}\n`);
  const { drawFigures } = await import('../../analysis/figures/figures.js');
  printFigures(await drawFigures(out), 'figure: ');
}

/** Options that are for checkpoints, which say less of themselves than results do. */
function refuseForResults(folder: string, options: AnalyseArguments): void {
  const { layers, learningRate, batchSize, optimiser, momentum, out } = options;
  const given = { layers: layers[0], 'learning-rate': learningRate, 'batch-size': batchSize, optimiser, momentum, out };
  const stray = Object.entries(given).find(([, value]) => value !== undefined);
  if (stray === undefined) return;
  const message = `${folder} is a results folder, which knows how its runs were made; leave this out: it is for checkpoints`;
  throw new EigenflowError('results', `--${stray[0]}`, message);
}

/** Options that are for stored runs, which have a model: checkpoints are weights alone. */
function refuseForCheckpoints(folder: string, { observers, classifiers, set, plugins }: AnalyseArguments): void {
  const given = { observers: observers[0], classifiers: classifiers?.[0], set: set[0], plugins: plugins?.[0] };
  const stray = Object.entries(given).find(([, value]) => value !== undefined);
  if (stray === undefined) return;
  const message = `${folder} is no results folder (it has no manifest.json), and what checkpoints are looked at with is settled; leave this out`;
  throw new EigenflowError('results', `--${stray[0]}`, message);
}

async function execute(folder: string, options: AnalyseArguments): Promise<void> {
  if (isResults(folder)) {
    refuseForResults(folder, options);
    refuseAnalysis(folder, readManifest(folder));
    return analyseRuns(folder, options);
  }
  refuseForCheckpoints(folder, options);
  return analyseFolder(folder, options);
}

const list = (value: string) =>
  value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
const collect = (value: string, values: readonly string[]) => [...values, value];
function momentumNumber(text: string): number {
  const value = Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to below 1.');
}

export function analyseCommand(): Command {
  const description =
    'observers and classifiers on stored runs, or spectra of checkpoints; results in <folder>/analysis';
  return addWorkersOption(new Command('analyse'))
    .description(description)
    .argument(
      '<folder>',
      'results folder whose scenario stored weights; or checkpoints as .npz or .safetensors, or one',
    )
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
    .option(
      '--layers <names>',
      "checkpoints: weight matrices, separated by commas; patterns such as 'blocks.*.attn', or all; may be repeated",
      collect,
      [],
    )
    .option('--learning-rate <number>', 'checkpoints: for learning times and T, which spectra do not need', positive)
    .option('--batch-size <n>', 'checkpoints: for T = learning rate / batch size', whole(1))
    .addOption(
      new Option('--optimiser <name>', 'checkpoints: whose T and learning times (default: sgd)').choices([
        ...OPTIMISERS,
      ]),
    )
    .option('--momentum <number>', 'checkpoints: of --optimiser momentum', momentumNumber)
    .option('--steps-per-number <n>', 'checkpoints: steps that the number in a file name counts for', whole(1), 1)
    .option('-o, --out <folder>', 'checkpoints: results folder (default: <folder>/analysis)')
    .action(execute);
}
