// Ctrl-C: the first one writes checkpoints and says how to go on, the second one stops at once.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../hosts/studies.js';
import { eigenflow } from './command.js';

const scenario = (steps: number) => ({
  title: 'Interrupted',
  plugins: ['teacher-student', 'sgd', 'spectrum'],
  seed: 1,
  steps,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: 0.05 },
  observers: { state: { use: 'weights', block: 'W', when: { points: 5 } } },
  sweep: { seeds: 2 },
});

const digests = (out: string) =>
  readdirSync(join(out, 'runs')).map((file) =>
    createHash('sha256')
      .update(readFileSync(join(out, 'runs', file)))
      .digest('hex'),
  );

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: the same command goes on where the runs were, to the same bytes',
  async (signal) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario(1_500_000)));
    const run = (out: string, kill?: NodeJS.Signals) => {
      let sent = false;
      return eigenflow(folder, ['run', 'a.json', '--out', out, '--workers', '2', '--export', 'none'], {
        onStderr: (text, send) => {
          if (!kill || sent || !text.includes('runs to compute')) return;
          sent = true;
          // Not before the threads have started to step.
          setTimeout(() => send(kill), 900);
        },
      });
    };
    const broken = await run('out', signal);
    expect(broken.stderr).toContain('stopping: runs under way write a checkpoint; press Ctrl-C again to stop at once');
    expect(broken.stderr).toContain('2 runs are missing; the same command goes on with them');
    expect(broken.status).toBe(1);
    const out = join(folder, 'out');
    expect(readdirSync(join(out, 'checkpoints'))).toHaveLength(2);
    expect((await eigenflow(folder, ['status', 'out'])).stdout).toBe(
      'Interrupted\n  runs      2\n  missing   2 (2 with a checkpoint)\n',
    );

    const resumed = await run('out');
    expect(resumed.status).toBe(0);
    expect(resumed.stderr.match(/run [0-9a-f]{20} goes on from step \d+/g)).toHaveLength(2);
    expect(readdirSync(join(out, 'checkpoints'))).toEqual([]);
    expect((await run('whole')).status).toBe(0);
    expect(digests(out)).toEqual(digests(join(folder, 'whole')));
  },
);

it('SIGINT twice stops at once', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario(1_000_000_000)));
  let sent = 0;
  const { status } = await eigenflow(folder, ['run', 'a.json', '--out', 'out', '--workers', '2', '--yes'], {
    onStderr: (text, send) => {
      if (sent === 0 && text.includes('runs to compute')) {
        sent = 1;
        send('SIGINT');
      } else if (sent === 1 && text.includes('stopping')) {
        sent = 2;
        send('SIGINT');
      }
    },
  });
  expect(sent).toBe(2);
  expect(status).toBe(130);
});
