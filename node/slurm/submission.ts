// What was sent to a cluster: DIR/jobs/<number>/ holds the runs of one submission, its job scripts, their logs, and
// submission.json, which says in which array which part is.
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from '../files/file-error.js';
import { createHeldFolder, isHeld, listHeld, makeHeldFolder, readHeld, writeHeld } from '../files/held-files.js';
import { readNamed } from '../files/named-file.js';
import { decodeText } from '../files/text-encoding.js';
import { deal } from '../study/partition.js';
import type { PlannedArray } from './plan-tasks.js';
import { RUNS_LIST } from './script.js';

export interface SubmittedArray extends PlannedArray {
  /** Script, in the folder of the submission. */
  readonly script: string;
  /** Number of the job; absent when it never reached the queue. */
  readonly job?: string;
}

export interface Submission {
  /** Its folder, `DIR/jobs/0001`. */
  readonly folder: string;
  readonly number: number;
  readonly runs: readonly string[];
  readonly parts: number;
  readonly arrays: readonly SubmittedArray[];
}

const jobsFolder = (results: string) => join(results, 'jobs');
const NUMBER = /^\d{4,}$/;
const RUN_ID = /^[0-9a-f]{20}$/;

/** @throws EigenflowError `file` when it cannot be read or is not a list of runs */
export const readRunsList = (path: string): string[] => parseRunsList(readNamed(path), path);

function parseRunsList(bytes: Uint8Array, path: string): string[] {
  const ids = decodeText(bytes, path)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const wrong = ids.find((id) => !RUN_ID.test(id));
  if (wrong !== undefined) {
    throw new EigenflowError('file', path, `is not a list of runs: "${wrong.slice(0, 40)}" is no name of a run`);
  }
  return ids;
}

/** Makes the folder of a new submission. No two processes are given the same. @throws EigenflowError `file` */
export async function createSubmission(
  results: string,
  runs: readonly string[],
): Promise<{ folder: string; number: number }> {
  const jobs = jobsFolder(results);
  makeHeldFolder(results, jobs);
  const last = Math.max(
    0,
    ...listHeld(results, jobs)
      .filter((name) => NUMBER.test(name))
      .map(Number),
  );
  for (let number = last + 1; ; number++) {
    const folder = join(jobs, String(number).padStart(4, '0'));
    if (!createHeldFolder(results, folder)) continue;
    await writeHeld(results, join(folder, RUNS_LIST), runs.map((id) => `${id}\n`).join(''));
    return { folder, number };
  }
}

const recordPath = (folder: string) => join(folder, 'submission.json');

/** @throws EigenflowError `file` */
export async function recordSubmission(results: string, { folder, parts, arrays }: Submission): Promise<void> {
  await writeHeld(results, recordPath(folder), `${JSON.stringify({ engine: 'slurm', parts, arrays }, null, 2)}\n`);
}

function isArray(value: unknown): value is SubmittedArray {
  const { first, tasks, script, job } = (value ?? {}) as Record<string, unknown>;
  return (
    Number.isSafeInteger(first) &&
    Number.isSafeInteger(tasks) &&
    typeof script === 'string' &&
    // It goes on the command line of squeue.
    (job === undefined || (typeof job === 'string' && /^\d+$/.test(job)))
  );
}

/** Submissions in the order in which they were made. @throws EigenflowError `file` for one that is damaged */
export function readSubmissions(results: string): Submission[] {
  const names = listHeld(results, jobsFolder(results)).filter((name) => NUMBER.test(name));
  return names.sort().flatMap((name) => {
    const folder = join(jobsFolder(results), name);
    // Killed before it sent anything.
    if (!isHeld(results, recordPath(folder))) return [];
    let record: { parts?: unknown; arrays?: unknown } | null;
    try {
      record = JSON.parse(readHeld(results, recordPath(folder)).toString());
    } catch (error) {
      throw explainFileError(error, recordPath(folder), 'read');
    }
    const { parts, arrays } = record ?? {};
    if (!Number.isSafeInteger(parts) || !Array.isArray(arrays) || !arrays.every(isArray)) {
      throw new EigenflowError('file', recordPath(folder), 'is no record of a submission; delete its folder');
    }
    const list = join(folder, RUNS_LIST);
    const runs = parseRunsList(readHeld(results, list), list);
    return [{ folder, number: Number(name), runs, parts: parts as number, arrays }];
  });
}

export const jobsOf = (submissions: readonly Submission[]): string[] =>
  submissions.flatMap(({ arrays }) => arrays.flatMap(({ job }) => job ?? []));

/** A task that is in the queue. */
export interface ActiveTask {
  readonly job: string;
  readonly task: number;
}

/** The runs that tasks in the queue will compute, or are computing. */
export function runsInQueue(submissions: readonly Submission[], tasks: readonly ActiveTask[]): Set<string> {
  const ids = submissions.flatMap(({ runs, parts, arrays }) => {
    const dealt = deal(runs, parts);
    return arrays.flatMap(({ first, job }) =>
      tasks.filter((active) => active.job === job).flatMap(({ task }) => dealt[first + task] ?? []),
    );
  });
  return new Set(ids);
}
