// `eigenflow advise` on maps of a task of one's own: labels without a teacher, axes of their own, no T where there is none.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newFolder } from '../node/studies.js';
import { eigenflow, eigenflowMany, type Outcome } from './command.js';

const ends = { at: [0, 'end'] } as const;

const scenario = {
  title: 'Own task',
  plugins: ['network', 'optimisers', 'sgd', 'training', 'phases'],
  seed: 3,
  epochs: 12,
  model: { use: 'network', data: 'digits', targets: 'classes', samples: 64, hidden: [8], initialWidth: 1 },
  loss: { use: 'cross-entropy' },
  noise: { use: 'minibatch', batchSize: 8, order: 'reshuffled' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: {
    loss: { use: 'full-loss', when: ends },
    late: { use: 'loss-fluctuation', count: 4, when: { at: 'end' } },
    accuracy: { use: 'accuracy', when: ends },
  },
  classifier: { use: 'learned', by: 'train' },
};

const rates = [0.001, 0.03, 1, 30];
const studies = {
  width: { axes: { 'model.initialWidth': [0.5, 4, 32], 'optimiser.learningRate': rates } },
  decay: { axes: { 'optimiser.weightDecay': [0.0001, 0.1], 'optimiser.learningRate': rates } },
  rate: { axes: { 'optimiser.learningRate': rates } },
  two: {
    axes: { 'model.initialWidth': [1, 4], 'optimiser.weightDecay': [0.001, 0.1], 'optimiser.learningRate': [0.1] },
  },
};

let folder: string;
const at = ['advise', '-l', '0.3', '-b', '8', '--no-picture'];
const calls = {
  width: [...at, '-i', '2', '--map', 'width'],
  json: [...at, '-i', '2', '--map', 'width', '--json'],
  picture: ['advise', '-l', '0.3', '-b', '8', '--at', 'optimiser.weightDecay=0.01', '--map', 'decay'],
  decay: [...at, '--at', 'optimiser.weightDecay=0.01', '--map', 'decay'],
  next: [...at, '--at', 'optimiser.weightDecay=0.01', '--map', 'decay', '--next', 'next.json', '--json'],
  rate: [...at, '--map', 'rate'],
  missing: [...at, '--map', 'width'],
  missingDecay: [...at, '--map', 'decay'],
  stray: [...at, '-i', '1', '--map', 'decay'],
  wrong: [...at, '--at', 'optimiser.weightDecay=-1', '--map', 'decay'],
  two: [...at, '--map', 'two'],
  mixed: [...at, '-i', '2', '--map', 'width', '--map', 'decay'],
  label: [...at, '-i', '2', '--map', 'width', '--safe', 'ordered'],
  network: [...at, '-i', '2', '--map', 'width', '--model', 'initialWidth=3'],
};
const outcomes = {} as Record<keyof typeof calls, Outcome>;

beforeAll(async () => {
  folder = newFolder();
  for (const [name, sweep] of Object.entries(studies)) {
    const optimiser = name === 'decay' ? { use: 'adamw', learningRate: 0.1 } : scenario.optimiser;
    const file = { ...scenario, optimiser, sweep: { ...sweep, seeds: 2 } };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(file));
    const { status, stderr } = await eigenflow(folder, [
      'run',
      `${name}.json`,
      '--out',
      name,
      '--workers',
      '0',
      '--export',
      'none',
    ]);
    if (status !== 0) throw new Error(stderr);
  }
  const names = Object.keys(calls) as (keyof typeof calls)[];
  const all = eigenflowMany(names.map((name) => ({ folder, args: calls[name] })));
  names.forEach((name, i) => {
    outcomes[name] = all[i];
  });
}, 120_000);

test('a map over initial width with plain SGD is read as it always was, with its own labels', () => {
  expect(outcomes.width.stderr).toBe('');
  expect(outcomes.width.stdout).toContain('batch size 8: T = 0.0375; initial width 2; after 12 epochs\n');
  expect(outcomes.width.stdout).toContain('learned with probability 0.9 or more');
  expect(outcomes.width.stdout).toContain('instances (data, initial draw)');
  expect(outcomes.width.stdout).not.toContain('teacher');
  expect(JSON.parse(outcomes.json.stdout)).toMatchObject({ safe: 'learned', basis: { classifier: 'learned' } });
});

test('a map over another axis names it, and does not call learning rate over batch size T', () => {
  for (const { stdout, stderr } of [outcomes.decay, outcomes.picture]) {
    expect(stderr).toBe('');
    expect(stdout).toContain('batch size 8: learning rate / batch size = 0.0375; optimiser.weightDecay 0.01; after');
    expect(stdout).not.toMatch(/\bT\b/);
    expect(stdout).not.toContain('initial width');
  }
  const lines = outcomes.picture.stdout.split('\n');
  const axis = lines.find((line) => /^ +10⁻⁴ .*optimiser.weightDecay.* 0.1$/.test(line));
  expect(axis, outcomes.picture.stdout).toBeDefined();
});

test('the runs that it proposes are of that axis', async () => {
  expect(outcomes.next.status).toBe(0);
  const { status, stderr } = await eigenflow(folder, [
    'run',
    'next.json',
    '--out',
    'next',
    '--workers',
    '0',
    '--export',
    'none',
  ]);
  expect(status, stderr).toBe(0);
  const both = [...at, '--at', 'optimiser.weightDecay=0.01', '--map', 'decay', '--map', 'next', '--json'];
  const { stdout } = await eigenflow(folder, both);
  const { counts } = JSON.parse(stdout);
  expect(Object.values(counts as Record<string, number>).reduce((a, b) => a + b, 0)).toBe(10);
});

test('a map over the learning rate alone needs no other number', () => {
  expect(outcomes.rate.status).toBe(0);
  expect(outcomes.rate.stdout).toContain('initial width 1;');
});

test('a classifier that needs a teacher is refused before anything runs', async () => {
  const file = { ...scenario, classifier: { use: 'outcome' }, sweep: { ...studies.rate, seeds: 1 } };
  writeFileSync(join(folder, 'outcome.json'), JSON.stringify(file));
  const { status, stderr } = await eigenflow(folder, ['run', 'outcome.json', '--out', 'outcome']);
  expect(status).toBe(2);
  expect(stderr).toContain(
    'classifier: "outcome" compares levels and loss with those of a teacher, which a task of your own has not; take "learned"',
  );
});

describe('wrong input', () => {
  test.each([
    ['missing', '--initial-width: is missing: the map varies model.initialWidth; give --initial-width VALUE'],
    ['missingDecay', '--at optimiser.weightDecay: is missing: the map varies optimiser.weightDecay; give --at optimis'],
    ['stray', '--initial-width: is no axis of this map, which varies optimiser.weightDecay'],
    ['wrong', '--at optimiser.weightDecay: expected a positive number, found -1'],
    [
      'two',
      'varies model.initialWidth and optimiser.weightDecay; advice reads maps over one of them, beside optimiser',
    ],
    ['mixed', 'decay: cannot be read together with width: another '],
    ['label', '--safe: no label "ordered"; there are learned, frozen, fluctuating, diverged'],
    ['network', 'model.initialWidth: is a coordinate of the map; give it with --initial-width'],
  ] as const)('%s', (name, message) => {
    expect(outcomes[name].status).not.toBe(0);
    expect(outcomes[name].stderr).toContain(message);
  });
});
