// Observers on the stored weights of one run, into a file like that of a run. What is in the file already is not computed
// again.
import { lastValueFrom } from 'rxjs';
import type { Series } from '../../core/contracts/classifier.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { observeStored } from '../../core/engine/observe-stored.js';
import { isEigenflowError } from '../../core/errors.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import { canonical } from '../../core/scenario/identity.js';
import { isHeld, writeHeld } from '../../node/files/held-files.js';
import { text } from '../../node/files/npy.js';
import type { NpzArrays } from '../../node/files/npz.js';
import { runPath } from '../../node/results/results-folder.js';
import { encodeRun, readRun, readSeries } from '../../node/results/run-file.js';
import { storedTrajectory, weightChannels } from '../../node/results/stored-weights.js';
import type { Analysis, StoredRun } from './analysis.js';

/** Array in every file: what each of its observers was, so that a changed one is computed anew. */
const RECIPES = 'analysis.observers';

export type Recipes = Readonly<Record<string, string>>;

/** Everything that the frames of each observer depend on beside the run. */
export function recipesOf({ observers, registry, frames, memory }: Analysis): Recipes {
  const { hash } = kernelBuild(memory.build);
  return Object.fromEntries(
    Object.entries(observers).map(([name, use]) => {
      const { version } = registry.owner('observer', use.use);
      return [name, canonical({ ...use, version, frames, hash })];
    }),
  );
}

/** The file of an earlier analysis of the run; undefined where there is none, or one that is damaged or of another run. */
function openEarlier(folder: string, id: string): { arrays: NpzArrays; recipes: Recipes } | undefined {
  if (!isHeld(folder, runPath(folder, id))) return undefined;
  try {
    const arrays = readRun(folder, id);
    const recipes: unknown = JSON.parse(arrays.text(RECIPES));
    return typeof recipes === 'object' && recipes !== null ? { arrays, recipes: recipes as Recipes } : undefined;
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

/**
 * @returns whether anything had to be computed
 * @throws EigenflowError `results` when weights were not stored, `component` for an observer that needs the steps between
 */
export async function observeRun({ row, config }: StoredRun, analysis: Analysis, recipes: Recipes): Promise<boolean> {
  const { folder, out, manifest, frames, channels } = analysis;
  const earlier = openEarlier(out, row.id);
  const known = Object.keys(recipes).filter((name) => earlier?.recipes[name] === recipes[name]);
  const missing = Object.keys(recipes).filter((name) => !known.includes(name));
  if (missing.length === 0) return false;
  const observers = Object.fromEntries(missing.map((name) => [name, config.observers[name]]));
  const trajectory = storedTrajectory(readRun(folder, row.id), weightChannels(manifest), frames);
  const found: RunResult = await lastValueFrom(gather(observeStored({ ...config, observers }, trajectory, analysis)));
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
  const file = encodeRun(row, result, new Map([[RECIPES, text(canonical(all))]]));
  await writeHeld(folder, runPath(out, row.id), file);
  return true;
}
