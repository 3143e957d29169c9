// Checkpoints as files: a run that is broken off, written to a file, read again and gone on with gives the same bits.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../core/node/results/checkpoint-file.js';
import { breakOff, configOf, digestOf, resultOf } from '../engine/runs.js';
import { worlds } from '../engine/worlds.js';
import { newFolder } from '../hosts/studies.js';

const folder = newFolder();
mkdirSync(join(folder, 'checkpoints'));
const KERNELS = 'abc';

const manyFrames = configOf({ steps: 4000, observers: { position: { use: 'position', when: { every: 1 } } } });

it.each([...worlds, ['thousands of frames', manyFrames] as const])('%s', async (_what, config) => {
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
  const checkpoint = await breakOff(manyFrames, 3000);
  expect(checkpoint.snapshots.length).toBeGreaterThan(2000);
  await writeCheckpoint(folder, manyFrames.id, KERNELS, { checkpoint, seconds: 1 });
  expect(readCheckpoint(folder, manyFrames.id, KERNELS)?.checkpoint.snapshots).toEqual(checkpoint.snapshots);
});

it('of other kernels is dropped, and the run starts anew', async () => {
  const [, config] = worlds[1];
  await writeCheckpoint(folder, config.id, KERNELS, { checkpoint: await breakOff(config, 31), seconds: 1 });
  expect(readCheckpoint(folder, config.id, 'def')).toBeUndefined();
  expect(readCheckpoint(folder, config.id, KERNELS)).toBeUndefined();
});
