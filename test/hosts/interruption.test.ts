// A sweep that is broken off, however rudely, goes on where it was and gives the bytes of one that never stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readNpz } from '../../core/node/formats/npz.js';
import type { StudyEvent } from '../../core/node/study/run-study.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { type Computed, compute, digestsOf, eightRuns, newFolder } from './studies.js';

// Processes that compute for a second take many where the machine is busy with other things.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Runs of about a second: long enough to be hit in the middle, when a checkpoint has been written. */
const longRuns: Scenario = {
  ...eightRuns,
  title: 'Long runs',
  steps: 1_000_000,
  observers: {
    ...eightRuns.observers,
    state: { use: 'weights', block: 'W', when: { every: 100_000 } },
    path: { use: 'epoch-mean-gradient-norm', when: { everyEpochs: 5000 } },
  },
  sweep: { axes: { 'model.initialWidth': [0.5, 1, 2] } },
};

let digests: Record<string, string>;
beforeAll(async () => {
  digests = digestsOf((await compute(longRuns, { workers: 2 })).out);
});

const checkpointsIn = (out: string) => {
  const folder = join(out, 'checkpoints');
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.npz')) : [];
};
const storedIn = (out: string) => {
  const folder = join(out, 'runs');
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.npz')) : [];
};

/** Checkpoints of runs that are not stored. */
const openIn = (out: string) => checkpointsIn(out).filter((file) => !storedIn(out).includes(file));

async function until(what: () => boolean, child: ChildProcess): Promise<void> {
  while (!what()) {
    if (child.exitCode !== null) throw new Error('the study ended before it could be broken off');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts the study in a process of its own and kills it as soon as `when` holds. */
async function killWhen(folder: string, workers: number, when: (out: string) => boolean): Promise<string> {
  const file = join(folder, 'scenario.json');
  const out = join(folder, 'out');
  writeFileSync(file, JSON.stringify(longRuns));
  const script = fileURLToPath(new URL('./study-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, out, String(workers), '0.05'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  await until(() => when(out), child);
  child.kill('SIGKILL');
  await closed;
  return out;
}

describe('SIGKILL', () => {
  it.each([0, 2])('with %d workers, with a run stored and another at a checkpoint', async (workers) => {
    const folder = newFolder();
    const out = await killWhen(folder, workers, (at) => storedIn(at).length > 0 && openIn(at).length > 0);
    const stored = storedIn(out);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(3);
    // Every file that is there is whole.
    for (const file of [
      ...stored.map((name) => join('runs', name)),
      ...checkpointsIn(out).map((name) => join('checkpoints', name)),
    ]) {
      expect(readNpz(join(out, file)).names.length).toBeGreaterThan(0);
    }
    const resumed = await compute(longRuns, { folder, out, workers });
    expect(resumed.stored).toBe(stored.length);
    expect(resumed.ended).toHaveLength(3 - stored.length);
    expect(resumed.missing).toBe(0);
    expect(resumed.events.some((event) => event.type === 'resumed' && event.step > 0)).toBe(true);
    expect(digestsOf(out)).toEqual(digests);
    expect(checkpointsIn(out)).toEqual([]);
  });

  it('twice in a row', async () => {
    const folder = newFolder();
    await killWhen(folder, 2, (at) => openIn(at).length === 2);
    const out = await killWhen(folder, 1, (at) => storedIn(at).length > 0);
    await compute(longRuns, { folder, out, workers: 2 });
    expect(digestsOf(out)).toEqual(digests);
  });
});

/** Computes until the first news of steps, and asks to stop then. */
async function stopUnderWay(scenario: Scenario, workers: number): Promise<Computed> {
  const stop = new AbortController();
  const onEvent = ({ type }: StudyEvent) => {
    if (type === 'steps') stop.abort();
  };
  return compute(scenario, { workers, onEvent, stop: stop.signal });
}

describe('a request to stop', () => {
  it.each([0, 2])('with %d workers writes checkpoints, and the study goes on from them', async (workers) => {
    const first = await stopUnderWay(longRuns, workers);
    expect(first.missing).toBeGreaterThan(0);
    expect(checkpointsIn(first.out)).toEqual(openIn(first.out));
    const steps = checkpointsIn(first.out).map(
      (file) => readNpz(join(first.out, 'checkpoints', file)).get('clock').data[0],
    );
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.every((step) => step > 0 && step < 1_000_000)).toBe(true);

    const second = await compute(longRuns, { out: first.out, workers });
    const resumed = second.events.flatMap((event) => (event.type === 'resumed' ? [event.step] : []));
    expect(resumed.sort()).toEqual(steps.sort());
    expect(second.missing).toBe(0);
    expect(digestsOf(first.out)).toEqual(digests);
  });

  it('before the first run computes nothing and loses nothing', async () => {
    const folder = newFolder();
    const { out, missing } = await compute(longRuns, { folder, stop: AbortSignal.abort() });
    expect(missing).toBe(3);
    expect(storedIn(out)).toEqual([]);
    expect(readFileSync(join(out, 'runs.csv'), 'utf8').trim().split('\n')).toHaveLength(1);
  });
});

describe('a checkpoint that is damaged costs time only: the run starts anew', () => {
  const scenario: Scenario = { ...longRuns, sweep: { axes: { 'model.initialWidth': [0.5] } } };
  let stopped: Computed;
  beforeAll(async () => {
    stopped = await stopUnderWay(scenario, 0);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => new Uint8Array(0)],
    ['not an archive', () => Buffer.from('not an archive')],
    ['changed in one byte', (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))],
  ])('%s', async (_what, damage) => {
    const out = join(newFolder(), 'out');
    cpSync(stopped.out, out, { recursive: true });
    const [file] = checkpointsIn(out);
    const path = join(out, 'checkpoints', file);
    writeFileSync(path, damage(readFileSync(path)));
    const { rows, events } = await compute(scenario, { out });
    expect(rows.map(({ status }) => status)).toEqual(['completed']);
    expect(events.map(({ type }) => type)).not.toContain('resumed');
    expect(digests).toMatchObject(digestsOf(out));
  });
});
