// The digest of a run as docs/lab.md computes it in Python is the one that stands in digests.csv.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNpz } from '../../node/files/npz.js';
import { digestOfRun } from '../../node/results/run-digest.js';
import { compute, eightRuns } from '../node/studies.js';
import { blocks, documentAt, root } from './documents.js';

const python = join(root, '.venv/bin/python');
const inCi = !['', 'false', undefined].includes(process.env.CI);

it.skipIf(!existsSync(python) && !inCi)('anybody can compute a digest from the guide', async () => {
  const { out, rows } = await compute({ ...eightRuns, sweep: { seeds: 1 } });
  const path = join(out, 'runs', `${rows[0].id}.npz`);
  const block = blocks(documentAt('docs/lab.md'), 'python').find((one) => one.includes('hashlib'));
  const said = execFileSync(python, ['-W', 'error', '-c', `${block}\nprint(digest(${JSON.stringify(path)}))`]);
  expect(said.toString().trim()).toBe(digestOfRun(readNpz(path)));
});
