// What the queue says of a folder's jobs, as lines of `eigenflow status`.
import { relative } from 'node:path';
import { isEigenflowError } from '../core/errors.js';
import { type ArrayStates, jobStatesOf } from '../node/slurm/job-states.js';
import { type QueuedTask, readQueue } from '../node/slurm/queue.js';
import { quoted } from '../node/slurm/script.js';
import { jobsOf, readSubmissions, runsInQueue } from '../node/slurm/submission.js';

/** How many logs are named. */
const MOST_LOGS = 3;

function arrayLine({ job, tasks, states, ended }: ArrayStates): string {
  const parts = [...states].map(([state, n]) => `${n} ${state}`);
  if (ended > 0) parts.push(`${ended} ended`);
  return `  job ${job}: ${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${parts.join(', ')}`;
}

function unfinishedLines({ job, folder, unfinished }: ArrayStates): string[] {
  if (unfinished.length === 0) return [];
  const logs = unfinished.slice(0, MOST_LOGS).map((task) => `${relative('', folder)}/${job}_${task}.log`);
  const more = unfinished.length > MOST_LOGS ? ` and ${unfinished.length - MOST_LOGS} more` : '';
  const whose = unfinished.length === 1 ? 'its part was' : 'their parts were';
  return [`  job ${job}: ${unfinished.length} ended before ${whose} finished; see ${logs.join(', ')}${more}`];
}

/** @param isOpen whether a run has neither been stored nor failed */
export async function queueLines(folder: string, isOpen: (id: string) => boolean): Promise<string[]> {
  const submissions = readSubmissions(folder);
  const jobs = jobsOf(submissions);
  // A finished study may have been copied to where there is no queue.
  if (jobs.length === 0 || !submissions.some(({ runs }) => runs.some(isOpen))) return [];
  let queue: QueuedTask[];
  try {
    queue = await readQueue(jobs);
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
    return [`  the queue cannot be read here: ${error.message}`];
  }
  const inQueue = runsInQueue(submissions, queue);
  const lost = new Set(submissions.flatMap(({ runs }) => runs.filter((id) => isOpen(id) && !inQueue.has(id))));
  const jobStates = jobStatesOf(submissions, queue, (id) => lost.has(id));
  const lines = [
    ...jobStates.filter(({ states }) => states.size > 0).map(arrayLine),
    ...jobStates.flatMap(unfinishedLines),
  ];
  if (lost.size > 0)
    lines.push(`  ${lost.size} runs are missing and not in the queue; send them: eigenflow submit ${quoted(folder)}`);
  return lines;
}
