// `eigenflow advise`: the phase of a setting by a stored map, how sure, and what would change it.
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type Advice, advise } from '../../core/advice/advice.js';
import { combineMaps } from '../../core/advice/combine.js';
import { NEXT_SEEDS, nextScenario } from '../../core/advice/next-scenario.js';
import { openMap, type ReadableMap } from '../../core/advice/reading.js';
import { createRegistry } from '../../core/container.js';
import type { Component } from '../../core/contracts/component.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { isMapFile, readMapFile } from '../../core/node/map/map-file.js';
import { readMap } from '../../core/node/map/read-map.js';
import { writeFileAtomic } from '../../core/node/results/atomic-file.js';
import { explainFileError } from '../../core/node/results/file-error.js';
import { readManifest, scenarioOfRuns } from '../../core/node/results/results-folder.js';
import { packageFile, packageVersion } from '../../core/node/scenario/load-module.js';
import { loadPlugins } from '../../core/node/scenario/load-plugins.js';
import { parseOverride } from '../../core/node/scenario/load-scenario.js';
import type { Json } from '../../core/parameters/check.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { adviceReport } from '../advice-report.js';
import { whole } from '../compute.js';
import { print, printError, printPicture } from '../print.js';
import { colorDepth } from '../terminal-color.js';
import { terminalPhases } from '../terminal-phases.js';

/** The map that comes with eigenflow, in the package. */
const SHIPPED = 'maps/tanh-teacher-student';

interface AdviseArguments {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly initialWidth: number;
  readonly model: readonly string[];
  readonly map: readonly string[];
  readonly classifier?: string;
  readonly safe?: string;
  readonly confidence: number;
  readonly next?: string;
  readonly figure?: string;
  readonly json: boolean;
  readonly picture: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('expected a positive number.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0.5 && value < 1)) throw new InvalidArgumentError('expected a probability above 0.5 and below 1.');
  return value;
}

/** Those that come with eigenflow: a map is data, and no plugin that it names is loaded. */
async function knownModels(): Promise<readonly Component<'model'>[]> {
  return createRegistry(await loadPlugins(Object.keys(builtinPlugins), '.', builtinPlugins)).list('model');
}

const scenarioOf = (folder: string) =>
  isMapFile(folder) ? readMapFile(folder).file.scenario : scenarioOfRuns(folder, readManifest(folder));

/** Commands that would settle the question. */
function commandsFor(advice: Advice, folders: readonly string[], options: AdviseArguments, map: ReadableMap): string[] {
  const { learningRate, batchSize, initialWidth } = advice.question;
  const file = options.next ?? 'next.json';
  const maps = options.map.length > 0 ? folders.map((folder) => ` --map ${folder}`).join('') : '';
  const numbers = `--learning-rate ${learningRate} --batch-size ${batchSize} --initial-width ${initialWidth}`;
  const setting = [numbers, ...options.model.map((text) => `--model ${text}`)].join(' ');
  const { classifier } = map.data.conditions;
  const own = scenarioOf(folders[0]).classifier?.use === classifier;
  const same = advice.refusal === 'undecided';
  const write = options.next ? [] : [`eigenflow advise ${setting}${maps} --next ${file}`];
  return [
    `${NEXT_SEEDS} seeds of this setting${same ? ', which the map then knows too' : ', a map of its own'}:`,
    ...write,
    `eigenflow run ${file} --out results/next`,
    ...(own ? [] : [`eigenflow analyse results/next --classifiers ${classifier} --frames ends`]),
    ...(same ? [`eigenflow advise ${setting} --map ${folders.join(' --map ')} --map results/next`] : []),
  ];
}

function writeNext(path: string, folder: string, { question }: Advice): void {
  try {
    writeFileSync(path, `${JSON.stringify(nextScenario(scenarioOf(folder), question), null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    throw explainFileError(error, path, 'write');
  }
}

/** The map with the setting in it, in the format of the file's ending. */
async function drawMap(path: string, map: ReadableMap, advice: Advice): Promise<void> {
  // Loaded when asked for: what draws takes longer to load than all the rest.
  const [{ mapPage }, { pageSpec }, { FIGURE_FORMATS, renderFigure }] = await Promise.all([
    import('../../core/advice/picture.js'),
    import('../../core/figures/page.js'),
    import('../../core/node/figures/render-figure.js'),
  ]);
  const format = FIGURE_FORMATS.find((ending) => path.endsWith(`.${ending}`));
  if (!format) {
    throw new EigenflowError('file', path, `the name of a figure ends in ${FIGURE_FORMATS.join(', ')}`);
  }
  const page = mapPage(map, advice.setting);
  const { spec, sample } = pageSpec(page);
  const { learningRate, batchSize, initialWidth } = advice.question;
  const command = `eigenflow advise -l ${learningRate} -b ${batchSize} -i ${initialWidth} --figure ${basename(path)}`;
  const origin = { title: page.title, sample, data: map.data.source, command, version: packageVersion() };
  const files = await renderFigure(spec, origin, [format]);
  await writeFileAtomic(path, files.get(format) as string | Uint8Array);
}

async function execute(options: AdviseArguments): Promise<void> {
  const folders = options.map.length > 0 ? options.map : [packageFile(SHIPPED)];
  const read = folders.map((folder) => readMap(folder, options.classifier));
  for (const { source, leftOut } of read) if (leftOut) printError(`${source}: ${leftOut}\n`);
  // Not where this machine has it.
  const map = openMap(combineMaps(options.map.length > 0 ? read : [{ ...read[0], source: SHIPPED }]));
  const { safe } = options;
  if (safe !== undefined && !map.data.labels.includes(safe)) {
    const labels = map.data.labels.join(', ');
    throw new EigenflowError(
      'results',
      '--safe',
      `no label "${safe}"${suggest(safe, map.data.labels)}; there are ${labels}`,
    );
  }
  const question = {
    learningRate: options.learningRate,
    batchSize: options.batchSize,
    initialWidth: options.initialWidth,
    model: Object.fromEntries(options.model.map(parseOverride)) as Record<string, Json>,
    safe,
    confidence: options.confidence,
  };
  const advice = advise(map, question, options.model.length > 0 ? await knownModels() : []);
  if (options.figure) await drawMap(options.figure, map, advice);
  if (options.next) writeNext(options.next, folders[0], advice);
  if (options.json) {
    const { conditions, source } = map.data;
    const basis = { source, ...conditions, runs: map.runs, settings: map.settings, instances: map.instances };
    process.stdout.write(`${JSON.stringify({ ...advice, decided: advice.refusal === undefined, basis }, null, 2)}\n`);
    return;
  }
  print(adviceReport(advice, map, commandsFor(advice, folders, options, map)));
  if (options.picture) {
    printPicture(`\n${terminalPhases(map, advice.setting, colorDepth(process.stdout))}`);
  }
}

const collect = (value: string, list: readonly string[]) => [...list, value];

export function adviseCommand(): Command {
  return new Command('advise')
    .description('the phase of a setting by a stored map, how sure, and what would change it')
    .requiredOption('-l, --learning-rate <value>', 'of plain SGD', positive)
    .requiredOption('-b, --batch-size <n>', 'samples in a minibatch', whole(1))
    .requiredOption(
      '-i, --initial-width <value>',
      'entries of the first weights have variance width^2 / inputs',
      positive,
    )
    .option(
      '-n, --model <parameter=value>',
      "your network, as far as it is not the map's, such as hidden=64; may be repeated",
      collect,
      [],
    )
    .option(
      '-m, --map <folder>',
      'results, or a map made by `eigenflow export --format map`; several are read as one (default: the map that comes with eigenflow)',
      collect,
      [],
    )
    .option('-c, --classifier <name>', 'whose labels (default: the first that speaks of phases, else the first)')
    .option('--safe <label>', 'the label that is wanted (default: the first of the legend)')
    .option('--confidence <probability>', 'from which a setting is called safe', share, 0.9)
    .option('--next <file>', 'write a scenario for this setting, to settle what the map leaves open')
    .option('--figure <file>', 'the map with the setting in it: .svg, .pdf or .png')
    .option('--json', 'for scripts', false)
    .option('--no-picture', 'print no map')
    .action(execute);
}
