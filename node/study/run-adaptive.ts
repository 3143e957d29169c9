// Computes an adaptive map: rounds of runs, each chosen from the results of all before. Going on is doing it again: runs
// that are stored are found, and the same results lead to the same choice.
import { lastValueFrom, type Observable, tap } from 'rxjs';
import { createClassifier } from '../../core/engine/classifier.js';
import { type Choice, firstRuns, nextRuns, type Outcome } from '../../core/phases/choose.js';
import { outcomesOf } from '../../core/phases/outcomes.js';
import { planAdaptive } from '../../core/phases/plan.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { readManifest } from '../results/results-folder.js';
import { createRecordReader } from '../results/run-file.js';
import type { RunRow } from '../results/runs-table.js';
import { type RunOptions, runStudy, type StudyEvent } from './run-study.js';
import { stoppable } from './stoppable.js';
import type { Study } from './study.js';

/** What the runs chosen so far say, read from their files. */
function readOutcomes(
  study: Study,
  folder: string,
  chosen: readonly Choice[],
  runs: readonly RunConfig[],
  rows: ReadonlyMap<string, RunRow>,
): Outcome[] {
  const classifier = createClassifier(study.sweep.runs[0], study.registry, study.memory, study.load);
  if (!classifier) throw new Error('parseScenario lets no adaptive sweep pass without a classifier');
  const { channels } = readManifest(folder);
  const read = createRecordReader([{ folder, channels }]);
  const records = runs.map((config) => read(rows.get(config.id) as RunRow, config));
  return outcomesOf(classifier, chosen, records, study.sweep.grid.axes);
}

type Emit = (event: StudyEvent) => void;

/** Computes what is missing of the chosen runs, and tells of it as part of the whole map. */
async function computeRound(
  study: Study,
  options: RunOptions,
  stop: AbortSignal,
  ids: ReadonlySet<string>,
  emit: Emit,
): Promise<Extract<StudyEvent, { type: 'finished' }>> {
  const select = (config: RunConfig) => ids.has(config.id);
  const events = runStudy(study, { ...options, select }, stop).pipe(
    tap((event) => {
      if (event.type !== 'finished') emit(event);
    }),
  );
  return (await lastValueFrom(events)) as Extract<StudyEvent, { type: 'finished' }>;
}

async function execute(study: Study, options: RunOptions, stop: AbortSignal, emit: Emit): Promise<void> {
  const { sweep, scenario, preflight } = study;
  const plan = planAdaptive(scenario.sweep?.adaptive ?? {}, sweep.grid);
  const configOf = ({ cell, seed }: Choice) => sweep.runs[cell * sweep.grid.seeds + seed];
  const stepsPerRun = preflight.totalSteps / sweep.runs.length;
  const reported = new Set<string>();
  let announced = false;
  const emitForMap: Emit = (event) => {
    if (event.type === 'ended' || event.type === 'found') reported.add(event.row.id);
    if (event.type !== 'started') return emit(event);
    // Later rounds are part of the same map.
    if (announced) return;
    announced = true;
    emit({ ...event, runs: plan.runs, steps: (plan.runs - event.stored) * stepsPerRun });
  };
  let chosen: readonly Choice[] = [];
  let next: readonly Choice[] = firstRuns(plan);
  let elsewhere = 0;
  let missing = 0;
  while (next.length > 0) {
    chosen = [...chosen, ...next];
    const configs = chosen.map(configOf);
    const finished = await computeRound(study, options, stop, new Set(configs.map(({ id }) => id)), emitForMap);
    const rows = new Map(finished.rows.map((row) => [row.id, row]));
    for (const { id } of next.map(configOf)) {
      const row = rows.get(id);
      // Stored before: of the first runs that has been told.
      if (row && !reported.has(id) && chosen.length > next.length)
        emitForMap({ type: 'found', row, steps: stepsPerRun });
    }
    elsewhere = finished.elsewhere;
    missing = plan.runs - configs.filter(({ id }) => rows.has(id)).length;
    // What follows must be chosen from the results that these runs will have.
    const isWhole = configs.every(({ id }) => (rows.get(id)?.status ?? 'failed') !== 'failed');
    next = isWhole && !stop.aborted ? nextRuns(plan, readOutcomes(study, options.out, chosen, configs, rows)) : [];
  }
  const ids = new Set(chosen.map((choice) => configOf(choice).id));
  const conclusion = runStudy(study, { ...options, select: () => false, conclude: true }, stop);
  const concluded = (await lastValueFrom(conclusion)) as Extract<StudyEvent, { type: 'finished' }>;
  const rows = concluded.rows.filter(({ id }) => ids.has(id));
  emit({ type: 'finished', rows, missing, elsewhere: Math.min(elsewhere, missing) });
}

/**
 * Like `runStudy`, for a scenario with `sweep.adaptive`. Rows and counts are those of the chosen runs; a folder may hold
 * others, which have no part in the choice.
 *
 * @throws EigenflowError `scenario` when the plan does not fit the grid, and what `runStudy` throws
 */
export function runAdaptive(study: Study, options: RunOptions, stop?: AbortSignal): Observable<StudyEvent> {
  return stoppable((end, emit) => execute(study, options, end, emit), stop);
}
