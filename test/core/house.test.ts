// CONTRIBUTING shows the house: its table names every room, and no room that is not there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentAt, root } from '../documents/documents.js';

const LAYERS = ['core', 'node', 'analysis'];

const named = [...documentAt('CONTRIBUTING.md').text.matchAll(/^\| `([\w/]+)\/` \|/gm)].map(([, folder]) => folder);

const foldersIn = (folder: string) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`${folder}/${entry.name}`] : [],
  );

test.each(LAYERS)('every folder of %s has a line in the table of CONTRIBUTING', (layer) => {
  expect(named.filter((folder) => folder.startsWith(`${layer}/`)).sort()).toEqual(foldersIn(layer).sort());
});

test('the table names the layers and what stands beside them', () => {
  const top = readdirSync(root);
  expect(named.filter((folder) => !top.includes(folder.split('/')[0]))).toEqual([]);
  expect(named).toEqual(expect.arrayContaining([...LAYERS, 'plugins', 'scenarios', 'cli', 'test']));
});
