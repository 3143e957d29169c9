// A sweep that is broken off, however rudely, goes on where it was and gives the bytes of one that never stopped.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { checkpointsIn, isAt, openIn, type Stage, storedIn } from './folder-state.js';
import { arrivals, gatePlugin, openGate } from './gate-folder.js';
import { type Computed, compute, digestsOf, eightRuns, leaveWhen, newFolder } from './studies.js';

// Processes that compute for a second take many where the machine is busy with other things.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const standstill = fileURLToPath(new URL('./standstill.ts', import.meta.url));

/**
 * Runs of about a second, and of many times what is computed before a run looks whether it was told to stop. At the gate
 * most of it is still to come.
 */
const longRuns: Scenario = {
  ...eightRuns,
  title: 'Long runs',
  plugins: [...eightRuns.plugins, gatePlugin, standstill],
  steps: 1_000_000,
  observers: {
    ...eightRuns.observers,
    gate: { use: 'gate', when: { at: [100_000] } },
    standstill: { use: 'standstill', when: { every: 50_000 } },
    state: { use: 'weights', block: 'W', when: { every: 100_000 } },
    path: { use: 'epoch-mean-gradient-norm', when: { everyEpochs: 5000 } },
  },
  sweep: { axes: { 'model.initialWidth': [0.5, 1, 2] } },
};

let digests: Record<string, string>;
beforeAll(async () => {
  digests = digestsOf((await compute(longRuns, { workers: 2 })).out);
});

/** Starts the study in a process of its own and kills it when its folder is at a stage. */
async function killAt(stage: Stage, folder: string, workers: number): Promise<string> {
  const file = join(folder, 'scenario.json');
  const out = join(folder, 'out');
  writeFileSync(file, JSON.stringify(longRuns));
  const script = fileURLToPath(new URL('./study-process.mjs', import.meta.url));
  const env = { ...process.env, EIGENFLOW_STANDSTILL: JSON.stringify({ out, stage }) };
  for (let attempt = 1; attempt <= 5; attempt++) {
    const child = spawn(process.execPath, [script, file, out, String(workers), '0.01'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    while (!isAt(out, stage) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await closed;
    if (isAt(out, stage) && child.signalCode === 'SIGKILL') return out;
    // A run whose checkpoint was counted was being stored at that moment.
    rmSync(out, { recursive: true, force: true });
  }
  throw new Error(`the study was never killed at ${JSON.stringify(stage)}`);
}

describe('SIGKILL', () => {
  it.each([0, 2])('with %d workers, with a run stored and another at a checkpoint', async (workers) => {
    const folder = newFolder();
    const out = await killAt({ stored: 1, open: 1 }, folder, workers);
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
    await killAt({ stored: 0, open: 2 }, folder, 2);
    const out = await killAt({ stored: 1, open: 0 }, folder, 1);
    await compute(longRuns, { folder, out, workers: 2 });
    expect(digestsOf(out)).toEqual(digests);
  });
});

/** Computes until runs have come to the gate, and asks to stop then. */
async function stopUnderWay(scenario: Scenario, workers: number): Promise<Computed> {
  const stop = new AbortController();
  const folder = newFolder();
  let isOver = false;
  const stopAtGate = async () => {
    await arrivals(folder, workers, 'threads', () => isOver);
    stop.abort();
    openGate(folder);
  };
  process.env['EIGENFLOW_GATE'] = folder;
  if (workers === 0) process.once('gate', () => stop.abort());
  else stopAtGate();
  try {
    return await compute(scenario, { folder, workers, stop: stop.signal });
  } finally {
    isOver = true;
    delete process.env['EIGENFLOW_GATE'];
  }
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

describe('unsubscribing', () => {
  it.each([0, 2])('with %d workers writes checkpoints, computes nothing more, and loses nothing', async (workers) => {
    const { out, after } = await leaveWhen(longRuns, ({ type }) => type === 'steps', { workers });
    expect(after).toBe(0);
    const checkpoints = checkpointsIn(out);
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(checkpoints).toEqual(openIn(out));
    const bytesOf = (name: string) => readFileSync(join(out, 'checkpoints', name)).toString('base64');
    const bytes = checkpoints.map(bytesOf);
    // Longer than a run takes.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(checkpointsIn(out).map(bytesOf)).toEqual(bytes);
    expect(openIn(out)).toEqual(checkpoints);

    const second = await compute(longRuns, { out, workers });
    expect(second.events.filter(({ type }) => type === 'resumed')).toHaveLength(checkpoints.length);
    expect(second.missing).toBe(0);
    expect(digestsOf(out)).toEqual(digests);
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
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    const { rows, events } = await compute(scenario, { out });
    expect(rows.map(({ status }) => status)).toEqual(['completed']);
    expect(events.map(({ type }) => type)).not.toContain('resumed');
    const aside = { reason: 'is damaged', movedTo: `quarantine/checkpoints/${file}` };
    expect(events).toContainEqual(expect.objectContaining({ type: 'restarted', ...aside }));
    expect(readFileSync(join(out, aside.movedTo)).equals(damaged)).toBe(true);
    expect(digests).toMatchObject(digestsOf(out));
  });

  it('one that cannot be read is no damage: its run fails, and goes on from it when it can', async () => {
    const out = join(newFolder(), 'out');
    cpSync(stopped.out, out, { recursive: true });
    const [file] = checkpointsIn(out);
    const path = join(out, 'checkpoints', file);
    const away = join(newFolder(), file);
    renameSync(path, away);
    symlinkSync(away, path);
    const refused = await compute(scenario, { out });
    expect(refused.rows.map(({ status, message }) => `${status}: ${message}`)).toEqual([
      expect.stringMatching(/^failed: .*link/),
    ]);
    rmSync(path);
    renameSync(away, path);
    const resumed = await compute(scenario, { out });
    expect(resumed.events.map(({ type }) => type)).toContain('resumed');
    expect(digests).toMatchObject(digestsOf(out));
  });
});
