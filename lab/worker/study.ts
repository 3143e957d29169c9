// The study that a worker has open: results, an exported map or a scenario, read by the same code as on a disk.
import { readMapFile } from '../../analysis/advice/map-file.js';
import { type FigureData, openFigureData } from '../../analysis/figures/figure-data.js';
import { readHeatMap } from '../../analysis/figures/figure-tables.js';
import { readPhaseMap } from '../../analysis/figures/phase-tables.js';
import type { Registry } from '../../core/container.js';
import type { FigureAxis, FigureDeclaration, HeatMapDeclaration } from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError } from '../../core/errors.js';
import { checkFigure } from '../../core/figures/check.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import { canonical } from '../../core/scenario/identity.js';
import { parseScenario } from '../../core/scenario/parse.js';
import { type ArrayLoader, type ResolvedSweep, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readArrayFile } from '../../node/files/array-file.js';
import { scenarioOfRuns } from '../../node/results/results-folder.js';
import { DIGESTS, parseDigests } from '../../node/results/run-digest.js';
import { parseJson } from '../../node/scenario/read-json.js';
import type { MapTable, MapView, Place, StoredRun, Study } from '../protocol.js';
import { existsSync, filesIn, mountFolder, unmountFolder } from './node/fs.js';
import { registryOf } from './plugins.js';
import { readStudyFile, type StudyFile } from './study-file.js';

/** A study with what its runs need. */
export interface OpenStudy {
  readonly study: Study;
  readonly folder: string;
  readonly registry: Registry;
  readonly sweep: ResolvedSweep;
  readonly load: ArrayLoader;
  /** Numbers and verdicts; undefined where nothing is stored. */
  readonly data?: FigureData;
  readonly digests: ReadonlyMap<string, string>;
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

/** Maps that the figures of a scenario declare, panel by panel. */
function declaredMaps(figures: readonly FigureDeclaration[] = []): MapView[] {
  return figures.flatMap((figure): MapView[] => {
    if (figure.kind === 'phase-map' || figure.kind === 'heat-map') {
      const { name, width: _width, published: _published, ...declaration } = figure;
      return [{ name, title: figure.title ?? name, declaration }];
    }
    if (figure.kind !== 'panels') return [];
    return figure.panels.flatMap((panel, i) =>
      panel.kind === 'phase-map' || panel.kind === 'heat-map'
        ? [{ name: `${figure.name}-${i + 1}`, title: panel.title ?? figure.title ?? figure.name, declaration: panel }]
        : [],
    );
  });
}

/** Axes of a map where no figure says: the first two, and the first values of all others. */
function usualAxes(data: FigureData): { x: FigureAxis; y: FigureAxis; where: Record<string, Json> } | undefined {
  const groups = new Map(data.manifest.axes.map((axis) => [axis.group, axis]));
  const [x, y, ...others] = [...groups.values()];
  if (!x || !y) return undefined;
  return {
    x: { axis: x.name },
    y: { axis: y.name },
    where: Object.fromEntries(others.map(({ name, values }) => [name, values[0]])),
  };
}

function mapsOf(data: FigureData): MapView[] {
  const { manifest, ground } = data;
  const declared = declaredMaps(manifest.scenario.figures);
  const pattern = declared[0]?.declaration ?? usualAxes(data);
  if (!pattern) return [];
  const { x, y, where } = pattern;
  const axes = { x, y, ...(where && { where }) };
  const classifiers = Object.keys(ground.classifiers).map(
    (classifier): MapView => ({
      name: `label.${classifier}`,
      title: `Phases by ${classifier}`,
      declaration: { kind: 'phase-map', classifier, ...axes },
    }),
  );
  const numbers = Object.entries(ground.channels)
    .filter(([, { shape }]) => shape.length === 0)
    .map(([value]): MapView => ({ name: value, title: value, declaration: { kind: 'heat-map', value, ...axes } }));
  const own = manifest.scenario.classifier?.use;
  const isDrawn = ({ declaration }: MapView) =>
    declared.some(({ declaration: other }) =>
      declaration.kind === 'phase-map'
        ? other.kind === 'phase-map' && (other.classifier ?? own) === declaration.classifier
        : other.kind === 'heat-map' && canonical(other.value) === canonical(declaration.value),
    );
  const all = [...declared, ...[...classifiers, ...numbers].filter((view) => !isDrawn(view))];
  const fits = ({ declaration }: MapView) => {
    try {
      checkFigure({ ...declaration, name: 'map' } as FigureDeclaration, '', ground);
      return true;
    } catch {
      return false;
    }
  };
  return all
    .filter(fits)
    .sort((a, b) => Number(b.declaration.kind === 'phase-map') - Number(a.declaration.kind === 'phase-map'));
}

/** A table of digests that stands for arrays that are left out. */
function readDigests(files: readonly StudyFile[]): ReadonlyMap<string, string> {
  const file = files.find(({ path }) => path === DIGESTS);
  return file ? parseDigests(new TextDecoder().decode(readStudyFile(file))) : new Map();
}

/** The one folder that all paths begin with, as an archive of a folder has it, is left out. */
function withoutCommonFolder(files: readonly StudyFile[]): readonly StudyFile[] {
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
    if (has('map.json')) return await openScenario(folder, readMapFile(folder).file.scenario as Scenario, files);
    if (has('comparison.json')) {
      const message = 'is a comparison; open one of the results folders in it, such as "reference"';
      throw new EigenflowError('results', 'comparison.json', message);
    }
    const scenarios = files.filter(({ path }) => path.endsWith('.json'));
    if (scenarios.length === 1) {
      const text = new TextDecoder().decode(readStudyFile(scenarios[0]));
      return await openScenario(folder, parseJson(text, scenarios[0].path) as Scenario, files);
    }
    const names = files.slice(0, 3).map(({ path }) => path);
    throw new EigenflowError(
      'results',
      names.join(', ') || 'nothing',
      'is no study: open a results folder (with manifest.json), an exported map (map.json) or one scenario (.json)',
    );
  } catch (error) {
    unmountFolder(folder);
    throw error;
  }
}

/** A study whose folder has new runs. */
export const reopen = ({ folder }: OpenStudy): Promise<OpenStudy> => openResults(folder, filesIn(folder));

async function openScenario(folder: string, given: Scenario, files: readonly StudyFile[]): Promise<OpenStudy> {
  const { $schema: _schema, ...scenario } = parseScenario(given);
  const registry = await registryOf(scenario.plugins);
  const load = arraysOf(folder);
  const sweep = resolveScenario(scenario, registry, load);
  return {
    folder,
    registry,
    sweep,
    load,
    digests: readDigests(files),
    study: {
      title: scenario.title,
      description: scenario.description,
      scenario,
      axes: sweep.grid.axes.map(({ name, values }) => ({ name, values })),
      seeds: sweep.grid.seeds,
      maps: [],
      stored: { runs: 0, provable: 0 },
      madeBy: { version: '', sameKernels: true },
    },
  };
}

async function openResults(folder: string, files: readonly StudyFile[]): Promise<OpenStudy> {
  const data = openFigureData(folder);
  const { manifest } = data;
  const scenario = scenarioOfRuns(folder, manifest);
  const opened = await openScenario(folder, scenario, files);
  const runs = data.runs.filter((run) => run !== undefined);
  const { study } = opened;
  const open = { ...opened, data };
  return {
    ...open,
    study: {
      ...study,
      maps: mapsOf(data),
      stored: {
        runs: runs.length,
        provable: runs.filter(({ id, trajectory }) => proofOf(open, id, trajectory) !== 'none').length,
      },
      madeBy: {
        version: manifest.versions.eigenflow,
        sameKernels: manifest.kernels.hash === kernelBuild('strict').hash,
      },
    },
  };
}

/** What a replay of this run can be held against. */
export function proofOf(
  { folder, digests }: Pick<OpenStudy, 'folder' | 'digests'>,
  id: string,
  trajectory: string | undefined,
): StoredRun['proof'] {
  if (existsSync(`${folder}/runs/${id}.npz`)) return 'arrays';
  if (digests.has(id)) return 'digest';
  return trajectory === undefined ? 'none' : 'trajectory';
}

export function drawMap({ study, data }: OpenStudy, name: string): MapTable {
  const view = study.maps.find((map) => map.name === name);
  if (!view || !data) throw new EigenflowError('results', name, 'is no map of this study');
  const { declaration } = view;
  return declaration.kind === 'phase-map'
    ? { kind: 'phase-map', table: readPhaseMap(data, declaration).table }
    : { kind: 'heat-map', table: readHeatMap(data, declaration as HeatMapDeclaration).table };
}

/** Whether two values of an axis are one. */
export const isAt = (axes: Place['at'], at: Place['at']) =>
  Object.entries(at).every(([name, value]) => canonical(axes[name] ?? null) === canonical(value));

/** Stored runs of a cell. */
export function runsAt(open: OpenStudy, at: Place['at']): StoredRun[] {
  const { data } = open;
  if (!data) return [];
  const verdicts = Object.keys(data.ground.classifiers).map((name) => [name, data.verdicts(name)] as const);
  return data.runs
    .filter((run) => run !== undefined)
    .filter(({ axes }) => isAt(axes, at))
    .map(({ id, seed, status, steps, trajectory }) => ({
      id,
      seed,
      status,
      steps,
      trajectory,
      labels: Object.fromEntries(verdicts.map(([name, { byRun }]) => [name, byRun.get(id) ?? ''])),
      proof: proofOf(open, id, trajectory),
    }));
}
