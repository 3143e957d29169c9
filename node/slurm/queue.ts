// What the queue says of submitted array jobs.
import { ask } from './program.js';

export interface QueuedTask {
  readonly job: string;
  /** Index in the array. */
  readonly task: number;
  /** As Slurm names it: PENDING, RUNNING, COMPLETING, REQUEUED ... */
  readonly state: string;
  /** Why a task is pending; `None` for a running one. */
  readonly reason: string;
}

/**
 * Tasks that are pending or running; those that have ended are not in the queue any more.
 *
 * @throws EigenflowError `cluster` when Slurm is not there or does not answer
 */
export async function readQueue(jobs: readonly string[]): Promise<QueuedTask[]> {
  if (jobs.length === 0) return [];
  // Columns rather than --json: its layout has changed from version to version, and some builds have none.
  const args = ['--noheader', '--array', '--format=%F|%K|%T|%r', `--jobs=${jobs.join(',')}`];
  const { ok, stdout } = await ask('squeue', args);
  // Slurm forgets a job some minutes after its end and then calls its id invalid.
  if (!ok) return [];
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [job, task, state, reason] = line.split('|');
      return { job, task: Number(task), state, reason };
    });
}
