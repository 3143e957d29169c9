// The page on kernels says what their docstrings say, of every kernel that there is.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../core/kernels/arena.js';
import * as elementary from '../../core/kernels/elementary.js';
import { root } from './documents.js';
import { elementaryRows, FOR_THE_ENGINE, kernelRows, kernelsPage } from './kernels-page.js';

test('every kernel and every function of single numbers has a docstring', () => {
  const rows = [...kernelRows(), ...elementaryRows()];
  expect(rows.filter(({ doc }) => doc === '')).toEqual([]);
});

test('the rows are what can be called', () => {
  const { kernels } = openWorkspace();
  const callable = (object: object) =>
    Object.entries(object).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect(
    kernelRows()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(
    callable(kernels)
      .filter((name) => !FOR_THE_ENGINE.includes(name))
      .sort(),
  );
  expect(
    elementaryRows()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(callable(elementary).sort());
});

test('docs/kernels.md is made from them', async () => {
  await expect(kernelsPage()).toMatchFileSnapshot(join(root, 'docs/kernels.md'));
});
