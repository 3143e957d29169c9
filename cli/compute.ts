// Computes a study with progress on the terminal, and stops in good order when interrupted.
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { lastValueFrom, tap } from 'rxjs';
import { expectedWhole, isWhole } from '../core/schema/schema.js';
import { failureReasons, whichFailed } from '../node/results/endings.js';
import { runAdaptive } from '../node/study/run-adaptive.js';
import { type RunOptions, runStudy, type StudyEvent } from '../node/study/run-study.js';
import type { Study } from '../node/study/study.js';
import { builtinPlugins, workerModule } from './builtin.js';
import { afterComputing } from './exit-status.js';
import { printError, printsLog } from './print.js';
import { createProgress } from './progress.js';
import { onStopSignal } from './stop-signals.js';

export type Finished = Extract<StudyEvent, { type: 'finished' }>;

/** Parser of a whole number on the command line. */
export function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!isWhole(value, least)) throw new InvalidArgumentError(`expected ${expectedWhole(value, least)}.`);
    return value;
  };
}

export const defaultWorkers = availableParallelism();

/** First signal: runs under way write a checkpoint. A second Ctrl-C: stop at once. */
function stopOnSignal(say: (line: string) => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const release = onStopSignal((name) => {
    if (controller.signal.aborted) {
      // A batch system may say it twice and still leave the time that checkpoints take.
      if (name === 'SIGINT') process.exit(130);
      return;
    }
    say('stopping: runs under way write a checkpoint; press Ctrl-C again to stop at once');
    controller.abort();
  });
  return { signal: controller.signal, release };
}

/** Reasons for failing that are printed. */
const MOST_REASONS = 5;

/** Prints why runs failed; the whole table is in runs.csv. @returns how many did */
export function reportFailures(rows: Finished['rows'], table: string): number {
  const reasons = failureReasons(rows);
  for (const reason of reasons.slice(0, MOST_REASONS)) {
    printError(`failed: ${whichFailed(reason)}: ${reason.message}\n`);
  }
  if (reasons.length > MOST_REASONS) {
    printError(`... and ${reasons.length - MOST_REASONS} more reasons; see ${table}\n`);
  }
  return reasons.reduce((sum, { runs }) => sum + runs, 0);
}

/** Prints how many runs are missing, if any are. */
export function reportMissing({ missing, elsewhere }: Finished): void {
  if (missing === 0) return;
  const held = elsewhere > 0 ? ` (other processes hold ${elsewhere})` : '';
  printError(`${missing} runs are missing${held}; the same command goes on with them\n`);
}

/** What of the command line decides how runs are computed. */
export type ComputeSettings = Pick<
  RunOptions,
  'workers' | 'checkpointSeconds' | 'runTimeLimit' | 'stopWithin' | 'continueFrom' | 'player'
> & {
  /** Keep a checkpoint of the end of every run. */
  readonly keepCheckpoints?: boolean;
};

export interface ComputeOptions {
  /** The part of the sweep to compute. Default: all of it. */
  readonly select?: RunOptions['select'];
  /** Told of every event. */
  readonly watch?: (event: StudyEvent) => void;
}

export async function computeStudy(
  study: Study,
  out: string,
  settings: ComputeSettings,
  { select, watch }: ComputeOptions = {},
): Promise<Finished> {
  printsLog();
  const progress = createProgress(process.stderr);
  const stop = stopOnSignal((line) => progress.say(line));
  try {
    const { keepCheckpoints: keepEnds = false, workers, checkpointSeconds, runTimeLimit } = settings;
    const { stopWithin, continueFrom, player } = settings;
    const limits = { checkpointSeconds, runTimeLimit, stopWithin };
    const how = { workers, ...limits, keepEnds, continueFrom, waitForOthers: true, select, player };
    const options = { out, workerModule, builtin: builtinPlugins, ...how };
    for (const warning of study.preflight.warnings) progress.say(`note: ${warning}`);
    const compute = study.scenario.sweep?.adaptive ? runAdaptive : runStudy;
    const events = compute(study, options, stop.signal);
    let hasBegun = false;
    const show = (event: StudyEvent) => {
      hasBegun = true;
      progress.show(event);
      watch?.(event);
    };
    const finished = lastValueFrom(events.pipe(tap(show))) as Promise<Finished>;
    return await finished.catch((error: unknown) => {
      if (!hasBegun) throw error;
      return afterComputing<Finished>(() => Promise.reject(error));
    });
  } finally {
    stop.release();
    progress.end();
  }
}
