// What is not finished says who writes it, so that what killed processes have left is cleared away, and nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { writeNamed } from '../../../node/files/named-file.js';
import { identifyProcess } from '../../../node/files/process-identity.js';
import { isTemporary, temporaryName } from '../../../node/files/temporary-name.js';
import { compute, eightRuns, newFolder } from '../studies.js';

const self = identifyProcess();
// On Linux also where its number has been given out again.
const ended = { ...self, pid: spawnSync(process.execPath, ['--version']).pid, began: '1' };
const old = new Date(Date.now() - 48 * 3600 * 1000);

function leave(path: string, age?: Date): string {
  writeFileSync(path, 'half');
  if (age) utimesSync(path, age, age);
  return path;
}

it('a name is told from those of others', () => {
  expect(basename(temporaryName('/a/b.npz'))).toMatch(/^\.b\.npz\.[0-9a-f]{8}-\d+-\d*-[0-9a-f]{8}\.tmp$/);
  expect(isTemporary(basename(temporaryName('/a/b.npz')))).toBe(true);
  expect(['.b.tmp', 'b.0123456789ab.tmp', '.b.mine.tmp'].filter(isTemporary)).toEqual([]);
});

it('whoever writes into a folder clears away what a process has left there that has ended', async () => {
  const folder = newFolder();
  leave(temporaryName(join(folder, 'a'), ended));
  const living = leave(temporaryName(join(folder, 'b')), old);
  const elsewhere = leave(temporaryName(join(folder, 'c'), { ...self, machine: 'another one' }));
  const theirs = leave(join(folder, '.d.mine.tmp'), old);
  await writeNamed(join(folder, 'x'), 'whole');
  expect(readdirSync(folder).sort()).toEqual([living, elsewhere, theirs, 'x'].map((path) => basename(path)).sort());
});

it('a study clears all folders that runs are computed into, although it writes no checkpoint itself', async () => {
  const { out } = await compute(eightRuns);
  const parts = ['', 'runs', 'checkpoints', 'ends', 'failures'];
  for (const part of parts) mkdirSync(join(out, part), { recursive: true });
  const left = parts.map((part) => leave(temporaryName(join(out, part, 'a.npz'), ended)));
  // Of an earlier version, which did not say whose it is.
  left.push(leave(join(out, 'checkpoints', '.a.npz.0123456789ab.tmp'), old));
  const living = leave(temporaryName(join(out, 'checkpoints', 'b.npz')));
  await compute(eightRuns, { out });
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(existsSync(living)).toBe(true);
});
