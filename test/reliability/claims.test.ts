// Claims: of all processes that want a run, one has it, and what a dead one held is taken over.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Claims, type ClaimTimes, livingWriters, openClaims } from '../../node/results/claims.js';
import { newFolder } from '../node/studies.js';

const opened: Claims[] = [];
afterEach(() => {
  for (const claims of opened.splice(0)) claims.close();
});
function open(folder: string, times: ClaimTimes = {}): Claims {
  const claims = openClaims(folder, times);
  opened.push(claims);
  return claims;
}

/** A process that claims, says so, and then waits to be killed or told to end. */
async function claimInAnotherProcess(folder: string, ...runs: string[]) {
  const script = fileURLToPath(new URL('./claim-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, ...runs], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid,
    end: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return closed;
    },
  };
}

/** Makes a writer look like one of another machine, whose last sign of life is so many seconds old. */
function moveAway(folder: string, { writer }: Claims, seconds: number): void {
  const path = join(folder, 'claims', `${writer.name}.json`);
  writeFileSync(path, JSON.stringify({ ...writer, machine: 'elsewhere' }));
  const then = new Date(Date.now() - 1000 * seconds);
  utimesSync(path, then, then);
}

it('one of two writers has a run, until it gives it back', () => {
  const folder = newFolder();
  const [a, b] = [open(folder), open(folder)];
  expect(a.claim('run')).toBeUndefined();
  expect(b.claim('run')).toBe(a.writer.name);
  expect(b.claim('another')).toBeUndefined();
  a.release('run');
  expect(b.claim('run')).toBeUndefined();
  a.release('run');
  expect(a.claim('run')).toBe(b.writer.name);
});

it('knows the others that live', () => {
  const folder = newFolder();
  const [a, b] = [open(folder), open(folder)];
  expect(a.others().map(({ name }) => name)).toEqual([b.writer.name]);
  expect(livingWriters(folder).map(({ pid }) => pid)).toEqual([process.pid, process.pid]);
});

it('leaves nothing behind when all are closed', () => {
  const folder = newFolder();
  const [a, b] = [open(folder), open(folder)];
  a.claim('one');
  b.claim('two');
  a.close();
  b.close();
  expect(readdirSync(folder)).toEqual([]);
});

describe('a writer that has ended', () => {
  it('killed on this machine: its runs are free at once, for one of those who ask', async () => {
    const folder = newFolder();
    const other = await claimInAnotherProcess(folder, 'run');
    const [a, b] = [open(folder), open(folder)];
    expect(a.others().map(({ pid }) => pid)).toContain(other.pid);
    expect(a.claim('run')).toBeDefined();
    await other.end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(a.claim('run')).toBeUndefined();
    expect(b.claim('run')).toBe(a.writer.name);
    a.release('run');
    expect(readdirSync(join(folder, 'claims')).filter((file) => file.startsWith('run'))).toEqual([]);
  });

  it('told to end: it takes its claims with it', async () => {
    const folder = newFolder();
    const other = await claimInAnotherProcess(folder, 'run');
    await other.end('SIGTERM');
    expect(existsSync(join(folder, 'claims'))).toBe(false);
  });

  it('of another machine: its runs are free when its heartbeat is old, not before', () => {
    const folder = newFolder();
    const dead = open(folder);
    dead.claim('run');
    moveAway(folder, dead, 60);
    expect(open(folder, { stale: 120 }).claim('run')).toBe(dead.writer.name);
    expect(open(folder, { stale: 30 }).claim('run')).toBeUndefined();
  });

  it('dies again and again: every successor is succeeded', () => {
    const folder = newFolder();
    for (let i = 0; i < 4; i++) {
      const writer = open(folder, { stale: 30 });
      expect(writer.claim('run')).toBeUndefined();
      moveAway(folder, writer, 60);
    }
    const last = open(folder, { stale: 30 });
    expect(last.claim('run')).toBeUndefined();
    last.release('run');
    expect(readdirSync(join(folder, 'claims')).filter((file) => file.startsWith('run'))).toEqual([]);
  });

  it('and was given the number of a process that lives: the time of its start tells them apart', () => {
    const folder = newFolder();
    const dead = open(folder);
    dead.claim('run');
    const path = join(folder, 'claims', `${dead.writer.name}.json`);
    writeFileSync(path, JSON.stringify({ ...dead.writer, began: '1' }));
    // Only where the system says when a process began.
    const expected = dead.writer.began === '' ? dead.writer.name : undefined;
    expect(open(folder).claim('run')).toBe(expected);
  });
});

it('a heartbeat keeps the claims of a writer of another machine', async () => {
  const folder = newFolder();
  const other = open(folder, { heartbeat: 0.1 });
  other.claim('run');
  const path = join(folder, 'claims', `${other.writer.name}.json`);
  const before = readFileSync(path, 'utf8');
  moveAway(folder, other, 3600);
  const moved = statSync(path).mtimeMs;
  while (statSync(path).mtimeMs === moved) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(JSON.parse(readFileSync(path, 'utf8').slice(0, before.length))).toMatchObject({ pid: process.pid });
  expect(open(folder, { stale: 1800 }).claim('run')).toBe(other.writer.name);
});

it.each([['not JSON'], ['{}'], ['null'], ['{"host":1,"pid":-1}']])(
  'a writer file that holds %s is no crash',
  (text) => {
    const folder = newFolder();
    const a = open(folder);
    writeFileSync(join(folder, 'claims', 'strange.json'), text);
    writeFileSync(join(folder, 'claims', 'run.0'), 'strange\n');
    // Nobody knows whether it lives: it is left alone until its time is up.
    expect(a.claim('run')).toBe('strange');
  },
);

it('of many writers that want the same runs each run has one', () => {
  const folder = newFolder();
  const runs = Array.from({ length: 40 }, (_, i) => `run-${i}`);
  const writers = Array.from({ length: 5 }, () => open(folder));
  const owners = runs.map((run) => writers.filter((writer) => writer.claim(run) === undefined).length);
  expect(owners).toEqual(runs.map(() => 1));
});
