// Observers on the stored weights of every run, into a results folder of their own: the same files as from a study, so
// that export and figures work on them. What is there already is not computed again.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import type { Series } from '../../contracts/classifier.js';
import { replay } from '../../engine/replay.js';
import { gather, type RunResult } from '../../engine/result.js';
import { isEigenflowError } from '../../errors.js';
import { kernelBuild } from '../../kernels/create-kernels.js';
import { canonical } from '../../scenario/identity.js';
import type { ObserverUse } from '../../scenario/scenario.js';
import { text } from '../formats/npy.js';
import { type NpzArrays, readNpz } from '../formats/npz.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { explainFileError } from '../results/file-error.js';
import { type Manifest, manifestPath, readManifest, runPath } from '../results/results-folder.js';
import { encodeRun, readRun, readSeries } from '../results/run-file.js';
import { formatRunsTable } from '../results/runs-table.js';
import { tablePath } from '../results/stored-rows.js';
import { packageVersion } from '../scenario/load-module.js';
import type { Analysis, StoredRun } from './analysis.js';
import { storedTrajectory, weightChannels } from './stored-weights.js';

/** Array in every file: what each of its observers was, so that a changed one is computed anew. */
const RECIPES = 'analysis.observers';

type Recipes = Readonly<Record<string, string>>;

/** Everything that the frames of each observer depend on beside the run. */
function recipesOf({ observers, registry, frames, bench }: Analysis): Recipes {
  const { hash } = kernelBuild(bench.build);
  return Object.fromEntries(
    Object.entries(observers).map(([name, use]) => {
      const { version } = registry.owner('observer', use.use);
      return [name, canonical({ ...use, version, frames, hash })];
    }),
  );
}

/** The file of an earlier analysis; undefined where there is none or it cannot be read. */
function openEarlier(path: string): { arrays: NpzArrays; recipes: Recipes } | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const arrays = readNpz(path);
    return { arrays, recipes: JSON.parse(arrays.text(RECIPES)) };
  } catch (error) {
    if (isEigenflowError(error) && error.code === 'file') throw error;
    return undefined;
  }
}

function seriesOf(arrays: NpzArrays, channels: readonly string[]): Map<string, Series> {
  return new Map(
    channels.flatMap((channel) => {
      const series = readSeries(arrays, channel);
      return series ? [[channel, series] as const] : [];
    }),
  );
}

const belongsTo = (name: string) => (channel: string) => channel.startsWith(`${name}.`);

/** The manifest of the analysis: that of the results, with the observers of this and of earlier analyses. */
function manifestOf(analysis: Analysis, earlier: Manifest | undefined): Manifest {
  const { manifest, registry, observers, channels } = analysis;
  const { classifier: _classifier, figures: _figures, compare: _compare, ...scenario } = manifest.scenario;
  const used = Object.values(observers).flatMap(({ use }) => registry.find('observer', use, use).cite);
  const kept = (all: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !Object.hasOwn(observers, key.split('.')[0])));
  const all = { ...kept(earlier?.scenario.observers), ...observers };
  return {
    ...manifest,
    title: `${manifest.title}: analysis`,
    scenario: { ...scenario, observers: all as Record<string, ObserverUse> },
    versions: {
      ...manifest.versions,
      eigenflow: packageVersion(),
      node: process.version,
      plugins: Object.fromEntries(registry.plugins.map(({ name, version }) => [name, version])),
    },
    citations: [...new Set([...manifest.citations, ...used, ...(earlier?.citations ?? [])])].sort(),
    channels: { ...(kept(earlier?.channels) as Manifest['channels']), ...channels },
    labels: [],
  };
}

async function lookAt({ row, config }: StoredRun, analysis: Analysis, recipes: Recipes): Promise<boolean> {
  const { folder, out, manifest, frames, channels } = analysis;
  const path = runPath(out, row.id);
  const earlier = openEarlier(path);
  const known = Object.keys(recipes).filter((name) => earlier?.recipes[name] === recipes[name]);
  const missing = Object.keys(recipes).filter((name) => !known.includes(name));
  if (missing.length === 0) return false;
  const observers = Object.fromEntries(missing.map((name) => [name, config.observers[name]]));
  const trajectory = storedTrajectory(readRun(folder, row.id), weightChannels(manifest), frames);
  const found: RunResult = await lastValueFrom(gather(replay({ ...config, observers }, trajectory, analysis)));
  const stays = (channel: string) => !missing.some((name) => belongsTo(name)(channel));
  const before = earlier
    ? seriesOf(
        earlier.arrays,
        earlier.arrays.names.filter(stays).filter((name) => earlier.arrays.has(`${name}.step`)),
      )
    : new Map<string, Series>();
  const after = [...found.series].filter(([channel]) => Object.hasOwn(channels, channel));
  const all: Recipes = { ...earlier?.recipes, ...Object.fromEntries(missing.map((name) => [name, recipes[name]])) };
  const result = { status: row.status, steps: row.steps, series: new Map([...before, ...after]) };
  await writeFileAtomic(path, encodeRun(row, result, new Map([[RECIPES, text(canonical(all))]])));
  return true;
}

/**
 * @param tell hears of every run, and whether it had to be computed
 * @returns how many runs were computed
 * @throws EigenflowError `results` when weights were not stored, `component` for an observer that needs the steps between
 */
export async function lookAgain(analysis: Analysis, tell: (computed: boolean) => void): Promise<number> {
  const { out, manifest, observers, runs } = analysis;
  if (Object.keys(observers).length === 0) return 0;
  try {
    mkdirSync(join(out, 'runs'), { recursive: true });
  } catch (error) {
    throw explainFileError(error, out, 'write');
  }
  const recipes = recipesOf(analysis);
  let computed = 0;
  for (const run of runs) {
    const fresh = await lookAt(run, analysis, recipes);
    if (fresh) computed += 1;
    tell(fresh);
  }
  const earlier = existsSync(manifestPath(out)) ? readManifest(out) : undefined;
  await writeFileAtomic(manifestPath(out), `${JSON.stringify(manifestOf(analysis, earlier), null, 2)}\n`);
  const axes = manifest.axes.map(({ name }) => name);
  const rows = runs.map(({ row }) => ({ ...row, label: '' }));
  await writeFileAtomic(tablePath(out), formatRunsTable(axes, rows));
  return computed;
}
