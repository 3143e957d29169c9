// Signals that ask for a stop: the first one writes checkpoints and says how to go on, a second Ctrl-C stops at once. None
// of them opens a debugger, and none waits longer than it was told.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { livingWriters } from '../../node/results/claims.js';
import { arrivals, gatePlugin } from '../node/gate-folder.js';
import { newFolder } from '../node/studies.js';
import { eigenflow, eigenflowMany, main, type Outcome } from './command.js';

// Whole studies, which take many seconds where the machine is busy with other things.
vi.setConfig({ testTimeout: 240_000 });

const scenario = {
  title: 'Interrupted',
  plugins: ['teacher-student', 'sgd', 'spectrum', gatePlugin],
  seed: 1,
  // Several times what a run computes before it looks whether it was told to stop.
  steps: 300_000,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: 0.05 },
  observers: {
    state: { use: 'weights', block: 'W', when: { points: 5 } },
    gate: { use: 'gate', when: { at: [1000] } },
  },
  sweep: { seeds: 2 },
};

function prepare(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario));
  return folder;
}

const command = (out: string) => ['run', 'a.json', '--out', out, '--workers', '2', '--export', 'none', '--yes'];

const run = (folder: string, out: string) => eigenflow(folder, command(out));

/**
 * Starts the study; sends the signals, the first when both runs are under way, the second when the first has been
 * answered. The runs are held until then: a single signal lets them go on to their checkpoints, and where a second one
 * is to come they cannot end before it.
 */
async function interrupt(folder: string, ...signals: NodeJS.Signals[]): Promise<Outcome> {
  let isOver = false;
  const opens = signals.length === 1 ? { EIGENFLOW_GATE_SIGNAL: signals[0] } : {};
  const outcome = await eigenflow(folder, command('out'), {
    environment: { ...process.env, EIGENFLOW_GATE: folder, ...opens },
    onStart: async (kill) => {
      await arrivals(folder, 2, 'threads', () => isOver);
      if (!isOver) kill(signals.shift() as NodeJS.Signals);
    },
    onStderr: (text, kill) => {
      const next = text.includes('stopping') ? signals.shift() : undefined;
      if (next) kill(next);
    },
  });
  isOver = true;
  return outcome;
}

const digests = (out: string) =>
  readdirSync(join(out, 'runs')).map((file) =>
    createHash('sha256')
      .update(readFileSync(join(out, 'runs', file)))
      .digest('hex'),
  );

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: the same command goes on where it was, to the same bytes',
  async (signal) => {
    const folder = prepare();
    const broken = await interrupt(folder, signal);
    expect(broken.stderr).toContain('stopping: runs under way write a checkpoint; press Ctrl-C again to stop at once');
    expect(broken.stderr).toContain('2 runs are missing; the same command goes on with them');
    expect(broken.status).toBe(1);
    const out = join(folder, 'out');
    expect(readdirSync(join(out, 'checkpoints'))).toHaveLength(2);
    const [{ stdout }] = eigenflowMany([{ folder, args: ['status', 'out'] }]);
    expect(stdout).toBe('Interrupted\n  runs      2\n  missing   2 (2 with a checkpoint)\n');

    const resumed = await run(folder, 'out');
    expect(resumed.status).toBe(0);
    expect(resumed.stderr.match(/run [0-9a-f]{20} goes on from step \d+/g)).toHaveLength(2);
    expect(readdirSync(join(out, 'checkpoints'))).toEqual([]);
    expect((await run(folder, 'whole')).status).toBe(0);
    expect(digests(out)).toEqual(digests(join(folder, 'whole')));
  },
);

it.each(['SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const)(
  '%s, which batch systems send, stops it as well',
  async (signal) => {
    const folder = prepare();
    const { status, stderr } = await interrupt(folder, signal);
    expect(stderr).toContain('2 runs are missing; the same command goes on with them');
    expect(stderr).not.toContain('Debugger');
    expect(status).toBe(1);
    expect(readdirSync(join(folder, 'out', 'checkpoints'))).toHaveLength(2);
  },
);

it('SIGUSR1 ends the command, or the study, whenever it comes: while Node is starting, too', async () => {
  const folder = prepare();
  const moments = [0, 40, 80, 120, 200, 300, 400, 600];
  const statuses = await Promise.all(
    moments.map(async (moment, i) => {
      // Another port for each debugger that Node opens by itself; without an end the runs would go on for a minute.
      const environment = { ...process.env, NODE_OPTIONS: '--inspect-port=0' };
      const { status } = await eigenflow(folder, [...command(`out-${i}`), '--set', 'steps=20000000'], {
        environment,
        onStart: (kill) => setTimeout(() => kill('SIGUSR1'), moment),
      });
      return status;
    }),
  );
  // 138: ended by the signal.
  expect(statuses.map((status) => [138, 1].includes(status ?? 0))).toEqual(moments.map(() => true));
});

it('a run that comes to no checkpoint is cut off in the time that --stop-within says', async () => {
  const folder = prepare();
  const seconds: number[] = [];
  let isOver = false;
  const outcome = await eigenflow(folder, [...command('out'), '--stop-within', '1'], {
    // Held for ever: the gate is not opened.
    environment: { ...process.env, EIGENFLOW_GATE: folder },
    onStart: async (kill) => {
      await arrivals(folder, 2, 'threads', () => isOver);
      seconds.push(performance.now() / 1000);
      kill('SIGTERM');
    },
  });
  isOver = true;
  const taken = performance.now() / 1000 - seconds[0];
  expect(outcome.stderr.match(/was cut off: no checkpoint within 1 s; it goes on from its last one/g)).toHaveLength(2);
  expect(outcome.stderr).toContain('2 runs are missing; the same command goes on with them');
  expect(outcome.status).toBe(1);
  expect(taken).toBeGreaterThan(1);
  // The rest is what the end of the process takes.
  expect(taken).toBeLessThan(15);
  expect(readdirSync(join(folder, 'out'))).not.toContain('claims');
});

it('SIGHUP stops nothing where no standard stream is a terminal, as under nohup', async () => {
  const folder = prepare();
  const { status, stderr } = await interrupt(folder, 'SIGHUP');
  expect(stderr).not.toContain('stopping');
  expect(status).toBe(0);
  expect(readdirSync(join(folder, 'out', 'runs'))).toHaveLength(2);
});

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

it.runIf(hasScript)(
  'a terminal that is closed takes no work with it, though nothing can be said any more',
  async () => {
    const folder = prepare();
    const line = ['exec', process.execPath, main, ...command('out')].map((word) => `'${word}'`).join(' ');
    const terminal = spawn('script', ['-qfc', line.replace("'exec'", 'exec'), '/dev/null'], {
      cwd: folder,
      env: { ...process.env, EIGENFLOW_GATE: folder, EIGENFLOW_GATE_SIGNAL: 'SIGHUP' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    let isOver = false;
    terminal.on('close', () => {
      isOver = true;
    });
    await arrivals(folder, 2, 'threads', () => isOver);
    terminal.kill('SIGKILL');
    const out = join(folder, 'out');
    while (livingWriters(out).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readdirSync(join(out, 'checkpoints'))).toHaveLength(2);
  },
);

it('SIGINT twice stops at once', async () => {
  const { status } = await interrupt(prepare(), 'SIGINT', 'SIGINT');
  expect(status).toBe(130);
});
