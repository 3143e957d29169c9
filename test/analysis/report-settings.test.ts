// What a report lists of a study: what was written, defaults marked as such, and no value that the sweep replaced.
import { expect, test } from 'vitest';
import { settingsOf } from '../../analysis/report/settings.js';
import type { Manifest } from '../../node/results/results-folder.js';

const manifest = {
  format: 'eigenflow-results',
  schema: 1,
  title: 'T',
  scenario: {
    title: 'T',
    plugins: ['p'],
    epochs: 5,
    model: { use: 'network', width: 7, inputs: 3 },
    loss: { use: 'square' },
    noise: { use: 'minibatch', batchSize: 4 },
    optimiser: { use: 'sgd', learningRate: 1 },
    observers: { loss: { use: 'full-loss' } },
    classifier: { use: 'outcome' },
  },
  resolved: {
    rootSeed: 1,
    length: { epochs: 5 },
    limits: { weightGrowth: 1000 },
    model: { use: 'network', params: { width: 0.5, inputs: 3, outputs: 1 } },
    loss: { use: 'square', params: {} },
    noise: { use: 'minibatch', params: { batchSize: 4, order: 'cyclic' } },
    optimiser: { use: 'sgd', params: { learningRate: 0.5, decay: 0 } },
    observers: { loss: { use: 'full-loss', params: { block: 'W' }, when: { points: 21 } } },
    classifier: { use: 'outcome', params: { level: 0.1 } },
  },
  versions: { eigenflow: '0', node: 'v20', plugins: {} },
  citations: [],
  kernels: { name: 'strict', hash: 'abc', portable: true },
  axes: [
    { name: 'model.width', values: [0.5, 1], unit: '1', group: 0 },
    { name: 'optimiser.learningRate', values: [0.5], unit: '1', group: 1 },
  ],
  seeds: 3,
  channels: {},
  labels: [],
} as unknown as Manifest;

test('defaults are listed and marked; what the sweep replaced stands with the sweep alone', () => {
  expect(Object.fromEntries(settingsOf(manifest))).toEqual({
    model: 'network: inputs = 3, outputs = 1 (default)',
    loss: 'square',
    'noise model': 'minibatch: batchSize = 4, order = cyclic (default)',
    optimiser: 'sgd: decay = 0 (default)',
    'observer loss': 'full-loss: block = W (default), when = {"points":21} (default)',
    classifier: 'outcome: level = 0.1 (default)',
    limits: 'weightGrowth = 1000 (default)',
    length: '5 epochs',
    'swept: model.width': '0.5, 1 (2)',
    'swept: optimiser.learningRate': '0.5 (1)',
    seeds: '3 in each cell, root seed 1 (default)',
  });
});

test('where components are swept, the defaults of the first are not those of the others', () => {
  const axes = [{ name: 'optimiser.use', values: ['sgd', 'adam'], unit: '', group: 0 }];
  const rows = Object.fromEntries(settingsOf({ ...manifest, axes }));
  expect(rows.optimiser).toBe('swept: learningRate = 1');
  expect(rows.model).toContain('width = 7');
});

test('a folder that does not note defaults lists what was written', () => {
  const rows = Object.fromEntries(settingsOf({ ...manifest, resolved: undefined }));
  expect(rows.model).toBe('network: inputs = 3');
  expect(rows).not.toHaveProperty('limits');
});
