// Results of a colleague, or on a medium that is read-only: figures and the report are written elsewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eigenflowMany } from '../cli/command.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';

it('figures and the report go where --out says, and the results folder stays as it was', async () => {
  const figure = {
    kind: 'heat-map',
    name: 'map',
    title: 'Map',
    x: { axis: 'model.initialWidth' },
    y: { axis: 'optimiser.learningRate' },
    value: 'loss.loss',
  } as const;
  const sweep = { axes: { 'optimiser.learningRate': [0.5, 4], 'model.initialWidth': [1, 4] } };
  const { out } = await compute({ ...smallMap, sweep, figures: [figure] });
  const before = readdirSync(out, { recursive: true }).sort();
  const folder = newFolder();
  const only = ['--only', 'map', '--format', 'svg'];
  const calls = [
    ['figures', out, ...only, '--out', 'deep/figures'],
    ['report', out, '--out', 'deep/page.html'],
    ['report', out, '--out', 'deep'],
  ];
  const outcomes = eigenflowMany(calls.map((args) => ({ folder, args })));
  expect(outcomes.map(({ status, stderr }) => `${status}${stderr}`)).toEqual(['0', '0', '0']);
  expect(outcomes[1].stdout).toBe('deep/page.html\n');
  expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['figures', 'page.html', 'report.html']);
  expect(readdirSync(join(folder, 'deep', 'figures')).sort()).toEqual(['map.csv', 'map.svg']);
  expect(readdirSync(out, { recursive: true }).sort()).toEqual(before);
  const [same] = eigenflowMany([{ folder, args: ['figures', out, ...only] }]);
  expect(same.status).toBe(0);
  const bytes = (path: string) => readFileSync(path, 'utf8');
  expect(bytes(join(folder, 'deep', 'figures', 'map.svg'))).toBe(bytes(join(out, 'figures', 'map.svg')));
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});
