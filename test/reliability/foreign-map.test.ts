// A phase map of somebody else is data: what is wrong in it is named with the file, and no advice is made of it.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { MapFile } from '../../analysis/advice/map-file.js';
import { eigenflowMany } from '../cli/command.js';
import { newFolder } from '../node/studies.js';

const shipped = fileURLToPath(new URL('../../maps/tanh-teacher-student', import.meta.url));
const first = (map: MapFile) => Object.keys(map.classifiers)[0];
const smoothness = (map: MapFile, changes: object) => ({
  smoothness: { ...map.smoothness, [first(map)]: { ...map.smoothness[first(map)], ...changes } },
});

/** What is written into map.json, by what it is. The last entry is what the message says of it. */
const forgeries: [string, (map: MapFile) => object, string][] = [
  ['an empty scenario', () => ({ scenario: {} }), 'scenario.title: expected a text, found undefined'],
  [
    'a model that is a list',
    ({ scenario }) => ({ scenario: { ...scenario, model: [] } }),
    'scenario.model: expected {',
  ],
  ['a title that is an object', () => ({ title: {} }), '(title: expected a text, found {})'],
  ['no versions', () => ({ versions: undefined }), '(versions: is missing'],
  ['citations that are a text', () => ({ citations: 'x' }), '(citations: expected a list, each a text'],
  [
    'an unknown build',
    ({ kernels }) => ({ kernels: { ...kernels, name: 'toString' } }),
    '(kernels.name: expected "strict" or',
  ],
  ['axes that are a text', () => ({ axes: 'x' }), '(axes: expected a list'],
  ['an axis without a name', () => ({ axes: [{}] }), '(axes[0].name: is missing'],
  ['seeds below zero', () => ({ seeds: -1 }), '(seeds: expected a whole number of at least 0'],
  ['classifiers that are null', () => ({ classifiers: null }), '(classifiers: expected'],
  ['labels that are a text', () => ({ classifiers: { mine: 'x' } }), '(classifiers.mine: expected a list'],
  [
    'a label that is there twice',
    () => ({ classifiers: { mine: ['x', 'x'] } }),
    '(classifiers.mine: a label is there twice)',
  ],
  ['columns without a unit', () => ({ columns: { loss: {} } }), '(columns.loss.unit: is missing'],
  ['no smoothness', () => ({ smoothness: {} }), '(smoothness: there is none for the classifier'],
  [
    'a smoothness below zero',
    (map) => smoothness(map, { amplitude: -1 }),
    '.amplitude: expected a finite number above 0',
  ],
  [
    'one length for two directions',
    (map) => smoothness(map, { lengths: [1] }),
    '.lengths: expected a list of 2 or more',
  ],
];

const ask = ['advise', '--learning-rate', '1', '--batch-size', '4', '--initial-width', '1', '--map'];

function forgedMap(change: (map: MapFile) => object, table: (text: string) => string = (text) => text): string {
  const folder = join(newFolder(), 'map');
  cpSync(shipped, folder, { recursive: true });
  const map: MapFile = JSON.parse(readFileSync(join(folder, 'map.json'), 'utf8'));
  writeFileSync(join(folder, 'map.json'), JSON.stringify({ ...map, ...change(map) }));
  writeFileSync(join(folder, 'runs.csv'), table(readFileSync(join(folder, 'runs.csv'), 'utf8')));
  return folder;
}

it('what is wrong in map.json is named with the file', () => {
  const folders = forgeries.map(([, change]) => forgedMap(change));
  const outcomes = eigenflowMany(folders.map((map) => ({ folder: map, args: [...ask, map] })));
  for (const [i, [what, , message]] of forgeries.entries()) {
    const { status, stderr, stdout } = outcomes[i];
    expect(stderr, what).toContain(`eigenflow: ${join(folders[i], 'map.json')}: is not as eigenflow writes it`);
    expect(stderr, what).toContain(message);
    expect([status, stdout], what).toEqual([2, '']);
  }
});

it('a line of the table that is no run of the map is named', () => {
  const tables: [(text: string) => string, string][] = [
    [(text) => text.replace(/^(([^,]*,){1})[^,]*/m, '$1other'), 'line 2 is no run of this map: model.initialWidth ""'],
    [(text) => text.replace(/\n([^,]*),[^,]*/, '\n$1,wide'), 'line 2 is no run of this map: model.initialWidth "wide"'],
    [(text) => text.replace(/\n([^,]*),[^,]*/, '\n$1,-1'), 'model.initialWidth is: advice needs a positive number'],
    [(text) => text.replace('ordered', 'orderly'), '"orderly"'],
    [() => '', 'holds labelled runs of one setting at most: no map'],
  ];
  const folders = tables.map(([table]) => forgedMap(() => ({}), table));
  const outcomes = eigenflowMany(folders.map((map) => ({ folder: map, args: [...ask, map] })));
  for (const [i, [, message]] of tables.entries()) {
    const { status, stderr } = outcomes[i];
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^eigenflow: /);
    expect(status).toBe(2);
  }
});
