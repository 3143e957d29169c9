// Two processes on one folder share its runs: none is computed twice, none is lost when one of them is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { parseRunsTable } from '../../node/results/runs-table.js';
import { arrivals, gatePlugin, openGate } from '../node/gate-folder.js';
import { compute, digestsOf, eightRuns, newFolder } from '../node/studies.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const AXES = ['model.initialWidth', 'optimiser.weightDecay'];
const gate = { use: 'gate', when: { at: [0] } } as const;
const manyRuns: Scenario = {
  ...eightRuns,
  plugins: [...eightRuns.plugins, gatePlugin],
  steps: 8_000,
  observers: { ...eightRuns.observers, gate },
  sweep: { ...eightRuns.sweep, seeds: 10 },
};
const RUNS = 40;

let digests: Record<string, string>;
beforeAll(async () => {
  digests = digestsOf((await compute(manyRuns)).out);
});

interface Worker {
  readonly child: ChildProcess;
  /** Ids of the runs that it has computed. */
  readonly ended: string[];
  readonly closed: Promise<unknown>;
}

/** @param lastRun the number of runs after whose end it only waits to be killed, as it is then */
function start(folder: string, lastRun = Infinity): Worker {
  const script = fileURLToPath(new URL('../node/study-process.mjs', import.meta.url));
  const args = [script, join(folder, 'scenario.json'), join(folder, 'out'), '1', '60', String(lastRun)];
  const env = { ...process.env, EIGENFLOW_GATE: folder };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const worker: Worker = { child, ended: [], closed: new Promise((resolve) => child.on('close', resolve)) };
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    worker.ended.splice(0, Infinity, ...(text.match(/(?<=ended )[0-9a-f]{20}(?=\n)/g) ?? []));
    if (worker.ended.length === lastRun) child.kill('SIGKILL');
  });
  return worker;
}

/** Lets both go on when both are there, each with a batch of runs: neither can compute all before the other begins. */
async function bothAreThere(folder: string, ...workers: readonly Worker[]): Promise<void> {
  await arrivals(folder, 2, 'processes', () => workers.some(({ child }) => child.exitCode !== null));
  openGate(folder);
}

function folderWith(scenario: Scenario): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  return folder;
}

const rowsIn = (out: string) => parseRunsTable(readFileSync(join(out, 'runs.csv'), 'utf8'), AXES);

it('both compute, nothing twice, and both leave a whole table', async () => {
  const folder = folderWith(manyRuns);
  const out = join(folder, 'out');
  const workers = [start(folder), start(folder)];
  await bothAreThere(folder, ...workers);
  await Promise.all(workers.map(({ closed }) => closed));
  expect(workers.map(({ child }) => child.exitCode)).toEqual([0, 0]);
  const [a, b] = workers.map(({ ended }) => ended);
  expect(a.length).toBeGreaterThan(0);
  expect(b.length).toBeGreaterThan(0);
  expect(new Set([...a, ...b]).size).toBe(RUNS);
  expect(a.length + b.length).toBe(RUNS);
  expect(digestsOf(out)).toEqual(digests);
  const rows = rowsIn(out);
  expect(rows.map(({ status }) => status)).toEqual(new Array(RUNS).fill('completed'));
  expect(rows.every(({ seconds }) => seconds > 0)).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['checkpoints', 'manifest.json', 'runs', 'runs.csv']);
});

it('one is killed: the other takes over what it held and finishes', async () => {
  const folder = folderWith(manyRuns);
  const out = join(folder, 'out');
  const victim = start(folder, 3);
  const survivor = start(folder);
  await bothAreThere(folder, victim, survivor);
  await Promise.all([victim.closed, survivor.closed]);
  expect(victim.child.signalCode).toBe('SIGKILL');
  expect(survivor.child.exitCode).toBe(0);
  expect(digestsOf(out)).toEqual(digests);
  expect(survivor.ended.filter((id) => victim.ended.includes(id))).toEqual([]);
  expect(rowsIn(out)).toHaveLength(RUNS);
  expect(readdirSync(out).sort()).toEqual(['checkpoints', 'manifest.json', 'runs', 'runs.csv']);
});

it('a run that failed in one process is left alone by the other', async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'fragile.ts'),
    `import { appendFileSync } from 'node:fs';
     import { defineObserver, definePlugin } from 'eigenflow';
     const fragile = defineObserver({
       name: 'fragile', summary: 'Breaks', params: {}, cite: [],
       create: () => ({
         channels: { x: { unit: '1', doc: 'a number' } },
         observe: () => { appendFileSync(${JSON.stringify(join(folder, 'tries'))}, 'x'); throw new Error('broken'); },
       }),
     });
     export default definePlugin({ name: 'fragile', version: '1.0.0', components: [fragile] });`,
  );
  const scenario = {
    ...manyRuns,
    plugins: [...manyRuns.plugins, './fragile.ts'],
    observers: { gate, fragile: { use: 'fragile', when: 'end' } },
  };
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const workers = [start(folder), start(folder)];
  await bothAreThere(folder, ...workers);
  await Promise.all(workers.map(({ closed }) => closed));
  expect(readFileSync(join(folder, 'tries'), 'utf8')).toHaveLength(RUNS);
  expect(readdirSync(join(folder, 'out', 'failures'))).toHaveLength(RUNS);
  expect(rowsIn(join(folder, 'out')).map(({ message }) => message)).toEqual(
    new Array(RUNS).fill('observers.fragile: broken'),
  );
});

it('a part of the sweep can be computed, and whoever finds it complete writes the table', async () => {
  const folder = newFolder();
  const part = (i: number) => ({
    folder,
    out: join(folder, 'out'),
    select: (_run: unknown, at: number) => at % 2 === i,
  });
  const first = await compute(eightRuns, part(0));
  expect(first.ended).toHaveLength(4);
  expect(first.missing).toBe(4);
  const second = await compute(eightRuns, part(1));
  expect(second.ended).toHaveLength(4);
  expect(second.missing).toBe(0);
  expect(rowsIn(first.out).every(({ seconds }) => seconds > 0)).toBe(true);
  expect(rowsIn(first.out)).toHaveLength(8);
});
