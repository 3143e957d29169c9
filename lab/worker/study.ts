// The study that a worker has open: results, an exported map or a scenario, read by the same code as on a disk.
import { readMapFile } from '../../analysis/advice/map-file.js';
import type { Registry } from '../../core/container.js';
import type { Axis } from '../../core/contracts/classifier.js';
import { EigenflowError, messageOf } from '../../core/errors.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import { parseScenario } from '../../core/scenario/parse.js';
import { type ArrayLoader, type ResolvedSweep, type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { expandSweep, type Grid } from '../../core/scenario/sweep.js';
import { readArrayFile } from '../../node/files/array-file.js';
import { readManifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { DIGESTS, parseDigests } from '../../node/results/run-digest.js';
import { parseJson } from '../../node/scenario/read-json.js';
import type { MapTable, Place, Study } from '../protocol.js';
import { filesIn, mountFolder, unmountFolder } from './node/fs.js';
import { runAt } from './place.js';
import { plannedRuns } from './planned-runs.js';
import { registryOf } from './plugins.js';
import { openStoredMap, partsOf } from './stored-map.js';
import { openStoredResults } from './stored-results.js';
import type { StoredRuns } from './stored-runs.js';
import { readStudyFile, type StudyFile } from './study-file.js';
import { markWhole } from './whole-axes.js';

/** A study with what its runs need. */
export interface OpenStudy {
  readonly study: Study;
  readonly folder: string;
  readonly registry: Registry;
  /** Resolved when it is asked for: there may be many runs. */
  readonly sweep: ResolvedSweep;
  readonly load: ArrayLoader;
  readonly stored: StoredRuns;
}

let count = 0;

/** Arrays that the scenario names lie beside it, or in the study's folder. */
function arraysOf(folder: string): ArrayLoader {
  const known = new Map<string, ReturnType<ArrayLoader>>();
  return (path) => {
    const found = known.get(path) ?? readArrayFile(`${folder}/${path.replace(/^(\.\/)+/, '')}`);
    known.set(path, found);
    return found;
  };
}

/** Arrays of a study that need not be opened: files are read when a run asks for them. */
export const mountArrays = (files: readonly StudyFile[]): ArrayLoader =>
  arraysOf(mountFolder(`arrays-${count++}`, withoutCommonFolder(files)));

function readDigests(files: readonly StudyFile[]): ReadonlyMap<string, string> {
  const file = files.find(({ path }) => path === DIGESTS);
  return file ? parseDigests(new TextDecoder().decode(readStudyFile(file))) : new Map();
}

/** The one folder that all paths begin with, as an archive of a folder has it, is left out. */
export function withoutCommonFolder(files: readonly StudyFile[]): readonly StudyFile[] {
  const [first] = files[0]?.path.split('/') ?? [];
  const isCommon = files.length > 0 && files.every(({ path }) => path.startsWith(`${first}/`));
  return isCommon ? files.map((file) => ({ ...file, path: file.path.slice(first.length + 1) })) : files;
}

/**
 * @throws EigenflowError that names the file and the mistake
 */
export async function openStudy(given: readonly StudyFile[]): Promise<OpenStudy> {
  const files = withoutCommonFolder(given);
  const folder = mountFolder(`study-${count++}`, files);
  const has = (path: string) => files.some((file) => file.path === path);
  try {
    if (has('manifest.json')) return await openResults(folder, files);
    if (has('map.json')) return await openExportedMap(folder);
    if (has('comparison.json')) {
      const message = 'is a comparison; open one of the results folders in it, such as "reference"';
      throw new EigenflowError('results', 'comparison.json', message);
    }
    const scenarios = files.filter(({ path }) => path.endsWith('.json'));
    if (scenarios.length === 1) {
      const text = new TextDecoder().decode(readStudyFile(scenarios[0]));
      return await openScenario(folder, parseJson(text, scenarios[0].path) as Scenario);
    }
    const names = files.slice(0, 3).map(({ path }) => path);
    throw new EigenflowError(
      'results',
      names.join(', ') || 'nothing',
      'is no study: open a results folder (with manifest.json), an exported map (map.json) or one scenario (.json)',
    );
  } catch (error) {
    unmountFolder(folder);
    throw asTheUserKnows(error, folder);
  }
}

/** A study whose folder has new runs. */
export const reopen = ({ folder }: OpenStudy): Promise<OpenStudy> => openResults(folder, filesIn(folder));

/** A mistake with paths from the folder of the study: where that is mounted says nothing to the user. */
export function asTheUserKnows(error: unknown, folder: string): Error {
  return new Error(messageOf(error).replaceAll(`${folder}/`, '').replaceAll(folder, 'FOLDER'), { cause: error });
}

interface Given {
  readonly scenario: Scenario;
  /** What is stored, of runs as this page resolves them. */
  readonly stored: (
    open: { readonly grid: Grid; readonly runs: () => readonly RunConfig[] },
    scenario: Scenario,
  ) => StoredRuns;
  readonly kind: Study['kind'];
  readonly madeBy: Study['madeBy'];
  /** Of a map of several parts, whose scenario is that of the first. */
  readonly whole?: {
    readonly plugins: Registry;
    readonly title: string;
    readonly seeds: number;
    readonly axes: readonly Axis[];
  };
}

async function assemble(
  folder: string,
  { scenario: given, stored: open, kind, madeBy, whole }: Given,
): Promise<OpenStudy> {
  const { $schema: _schema, ...scenario } = parseScenario(given);
  const { plugins: registry = await registryOf(scenario.plugins), title, seeds, axes } = whole ?? {};
  const load = arraysOf(folder);
  const grid = expandSweep(scenario);
  // One run says whether the scenario is sound, but for values that only some cells have.
  const first = { at: grid.cells[0], seed: 0 };
  if (!grid.independent) runAt(scenario, first, registry, load);
  let resolved: ResolvedSweep | undefined;
  const sweep = () => {
    resolved ??= resolveScenario(scenario, registry, load);
    return resolved;
  };
  const stored = open({ grid, runs: () => sweep().runs }, scenario);
  return {
    folder,
    registry,
    get sweep() {
      return sweep();
    },
    load,
    stored,
    study: {
      title: title ?? scenario.title,
      description: scenario.description,
      kind,
      scenario,
      axes: markWhole(axes ?? grid.axes, scenario, registry, load),
      seeds: seeds ?? grid.seeds,
      maps: stored.maps,
      stored: stored.count,
      madeBy,
    },
  };
}

const openScenario = (folder: string, scenario: Scenario): Promise<OpenStudy> =>
  assemble(folder, {
    scenario,
    kind: 'scenario',
    stored: ({ grid, runs }, parsed) => plannedRuns(parsed, grid, runs),
    madeBy: { version: '', sameKernels: true },
  });

const sameKernels = (hashes: readonly string[]) => hashes.every((hash) => hash === kernelBuild('strict').hash);

function openResults(folder: string, files: readonly StudyFile[]): Promise<OpenStudy> {
  const manifest = readManifest(folder);
  const paths = new Set(files.map(({ path }) => path));
  return assemble(folder, {
    scenario: scenarioOfRuns(folder, manifest),
    kind: 'results',
    stored: ({ runs }) => openStoredResults(folder, paths, runs, readDigests(files)),
    madeBy: { version: manifest.versions.eigenflow, sameKernels: sameKernels([manifest.kernels.hash]) },
  });
}

/** Its axes are those of all its parts, of which the scenario sweeps some. */
async function openExportedMap(folder: string): Promise<OpenStudy> {
  const { file } = readMapFile(folder);
  const plugins = await registryOf([...new Set(partsOf(file).flatMap(({ scenario }) => scenario.plugins))]);
  const resolve = (scenario: Scenario) => resolveScenario(parseScenario(scenario), plugins, arraysOf(folder)).runs;
  const map = openStoredMap(folder, resolve);
  const hashes = partsOf(file).map(({ kernels }) => kernels.hash);
  const { title, seeds } = file;
  return assemble(folder, {
    scenario: file.scenario,
    kind: 'map',
    stored: () => map,
    whole: { plugins, title, seeds, axes: map.axes },
    madeBy: { version: file.versions.eigenflow, sameKernels: sameKernels(hashes) },
  });
}

/** The map of a study, by name. @throws EigenflowError `results` where it has no such map */
export function drawMap({ study, stored }: OpenStudy, name: string, where: Place['at'] = {}): MapTable {
  const view = study.maps.find((map) => map.name === name);
  if (!view) throw new EigenflowError('results', name, 'is no map of this study');
  return stored.draw(view, where);
}
