// Whatever operation on a file fails, and however, what was stored is whole, the command says so, and the next one completes to
// the same bytes. A few of all operations; each one of every command: `npm run validate -- faults`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../node/studies.js';
import { canInject, compileFaults, type FaultKind, inject } from './faults/faults.js';
import { type SubjectName, subjectsIn } from './faults/subjects.js';

if (!canInject) process.stderr.write('skipped: faults are injected on Linux, where there is a C compiler\n');

describe.skipIf(!canInject)('a fault', () => {
  let library: string;
  let subjects: ReturnType<typeof subjectsIn>;
  beforeAll(() => {
    library = compileFaults(newFolder());
    subjects = subjectsIn(newFolder());
  });

  it.each<[SubjectName, FaultKind, every: number]>([
    ['run', 'EIO', 31],
    ['run', 'ENOSPC', 47],
    ['run', 'kill', 61],
    ['work', 'kill', 61],
    ['work', 'short', 31],
    ['analyse', 'short', 1],
    ['export --format csv', 'ENOSPC', 2],
    ['export --format netcdf', 'short', 29],
    ['export --format zarr', 'EIO', 97],
    ['export --format zarr', 'short', 8],
    ['figures', 'kill', 23],
    ['verify', 'EIO', 11],
    ['status', 'EIO', 3],
  ])('of %s: %s', async (name, kind, every) => {
    const subject = subjects.find((one) => one.name === name);
    if (subject === undefined) throw new Error(`there is no subject ${name}`);
    const base = join(newFolder(), 'injected');
    mkdirSync(base);
    const { points, tried, faults } = await inject(library, base, subject, kind, every);
    expect(faults).toEqual([]);
    // Where nothing could fail, nothing was looked at.
    expect(points).toBeGreaterThan(1);
    expect(tried).toBe(Math.ceil(points / every));
  });
});
