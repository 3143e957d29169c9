// Computes the runs of a study that are not stored yet, over all cores, into its results folder.
import type { Observable } from 'rxjs';
import { createClassifier } from '../../core/engine/classifier.js';
import { EigenflowError } from '../../core/errors.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { storageError } from '../files/file-error.js';
import { type HostBindings, type HostServices, openHost } from '../host.js';
import { type ChosenPlayer, choosePlayer, inWords, type PlayerChoice } from '../native/choose-player.js';
import type { ClaimTimes, Writer } from '../results/claims.js';
import type { ResultsFolder } from '../results/open-results.js';
import type { RunRow } from '../results/runs-table.js';
import { codeOfStudy } from './manifest.js';
import { findStoredBefore } from './reuse-stored.js';
import { createRunQueue, type RunQueue } from './run-queue.js';
import type { RunMessage, RunReport } from './run-worker.js';
import { stoppable } from './stoppable.js';
import { manifestOf, type Study, withSweepOf } from './study.js';
import { checkThreads } from './threads.js';
import { type LostWorker, openWorkerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.js';

export interface RunOptions extends WorkerPoolOptions {
  /** Results folder. */
  readonly out: string;
  /** Seconds between checkpoints of a long run. Default 60. */
  readonly checkpointSeconds?: number;
  /** Seconds of computing after which a run is given up as failed, its checkpoints included. Default: none. */
  readonly runTimeLimit?: number;
  /** Seconds that runs may take to their checkpoints once the study is told to stop; then threads are ended. Default: none. */
  readonly stopWithin?: number;
  /** Keep what longer training goes on from: a checkpoint near the end of every run, with its frames. Default: false. */
  readonly keepEnds?: boolean;
  /** Results folder in which runs of the same scenario but for its length are looked for, to go on from their ends. */
  readonly continueFrom?: string;
  /** The part of the sweep that this process is to compute. Default: all of it. */
  readonly select?: (run: RunConfig, index: number) => boolean;
  /** Write labels and the table though runs of the sweep are missing, as an adaptive map leaves most of its grid out. */
  readonly conclude?: boolean;
  /** Stay until the runs that other processes have claimed are stored, or can be taken over. Default: false. */
  readonly waitForOthers?: boolean;
  readonly claimTimes?: ClaimTimes;
  /** Who makes the steps; the bits are the same. Default: auto, the native player where it is built. */
  readonly player?: PlayerChoice;
  /** Services in place of the usual ones, such as a store of results in memory. Needs `workers: 0`. */
  readonly services?: HostBindings;
}

export type StudyEvent =
  | {
      readonly type: 'started';
      readonly runs: number;
      /** Runs that are stored already. */
      readonly stored: number;
      /** Steps that are left. */
      readonly steps: number;
      /** Other processes at work on the same folder. */
      readonly others: readonly Writer[];
      /** Who makes the steps, in words. */
      readonly player: string;
      /** Runs of the folder's study, where it keeps a larger one than this. */
      readonly kept?: number;
    }
  | RunReport
  /** Another process has ended this run; `steps` are not to be made here. */
  | { readonly type: 'found'; readonly row: RunRow; readonly steps: number }
  /** A run had come to no checkpoint in the time that it has for that: what it has computed since its last one is lost. */
  | { readonly type: 'cut-off'; readonly id: string; readonly seconds: number }
  /** All that is left is with other processes. */
  | { readonly type: 'waiting'; readonly runs: number; readonly others: readonly Writer[] }
  /** All runs have ended, or the study was told to stop. */
  | {
      readonly type: 'finished';
      /** Every run of the sweep that has ended, whoever computed it. */
      readonly rows: readonly RunRow[];
      /** Runs of the sweep that have not ended. */
      readonly missing: number;
      /** Of these, how many other processes hold. */
      readonly elsewhere: number;
    };

/** Milliseconds between two looks at what other processes hold. */
const POLL_INTERVAL = 500;

/**
 * Cold: subscribing computes what is missing, unsubscribing stops. Runs under way write a checkpoint then, which nobody
 * is told of; abort `stop` instead to hear when that is done. A study that is run on the same folder before it is done
 * takes those runs for another process's: `waitForOthers` waits for them.
 *
 * @param stop aborted when the study shall stop: runs under way write a checkpoint, and the last event comes after that
 * @throws EigenflowError `contract` when there are workers without a module, `results` when `out` holds another study;
 * nothing has been written by then. `file` when `out` cannot be written to
 */
export function runStudy(study: Study, options: RunOptions, stop?: AbortSignal): Observable<StudyEvent> {
  return stoppable((end, emit) => execute(study, options, end, emit), stop);
}

type Emit = (event: StudyEvent) => void;

/** @throws EigenflowError `contract` for services that threads would not get: a function does not cross to another one */
function openReplaceable({ services = {}, workers }: RunOptions): HostServices {
  const names = Object.keys(services);
  if (names.length === 0 || workers === 0) return openHost(services);
  const message = `${names.join(' and ')} cannot be had in worker threads, which load their own; use workers: 0`;
  throw new EigenflowError('contract', 'services', message);
}

async function execute(study: Study, options: RunOptions, stop: AbortSignal, emit: Emit): Promise<void> {
  const { sweep } = study;
  const { out, select } = options;
  checkThreads(options);
  const host = openReplaceable(options);
  const { store } = host;
  const player = choosePlayer(options.player ?? 'auto', study.memory.build);
  const own = manifestOf(study, out, player.name);
  store.check(out, own);
  const results = await store.open(out, own, options.claimTimes);
  try {
    const elsewhere = await computeMissing(study, results, options, player, host, stop, emit);
    // The grid of the folder may be larger than this study's, and what is written in the end is about all of it.
    const { runs } = withSweepOf(study, results.manifest()).sweep;
    let all = results.survey(runs);
    const asked = new Set(sweep.runs.map(({ id }) => id));
    const isAsked = ({ id }: RunRow) => asked.has(id);
    const missing = asked.size - all.filter(isAsked).length;
    const isLast = results.others().length === 0;
    // Labels may depend on the whole sweep: who finds it complete writes them, or who is the last to leave it.
    if (all.length === runs.length || options.conclude || (isLast && (missing === 0 || !select))) {
      const classifier = createClassifier(runs[0], study.registry, study.memory, study.load);
      if (classifier) all = [...(await store.classify(out, classifier, all, runs))];
      await results.conclude(all, runs);
    }
    const rows = all.filter(isAsked);
    emit({ type: 'finished', rows, missing, elsewhere: Math.min(elsewhere, missing) });
  } finally {
    results.close();
  }
}

/** @returns the number of runs that other processes hold in the end */
async function computeMissing(
  study: Study,
  results: ResultsFolder,
  options: RunOptions,
  player: ChosenPlayer,
  host: HostServices,
  stop: AbortSignal,
  emit: Emit,
): Promise<number> {
  const { sweep, scenario, folder, memory, preflight } = study;
  const wanted = options.select ? sweep.runs.filter(options.select) : sweep.runs;
  const open = wanted.filter((config) => !results.isStored(config.id));
  const stepsPerRun = preflight.totalSteps / sweep.runs.length;
  const stored = wanted.length - open.length;
  const others = results.others();
  const steps = open.length * stepsPerRun;
  emit({ type: 'started', runs: wanted.length, stored, steps, others, player: inWords(player), kept: results.kept });
  if (open.length === 0) return 0;

  const workers = Math.min(options.workers, open.length);
  const queue = createRunQueue(open, stepsPerRun * preflight.weights, workers, results, (row) =>
    emit({ type: 'found', row, steps: stepsPerRun }),
  );
  const settings = {
    plugins: scenario.plugins,
    folder,
    kernelBuild: memory.build,
    player: player.path,
    out: options.out,
    checkpointSeconds: options.checkpointSeconds ?? 60,
    runTimeLimit: options.runTimeLimit,
    keepEnds: options.keepEnds ?? false,
    continueFrom: options.continueFrom,
    storedBefore: options.continueFrom === undefined ? {} : findStoredBefore(study, options.continueFrom),
    code: codeOfStudy(study),
  };
  const pool = openWorkerPool(settings, { ...options, workers }, host);
  const giveUp = new AbortController();
  const end = AbortSignal.any([stop, giveUp.signal]);
  const { stopWithin = Number.POSITIVE_INFINITY } = options;
  let patience: NodeJS.Timeout | undefined;
  const halt = () => {
    pool.halt();
    if (stopWithin < Number.POSITIVE_INFINITY) patience = setTimeout(() => pool.abandon(), 1000 * stopWithin);
  };
  end.addEventListener('abort', halt);
  const context = {
    queue,
    pool,
    results,
    emit,
    end,
    giveUp: (reason: unknown) => giveUp.abort(storageError(reason)),
    stopWithin,
  };
  try {
    for (;;) {
      await Promise.all(Array.from({ length: Math.max(1, workers) }, () => drain(context)));
      if (giveUp.signal.aborted) throw giveUp.signal.reason;
      if (stop.aborted || queue.elsewhere === 0 || !options.waitForOthers) return queue.elsewhere;
      emit({ type: 'waiting', runs: queue.elsewhere, others: results.others() });
      await pause(POLL_INTERVAL, stop);
      queue.askAgain();
    }
  } finally {
    // Whoever listened to the study until its end aborts the signal by leaving.
    end.removeEventListener('abort', halt);
    clearTimeout(patience);
    await pool.close();
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    stop.addEventListener('abort', end);
  });
}

/** What the workers of a study share. */
interface WorkContext {
  readonly queue: RunQueue;
  readonly pool: WorkerPool;
  readonly results: ResultsFolder;
  readonly emit: Emit;
  /** Aborted when no further batch shall be begun. */
  readonly end: AbortSignal;
  /** The end of a run cannot be recorded: there is no use in computing more. */
  giveUp(reason: unknown): void;
  readonly stopWithin: number;
}

/** Computes one batch after the other on one worker. */
async function drain({ queue, pool, results, emit, end, giveUp, stopWithin }: WorkContext): Promise<void> {
  while (!end.aborted) {
    let batch: readonly RunConfig[];
    try {
      batch = queue.take();
    } catch (error) {
      giveUp(error);
      return;
    }
    if (batch.length === 0) return;
    const ended = new Set<string>();
    const onMessage = (message: RunMessage) => {
      if (message.type === 'ended') {
        ended.add(message.row.id);
        try {
          results.record(message.row);
        } catch (error) {
          giveUp(error);
        }
      }
      if (message.type === 'unstorable') giveUp(new EigenflowError('file', message.path, message.reason));
      else if (message.type === 'unable')
        giveUp(new EigenflowError('plugin', 'a worker thread', `cannot begin: ${message.reason}`));
      else emit(message);
    };
    const lost = await pool.compute(batch, onMessage).catch((error: unknown) => {
      giveUp(error);
      return undefined;
    });
    const left = batch.filter(({ id }) => !ended.has(id));
    if (lost && !end.aborted) {
      requeueLost(lost, left, queue, onMessage);
      continue;
    }
    for (const { id } of left) results.release(id);
    if (lost && left.length > 0) emit({ type: 'cut-off', id: left[0].id, seconds: stopWithin });
  }
}

/** Of several runs any may have killed the thread: unless one is known to have, each gets a thread of its own to show. */
function requeueLost(
  { reason, culprit }: LostWorker,
  runs: readonly RunConfig[],
  queue: RunQueue,
  onMessage: (message: RunMessage) => void,
): void {
  for (const config of runs) {
    const { id, axes, seed } = config;
    const isToBlame = culprit === undefined ? runs.length === 1 : id === culprit;
    if (!isToBlame) {
      queue.putBack(config);
      continue;
    }
    const row = {
      id,
      axes,
      seed,
      status: 'failed',
      steps: 0,
      seconds: Number.NaN,
      label: '',
      message: reason,
    } as const;
    onMessage({ type: 'ended', row });
  }
}
