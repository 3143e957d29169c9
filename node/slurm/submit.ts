// Writes the scripts of a submission into the results folder and gives them to sbatch.
import { basename, join, resolve } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { writeHeld } from '../files/held-files.js';
import { ask } from './program.js';
import type { Resources } from './resources.js';
import { type ArrayJob, jobScript } from './script.js';
import { createSubmission, recordSubmission, type Submission, type SubmittedArray } from './submission.js';
import { formatWallTime } from './wall-time.js';

/** What goes into the scripts as it stands. */
export type ScriptSettings = Pick<
  ArrayJob,
  'account' | 'command' | 'memory' | 'options' | 'partition' | 'player' | 'setup' | 'stopBefore' | 'throttle'
>;

/** @throws EigenflowError `cluster` with what sbatch said */
async function sendScript(path: string): Promise<string> {
  const { ok, stdout, complaint } = await ask('sbatch', ['--parsable', path]);
  // Number of the job, and on a federation the cluster after a semicolon.
  const job = /^(\d+)(;|$)/.exec(stdout.trim())?.[1];
  if (!ok || job === undefined)
    throw new EigenflowError('cluster', 'sbatch', complaint || `unexpected answer "${stdout.trim()}"`);
  return job;
}

/**
 * Sends runs to the queue. Each array is noted in the folder as soon as Slurm has taken it.
 *
 * @param results the results folder, which exists
 * @throws EigenflowError `cluster` when Slurm refuses; arrays that it had taken by then stay in the queue
 */
export async function sendRuns(
  results: string,
  runs: readonly string[],
  { cores, wallTime, plan }: Resources,
  settings: ScriptSettings,
): Promise<Submission> {
  const { folder, number } = await createSubmission(resolve(results), runs);
  let arrays: SubmittedArray[] = [];
  for (const [i, { first, tasks }] of plan.arrays.entries()) {
    const script = `array-${i + 1}.sh`;
    const name = `eigenflow-${basename(resolve(results)).replace(/[^\w.-]/g, '-')}`;
    const job = { ...settings, name, folder, results: resolve(results), first, tasks, parts: plan.parts, cores };
    const text = jobScript({ ...job, wallTime: formatWallTime(wallTime) });
    await writeHeld(resolve(results), join(folder, script), text);
    arrays.push({ first, tasks, script });
  }
  const submission = () => ({ folder, number, runs, parts: plan.parts, arrays });
  await recordSubmission(resolve(results), submission());
  for (const [i, { script }] of arrays.entries()) {
    let job: string;
    try {
      job = await sendScript(join(folder, script));
    } catch (error) {
      const taken =
        i === 0
          ? 'nothing was sent'
          : `${i} of ${arrays.length} arrays are in the queue; submit again to send the rest`;
      const reason = error instanceof EigenflowError ? error.reason : String(error);
      throw new EigenflowError('cluster', 'sbatch', `${reason} (${taken}; the script is ${join(folder, script)})`, {
        cause: error,
      });
    }
    arrays = arrays.map((array, k) => (k === i ? { ...array, job } : array));
    await recordSubmission(resolve(results), submission());
  }
  return submission();
}
