// Paths in a tab are those of Node, wherever readers of results ask for one.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as tab from '../../../lab/worker/node/path.js';

const PLACES = [
  '/',
  '/study-0',
  '/study-0/runs',
  '/study-0/runs/a.npz',
  '/study-1',
  '/study-01',
  '/study-0/../study-1',
];

describe('a path in a tab', () => {
  it.each(PLACES)('leads from %s to any other place as in Node', (from) => {
    for (const to of PLACES) expect([to, tab.relative(from, to)]).toEqual([to, posix.relative(from, to)]);
  });

  it.each(PLACES)('has the parts that %s has in Node', (path) => {
    const parts = ({ resolve, basename, dirname, extname, isAbsolute }: Pick<typeof posix, keyof typeof tab>) =>
      [resolve, basename, dirname, extname, isAbsolute].map((part) => part(path));
    expect(parts({ ...tab, sep: '/' })).toEqual(parts(posix));
    expect(tab.join(path, 'x', '..', 'y.json')).toBe(posix.join(path, 'x', '..', 'y.json'));
  });
});
