// Ctrl-C: the first one writes checkpoints and says how to go on, the second one stops at once.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { newFolder } from '../hosts/studies.js';
import { eigenflow, eigenflowMany, type Outcome } from './command.js';

// Whole studies, which take many seconds where the machine is busy with other things.
vi.setConfig({ testTimeout: 240_000 });

const scenario = (steps: number) => ({
  title: 'Interrupted',
  plugins: ['teacher-student', 'sgd', 'spectrum', './marker.ts'],
  seed: 1,
  steps,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: 0.05 },
  observers: {
    state: { use: 'weights', block: 'W', when: { points: 5 } },
    marker: { use: 'marker', when: { at: [1000] } },
  },
  sweep: { seeds: 2 },
});

/** Leaves a file when a run is under way, so that signals come at the right moment on any machine. */
const marker = `
  import { writeFileSync } from 'node:fs';
  import { threadId } from 'node:worker_threads';
  import { defineObserver, definePlugin } from 'eigenflow';
  const marker = defineObserver({
    name: 'marker', summary: 'A mark', params: {}, cite: [],
    create: () => ({ attach: () => ({}), observe: () => writeFileSync('under-way-' + threadId, '') }),
  });
  export default definePlugin({ name: 'marker', version: '1.0.0', components: [marker] });`;

function prepare(steps: number): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'marker.ts'), marker);
  writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario(steps)));
  return folder;
}

/** Starts the study; sends the signals, each when the one before has been answered. */
async function run(folder: string, out: string, ...signals: NodeJS.Signals[]): Promise<Outcome> {
  let watch: NodeJS.Timeout | undefined;
  try {
    const args = ['run', 'a.json', '--out', out, '--workers', '2', '--export', 'none', '--yes'];
    return await eigenflow(folder, args, {
      onStderr: (text, kill) => {
        if (signals.length > 0) {
          watch ??= setInterval(() => {
            const underWay = readdirSync(folder).filter((name) => name.startsWith('under-way')).length === 2;
            const first = signals[0];
            if (!underWay || !first) return;
            clearInterval(watch);
            signals.shift();
            kill(first);
          }, 5);
        }
        const next = text.includes('stopping') ? signals.shift() : undefined;
        if (next) kill(next);
      },
    });
  } finally {
    clearInterval(watch);
  }
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
    const folder = prepare(300_000);
    const broken = await run(folder, 'out', signal);
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

it('SIGINT twice stops at once', async () => {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGINT'];
  const { status } = await run(prepare(1_000_000_000), 'out', ...signals);
  expect(status).toBe(130);
});
