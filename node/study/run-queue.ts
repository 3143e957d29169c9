// The runs that are left, dealt out in batches: a run is claimed just before it is sent to a worker, so that several
// processes share a sweep however fast each of them is.
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { ResultsFolder } from '../results/open-results.js';
import type { RunRow } from '../results/runs-table.js';

export interface RunQueue {
  /** The next runs for a worker, claimed; none when all that is left is with other processes. */
  take(): readonly RunConfig[];
  /** Puts a run that is claimed already in a batch of its own, before all others. */
  putBack(config: RunConfig): void;
  /** Runs that other processes held when they were asked for. */
  readonly elsewhere: number;
  /** Lets those be asked for again. */
  askAgain(): void;
}

/** Weights x steps below which runs are sent to a worker several at a time; about 20 ms. */
const SHORT_RUN = 2e7;
const LARGEST_BATCH = 32;

/** @param work weights x steps of one run */
function batchSize(runs: number, work: number, workers: number): number {
  if (work >= SHORT_RUN) return 1;
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(runs / (4 * Math.max(1, workers)))));
}

/**
 * Where a process begins in the list of runs: one that finds others at work begins elsewhere, so that they do not ask
 * for the same runs all the way.
 */
function startOf(runs: number, { writer }: ResultsFolder, isAlone: boolean): number {
  if (isAlone || runs === 0) return 0;
  const word = Number.parseInt(writer.slice(-8), 16);
  return Number.isNaN(word) ? 0 : word % runs;
}

/** @param found told of every run that another process has ended in the meantime */
export function createRunQueue(
  open: readonly RunConfig[],
  work: number,
  workers: number,
  results: ResultsFolder,
  found: (row: RunRow) => void,
): RunQueue {
  const size = batchSize(open.length, work, workers);
  const start = startOf(open.length, results, results.others().length === 0);
  let waiting: readonly RunConfig[] = [...open.slice(start), ...open.slice(0, start)];
  let next = 0;
  let held: RunConfig[] = [];
  const returned: RunConfig[] = [];
  return {
    take() {
      const single = returned.pop();
      if (single) return [single];
      const batch: RunConfig[] = [];
      while (batch.length < size && next < waiting.length) {
        const config = waiting[next++];
        const state = results.claim(config);
        if (state === 'claimed') batch.push(config);
        else if (state === 'held') held.push(config);
        else found(state);
      }
      return batch;
    },
    putBack: (config) => returned.push(config),
    get elsewhere() {
      return held.length;
    },
    askAgain() {
      [waiting, held, next] = [held, [], 0];
    },
  };
}
