// The job script, run by a real bash without Slurm: what it does with signals and exit statuses. test/reliability runs
// it under a real Slurm.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EigenflowError } from '../../core/errors.js';
import { type ArrayJob, jobScript } from '../../node/slurm/script.js';
import { newFolder } from '../node/studies.js';

const job: ArrayJob = {
  name: 'eigenflow-flow',
  folder: '/results/my flow/jobs/0001',
  results: '/results/my flow',
  first: 1000,
  tasks: 440,
  parts: 1440,
  throttle: 50,
  cores: 16,
  wallTime: '04:00:00',
  stopBefore: 120,
  partition: 'long',
  account: 'physics',
  memory: '16G',
  options: ['--qos=low'],
  setup: ['module load nodejs'],
  command: 'eigenflow',
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly requeued: string | undefined;
}

/**
 * Runs the script as Slurm would, with `work` as what eigenflow does.
 *
 * @param signals sent to the script, each when the work says "ready"
 */
async function runScript(work: string, ...signals: NodeJS.Signals[]): Promise<Ended> {
  return runScriptAfter(':', work, ...signals);
}

/** The same with a line of setup. */
async function runScriptAfter(setup: string, work: string, ...signals: NodeJS.Signals[]): Promise<Ended> {
  return runScriptIn(newFolder(), setup, work, ...signals);
}

/** The same with results in this folder. */
async function runScriptIn(results: string, setup: string, work: string, ...signals: NodeJS.Signals[]): Promise<Ended> {
  const folder = newFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('scontrol', `echo "$@" > '${folder}/requeued'`);
  program('eigenflow', work);
  const script = join(folder, 'array-1.sh');
  writeFileSync(
    script,
    jobScript({ ...job, folder: results, results, first: 10, setup: [`export PATH='${bin}':$PATH`, setup] }),
  );
  const slurm = { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_JOB_ID: '77', SLURM_CPUS_PER_TASK: '2' };
  const child = spawn('bash', [script], { env: { ...process.env, ...slurm }, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (!text.includes('ready')) return;
    const signal = signals.shift();
    if (signal) child.kill(signal);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const record = join(folder, 'requeued');
  return { status, stdout, requeued: existsSync(record) ? readFileSync(record, 'utf8').trim() : undefined };
}

/** Goes on until it is told to stop, and then ends with this status. */
const stoppable = (status: number) => `
  trap 'echo stopping; exit ${status}' TERM
  echo ready
  while :; do sleep 0.02; done`;

describe('the text', () => {
  it('asks Slurm for what was asked for, and quotes paths', () => {
    const lines = jobScript(job).split('\n');
    expect(lines.slice(0, 16)).toEqual([
      '#!/bin/bash',
      '#SBATCH --job-name=eigenflow-flow',
      '#SBATCH --array=0-439%50',
      '#SBATCH --partition=long',
      '#SBATCH --account=physics',
      '#SBATCH --nodes=1',
      '#SBATCH --ntasks=1',
      '#SBATCH --cpus-per-task=16',
      '#SBATCH --mem=16G',
      '#SBATCH --time=04:00:00',
      '#SBATCH --signal=B:USR1@120',
      '#SBATCH --requeue',
      '#SBATCH --open-mode=append',
      '#SBATCH --chdir="/results/my flow/jobs/0001"',
      '#SBATCH --output=%A_%a.log',
      '#SBATCH --qos=low',
    ]);
    expect(lines).toContain('module load nodejs');
    expect(lines).toContain('part=$((SLURM_ARRAY_TASK_ID + 1000))');
    expect(lines.join('\n')).toContain("work '/results/my flow' --runs '/results/my flow/jobs/0001/runs.txt'");
  });

  it('passes on who shall make the steps, and leaves it to the compute node otherwise', () => {
    const worksWith = (player?: string) => /--workers .*/.exec(jobScript({ ...job, player }))?.[0];
    expect(worksWith('native')).toMatch(/ --player native &$/);
    expect(worksWith()).not.toContain('--player');
  });
});

describe('what a script cannot hold', () => {
  const hostile = 'o/nl\ntouch Q4\n';
  const places: readonly [string, Partial<ArrayJob>][] = [
    ['name', { name: hostile }],
    ['folder', { folder: hostile }],
    ['results', { results: hostile }],
    ['wallTime', { wallTime: '1\n2' }],
    ['partition', { partition: 'long\ntouch Q4' }],
    ['account', { account: 'physics\r' }],
    ['memory', { memory: '16G\u0000' }],
    ['options', { options: ['--qos=low', '--comment=a\ntouch Q4'] }],
    ['setup', { setup: ['module load nodejs\ntouch Q4'] }],
    ['command', { command: 'eigenflow\u001b[2J' }],
  ];

  it.each(places)('a control character in %s is refused by name', (what, change) => {
    const refusal = expect.objectContaining({ name: 'EigenflowError', code: 'cluster', path: what });
    expect(() => jobScript({ ...job, ...change })).toThrow(refusal);
    expect(() => jobScript({ ...job, ...change })).toThrow(EigenflowError);
  });

  it('is every text that goes into one', () => {
    const texts = Object.entries(job).filter(([, value]) => typeof value !== 'number');
    expect(texts.map(([what]) => what).sort()).toEqual(places.map(([what]) => what).sort());
  });

  it('whatever else is in a name reaches the work as it is, and nothing of it is run', async () => {
    const name = `a "b" 'c' $(touch Q4) \`touch Q4\` ; touch Q4 # \\ % é\t&|<>*?!{}~`;
    const results = join(newFolder(), name);
    const setup = `cd '${newFolder()}'`;
    const { stdout } = await runScriptIn(results, setup, 'printf "%s\\n" "$2" "$4" *');
    expect(stdout).toBe(`${results}\n${results}/runs.txt\n*\n`);
  });
});

describe('the script', () => {
  it('calls for its part, counted from the first of its array, on all cores of the task', async () => {
    const { stdout, status } = await runScript('echo "$@"');
    expect(stdout).toMatch(/^work \S+ --runs \S+\/runs.txt --part 13\/1440 --workers 2 --stop-within 110\n$/);
    expect(status).toBe(0);
  });

  it.each([0, 1, 2])('ends with status %d when the work does', async (status) => {
    expect(await runScript(`exit ${status}`)).toEqual({ status, stdout: '', requeued: undefined });
  });

  it('near the end of the wall time stops the work and goes back to the queue', async () => {
    const { status, stdout, requeued } = await runScript(stoppable(75), 'SIGUSR1');
    expect(stdout).toBe('ready\nstopping\npart 13 goes back to the queue\n');
    expect(requeued).toBe('requeue 77_3');
    expect(status).toBe(75);
  });

  it.each(['SIGUSR2', 'SIGXCPU'] as const)(
    'takes %s for the same warning, as --sbatch=--signal may ask for',
    async (signal) => {
      expect(await runScript(stoppable(75), signal)).toMatchObject({ status: 75, requeued: 'requeue 77_3' });
    },
  );

  it('passes TERM on to the work, which scancel may send to the script alone, and does not go back', async () => {
    const { status, stdout, requeued } = await runScript(stoppable(75), 'SIGTERM');
    expect(stdout).toBe('ready\nstopping\n');
    expect(status).toBe(75);
    expect(requeued).toBeUndefined();
  });

  it('goes back to the queue when the work was told to stop before it could listen', async () => {
    const { requeued } = await runScript('echo ready; exec sleep 30', 'SIGUSR1');
    expect(requeued).toBe('requeue 77_3');
  });

  it('does not go back when the part was finished just then, or failed', async () => {
    expect(await runScript(stoppable(0), 'SIGUSR1')).toMatchObject({ status: 0, requeued: undefined });
    expect(await runScript(stoppable(1), 'SIGUSR1')).toMatchObject({ status: 1, requeued: undefined });
  });

  it('waits for the work when it is told to terminate, and does not go back', async () => {
    const slow = 'trap : TERM; echo ready; sleep 0.3; echo checkpoints; exit 75';
    const { status, stdout, requeued } = await runScript(slow, 'SIGTERM');
    expect(stdout).toBe('ready\ncheckpoints\n');
    expect(status).toBe(75);
    expect(requeued).toBeUndefined();
  });

  it('is told to stop while its setup is under way', async () => {
    const { stdout, requeued } = await runScriptAfter('echo ready; sleep 0.3', 'exec sleep 30', 'SIGUSR1');
    expect(stdout).toContain('goes back to the queue');
    expect(requeued).toBe('requeue 77_3');
  });

  it('hears both signals', async () => {
    const work = "trap 'echo ready; trap : TERM; sleep 0.2; exit 75' TERM; echo ready; while :; do sleep 0.02; done";
    expect(await runScript(work, 'SIGUSR1', 'SIGTERM')).toMatchObject({ status: 75, requeued: 'requeue 77_3' });
  });
});
