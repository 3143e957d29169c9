// An export takes the place of an older one while others do the same: it is whole afterwards, and nothing is left over.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MARKER } from '../../core/node/export/dataset.js';
import { replaceExport } from '../../core/node/export/replace-export.js';
import { temporaryFolder } from './temporary-folder.js';

const root = temporaryFolder();

function newFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

function finished(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'zarr.json'), JSON.stringify({ [MARKER]: 1, name }));
  return path;
}

test('twenty at the same time: one of them is there, whole, and alone', async () => {
  const folder = newFolder('many');
  const path = join(folder, 'dataset.zarr');
  await replaceExport(finished(folder, 'first'), path);
  await Promise.all(Array.from({ length: 20 }, (_, i) => replaceExport(finished(folder, `export-${i}`), path)));
  expect(readdirSync(folder)).toEqual(['dataset.zarr']);
  expect(JSON.parse(readFileSync(join(path, 'zarr.json'), 'utf8')).name).toMatch(/^export-\d+$/);
});

test('that cannot be put in place leaves the older one where it was', async () => {
  const folder = newFolder('in vain');
  const path = join(folder, 'dataset.zarr');
  await replaceExport(finished(folder, 'first'), path);
  await expect(replaceExport(join(folder, 'not there'), path)).rejects.toThrow('ENOENT');
  expect(readdirSync(folder)).toEqual(['dataset.zarr']);
  expect(JSON.parse(readFileSync(join(path, 'zarr.json'), 'utf8')).name).toBe('first');
});
