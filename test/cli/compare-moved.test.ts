// A comparison is one thing: moved or renamed as a whole it goes on, with the arrays that it has measured itself.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { newFolder } from '../node/studies.js';
import { eigenflow } from './command.js';

const observers = { when: { points: 5 } };
const scenario = {
  title: 'Moved',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases', 'langevin', 'dyson', 'stability'],
  seed: 1,
  time: 1,
  model: { use: 'teacher-student', initialWidth: 0.5 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.03125 },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', ...observers },
    coefficients: { use: 'dyson-coefficients', block: 'W', ...observers },
  },
  compare: {
    levels: 'spectrum.levels',
    top: 4,
    replicas: 12,
    surrogates: {
      frozen: {
        coefficients: { from: 'coefficients', drift: 'frozen' },
        model: { use: 'general-levels', temperature: 0.03125, floor: 0 },
        loss: { use: 'mean-output' },
        noise: { use: 'full-batch' },
        optimiser: { use: 'matrix-step', stepSize: 0.03125 },
        observers: { spectrum: { use: 'levels', ...observers } },
      },
    },
  },
};

let folder: string;
const compare = (out: string) => eigenflow(folder, ['compare', 'compare.json', '--out', out, '--workers', '0']);

beforeAll(async () => {
  folder = newFolder();
  writeFileSync(join(folder, 'compare.json'), JSON.stringify(scenario));
  expect((await compare('first')).status).toBe(0);
  mkdirSync(join(folder, 'below'));
  renameSync(join(folder, 'first'), join(folder, 'below', 'second'));
});

it('goes on, and computes nothing again', async () => {
  const runs = join(folder, 'below', 'second', 'frozen', 'runs.csv');
  const before = readFileSync(runs, 'utf8');
  const { status, stderr } = await compare('below/second');
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(readFileSync(runs, 'utf8')).toBe(before);
});

it('so do the results of a surrogate in it', async () => {
  const { status, stderr } = await eigenflow(folder, ['run', 'below/second/frozen', '--workers', '0']);
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

it('and one of an earlier version, which named the arrays as seen from the scenario', async () => {
  const path = join(folder, 'below', 'second', 'frozen', 'manifest.json');
  const manifest = readFileSync(path, 'utf8');
  const { seal: _seal, ...earlier } = JSON.parse(manifest.replaceAll('results:../frozen.npz', 'first/frozen.npz'));
  writeFileSync(path, JSON.stringify(earlier));
  const { status, stderr } = await compare('below/second');
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(readFileSync(path, 'utf8')).toBe(manifest);
});
