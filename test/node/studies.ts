// Studies for tests: scenarios in temporary folders, computed by the real machinery into real results folders.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, type Observable, tap } from 'rxjs';
import { afterAll } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { livingWriters } from '../../node/results/claims.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { type RunOptions, runStudy, type StudyEvent } from '../../node/study/run-study.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';

export { digestsOf, eightRuns } from './scenarios.js';

/** Entry of a worker thread, as it is shipped. */
export const workerModule = new URL('../../dist/cli/worker.js', import.meta.url);
if (!existsSync(fileURLToPath(workerModule))) throw new Error('these tests need dist/: npm run build');

const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the tests of the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-test-'));
  temporary.push(folder);
  return folder;
}

export interface Computed {
  readonly out: string;
  readonly events: readonly StudyEvent[];
  readonly rows: readonly RunRow[];
  /** Runs that were stored before. */
  readonly stored: number;
  /** Runs that ended now. */
  readonly ended: readonly RunRow[];
  readonly missing: number;
}

export interface ComputeOptions extends Partial<RunOptions> {
  /** Folder of the scenario file. */
  readonly folder?: string;
  /** Told of every event. */
  readonly onEvent?: (event: StudyEvent) => void;
  readonly stop?: AbortSignal;
  /** Default: all runs of the sweep. */
  readonly run?: typeof runStudy;
}

/** Writes the scenario to a file; subscribing to its events computes what is missing of it in `out`. */
async function open(
  scenario: Scenario,
  options: ComputeOptions,
): Promise<{ out: string; events: Observable<StudyEvent> }> {
  const { folder = newFolder(), out = join(folder, 'out'), stop, onEvent: _, run = runStudy, ...rest } = options;
  const file = join(folder, 'scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  const study = await prepareStudy(await loadScenario(file), builtinPlugins);
  return { out, events: run(study, { workers: 0, workerModule, builtin: builtinPlugins, ...rest, out }, stop) };
}

/** Computes what is missing of the scenario in `out`. */
export async function compute(scenario: Scenario, options: ComputeOptions = {}): Promise<Computed> {
  const study = await open(scenario, options);
  const { out } = study;
  const events: StudyEvent[] = [];
  const last = await lastValueFrom(
    study.events.pipe(
      tap((event) => {
        events.push(event);
        options.onEvent?.(event);
      }),
    ),
  );
  if (last.type !== 'finished') throw new Error('the study did not finish');
  const [started] = events;
  return {
    out,
    events,
    rows: last.rows,
    missing: last.missing,
    stored: started.type === 'started' ? started.stored : Number.NaN,
    ended: events.flatMap((event) => (event.type === 'ended' ? [event.row] : [])),
  };
}

/**
 * Begins to compute, and unsubscribes at the first event that `when` accepts.
 *
 * @returns when nobody is at work on the folder any more; `after` counts events that came though nobody listened
 */
export async function leaveWhen(
  scenario: Scenario,
  when: (event: StudyEvent) => boolean,
  options: ComputeOptions = {},
): Promise<{ readonly out: string; readonly after: number }> {
  const { out, events } = await open(scenario, options);
  let after = 0;
  await new Promise<void>((resolve, reject) => {
    let hasLeft = false;
    const subscription = events.subscribe({
      error: reject,
      next: (event) => {
        if (hasLeft) after += 1;
        else if (when(event)) {
          hasLeft = true;
          subscription.unsubscribe();
          resolve();
        }
      },
    });
  });
  while (livingWriters(out).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return { out, after };
}

/** Arrays of a stored run by name, to the last bit. */
export function arraysOf(out: string, id: string): Record<string, string> {
  const arrays = readNpz(join(out, 'runs', `${id}.npz`));
  const numeric = arrays.names.filter((name) => !['run.status', 'run.id', 'run.trajectory'].includes(name));
  return Object.fromEntries(
    numeric.map((name) => {
      const { shape, data } = arrays.get(name);
      return [name, `${shape} ${createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex')}`];
    }),
  );
}
