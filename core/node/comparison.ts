// Prepares and reads a comparison: the same study under SGD and under its surrogates, one results folder each.
import { join } from 'node:path';
import type { Ensemble } from '../comparison/ensemble.js';
import { EigenflowError, suggest } from '../errors.js';
import type { Comparison, Scenario } from '../scenario/scenario.js';
import type { BuiltinPlugins } from './load-plugins.js';
import type { LoadedScenario } from './load-scenario.js';
import { readNpz } from './npz.js';
import { readManifest, runPath } from './results-folder.js';
import { readSeries } from './run-file.js';
import type { RunRow } from './runs-table.js';
import { prepareStudy, type Study } from './study.js';

export const REFERENCE = 'reference';
const DEFAULT_TOP = 6;

export interface PreparedComparison {
  readonly comparison: Comparison;
  readonly top: number;
  /** The reference first. */
  readonly studies: ReadonlyMap<string, Study>;
}

/** @throws EigenflowError `scenario` when the scenario declares no comparison or its channel does not fit */
export async function prepareComparison(
  { scenario, folder }: LoadedScenario,
  builtin: BuiltinPlugins,
): Promise<PreparedComparison> {
  const { compare, figures: _figures, classifier: _classifier, ...rest } = scenario;
  if (!compare) {
    throw new EigenflowError(
      'scenario',
      'compare',
      'is missing; write for example compare: { surrogates: { langevin: { noise: { use: "langevin", temperature: 0.03 }, ' +
        'optimiser: { use: "sgd", learningRate: 0.02 } } }, levels: "spectrum.levels", replicas: 32 }',
    );
  }
  if (scenario.time === undefined) {
    throw new EigenflowError(
      'scenario',
      'time',
      'a comparison is made at equal learning time: give the length as time',
    );
  }
  if (scenario.sweep !== undefined) {
    throw new EigenflowError(
      'scenario',
      'sweep',
      'a comparison has one setting; its realisations are compare.replicas',
    );
  }
  const replicas = Array.from({ length: compare.replicas }, (_, i) => i);
  const base: Scenario = { ...rest, sweep: { axes: { 'noise.replica': replicas } } };
  const studies = new Map<string, Study>();
  for (const [name, slots] of Object.entries({ [REFERENCE]: {}, ...compare.surrogates })) {
    const title = `${scenario.title}: ${name}`;
    studies.set(name, await prepareStudy({ scenario: { ...base, ...slots, title }, folder }, builtin));
  }
  const { channels } = (studies.get(REFERENCE) as Study).preflight;
  const channel = channels[compare.levels];
  if (channel?.shape.length !== 1) {
    const known = Object.keys(channels).filter((name) => channels[name].shape.length === 1);
    const near = suggest(compare.levels, known);
    throw new EigenflowError(
      'scenario',
      'compare.levels',
      `no channel of levels "${compare.levels}"${near} There are: ${known.join(', ') || 'none'}`,
    );
  }
  return { comparison: compare, top: Math.min(compare.top ?? DEFAULT_TOP, channel.shape[0]), studies };
}

/** Levels of all completed realisations. @throws EigenflowError `results` when fewer than two completed */
export function readEnsemble(out: string, name: string, channel: string, rows: readonly RunRow[]): Ensemble {
  const folder = join(out, name);
  const completed = rows.filter((row) => row.status === 'completed');
  const runs = completed.flatMap((row) => readSeries(readNpz(runPath(folder, row.id)), channel) ?? []);
  if (runs.length < 2) {
    throw new EigenflowError(
      'results',
      folder,
      `${runs.length} of ${rows.length} realisations completed; two are needed`,
    );
  }
  const [first] = runs;
  const width = first.shape[0];
  return {
    name,
    time: [...first.time],
    levels: runs.map(({ data, step }) =>
      Array.from({ length: step.length }, (_, frame) =>
        data
          .slice(frame * width, (frame + 1) * width)
          .sort()
          .reverse(),
      ),
    ),
  };
}

/** Largest step x sharpness in a window, over all realisations; NaN where no `step-stability` is observed. */
export function readSharpness(
  out: string,
  name: string,
  rows: readonly RunRow[],
): (from: number, to: number) => number {
  const folder = join(out, name);
  const { channels } = readManifest(folder);
  const found = Object.entries(channels).find(
    ([path, { component }]) => component === 'step-stability' && path.endsWith('.stepTimesSharpness'),
  );
  const series = found
    ? rows.flatMap((row) =>
        row.status === 'failed' ? [] : (readSeries(readNpz(runPath(folder, row.id)), found[0]) ?? []),
      )
    : [];
  return (from, to) => {
    let largest = Number.NaN;
    for (const { time, data } of series) {
      time.forEach((t, i) => {
        if (t > from && t <= to && !(data[i] <= largest)) largest = data[i];
      });
    }
    return largest;
  };
}
