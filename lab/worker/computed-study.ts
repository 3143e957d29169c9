// A study that a tab computes: its results folder in memory, which the same code reads as one on a disk, and the order of its
// runs. What it holds can be downloaded, and `eigenflow run` goes on with it.
import { zipSync } from 'fflate';
import { createClassifier } from '../../core/engine/classifier.js';
import { preflight } from '../../core/engine/preflight.js';
import { checkFigures } from '../../core/figures/check.js';
import { openMemory } from '../../core/kernels/arena.js';
import { type Choice, firstRuns, nextRuns } from '../../core/phases/choose.js';
import { outcomesOf } from '../../core/phases/outcomes.js';
import { planAdaptive } from '../../core/phases/plan.js';
import { manifestText } from '../../node/results/results-folder.js';
import { createRecordReader } from '../../node/results/run-file.js';
import { formatRunsTable, type RunRow } from '../../node/results/runs-table.js';
import { judgeStored } from '../../node/results/verdicts.js';
import { describeStudy } from '../../node/study/manifest.js';
import type { ComputedRun, Estimate, Place } from '../protocol.js';
import { createRank } from './coarse-first.js';
import { isAt } from './map-views.js';
import { filesIn, putFile } from './node/fs.js';
import type { OpenStudy } from './study.js';
import { readStudyFile } from './study-file.js';

/** Written where the version of Node stands in a manifest. */
const TAB = 'in a browser';
/** Version of eigenflow, known when the page is built. */
declare const EIGENFLOW_VERSION: string;

export interface ComputedStudy {
  readonly estimate: Estimate;
  /** Number of the run that is to be computed next, as in the sweep; undefined where none is left, or all are under way. */
  take(focus: Place['at'] | undefined): number | undefined;
  /** Gives back a run that was not computed. */
  release(run: number): void;
  keep(run: number, computed: ComputedRun): void;
  /** Writes the tables of what is there. */
  settle(): void;
  archive(): Uint8Array;
  readonly done: number;
}

const memory = openMemory();

/**
 * @param open the study, in a folder that may hold a part of the runs
 * @throws EigenflowError for a scenario that cannot be run
 */
export function computeStudy(open: OpenStudy): ComputedStudy {
  const { sweep, registry, load, folder, study } = open;
  const { scenario } = study;
  const { grid, runs } = sweep;
  const found = preflight(sweep, registry, memory, load);
  checkFigures(scenario.figures ?? [], {
    ...grid,
    channels: found.channels,
    frameCounts: found.frameCounts,
    classifiers: scenario.classifier ? { [scenario.classifier.use]: found.labels } : {},
    scenario,
  });
  const classifier = createClassifier(runs[0], registry, memory, load);
  const manifest = describeStudy(
    { scenario, registry, sweep, preflight: found, load },
    { build: memory.build, scenarioFolder: '.', versions: { eigenflow: EIGENFLOW_VERSION, node: TAB } },
  );
  putFile(folder, 'manifest.json', manifestText(manifest));

  const rows = new Map<number, RunRow>();
  const numbers = new Map(runs.map(({ id }, i) => [id, i]));
  for (const row of open.stored.rows) {
    const run = numbers.get(row.id);
    if (run !== undefined) rows.set(run, row);
  }
  const rank = createRank(grid);
  const numberOf = ({ cell, seed }: Choice) => cell * grid.seeds + seed;
  const plan = scenario.sweep?.adaptive ? planAdaptive(scenario.sweep.adaptive, grid) : undefined;
  let chosen: Choice[] = plan ? firstRuns(plan) : [];
  /** Runs that may be computed now. */
  const wanted = new Set(plan ? chosen.map(numberOf) : runs.map((_, i) => i));
  for (const run of rows.keys()) wanted.delete(run);

  /** Of an adaptive map: what follows from all that is there. */
  const choose = () => {
    if (!plan || !classifier || !chosen.every((choice) => rows.has(numberOf(choice)))) return;
    const read = createRecordReader([{ folder, channels: found.channels }]);
    const records = chosen.map((choice) => read(rows.get(numberOf(choice)) as RunRow, runs[numberOf(choice)]));
    if (records.some(({ status }) => status === 'failed')) return;
    const next = nextRuns(plan, outcomesOf(classifier, chosen, records, grid.axes));
    chosen = [...chosen, ...next];
    for (const choice of next) if (!rows.has(numberOf(choice))) wanted.add(numberOf(choice));
    if (next.length > 0 && wanted.size === 0) choose();
  };

  return {
    estimate: {
      runs: plan?.runs ?? runs.length,
      stored: rows.size,
      stepsPerRun: found.totalSteps / runs.length,
      bytesPerRun: found.storedBytes,
      warnings: found.warnings,
    },
    get done() {
      return rows.size;
    },
    take(focus) {
      if (wanted.size === 0) choose();
      const cell = focus && grid.cells.findIndex((axes) => isAt(axes, focus));
      let best: number | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const run of wanted) {
        const at = rank(Math.floor(run / grid.seeds), run % grid.seeds, cell === -1 ? undefined : cell);
        if (at >= least) continue;
        least = at;
        best = run;
      }
      if (best !== undefined) wanted.delete(best);
      return best;
    },
    release: (run) => wanted.add(run),
    keep(run, { row, bytes }) {
      if (bytes) putFile(folder, `runs/${row.id}.npz`, bytes);
      rows.set(run, row);
    },
    settle() {
      const ended = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
      const judged = classifier && judgeStored(folder, classifier, ended, runs);
      for (const [name, text] of Object.entries(judged?.files ?? {})) putFile(folder, name, text);
      const names = grid.axes.map(({ name }) => name);
      putFile(folder, 'runs.csv', formatRunsTable(names, judged?.rows ?? ended));
    },
    archive() {
      const files = filesIn(folder).map((file) => [file.path, readStudyFile(file)] as const);
      // Frames of doubles hardly shrink: tables do.
      const entries = files.map(([path, bytes]) => [path, [bytes, { level: path.endsWith('.npz') ? 0 : 6 }]] as const);
      return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
    },
  };
}
