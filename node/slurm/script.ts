// The text of a job script: readable, complete, and fit to be given to sbatch by hand.
import { EigenflowError } from '../../core/errors.js';

export interface ArrayJob {
  readonly name: string;
  /** Folder of the script, its list of runs and its logs. */
  readonly folder: string;
  /** Results folder. */
  readonly results: string;
  /** The first part that this array computes, how many, and of how many in all. */
  readonly first: number;
  readonly tasks: number;
  readonly parts: number;
  /** How many tasks may run at once; undefined for no limit. */
  readonly throttle?: number;
  readonly cores: number;
  /** As Slurm reads it. */
  readonly wallTime: string;
  /** Seconds before the wall time at which work stops. */
  readonly stopBefore: number;
  readonly partition?: string;
  readonly account?: string;
  readonly memory?: string;
  /** Further options of sbatch, as `--qos=long`. */
  readonly options: readonly string[];
  /** Lines of shell before the work starts, as `module load nodejs`. */
  readonly setup: readonly string[];
  /** What calls eigenflow on a compute node. */
  readonly command: string;
  /** Who makes the steps; undefined: the native player where a compute node has one that was built for it. */
  readonly player?: string;
}

/** Name of the file with the ids of the runs that a submission computes, one per line. */
export const RUNS_LIST = 'runs.txt';

/** Exit status of work that was told to stop and can go on: EX_TEMPFAIL of sysexits(3). */
export const STOPPED = 75;

/** A word that the shell takes as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A value in an #SBATCH line, which knows double quotes only. */
const directive = (option: string, value: string | number) =>
  `#SBATCH --${option}=${/^[\w@%+=:,./-]+$/.test(String(value)) ? value : `"${String(value).replace(/["\\]/g, '\\$&')}"`}`;

/** Seconds between the end of the time for checkpoints and the end of the wall time. */
const SPARE = 10;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * A line of a script ends where a word of it has a line break, and what comes after that is run as a command. No quotes
 * help in an #SBATCH line, and no path has to have such a name.
 *
 * @param words by what they are, as the user said it. A tab may stand in lines of shell
 * @throws EigenflowError `cluster` for the first that a script cannot hold
 */
export function checkScriptWords(words: Readonly<Record<string, string | readonly string[] | undefined>>): void {
  for (const [what, value] of Object.entries(words)) {
    const found = [value ?? []].flat().find((word) => CONTROL.test(word.replaceAll('\t', ' ')));
    if (found === undefined) continue;
    const message = `${JSON.stringify(found)} has a line break or another control character, which a job script cannot hold; choose it without`;
    throw new EigenflowError('cluster', what, message);
  }
}

/** @throws EigenflowError `cluster` for a name that a script cannot hold */
export function jobScript(job: ArrayJob): string {
  const { name, folder, results, wallTime, partition, account, memory, options, setup, command } = job;
  checkScriptWords({ name, folder, results, wallTime, partition, account, memory, options, setup, command });
  const { first, tasks, parts, throttle } = job;
  const limit = throttle === undefined ? '' : `%${throttle}`;
  const list = `${job.folder}/${RUNS_LIST}`;
  const player = job.player === undefined ? '' : ` --player ${job.player}`;
  const lines = [
    '#!/bin/bash',
    directive('job-name', job.name),
    directive('array', `0-${tasks - 1}${limit}`),
    ...(job.partition === undefined ? [] : [directive('partition', job.partition)]),
    ...(job.account === undefined ? [] : [directive('account', job.account)]),
    '#SBATCH --nodes=1',
    '#SBATCH --ntasks=1',
    directive('cpus-per-task', job.cores),
    ...(job.memory === undefined ? [] : [directive('mem', job.memory)]),
    directive('time', job.wallTime),
    directive('signal', `B:USR1@${job.stopBefore}`),
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    directive('chdir', job.folder),
    '#SBATCH --output=%A_%a.log',
    ...job.options.map((option) => `#SBATCH ${option}`),
    '',
    `# Parts ${first} to ${first + tasks - 1} of ${parts} of the runs in ${RUNS_LIST}. Each task computes its part on all of its cores.`,
    '# Near the end of its wall time it is told to stop (USR1), writes checkpoints and goes back to the queue.',
    '',
    'stop() { signal=yes; [ -z "$work" ] || kill -TERM "$work" 2>/dev/null; }',
    "trap 'warned=yes; stop' USR1 USR2 XCPU",
    '# scancel and preemption: the work stops, and is not sent back to the queue from here.',
    "trap 'ended=yes; stop' TERM INT HUP",
    '',
    ...job.setup,
    `part=$((SLURM_ARRAY_TASK_ID + ${first}))`,
    `${job.command} work ${quoted(job.results)} --runs ${quoted(list)} --part "$part/${parts}" \\`,
    `  --workers "$SLURM_CPUS_PER_TASK" --stop-within ${Math.max(SPARE, job.stopBefore - SPARE)}${player} &`,
    'work=$!',
    '[ -z "$warned$ended" ] || kill -TERM "$work"',
    '',
    '# "wait" returns when a signal comes: it is called again until the work itself has ended.',
    'while',
    '  signal=',
    '  wait "$work"',
    '  status=$?',
    '  [ -n "$signal" ]',
    'do :; done',
    '',
    `# ${STOPPED}: stopped with checkpoints written. The others: told to stop (TERM, USR1, USR2, XCPU) before it had begun.`,
    'case "$warned $status" in',
    `  "yes ${STOPPED}" | "yes 143" | "yes 138" | "yes 140" | "yes 152")`,
    '    echo "part $part goes back to the queue"',
    '    scontrol requeue "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID" ||',
    `      echo "it could not be requeued; send what is missing with: eigenflow submit" ${quoted(job.results)}`,
    '    ;;',
    'esac',
    'exit "$status"',
  ];
  return `${lines.join('\n')}\n`;
}
