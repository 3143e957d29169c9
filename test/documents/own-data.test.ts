// The guide "Your own network and data", followed literally: its files, its commands in its order, its Python lines;
// the map at fewer cells and epochs.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activationCode } from '../../core/kernels/kernels.js';
import { params } from '../../plugins/network/parameters.js';
import { eigenflow } from '../cli/command.js';
import { newFolder } from '../node/studies.js';
import { blocks, documentAt, root } from './documents.js';

const guide = documentAt('docs/own-data.md');
const python = join(root, '.venv/bin/python');

/** "Save as `name`" before each block that is a file. */
const files = (): ReadonlyMap<string, string> => {
  const names = [...guide.text.matchAll(/Save as `([\w.-]+)`/g)].map(([, name]) => name);
  const contents = [...guide.text.matchAll(/^```(?:js|json)\n(.*?)^```$/gms)].map(([, content]) => content);
  expect(names).toHaveLength(contents.length);
  return new Map(names.map((name, i) => [name, contents[i]]));
};

/** The same map with four cells, two seeds and enough epochs to learn in one of them. */
function smaller(content: string): string {
  const scenario = JSON.parse(content);
  if (!scenario.sweep.axes) return content;
  scenario.epochs = 40;
  scenario.sweep.axes = { 'model.initialWidth': [1, 16], 'optimiser.learningRate': [0.1, 10] };
  scenario.sweep.seeds = 2;
  return JSON.stringify(scenario);
}

test('from a table to a phase map', async () => {
  const folder = newFolder();
  for (const [name, content] of files())
    writeFileSync(join(folder, name), name === 'map.json' ? smaller(content) : content);
  const commands = blocks(guide, '').flatMap((block) => block.trim().split('\n'));
  expect(commands).toEqual(['node make-table.mjs', 'npx eigenflow run one.json', 'npx eigenflow run map.json']);
  for (const command of commands) {
    const [program, ...args] = command.replace('npx ', '').split(' ');
    if (program === 'node') execFileSync(process.execPath, args, { cwd: folder });
    else {
      const { status, stderr } = await eigenflow(folder, args);
      expect(status, stderr).toBe(0);
    }
  }
  expect(readFileSync(join(folder, 'batches.csv'), 'utf8').split('\n')).toHaveLength(242);

  const cells = readFileSync(join(folder, 'results/map/cells.csv'), 'utf8').trim().split('\n');
  const [header, ...rows] = cells.map((line) => line.split(','));
  const label = header.indexOf('label');
  const labels = rows.map((row) => [...row.slice(0, 2), row[label]].join(' '));
  expect(labels).toContain('1 0.1 learned');
  expect(labels).toContain('1 10 fluctuating');
  expect(labels.find((line) => line.startsWith('16 0.1 '))).not.toMatch(/learned/);
  for (const kind of ['svg', 'pdf', 'png', 'csv']) {
    expect(existsSync(join(folder, `results/map/figures/phases.${kind}`))).toBe(true);
  }

  if (existsSync(python)) {
    const said = execFileSync(python, ['-c', blocks(guide, 'python')[0]], { cwd: folder, encoding: 'utf8' });
    const [accuracy, error] = said.trim().split(' ').map(Number);
    expect(accuracy.toFixed(2)).toBe('0.97');
    expect(error.toFixed(2)).toBe('0.01');
  }
});

test('the guide names what there is: activations, laws, data, parametrisations', () => {
  for (const name of [...params.parametrisation.values, ...params.initial.words, ...params.data.words]) {
    expect(guide.text).toContain(name);
  }
  for (const name of Object.keys(activationCode)) expect(params.activation.doc).toContain(name);
});
