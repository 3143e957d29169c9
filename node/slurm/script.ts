// The text of a job script: readable, complete, and fit to be given to sbatch by hand.

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

export function jobScript(job: ArrayJob): string {
  const { first, tasks, parts, throttle } = job;
  const limit = throttle === undefined ? '' : `%${throttle}`;
  const list = `${job.folder}/${RUNS_LIST}`;
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
    'trap \'signal=USR1; stopped=yes; [ -z "$work" ] || kill -TERM "$work"\' USR1',
    '# scancel and preemption send TERM to the work as well; it stops and is not sent back to the queue from here.',
    "trap 'signal=TERM' TERM",
    '',
    ...job.setup,
    `part=$((SLURM_ARRAY_TASK_ID + ${first}))`,
    `${job.command} work ${quoted(job.results)} --runs ${quoted(list)} --part "$part/${parts}" \\`,
    `  --workers "$SLURM_CPUS_PER_TASK"${job.player === undefined ? '' : ` --player ${job.player}`} &`,
    'work=$!',
    '[ "$stopped" != yes ] || kill -TERM "$work"',
    '',
    '# "wait" returns when a signal comes: it is called again until the work itself has ended.',
    'while',
    '  signal=',
    '  wait "$work"',
    '  status=$?',
    '  [ -n "$signal" ]',
    'do :; done',
    '',
    `# ${STOPPED}: stopped with checkpoints written; 143: told to stop before it had begun.`,
    `if [ "$stopped" = yes ] && { [ "$status" -eq ${STOPPED} ] || [ "$status" -eq 143 ]; }; then`,
    '  echo "part $part goes back to the queue"',
    '  scontrol requeue "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID" ||',
    `    echo "it could not be requeued; send what is missing with: eigenflow submit" ${quoted(job.results)}`,
    'fi',
    'exit "$status"',
  ];
  return `${lines.join('\n')}\n`;
}
