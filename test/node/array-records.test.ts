// What a manifest says of the files of arrays that runs have read: name, checksum and sizes. A changed file is another
// run.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eigenflow } from '../cli/command.js';
import { newFolder } from './studies.js';

const scenario = {
  title: 'table',
  plugins: ['network', 'sgd', 'training'],
  steps: 4,
  model: { use: 'network', data: 'pets.csv', targets: 'classes', target: 'kind', hidden: [2], test: 2 },
  loss: { use: 'cross-entropy' },
  noise: { use: 'minibatch', batchSize: 2, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: { loss: { use: 'full-loss', when: { at: 'end' } } },
};
const table = 'weight,kind\n1,cat\n2,cat\n3,cat\n11,dog\n12,dog\n13,dog\n';

test('name, checksum and sizes are in the manifest, and nothing else of the data', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 's.json'), JSON.stringify(scenario));
  writeFileSync(join(folder, 'pets.csv'), table);
  const compute = async () => {
    const { status, stderr } = await eigenflow(folder, ['run', 's.json']);
    expect(status, stderr).toBe(0);
    const manifest = JSON.parse(readFileSync(join(folder, 'results/s/manifest.json'), 'utf8'));
    return { manifest, runs: readdirSync(join(folder, 'results/s/runs')).sort() };
  };
  const first = await compute();
  const sha256 = createHash('sha256').update(table).digest('hex');
  const arrays = ['weight', 'kind'].map((name) => ({ name, shape: [6] }));
  expect(first.manifest.files).toEqual([{ parameter: 'model.data', file: 'pets.csv', sha256, arrays }]);
  expect(first.manifest.resolved.model.params.data).toBe(sha256);

  const again = await compute();
  expect(again.runs).toEqual(first.runs);
  writeFileSync(join(folder, 'pets.csv'), table.replace('13', '14'));
  const changed = await compute();
  expect(changed.runs.length).toBeGreaterThan(first.runs.length);
  expect(changed.manifest.files[0].sha256).not.toBe(sha256);
});
