// Longer training goes on from stored runs: to the bits of a longer run that was never interrupted, or from the beginning,
// with the reason.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { verifyFolder } from '../../node/results/verify.js';
import { eigenflow } from '../cli/command.js';
import { type Computed, compute, newFolder } from './studies.js';

/** Momentum, a schedule, a reshuffled order, a path between frames, windows: all that a state can forget. */
const short: Scenario = {
  title: 'Shorter and longer',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases', 'stability'],
  seed: 11,
  steps: 450,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: { ramp: [0.5, 0.05], over: 700, shape: 'geometric' }, momentum: 0.5 },
  observers: {
    loss: { use: 'full-loss', when: { perDecade: 4 } },
    path: { use: 'epoch-mean-loss', when: { every: 150 } },
    overlap: { use: 'overlap', when: { perDecade: 3 } },
    growth: { use: 'span-growth', block: 'W', when: { every: 50 } },
    chaos: { use: 'lyapunov-exponent', unit: 'steps', transient: 20, length: 60, blocks: 3, when: { every: 300 } },
    last: { use: 'weights', block: 'W', when: 'end' },
  },
  sweep: { axes: { 'optimiser.momentum': [0, 0.5] }, seeds: 2 },
};
const long: Scenario = { ...short, steps: 1000 };

const filesOf = ({ out }: Computed) =>
  Object.fromEntries(
    readdirSync(join(out, 'runs'))
      .sort()
      .map((file) => [file, readFileSync(join(out, 'runs', file)).toString('base64')]),
  );
const resumedAt = ({ events }: Computed) => events.flatMap((event) => (event.type === 'continued' ? [event.step] : []));
const reasons = ({ events }: Computed) => [
  ...new Set(events.flatMap((event) => (event.type === 'from-start' ? [event.reason] : []))),
];
const stepsMade = ({ events }: Computed) =>
  events.reduce((sum, event) => sum + (event.type === 'steps' ? event.count : 0), 0);

describe('runs whose ends are kept', async () => {
  const first = await compute(short, { keepEnds: true });
  const straight = await compute(long);

  test('are the same runs as without', async () => {
    expect(filesOf(first)).toEqual(filesOf(await compute(short)));
    expect(readdirSync(join(first.out, 'ends'))).toHaveLength(4);
    expect(verifyFolder(first.out).findings).toEqual([]);
  });

  test.each([0, 2])('are gone on from to the same bytes, with %i workers', async (workers) => {
    const longer = await compute(long, { continueFrom: first.out, workers });
    // The last step at which a longer run checks its weights too.
    expect(resumedAt(longer)).toEqual([400, 400, 400, 400]);
    expect(stepsMade(longer)).toBe(4 * 600);
    expect(filesOf(longer)).toEqual(filesOf(straight));
  });

  test('are gone on from twice', async () => {
    const middle = await compute({ ...short, steps: 800 }, { continueFrom: first.out, keepEnds: true });
    const longer = await compute(long, { continueFrom: middle.out });
    // The frame of `path` at the end of the middle one is prepared after step 700.
    expect(resumedAt(longer)).toEqual([700, 700, 700, 700]);
    expect(filesOf(longer)).toEqual(filesOf(straight));
  });

  test('the frame at their end is none of the longer run', async () => {
    const longer = await compute(long, { continueFrom: first.out });
    expect(filesOf(longer)).toEqual(filesOf(straight));
    expect(longer.rows.map(({ steps }) => steps)).toEqual([1000, 1000, 1000, 1000]);
  });

  test.each<[string, Partial<Scenario>, RegExp]>([
    [
      'another learning rate',
      { optimiser: { use: 'sgd', learningRate: 0.1 }, sweep: {} },
      /keeps no end of a run that differs from it in its length alone/,
    ],
    ['a shorter length', { steps: 200 }, /that run is longer: its state is that of step 400, and this one ends at 200/],
    [
      'frames that depend on the length',
      { observers: { ...short.observers, loss: { use: 'full-loss', when: { points: 8 } } } },
      /observers\.loss measures at step 143, where the shorter run did not; give it times that do not depend/,
    ],
    [
      'fewer calls of an observer with a memory',
      { observers: { ...short.observers, growth: { use: 'span-growth', block: 'W', when: { every: 100 } } } },
      /observers\.growth remembers what it has seen/,
    ],
  ])('are not gone on from with %s: the reason is told', async (_what, changes, reason) => {
    const scenario = { ...long, ...changes };
    const computed = await compute(scenario, { continueFrom: first.out });
    expect(resumedAt(computed)).toEqual([]);
    expect(reasons(computed)).toEqual([expect.stringMatching(reason)]);
    expect(filesOf(computed)).toEqual(filesOf(await compute(scenario)));
  });

  test('an observer that only looks may measure less often', async () => {
    const scenario = { ...long, observers: { loss: { use: 'full-loss', when: { perDecade: 2 } } } };
    const base = { ...short, observers: { loss: { use: 'full-loss', when: { perDecade: 4 } } } };
    const { out } = await compute(base, { keepEnds: true });
    const longer = await compute(scenario, { continueFrom: out });
    expect(resumedAt(longer)).toEqual([400, 400, 400, 400]);
    expect(filesOf(longer)).toEqual(filesOf(await compute(scenario)));
  });
});

test('an observer that asks for the length belongs to one length', async () => {
  const waiting = { use: 'two-time-overlap', waiting: [0, 100], unit: 'steps', when: { every: 50 } } as const;
  const scenario = { ...short, observers: { waiting } };
  const { out } = await compute(scenario, { keepEnds: true });
  const longer = await compute({ ...scenario, steps: 1000 }, { continueFrom: out });
  expect(reasons(longer)).toEqual([expect.stringMatching(/observers\.waiting asks how long the run is/)]);
});

test('a damaged end is told and not used', async () => {
  const { out } = await compute(short, { keepEnds: true });
  for (const file of readdirSync(join(out, 'ends'))) writeFileSync(join(out, 'ends', file), 'nothing');
  const longer = await compute(long, { continueFrom: out });
  expect(reasons(longer).every((reason) => /ends.*is damaged$/.test(reason))).toBe(true);
  expect(longer.rows.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'completed']);
});

test('the command says how: where nothing is kept, and where the folder holds the shorter study', async () => {
  const folder = newFolder();
  const write = (name: string, scenario: Scenario) => {
    writeFileSync(join(folder, name), JSON.stringify({ ...scenario, sweep: {} }));
    return join(folder, name);
  };
  const [a, b] = [write('short.json', short), write('long.json', long)];
  const out = join(folder, 'out');
  const run = (file: string, ...more: string[]) =>
    eigenflow(folder, ['run', file, '--workers', '0', '--export', 'none', '--no-figures', ...more]);
  expect((await run(a, '--out', out, '--keep-checkpoints')).status).toBe(0);
  const refused = await run(b, '--out', out);
  expect(refused.stderr).toContain(`they differ in steps`);
  expect(refused.stderr).toContain(`with --continue-from ${out} and another --out, longer runs go on from those in it`);
  const longer = await run(b, '--out', join(folder, 'longer'), '--continue-from', out);
  expect(longer.stderr).toMatch(/run [0-9a-f]{20} goes on from a stored one, from step 400/);
  expect(longer.status).toBe(0);
  const c = write('longest.json', { ...short, steps: 1500 });
  const afresh = await run(c, '--out', join(folder, 'longest'), '--continue-from', join(folder, 'longer'));
  expect(afresh.status).toBe(0);
  expect(afresh.stderr).toMatch(/starts from its beginning: .*keeps no end of a run .*see --keep-checkpoints/);
  const nothing = await run(b, '--out', join(folder, 'other'), '--continue-from', join(folder, 'nowhere'));
  expect(nothing.stderr).toContain('expected a results folder');
  expect(nothing.status).toBe(2);
});
