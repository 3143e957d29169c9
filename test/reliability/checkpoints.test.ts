// Checkpoints as files: a run that is broken off, written to a file, read again and gone on with gives the same bits.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../core/node/results/checkpoint-file.js';
import type { RunConfig } from '../../core/scenario/run-config.js';
import { breakOff, configOf, digestOf, networkScenario, resultOf } from '../engine/runs.js';
import { newFolder } from '../hosts/studies.js';

const folder = newFolder();
mkdirSync(join(folder, 'checkpoints'));
const KERNELS = 'abc';

const worlds: [string, RunConfig][] = [
  [
    'momentum with a schedule, a reshuffled order, a path that leads its frames',
    configOf(
      {
        noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
        optimiser: { use: 'momentum', learningRate: { ramp: [0.5, 0.05], over: 150 }, momentum: 0.75 },
        observers: { path: { use: 'epoch-mean-gradient-norm', when: { every: 20 } } },
      },
      networkScenario,
    ),
  ],
  [
    'nesterov on fresh subsets',
    configOf(
      {
        noise: { use: 'minibatch', batchSize: 5, order: 'fresh-subset' },
        optimiser: { use: 'nesterov', learningRate: 0.1 },
        observers: { weights: { use: 'weights', block: 'W', when: { every: 50 } } },
      },
      networkScenario,
    ),
  ],
  [
    'a persistent force, derived windows and a lead',
    configOf({
      steps: 200,
      noise: { use: 'shaken' },
      optimiser: { use: 'heavy' },
      observers: {
        windows: { use: 'windowed', when: { every: 7 } },
        path: { use: 'path', lead: 13, when: { every: 20 } },
      },
    }),
  ],
  ['thousands of frames', configOf({ steps: 4000, observers: { position: { use: 'position', when: { every: 1 } } } })],
];

it.each(worlds)('%s', async (_what, config) => {
  const whole = digestOf(config, await resultOf(config));
  const first = await breakOff(config, 31);
  await writeCheckpoint(folder, config.id, KERNELS, { checkpoint: first, seconds: 1 });
  const second = await breakOff(config, 177, readCheckpoint(folder, config.id, KERNELS)?.checkpoint);
  await writeCheckpoint(folder, config.id, KERNELS, { checkpoint: second, seconds: 2 });
  const stored = readCheckpoint(folder, config.id, KERNELS);
  expect(stored?.checkpoint.state.step).toBeGreaterThanOrEqual(177);
  expect(stored?.checkpoint.snapshots).toEqual(second.snapshots);
  expect(digestOf(config, await resultOf(config, stored?.checkpoint))).toBe(whole);
});

it('holds more frames than one text could describe', async () => {
  const [, config] = worlds[3];
  const checkpoint = await breakOff(config, 3000);
  expect(checkpoint.snapshots.length).toBeGreaterThan(2000);
  await writeCheckpoint(folder, config.id, KERNELS, { checkpoint, seconds: 1 });
  expect(readCheckpoint(folder, config.id, KERNELS)?.checkpoint.snapshots).toEqual(checkpoint.snapshots);
});

it('of other kernels is dropped, and the run starts anew', async () => {
  const [, config] = worlds[1];
  await writeCheckpoint(folder, config.id, KERNELS, { checkpoint: await breakOff(config, 31), seconds: 1 });
  expect(readCheckpoint(folder, config.id, 'def')).toBeUndefined();
  expect(readCheckpoint(folder, config.id, KERNELS)).toBeUndefined();
});
