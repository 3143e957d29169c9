// A study on a real Slurm of one node with eight cores: what comes out is the same bytes as from one machine, whatever
// happens on the way.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSubmissions } from '../../node/slurm/submission.js';
import { eigenflow, eigenflowMany, type Outcome } from '../cli/command.js';
import { digestsOf, newFolder } from '../node/studies.js';
import { type OneNode, slurmIsMissing, startOneNode } from './slurm/one-node.js';

// Slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const missing = slurmIsMissing();
if (missing !== '' && process.env['CI'] === 'true') throw new Error(`no Slurm to test with: ${missing}`);
if (missing !== '') process.stderr.write(`skipped: no Slurm to test with (${missing})\n`);

/** Runs of ten slices, with a frame after each: half a second on a core, and a minute with the file `linger`. */
const scenario = (labels: readonly number[], seeds: number) => ({
  title: 'On a cluster',
  plugins: ['teacher-student', 'sgd', 'spectrum', './gate.ts'],
  seed: 1,
  steps: 650_000,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: 0.05 },
  observers: {
    levels: { use: 'gram-spectrum', block: 'W', when: { perDecade: 4 } },
    gate: { use: 'gate', when: { every: 65_000 } },
  },
  sweep: { axes: { 'observers.gate.label': labels }, seeds },
});

interface ClusterStudy {
  /** Folder with the scenario; files in it hold or break its runs. */
  readonly folder: string;
  readonly out: string;
  /** `eigenflow submit`, of the folder if there is one. */
  submit(...options: string[]): Promise<Outcome>;
  status(): Promise<string>;
  /** Numbers of the jobs sent so far. */
  jobs(): string[];
  /** All logs of a job. */
  logOf(job: string): string;
  /** Waits until none of its tasks is in the queue. */
  settled(): Promise<void>;
}

let slurm: OneNode;
let root: string;
let reference: Record<string, string>;

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function newStudy(name: string, labels: readonly number[], seeds: number, ...files: readonly string[]): ClusterStudy {
  const folder = join(root, name);
  mkdirSync(folder);
  copyFileSync(fileURLToPath(new URL('./slurm/gate.ts', import.meta.url)), join(folder, 'gate.ts'));
  writeFileSync(join(folder, 'flow.json'), JSON.stringify(scenario(labels, seeds)));
  for (const file of files) writeFileSync(join(folder, file), '');
  // A space in the path of everything that goes into the scripts.
  const out = join(folder, 'the results');
  const options = { environment: { ...slurm.environment, EIGENFLOW_GATE: folder } };
  const jobs = () => readSubmissions(out).flatMap(({ arrays }) => arrays.flatMap(({ job }) => job ?? []));
  return {
    folder,
    out,
    jobs,
    submit: (...more) =>
      eigenflow(
        folder,
        ['submit', ...(existsSync(out) ? ['the results'] : ['flow.json', '--out', 'the results']), ...more],
        options,
      ),
    status: async () => (await eigenflow(folder, ['status', 'the results'], options)).stdout,
    logOf: (job) =>
      readSubmissions(out)
        .map(({ folder: at }) => at)
        .flatMap((at) =>
          readdirSync(at)
            .filter((file) => file.startsWith(`${job}_`))
            .map((file) => join(at, file)),
        )
        .map((file) => readFileSync(file, 'utf8'))
        .join(''),
    settled: () => until('the end of its jobs', () => !queued().some((entry) => jobs().includes(entry.split('_')[0]))),
  };
}

/** Tasks in the queue, as `job_task`. */
const queued = () => slurm.ask('squeue', '--noheader', '--array', '--format=%F_%K').split('\n');

/** Held against the same runs computed by one process. */
function expectReference(out: string, runs: number): void {
  const found = digestsOf(out);
  expect(Object.keys(found)).toHaveLength(runs);
  expect(reference).toMatchObject(found);
  expect(readdirSync(join(out, 'checkpoints'))).toEqual([]);
}

const countIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

describe.skipIf(missing !== '')('on a real Slurm', () => {
  let long: ClusterStudy;
  let requeued: Promise<void>;

  beforeAll(async () => {
    root = newFolder();
    slurm = startOneNode(join(root, 'slurm'));
    // Begun at once: Slurm says that the wall time is near up to a minute earlier than asked, here after 30 to 90 seconds.
    // Earlier than that, tasks might not have made a step yet.
    long = newStudy('wall time', [0, 1], 2);
    // So slow that the first run of a task is under way then, at whatever second it is told.
    writeFileSync(join(long.folder, 'linger'), '150');
    const sent = await long.submit(
      '--partition',
      'long',
      '--time',
      '3',
      '--stop-before',
      '90',
      '--cores',
      '1',
      '--tasks',
      '2',
    );
    expect(sent.stderr).toBe('');
    requeued = until('both tasks to go back', () => {
      return countIn(long.logOf(long.jobs()[0]), /goes back to the queue/g) === 2;
    }).then(() => rmSync(join(long.folder, 'linger')));
    // Awaited by its test.
    requeued.catch(() => undefined);
    const local = newStudy('local', [0, 1, 2, 3, 4, 5], 2);
    const { status } = await eigenflow(local.folder, ['run', 'flow.json', '--out', 'out', '--export', 'none']);
    expect(status).toBe(0);
    reference = digestsOf(join(local.folder, 'out'));
    expect(Object.keys(reference)).toHaveLength(12);
  });

  afterAll(() => slurm?.stop());

  it('more tasks than an array may have become several arrays; a run that fails makes its task fail and no other', async () => {
    const study = newStudy('arrays', [0, 1, 2, 3, 4, 5], 2, 'break-2');
    const sent = await study.submit('--tasks', '6', '--cores', '2', '--throttle', '2');
    expect(sent.stderr).toBe('');
    expect(sent.stdout).toMatch(/\nsent: job \d+, 4 tasks\nsent: job \d+, 2 tasks\n/);
    await study.settled();
    const tasks = study
      .jobs()
      .flatMap((job, i) => [0, 1, 2, 3].slice(0, i === 0 ? 4 : 2).map((task) => `${job}_${task}`));
    const states = tasks.map((task) => slurm.field(task, 'JobState'));
    // Two runs have this label; they may have been dealt to one task.
    const failed = states.filter((state) => state === 'FAILED').length;
    expect([1, 2]).toContain(failed);
    expect(states.filter((state) => state === 'COMPLETED')).toHaveLength(6 - failed);
    const status = await study.status();
    expect(status).toContain('completed 10');
    expect(status).toContain('run 2 is broken');

    rmSync(join(study.folder, 'break-2'));
    const again = await study.submit('--cores', '2');
    expect(again.stdout).toContain('12 in all: 10 stored, 0 in the queue, 2 to send');
    await study.settled();
    expectReference(study.out, 12);
    expect(await study.status()).toBe('On a cluster\n  runs      12\n  completed 12\n  missing   0\n');
    expect((await study.submit()).stdout).toBe('nothing to send: all 12 runs are stored\n');
  });

  it('a task that is cancelled leaves checkpoints, and submitting again sends its runs alone', async () => {
    const study = newStudy('cancelled', [0, 1, 2, 3, 4, 5], 1, 'linger');
    await study.submit('--tasks', '3', '--cores', '2');
    const [job] = study.jobs();
    const underWay = () => readdirSync(study.folder).filter((file) => file.startsWith('under-way'));
    await until('six runs to be under way', () => underWay().length === 6);
    slurm.ask('scancel', `${job}_0`);
    await until('the end of the task', () => !queued().includes(`${job}_0`));
    expect(readdirSync(join(study.out, 'checkpoints'))).toHaveLength(2);
    expect(await study.status()).toMatch(
      /job \d+: 3 tasks, 2 running, 1 ended\n.* see the results\/jobs\/0001\/\d+_0\.log\n/,
    );

    const again = await study.submit('--tasks', '1', '--cores', '2');
    expect(again.stdout).toContain('6 in all: 0 stored, 4 in the queue, 2 to send');
    rmSync(join(study.folder, 'linger'));
    await study.settled();
    expectReference(study.out, 6);
    expect(countIn(study.logOf(study.jobs()[1]), /goes on from step [1-9]/g)).toBe(2);
  });

  it('a task whose wall time ends writes checkpoints, goes back to the queue, and on from there', async () => {
    await requeued;
    const [job] = long.jobs();
    for (const task of [0, 1]) expect(Number(slurm.field(`${job}_${task}`, 'Restarts'))).toBeGreaterThan(0);
    await long.settled();
    expectReference(long.out, 4);
    expect(countIn(long.logOf(job), /goes on from step [1-9]/g)).toBeGreaterThanOrEqual(2);
    expect(slurm.field(`${job}_1`, 'JobState')).toBe('COMPLETED');
  });

  it('what the cluster would refuse, or leave pending for ever, is refused before anything is written', () => {
    const { folder } = newStudy('refused', [0], 1);
    process.env['SLURM_CONF'] = slurm.environment['SLURM_CONF'];
    const cases: [string[], string][] = [
      [
        ['--partition', 'shrot'],
        '--partition shrot: no such partition; did you mean "short"? Partitions here: short, long, closed',
      ],
      [['--partition', 'closed'], '--partition closed: is closed at present; choose another one'],
      [['--time', '1-0'], '--time 1-0: the partition short allows 00:30:00; ask for less'],
      [['--time', '2'], '--time 00:02:00: too short for one checkpoint: work stops 120 s before the end'],
      [['--time', '4h'], '--time 4h: expected a time limit as Slurm writes it'],
      [['--cores', '9'], '--cores 9: the nodes of the partition short have at most 8'],
      [['--sbatch=--no-such-option=1'], 'sbatch: '],
    ];
    const outcomes = eigenflowMany(
      cases.map(([options]) => ({ folder, args: ['submit', 'flow.json', '--out', 'out', ...options] })),
    );
    outcomes.forEach(({ status, stderr }, i) => {
      expect(stderr).toContain(cases[i][1]);
      // What "sbatch" itself refuses, it is given with its job script.
      expect(status).toBe(cases[i][1] === 'sbatch: ' ? 1 : 2);
    });
  });
});
