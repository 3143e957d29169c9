// Checkpoints as files: a run that is broken off, written to a file, read again and gone on with gives the same bits.
import { lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Quarantined, readCheckpoint, writeCheckpoint } from '../../node/results/checkpoint-file.js';
import type { StudyEvent } from '../../node/study/run-study.js';
import { breakOff, configOf, digestOf, resultOf } from '../core/engine/runs.js';
import { worlds } from '../core/engine/worlds.js';
import { compute, eightRuns, newFolder } from '../node/studies.js';

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
  expect(stored?.checkpoint.frames).toEqual(second.frames);
  expect(digestOf(config, await resultOf(config, stored?.checkpoint))).toBe(whole);
});

it('holds more frames than one text could describe', async () => {
  const checkpoint = await breakOff(manyFrames, 3000);
  expect(checkpoint.frames.step.length).toBeGreaterThan(2000);
  await writeCheckpoint(folder, manyFrames.id, KERNELS, { checkpoint, seconds: 1 });
  expect(readCheckpoint(folder, manyFrames.id, KERNELS)?.checkpoint.frames).toEqual(checkpoint.frames);
});

describe('a checkpoint', () => {
  const [, config] = worlds[1];
  const { id } = config;
  const path = join(folder, 'checkpoints', `${id}.npz`);
  const write = async () =>
    writeCheckpoint(folder, id, KERNELS, { checkpoint: await breakOff(config, 31), seconds: 1 });

  it('of other kernels is moved, and serves those that made it when it is moved back', async () => {
    await write();
    const bytes = readFileSync(path);
    const told: Quarantined[] = [];
    expect(readCheckpoint(folder, id, 'def', '', (aside) => told.push(aside))).toBeUndefined();
    const movedTo = `quarantine/checkpoints/${id}.npz`;
    expect(told).toEqual([{ reason: 'was made by other kernels', movedTo }]);
    expect(readFileSync(join(folder, movedTo)).equals(bytes)).toBe(true);
    expect(readCheckpoint(folder, id, KERNELS)).toBeUndefined();
    renameSync(join(folder, movedTo), path);
    expect(readCheckpoint(folder, id, KERNELS)?.seconds).toBe(1);
  });

  // What a disk refuses for a moment (permissions, too many open files, an error of input) takes the same way.
  it('that cannot be read stays where it is', async () => {
    await write();
    const elsewhere = join(folder, 'elsewhere.npz');
    renameSync(path, elsewhere);
    symlinkSync(elsewhere, path);
    const told: Quarantined[] = [];
    expect(() => readCheckpoint(folder, id, KERNELS, '', (aside) => told.push(aside))).toThrow(
      expect.objectContaining({ code: 'file', path }),
    );
    expect(told).toEqual([]);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    renameSync(elsewhere, path);
    expect(readCheckpoint(folder, id, KERNELS)?.seconds).toBe(1);
  });
});

it('that cannot be written is told, and the run goes on', async () => {
  const scenario = { ...eightRuns, steps: 100_000, sweep: {} };
  const out = join(newFolder(), 'out');
  const checkpoints = join(out, 'checkpoints');
  const close = ({ type }: StudyEvent) => {
    if (type !== 'started') return;
    rmdirSync(checkpoints);
    symlinkSync(newFolder(), checkpoints);
  };
  const { rows, events } = await compute(scenario, { out, checkpointSeconds: 0, onEvent: close });
  const reason = expect.stringContaining(`${checkpoints}: is a symbolic link`);
  expect(events).toContainEqual({ type: 'unsaved', id: rows[0].id, reason });
  expect(rows[0].status).toBe('completed');
});

it('a run whose checkpoint cannot be read has failed, says so, and goes on from it at the next attempt', async () => {
  const scenario = { ...eightRuns, steps: 100_000, sweep: {} };
  const { out, rows } = await compute(scenario, { runTimeLimit: 1e-9 });
  const path = join(out, 'checkpoints', `${rows[0].id}.npz`);
  const elsewhere = join(out, 'runs', '.elsewhere.tmp');
  renameSync(path, elsewhere);
  symlinkSync(elsewhere, path);
  const second = await compute(scenario, { out });
  expect(second.rows[0]).toMatchObject({ status: 'failed', message: expect.stringContaining(path) });
  renameSync(elsewhere, path);
  const third = await compute(scenario, { out });
  expect(third.events.map(({ type }) => type)).toContain('resumed');
  expect(third.rows[0].status).toBe('completed');
});
