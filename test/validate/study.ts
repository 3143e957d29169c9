// Runs a scenario over all cores for a validation and reads the first and the last frame of a channel in every run.
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { runPath } from '../../node/results/results-folder.js';
import { readSeries } from '../../node/results/run-file.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { type RunOptions, runStudy } from '../../node/study/run-study.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';

export interface Outcome {
  /** Folder of the results. */
  readonly out: string;
  readonly rows: readonly RunRow[];
  first(row: RunRow, channel: string): Float64Array;
  /** Last frame of a channel. */
  last(row: RunRow, channel: string): Float64Array;
}

/** Over all cores, or as many threads as the environment variable EIGENFLOW_VALIDATE_WORKERS says. */
export function studyOptions(out: string): RunOptions {
  return {
    out,
    workers: Number(process.env.EIGENFLOW_VALIDATE_WORKERS ?? availableParallelism()),
    workerModule: new URL('../../dist/cli/worker.js', import.meta.url),
    builtin: builtinPlugins,
  };
}

/**
 * A folder for the results: a new one, or that of the title below the folder that the environment variable
 * EIGENFLOW_VALIDATE_RESULTS names, where a validation goes on from what is there.
 */
async function resultsOf({ title }: Scenario): Promise<string> {
  const kept = process.env.EIGENFLOW_VALIDATE_RESULTS;
  if (kept === undefined) return mkdtemp(join(tmpdir(), 'eigenflow-validate-'));
  return join(kept, title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));
}

export async function compute(scenario: Scenario): Promise<Outcome> {
  const out = await resultsOf(scenario);
  const study = await prepareStudy({ scenario, folder: process.cwd() }, builtinPlugins);
  let ended = 0;
  const event = await lastValueFrom(
    runStudy(study, studyOptions(out), new AbortController().signal).pipe(
      tap((e) => {
        if (e.type === 'ended') ended += 1;
        const tenth = Math.ceil(study.sweep.runs.length / 10);
        if (e.type === 'ended' && ended % tenth === 0)
          process.stderr.write(`  ${ended} of ${study.sweep.runs.length} runs\n`);
      }),
    ),
  );
  if (event.type !== 'finished') throw new Error('the study did not finish');
  const frameOf = (row: RunRow, channel: string, which: 'first' | 'last') => {
    const series = readSeries(readNpz(runPath(out, row.id)), channel);
    if (!series) throw new Error(`run ${row.id} (${row.status}) has no frame of ${channel}`);
    const size = series.data.length / series.step.length;
    return which === 'first' ? series.data.slice(0, size) : series.data.slice(-size);
  };
  return {
    out,
    rows: event.rows,
    first: (row, channel) => frameOf(row, channel, 'first'),
    last: (row, channel) => frameOf(row, channel, 'last'),
  };
}
