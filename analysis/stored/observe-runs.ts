// Observers on the stored weights of every run, into a results folder of their own: the same files as from a study, so
// that export and figures work on them.
import { join } from 'node:path';
import type { ObserverUse } from '../../core/scenario/scenario.js';
import { isHeld, makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { type Manifest, manifestPath, manifestText, readManifest } from '../../node/results/results-folder.js';
import { formatRunsTable } from '../../node/results/runs-table.js';
import { tablePath } from '../../node/results/stored-rows.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import { checkThreads, openThreads, type ThreadOptions } from '../../node/study/threads.js';
import type { Analysis } from './analysis.js';
import { observeRun, recipesOf } from './observe-run.js';
import { computedOrThrow, type Observed } from './observe-worker.js';

export interface ObserveOptions extends ThreadOptions {
  /** Hears of every run, and whether it had to be computed. */
  readonly onRun?: (computed: boolean) => void;
}

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

async function observeHere(analysis: Analysis, onRun: (computed: boolean) => void): Promise<void> {
  const recipes = recipesOf(analysis);
  for (const run of analysis.runs) onRun(await observeRun(run, analysis, recipes));
}

async function observeOnThreads(
  { settings, runs }: Analysis,
  { workers, workerModule }: ObserveOptions,
  onRun: (computed: boolean) => void,
): Promise<void> {
  const threads = Math.min(workers, runs.length);
  const pool = await openThreads(workerModule as URL, settings, threads);
  try {
    await Promise.all(runs.map(async (_run, place) => onRun(computedOrThrow((await pool.run(place)) as Observed))));
  } finally {
    await pool.destroy();
  }
}

/**
 * @returns how many runs were computed
 * @throws EigenflowError `contract` when there are workers without a module, `results` when weights were not stored, `component` for an observer that needs the steps between
 */
export async function observeRuns(analysis: Analysis, options: ObserveOptions): Promise<number> {
  const { folder, out, manifest, observers, runs } = analysis;
  if (Object.keys(observers).length === 0) return 0;
  checkThreads(options);
  makeHeldFolder(folder, join(out, 'runs'));
  let computed = 0;
  const count = (fresh: boolean) => {
    if (fresh) computed += 1;
    options.onRun?.(fresh);
  };
  if (options.workers > 0 && runs.length > 1) await observeOnThreads(analysis, options, count);
  else await observeHere(analysis, count);
  const earlier = isHeld(folder, manifestPath(out)) ? readManifest(out) : undefined;
  await writeHeld(folder, manifestPath(out), manifestText(manifestOf(analysis, earlier)));
  const axes = manifest.axes.map(({ name }) => name);
  const rows = runs.map(({ row }) => ({ ...row, label: '' }));
  await writeHeld(folder, tablePath(out), formatRunsTable(axes, rows));
  return computed;
}
