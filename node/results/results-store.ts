// Where a study keeps what it computes: the usual store is a results folder.
import type { Classifier } from '../../core/contracts/classifier.js';
import type { Checkpoint } from '../../core/engine/checkpoint.js';
import type { RunResult } from '../../core/engine/gather.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import {
  dropCheckpoint,
  type Quarantined,
  readCheckpoint,
  type StoredCheckpoint,
  writeCheckpoint,
} from './checkpoint-file.js';
import type { ClaimTimes } from './claims.js';
import { openResults, type ResultsFolder } from './open-results.js';
import type { Manifest } from './results-folder.js';
import { writeRun } from './run-file.js';
import type { RunRow } from './runs-table.js';
import { checkFolderTakes } from './same-study.js';
import { classifyStored } from './verdicts.js';

/** Of runs under way. Kernels and code are those that they were computed with: others could not go on from them. */
export interface CheckpointStore {
  /** @param onQuarantined told of one that is damaged or does not fit, and was moved */
  read(
    out: string,
    id: string,
    kernels: string,
    code: string,
    onQuarantined: (moved: Quarantined) => void,
  ): StoredCheckpoint | undefined;
  write(
    out: string,
    id: string,
    kernels: string,
    stored: { readonly checkpoint: Checkpoint; readonly seconds: number },
    code: string,
  ): Promise<void>;
  drop(out: string, id: string): void;
}

/** `out` names the results, as a path of the folder does. */
export interface ResultsStore {
  /** @throws EigenflowError `results` when `out` holds another study; nothing is written */
  check(out: string, study: Manifest): void;
  /** @throws what `check` throws, and EigenflowError `file` when nothing can be written */
  open(out: string, study: Manifest, times?: ClaimTimes): Promise<ResultsFolder>;
  /** Keeps what a run has measured; its row is recorded after that. */
  write(out: string, config: RunConfig, result: RunResult): Promise<void>;
  readonly checkpoints: CheckpointStore;
  /**
   * Labels of runs, from what they have measured.
   *
   * @param rows runs that have ended; failed ones keep an empty label
   * @param runs all runs of the sweep
   */
  classify(
    out: string,
    classifier: Classifier,
    rows: readonly RunRow[],
    runs: readonly RunConfig[],
  ): Promise<readonly RunRow[]>;
}

export const resultsFolderStore: ResultsStore = {
  check: checkFolderTakes,
  open: openResults,
  write: writeRun,
  checkpoints: { read: readCheckpoint, write: writeCheckpoint, drop: dropCheckpoint },
  classify: classifyStored,
};
