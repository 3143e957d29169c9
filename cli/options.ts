// Options that several commands share.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PLAYER_CHOICES, type PlayerChoice } from '../node/native/choose-player.js';
import { isResults } from '../node/results/results-folder.js';
import { defaultWorkers, whole } from './compute.js';

/** Parser of a positive number on the command line. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a positive number.');
  return value;
}

/** Below the half minute that Slurm leaves between asking a process to end and ending it. */
const STOP_WITHIN = 25;

export interface ComputeArguments {
  readonly workers: number;
  readonly checkpointSeconds: number;
  readonly runTimeLimit?: number;
  readonly stopWithin: number;
  readonly keepCheckpoints?: boolean;
  readonly continueFrom?: string;
  readonly player: PlayerChoice;
}

export function addWorkersOption(command: Command): Command {
  return command.option('-w, --workers <n>', 'worker threads; 0 computes on the main thread', whole(0), defaultWorkers);
}

/** Who makes the steps; the bits are the same. */
export const playerOption = () =>
  new Option('--player <name>', 'native makes steps faster, to the same bits; auto takes it where it is built')
    .choices(PLAYER_CHOICES)
    .default('auto');

/** How runs are computed. */
export function addComputeOptions(command: Command): Command {
  return addWorkersOption(command)
    .addOption(playerOption())
    .option('--checkpoint-seconds <s>', 'time between checkpoints of a run', positive, 60)
    .option('--run-time-limit <s>', 'a run that computes for longer fails; the others go on (default: none)', positive)
    .option(
      '--stop-within <s>',
      'time for checkpoints once the command is told to stop; a run that takes longer goes on from its last one',
      positive,
      STOP_WITHIN,
    );
}

/** How a study goes on from runs that are stored elsewhere. */
export function addContinuationOptions(command: Command): Command {
  return command
    .option('--keep-checkpoints', 'keep a checkpoint of the end of every run, for longer training to go on from')
    .option(
      '--continue-from <folder>',
      'results to go on from: longer runs from the ends that are kept there, added observers on stored weights',
      resultsFolder,
    );
}

function resultsFolder(folder: string): string {
  if (isResults(folder)) return resolve(folder);
  throw new InvalidArgumentError('expected a results folder, which has a manifest.json.');
}
