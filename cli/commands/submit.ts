// `eigenflow submit`: sends the runs of a study that are missing to a cluster's queue, or shows what that would take.
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isEigenflowError } from '../../core/errors.js';
import { isNamed } from '../../node/files/named-file.js';
import type { PlayerChoice } from '../../node/native/choose-player.js';
import { openResults } from '../../node/results/open-results.js';
import { checkFolderTakes } from '../../node/results/same-study.js';
import { listStored, readRows } from '../../node/results/stored-rows.js';
import { packageFile } from '../../node/scenario/load-module.js';
import { type Cluster, readCluster } from '../../node/slurm/cluster.js';
import { readQueue } from '../../node/slurm/queue.js';
import { checkRequest, planJobs, type Resources, type SlurmRequest } from '../../node/slurm/resources.js';
import { checkScriptWords, quoted } from '../../node/slurm/script.js';
import { jobsOf, readSubmissions, runsInQueue } from '../../node/slurm/submission.js';
import { type ScriptSettings, sendRuns } from '../../node/slurm/submit.js';
import { checkDivisible } from '../../node/study/partition.js';
import { runCost } from '../../node/study/run-cost.js';
import { manifestOf, type Study } from '../../node/study/study.js';
import { whole } from '../compute.js';
import { playerOption } from '../options.js';
import { print, printError } from '../print.js';
import { submissionTable } from '../submission-table.js';
import { collect, openTarget, type TargetArguments, withTargetOptions } from '../target.js';

type SubmitArguments = TargetArguments &
  SlurmRequest &
  Omit<ScriptSettings, 'command' | 'options' | 'player' | 'setup'> & {
    readonly engine: 'slurm';
    readonly player: PlayerChoice;
    readonly setup?: readonly string[];
    readonly command?: string;
    readonly sbatch?: readonly string[];
    readonly dryRun?: boolean;
  };

/** Free space on the file system of a folder that may not exist yet; NaN when it cannot be told. */
async function freeBytes(folder: string): Promise<number> {
  let place = resolve(folder);
  while (!isNamed(place)) place = dirname(place);
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch {
    return Number.NaN;
  }
}

/** A dry run needs no Slurm. */
async function clusterFor({ dryRun }: SubmitArguments): Promise<Cluster | undefined> {
  try {
    return await readCluster();
  } catch (error) {
    if (!dryRun || !isEigenflowError(error)) throw error;
    printError(`${error.message}\n`);
    return undefined;
  }
}

/** Until eigenflow listens itself, Node answers SIGUSR1 with its debugger: it is to open none, or none that others find. */
const NO_DEBUGGER = ['--disable-sigusr1', '--inspect-publish-uid=stderr'].filter((option) =>
  process.allowedNodeEnvironmentFlags.has(option.replace(/=.*/, '')),
);

/** This copy of eigenflow, run by this Node: a compute node finds both under the same paths on a shared file system. */
const ownCommand = () =>
  [process.execPath, ...NO_DEBUGGER, packageFile('dist', 'cli', 'main.js')].map(quoted).join(' ');

/** To be called before anything is written. @throws EigenflowError `cluster` */
function checkWords(out: string, { command, setup, sbatch, partition, account, memory }: SubmitArguments): void {
  const options = { '--partition': partition, '--account': account, '--memory': memory, '--sbatch': sbatch };
  checkScriptWords({ 'the results folder': resolve(out), ...options, '--setup': setup, '--command': command });
  // Where it lies may have such a name, too.
  checkScriptWords({ eigenflow: ownCommand() });
}

async function send(
  study: Study,
  out: string,
  runs: readonly string[],
  resources: Resources,
  options: SubmitArguments,
) {
  const results = await openResults(out, manifestOf(study, out));
  results.close();
  const { sbatch = [], setup = [], command = ownCommand(), player, ...rest } = options;
  const asked = player === 'auto' ? {} : { player };
  const settings = { ...rest, ...asked, setup, command, options: sbatch };
  const { number, arrays } = await sendRuns(out, runs, resources, settings);
  for (const { job, tasks } of arrays) print(`sent: job ${job}, ${tasks} tasks\n`);
  const folder = join(out, 'jobs', String(number).padStart(4, '0'));
  print(`scripts and logs: ${folder}\nhow it goes: eigenflow status ${quoted(out)}\n`);
}

async function execute(target: string, options: SubmitArguments): Promise<void> {
  const cluster = await clusterFor(options);
  const limits = checkRequest(options, cluster);
  const { study, out } = await openTarget(target, options);
  checkWords(out, options);
  checkDivisible(study.scenario);
  checkFolderTakes(out, manifestOf(study, out));
  const stored = listStored(out);
  const missing = study.sweep.runs.filter(({ id }) => !stored.has(id));
  const submissions = readSubmissions(out);
  const inQueue = runsInQueue(submissions, cluster ? await readQueue(jobsOf(submissions)) : []);
  const runs = missing.map(({ id }) => id).filter((id) => !inQueue.has(id));
  if (runs.length === 0) {
    const left =
      missing.length === 0
        ? `all ${stored.size} runs are stored`
        : `${missing.length} runs are missing and in the queue`;
    print(`nothing to send: ${left}\n`);
    return;
  }
  const axes = study.sweep.grid.axes.map((axis) => axis.name);
  const cost = await runCost(study, out, [...readRows(out, axes, stored).values()]);
  const resources = planJobs(limits, runs.length, cost);
  const total = study.sweep.runs.length;
  const queued = missing.length - runs.length;
  const table = { total, stored: total - missing.length, queued, runs: runs.length, cost, resources };
  print(`${study.scenario.title}\n${submissionTable({ ...table, freeBytes: await freeBytes(out) })}`);
  if (options.dryRun) print('dry run: nothing was written or sent\n');
  else await send(study, out, runs, resources, options);
}

/** A value that becomes a word of an #SBATCH line. */
function word(text: string): string {
  if (!/^[\w@%+=:,./-]+$/.test(text)) throw new InvalidArgumentError('expected one word.');
  return text;
}

function sbatchOption(text: string, list?: readonly string[]): readonly string[] {
  if (!/^--[a-z][a-z-]*(=[^\n]+)?$/.test(text)) {
    throw new InvalidArgumentError('expected an option of sbatch, for example --sbatch=--qos=long.');
  }
  return collect(text, list);
}

export function submitCommand(): Command {
  const command = new Command('submit')
    .description('send the runs that are missing to the queue of a cluster')
    .argument('<scenario>', 'a .ts, .js or .json file; or a results folder, to go on with it')
    .addOption(new Option('--engine <name>', 'what runs the jobs').choices(['slurm']).default('slurm'))
    .option('-n, --dry-run', 'show jobs, core-hours and disk, and send nothing')
    .option('-p, --partition <name>', "where to send (default: the cluster's default partition)", word)
    .option('-A, --account <name>', 'account to charge', word)
    .option(
      '-t, --time <limit>',
      'wall time of a task, as Slurm writes it (default: three times the estimate, at most 4 hours)',
    )
    .option(
      '-c, --cores <n>',
      "cores of a task, one run on each (default: those of the partition's smallest node)",
      whole(1),
    )
    .option('--memory <size>', 'memory of a task, as Slurm writes it, for example 16G', word)
    .option('--tasks <n>', 'number of tasks (default: as many as make a task about an hour long)', whole(1))
    .option('--throttle <n>', 'how many tasks of an array may run at once', whole(1))
    .option('--max-array <n>', "most tasks in one array (default: the cluster's MaxArraySize)", whole(1))
    .option(
      '--stop-before <seconds>',
      'stop and write checkpoints this long before the end of the wall time',
      whole(10),
      120,
    )
    .addOption(playerOption())
    .option('--setup <line>', 'line of shell before the work starts, as "module load nodejs"; may be repeated', collect)
    .option('--sbatch <option>', 'a further option, as --sbatch=--qos=long; may be repeated', sbatchOption)
    .option(
      '--command <words>',
      'what calls eigenflow on a compute node (default: this Node.js and this copy of eigenflow)',
    );
  return withTargetOptions(command).action(execute);
}
