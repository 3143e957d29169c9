// `eigenflow advise`: the phase of a setting by a stored map, how sure, and what would change it.
import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type Advice, advise } from '../../analysis/advice/advice.js';
import { combineMaps } from '../../analysis/advice/combine.js';
import { coordinateOf, INITIAL_WIDTH } from '../../analysis/advice/map-data.js';
import { definitionsOf } from '../../analysis/advice/map-definitions.js';
import { isMapFile, readMapFile } from '../../analysis/advice/map-file.js';
import { NEXT_SEEDS, nextScenario, nextSeeds } from '../../analysis/advice/next-scenario.js';
import { readMap } from '../../analysis/advice/read-map.js';
import { openMap, type ReadableMap } from '../../analysis/advice/reading.js';
import { createRegistry } from '../../core/container.js';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { isNamed, readNamed, writeNamed, writeNewNamed } from '../../node/files/named-file.js';
import { readManifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { packageFile, packageVersion } from '../../node/scenario/load-module.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { parseOverride } from '../../node/scenario/load-scenario.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { adviceReport } from '../advice-report.js';
import { whole } from '../compute.js';
import { print, printError, printPicture } from '../print.js';
import { colorDepth } from '../terminal-color.js';
import { terminalPhases } from '../terminal-phases.js';

/** The map that comes with eigenflow, in the package. */
const SHIPPED = 'maps/tanh-teacher-student';

/** Probability from which a setting is called safe, where none is given. */
const CONFIDENCE = 0.9;

interface AdviseArguments {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly initialWidth?: number;
  readonly at: readonly string[];
  readonly epochs?: number;
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
async function knownComponents() {
  return createRegistry(await loadPlugins(Object.keys(builtinPlugins), '.', builtinPlugins));
}

/** That of the part whose own classifier is meant, where a map was made of several. */
function scenarioOf(folder: string, classifier: string): Scenario {
  if (!isMapFile(folder)) return scenarioOfRuns(folder, readManifest(folder));
  const { scenario, parts = [] } = readMapFile(folder).file;
  return parts.find((part) => part.scenario.classifier?.use === classifier)?.scenario ?? scenario;
}

/** How the value on the coordinate of the map is given on the command line. */
function coordinateOption(map: ReadableMap, value: number, short = false): string {
  const coordinate = coordinateOf(map.data);
  if (!coordinate) return '';
  if (coordinate.path === INITIAL_WIDTH.path) return ` ${short ? '-i' : '--initial-width'} ${value}`;
  return ` --at ${coordinate.path}=${value}`;
}

/** @throws EigenflowError `parameter` where the value on the coordinate of the map is missing, or another one is given */
function coordinateValue({ initialWidth, at }: AdviseArguments, map: ReadableMap): number {
  const coordinate = coordinateOf(map.data);
  const given = new Map<string, unknown>(at.map(parseOverride));
  if (initialWidth !== undefined) given.set(INITIAL_WIDTH.path, initialWidth);
  const stray = [...given.keys()].find((path) => path !== coordinate?.path);
  const option = (path: string) => (path === INITIAL_WIDTH.path ? '--initial-width' : `--at ${path}`);
  if (stray !== undefined) {
    const varies = coordinate
      ? `varies ${coordinate.path}`
      : 'varies nothing beside learning rate, batch size and length';
    throw new EigenflowError('parameter', option(stray), `is no axis of this map, which ${varies}`);
  }
  if (!coordinate) return 1;
  const known = map.data.runs[0].initialWidth;
  // A map that has it fixed says it itself.
  const isFixed = map.data.runs.every((run) => run.initialWidth === known);
  const value = given.get(coordinate.path) ?? (isFixed ? known : undefined);
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  if (value === undefined) {
    const how = coordinate.path === INITIAL_WIDTH.path ? '--initial-width VALUE' : `--at ${coordinate.path}=VALUE`;
    throw new EigenflowError(
      'parameter',
      option(coordinate.path),
      `is missing: the map varies ${coordinate.path}; give ${how}`,
    );
  }
  throw new EigenflowError(
    'parameter',
    option(coordinate.path),
    `expected a positive number, found ${JSON.stringify(value)}`,
  );
}

/** File and folder of the runs of one setting: another setting has others, the same one goes on in its own. */
function placesFor(
  { setting, question }: Advice,
  map: ReadableMap,
): { readonly file: string; readonly folder: string } {
  const coordinate = coordinateOf(map.data);
  const short = coordinate?.path === INITIAL_WIDTH.path ? 'width' : coordinate?.path.split('.').pop();
  const where = coordinate ? `-${short}${setting.initialWidth}` : '';
  const name = `next-rate${question.learningRate}-batch${setting.batchSize}${where}`;
  return { file: `${name}.json`, folder: `results/${name}` };
}

/** Commands that would settle the question. */
function commandsFor(advice: Advice, folders: readonly string[], options: AdviseArguments, map: ReadableMap): string[] {
  const { learningRate, batchSize, initialWidth, length } = advice.question;
  const places = placesFor(advice, map);
  const file = options.next ?? places.file;
  // The map that comes with eigenflow is read with the others only where it is named.
  const named = folders.map((folder) => ` --map ${folder}`).join('');
  const maps = options.map.length > 0 ? named : '';
  const numbers = `--learning-rate ${learningRate} --batch-size ${batchSize}${coordinateOption(map, initialWidth)}`;
  const long = length === undefined ? '' : ` --epochs ${length}`;
  const given = [
    ...options.model.map((text) => `--model ${text}`),
    ...(options.classifier === undefined ? [] : [`--classifier ${options.classifier}`]),
    ...(options.safe === undefined ? [] : [`--safe ${options.safe}`]),
    ...(options.confidence === CONFIDENCE ? [] : [`--confidence ${options.confidence}`]),
  ];
  const setting = [`${numbers}${long}`, ...given].join(' ');
  const { classifier } = map.data.conditions;
  const own = scenarioOf(folders[0], classifier).classifier?.use === classifier;
  const isSame = advice.refusal !== 'other network';
  const seeds = isSame ? nextSeeds(map.data, advice.setting) : NEXT_SEEDS;
  const here = seeds - NEXT_SEEDS;
  const which = `${here === 0 ? '' : `${here} seeds that the map has, and `}${NEXT_SEEDS}${here === 0 ? ' seeds' : ' new ones'}`;
  const known = folders.includes(places.folder) ? '' : ` --map ${places.folder}`;
  return [
    `${which} of this setting${isSame ? ', which the map then knows too' : ', a map of its own'}:`,
    ...(options.next ? [] : [`eigenflow advise ${setting}${maps} --next ${file}`]),
    `eigenflow run ${file} --out ${places.folder}`,
    ...(own ? [] : [`eigenflow analyse ${places.folder} --classifiers ${classifier} --frames ends`]),
    ...(isSame ? [`eigenflow advise ${setting}${named}${known}`] : []),
  ];
}

/** A file that this command has written for the same setting is replaced; any other is left alone. */
async function writeNext(path: string, folder: string, { question, setting }: Advice, map: ReadableMap): Promise<void> {
  const scenario = nextScenario(scenarioOf(folder, map.data.conditions.classifier), map.data, question, setting);
  const isOurs = () => {
    try {
      return JSON.parse(readNamed(path).toString()).title === scenario.title;
    } catch {
      return false;
    }
  };
  const write = isNamed(path) && isOurs() ? writeNamed : writeNewNamed;
  await write(path, `${JSON.stringify(scenario, null, 2)}\n`);
}

/** The map with the setting in it, in the format of the file's ending. */
async function drawMap(path: string, map: ReadableMap, advice: Advice): Promise<void> {
  // Loaded when asked for: what draws takes longer to load than all the rest.
  const [{ mapPage }, { pageSpec }, { FIGURE_FORMATS, renderFigure }] = await Promise.all([
    import('../../analysis/advice/picture.js'),
    import('../../analysis/figures/draw/page.js'),
    import('../../analysis/figures/render-figure.js'),
  ]);
  const format = FIGURE_FORMATS.find((ending) => path.endsWith(`.${ending}`));
  if (!format) {
    throw new EigenflowError('file', path, `the name of a figure ends in ${FIGURE_FORMATS.join(', ')}`);
  }
  const page = mapPage(map, advice.setting);
  const { spec, sample } = pageSpec(page);
  const { learningRate, batchSize, initialWidth } = advice.question;
  const command = `eigenflow advise -l ${learningRate} -b ${batchSize}${coordinateOption(map, initialWidth, true)} --figure ${basename(path)}`;
  const origin = { title: page.title, sample, data: map.data.source, command, version: packageVersion() };
  const files = await renderFigure(spec, origin, [format]);
  await writeNamed(path, files.get(format) as string | Uint8Array);
}

async function execute(options: AdviseArguments): Promise<void> {
  const folders = options.map.length > 0 ? options.map : [packageFile(SHIPPED)];
  const first = readMap(folders[0], options.classifier);
  // Labels of the same classifier: runs that were added to a map may have those of others too.
  const others = folders.slice(1).map((folder) => readMap(folder, first.conditions.classifier));
  for (const { source, leftOut } of [first, ...others]) if (leftOut) printError(`${source}: ${leftOut}\n`);
  // Not where this machine has it.
  const map = openMap(combineMaps(options.map.length > 0 ? [first, ...others] : [{ ...first, source: SHIPPED }]));
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
    initialWidth: coordinateValue(options, map),
    length: options.epochs,
    model: Object.fromEntries(options.model.map(parseOverride)) as Record<string, Json>,
    safe,
    confidence: options.confidence,
  };
  if (options.epochs !== undefined && map.data.conditions.lengthUnit !== 'epochs') {
    const unit = map.data.conditions.lengthUnit;
    throw new EigenflowError('results', '--epochs', `the length of the runs of this map is given in ${unit}`);
  }
  const known = await knownComponents();
  const definitions = definitionsOf(map, folders, known.list('classifier'));
  const advice = advise(map, question, known.list('model'), definitions);
  if (options.figure) await drawMap(options.figure, map, advice);
  if (options.next) await writeNext(options.next, folders[0], advice, map);
  if (options.json) {
    const { conditions, source } = map.data;
    const spans = { batchSizes: map.batchSizes, lengths: map.lengths };
    const basis = { source, ...conditions, ...spans, runs: map.runs, settings: map.settings, instances: map.instances };
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
    .requiredOption(
      '-l, --learning-rate <value>',
      'of the optimiser of the map, plain SGD in the one that comes',
      positive,
    )
    .requiredOption('-b, --batch-size <n>', 'samples in a minibatch', whole(1))
    .option(
      '-i, --initial-width <value>',
      'entries of the first weights have variance width^2 / inputs; needed by maps that vary it',
      positive,
    )
    .option(
      '-a, --at <axis=value>',
      'where on the axis of a map that varies something else, such as optimiser.weightDecay=0.01',
      collect,
      [],
    )
    .option(
      '-e, --epochs <n>',
      'length of training (default: the longest that the map has at this batch size)',
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
    .option('--confidence <probability>', 'from which a setting is called safe', share, CONFIDENCE)
    .option('--next <file>', 'write a scenario for this setting, to settle what the map leaves open')
    .option('--figure <file>', 'the map with the setting in it: .svg, .pdf or .png')
    .option('--json', 'for scripts', false)
    .option('--no-picture', 'print no map')
    .action(execute);
}
