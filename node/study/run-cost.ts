// What a run takes, time and disk, from runs that are stored or from a short measurement: to plan with, not to rely on.
import { lastValueFrom, takeWhile } from 'rxjs';
import { run } from '../../core/engine/run.js';
import { mean } from '../../core/statistics/estimate.js';
import { statusHeld } from '../files/held-files.js';
import { runPath } from '../results/results-folder.js';
import type { RunRow } from '../results/runs-table.js';
import type { Study } from './study.js';

export interface RunCost {
  /** Of one core. */
  readonly seconds: number;
  readonly bytes: number;
  /** Number of stored runs that this rests on; 0 when a run was begun to measure its speed. */
  readonly storedRuns: number;
}

/** Seconds that the measurement takes. */
const SAMPLE_SECONDS = 1;
/** Stored files that are looked at: enough for a mean, few enough for a slow file system. */
const SAMPLE_FILES = 100;

/** Steps per second of the first run on this machine, without its observers. */
export async function stepsPerSecond({ sweep, registry, memory, load }: Study): Promise<number> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const last = await lastValueFrom(
    run({ ...sweep.runs[0], observers: {} }, { registry, memory, load }).pipe(
      takeWhile((event) => event.type !== 'progress' || elapsed() < SAMPLE_SECONDS, true),
    ),
  );
  return ('step' in last ? last.step : 0) / elapsed();
}

/** Bytes of a stored file beside its frames: names, shapes and the directory of the archive, per channel. */
const CHANNEL_OVERHEAD = 1500;

/** Size of a run's file as it would be with every frame measured: an upper bound, since a diverged run has fewer. */
function expectedBytes({ preflight }: Study): number {
  return preflight.storedBytes + CHANNEL_OVERHEAD * (1 + Object.keys(preflight.channels).length);
}

/** @param rows of runs that have ended in the results folder `out`; none of a new one */
export async function runCost(study: Study, out: string, rows: readonly RunRow[]): Promise<RunCost> {
  const timed = rows.filter((row) => row.status !== 'failed' && Number.isFinite(row.seconds));
  if (timed.length === 0) {
    const steps = study.preflight.totalSteps / study.sweep.runs.length;
    return { seconds: steps / (await stepsPerSecond(study)), bytes: expectedBytes(study), storedRuns: 0 };
  }
  const stride = Math.ceil(timed.length / SAMPLE_FILES);
  const sample = timed.filter((_row, i) => i % stride === 0);
  return {
    seconds: mean(timed.map((row) => row.seconds)),
    bytes: mean(sample.map((row) => statusHeld(out, runPath(out, row.id))?.size ?? 0)),
    storedRuns: timed.length,
  };
}
