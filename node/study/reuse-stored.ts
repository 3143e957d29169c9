// A run whose weights are stored is not computed again to measure more of it: what it has measured is taken over, and
// observers that were added look at the stored weights. The same bytes as from computing it.
import { lastValueFrom } from 'rxjs';
import type { Series } from '../../core/contracts/classifier.js';
import type { Block } from '../../core/contracts/model.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { observeStored, type Trajectory } from '../../core/engine/observe-stored.js';
import { inspect } from '../../core/engine/preflight.js';
import type { RunContext } from '../../core/engine/run.js';
import { triggerSteps } from '../../core/engine/trigger.js';
import { isEigenflowError } from '../../core/errors.js';
import { canonical } from '../../core/scenario/identity.js';
import { type RunConfig, resolveScenario, withDigests } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { NpzArrays } from '../files/npz.js';
import { readManifest } from '../results/results-folder.js';
import { readRun } from '../results/run-file.js';
import { listStored } from '../results/stored-rows.js';
import { storedTrajectory, weightChannels } from '../results/stored-weights.js';
import { createArrayLoader, loadStoredScenario } from '../scenario/load-scenario.js';
import type { Study } from './study.js';

/** A stored run that went the way of another one. */
export interface StoredBefore {
  readonly id: string;
  /** Observers that it had just so: their frames are those of the other run. */
  readonly kept: readonly string[];
}

/** The scenario without observers and what follows from them: runs that agree in it go the same way. */
function bare(scenario: Scenario): Scenario {
  const { classifier: _classifier, figures: _figures, compare: _compare, sweep, ...rest } = scenario;
  const { adaptive: _adaptive, ...grid } = sweep ?? {};
  return { ...rest, observers: {}, sweep: grid };
}

/**
 * @param folder results in which runs are looked for
 * @returns by the id of the study's run; empty where the folder holds none
 * @throws EigenflowError `results` when the folder holds no results
 */
export function findStoredBefore(study: Study, folder: string): Record<string, StoredBefore> {
  const { scenario, registry, load, sweep, memory } = study;
  const earlier = loadStoredScenario(folder);
  const stored = listStored(folder);
  const theirs = createArrayLoader(earlier.folder, folder);
  const resolve = (given: Scenario, loader: typeof load) => resolveScenario(given, registry, loader, memory.build).runs;
  try {
    const wayOf = new Map(resolve(bare(earlier.scenario), theirs).map(({ id }, i) => [id, i]));
    const before = resolve(earlier.scenario, theirs);
    const ways = resolve(bare(scenario), load);
    const found = sweep.runs.flatMap((config, i): [string, StoredBefore][] => {
      const old = before[wayOf.get(ways[i].id) ?? -1];
      if (old === undefined || !stored.has(old.id)) return [];
      const recipe = ({ observers }: RunConfig, name: string, loader: typeof load) =>
        canonical({ ...withDigests(registry, 'observer', observers[name], loader), when: observers[name].when });
      const kept = Object.keys(config.observers).filter(
        (name) => Object.hasOwn(old.observers, name) && recipe(config, name, load) === recipe(old, name, theirs),
      );
      return [[config.id, { id: old.id, kept }]];
    });
    return Object.fromEntries(found);
  } catch (error) {
    // Its scenario, or that of this study without observers, does not resolve: a plugin is not there, an axis is one of
    // an observer.
    if (isEigenflowError(error)) return {};
    throw error;
  }
}

/** All frames of a stored channel, none included. */
function seriesOf(arrays: NpzArrays, channel: string): Series {
  const { shape, data } = arrays.get(channel);
  const column = (name: string) => arrays.get(`${channel}.${name}`).data;
  return { shape: shape.slice(1), data, step: column('step'), epoch: column('epoch'), time: column('time') };
}

/** Why a run is computed after all. */
class Unmeasured extends Error {}

/** The frames of some steps. */
function framesAt(whole: Trajectory, steps: readonly number[], name: string): Trajectory {
  const places = steps.map((step) => Array.from(whole.step).indexOf(step));
  const missing = steps[places.indexOf(-1)];
  if (missing !== undefined) {
    throw new Unmeasured(
      `observers.${name} measures at step ${missing}, where the weights of all blocks are not stored; an observer ` +
        `"weights" of each block with the same \`when\` stores them`,
    );
  }
  return { step: steps, time: places.map((k) => whole.time[k]), theta: (k) => whole.theta(places[k]) };
}

/**
 * @param folder that holds the stored run
 * @returns what computing the run would give, or why it must be computed
 * @throws EigenflowError `file` or `arrays` when the stored run cannot be read
 */
export async function reuseStored(
  config: RunConfig,
  { id, kept }: StoredBefore,
  folder: string,
  context: Pick<RunContext, 'registry' | 'memory' | 'load'>,
): Promise<RunResult | string> {
  const arrays = readRun(folder, id);
  const status = arrays.text('run.status');
  if (status !== 'completed' || !arrays.has('run.trajectory')) {
    return `the stored run ${id} ${status === 'completed' ? 'is of an older version' : status}`;
  }
  const { channels, steps, stepsPerEpoch } = inspect(config, context);
  const series = new Map<string, Series>();
  const weights = weightChannels(readManifest(folder));
  try {
    for (const [name, observer] of Object.entries(config.observers)) {
      const own = Object.keys(channels).filter((channel) => channel.startsWith(`${name}.`));
      if (kept.includes(name)) {
        for (const channel of own) series.set(channel, seriesOf(arrays, channel));
        continue;
      }
      const at = triggerSteps(`observers.${name}.when`, observer.when, steps, stepsPerEpoch);
      const trajectory = (layout: readonly Block[]) =>
        framesAt(storedTrajectory(arrays, weights, 'all')(layout), at, name);
      const only = { ...config, observers: { [name]: observer } };
      const found = await lastValueFrom(gather(observeStored(only, trajectory, { ...context, exactly: true })));
      for (const channel of own) series.set(channel, found.series.get(channel) as Series);
    }
  } catch (error) {
    if (error instanceof Unmeasured) return error.message;
    if (isEigenflowError(error) && error.code === 'component') return error.message;
    throw error;
  }
  return { status, steps, trajectory: arrays.text('run.trajectory'), channels, series };
}
