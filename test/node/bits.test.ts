// The same scenario and seed give the same bytes, whoever computes them, in whatever order, beside whatever else.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { arraysOf, type Computed, compute, digestsOf, eightRuns } from './studies.js';

let reference: Computed;
let digests: Record<string, string>;

beforeAll(async () => {
  reference = await compute(eightRuns, { workers: 0 });
  digests = digestsOf(reference.out);
});

it('a run is one file of plain bytes, another for every run', () => {
  expect(reference.rows.map(({ status }) => status)).toEqual(new Array(8).fill('completed'));
  expect(Object.keys(digests).sort()).toEqual(reference.rows.map(({ id }) => `${id}.npz`).sort());
  expect(new Set(Object.values(digests)).size).toBe(8);
});

it('the main thread gives the same bytes again', async () => {
  expect(digestsOf((await compute(eightRuns, { workers: 0 })).out)).toEqual(digests);
});

it.each([1, 2, 4])('%d worker threads give the bytes of the main thread', async (workers) => {
  const { out, rows } = await compute(eightRuns, { workers });
  expect(digestsOf(out)).toEqual(digests);
  // Rows are in the order of the sweep, whichever run ended first.
  expect(rows.map(({ id }) => id)).toEqual(reference.rows.map(({ id }) => id));
});

it('another order of runs gives the same bytes', async () => {
  const axes = { 'optimiser.weightDecay': [0.001, 0], 'model.initialWidth': [2, 0.5] };
  const { out, rows } = await compute({ ...eightRuns, sweep: { axes, seeds: 2 } }, { workers: 2 });
  expect(rows.map(({ id }) => id)).not.toEqual(reference.rows.map(({ id }) => id));
  expect(digestsOf(out)).toEqual(digests);
});

describe('what is added changes no existing run', () => {
  const larger: [string, Scenario['sweep']][] = [
    ['a seed', { ...eightRuns.sweep, seeds: 3 }],
    [
      'a value of an axis, in the middle',
      { axes: { 'model.initialWidth': [0.5, 1, 2], 'optimiser.weightDecay': [0, 0.001] }, seeds: 2 },
    ],
  ];
  it.each(larger)('%s', async (_what, sweep) => {
    const extended = await compute({ ...eightRuns, sweep }, { workers: 2 });
    expect(Object.keys(digestsOf(extended.out)).length).toBeGreaterThan(8);
    expect(digestsOf(extended.out)).toMatchObject(digests);
  });

  it('an observer: the files have other names, and the arrays in them the same bits', async () => {
    const observers = {
      ahead: { use: 'batch-loss', when: { every: 3 } },
      ...eightRuns.observers,
      all: { use: 'gradient-norm', when: { every: 50 } },
    };
    const watched = await compute({ ...eightRuns, observers }, { workers: 2 });
    expect(Object.keys(digestsOf(watched.out)).filter((file) => file in digests)).toEqual([]);
    watched.rows.forEach(({ id }, i) => {
      expect(arraysOf(watched.out, id)).toMatchObject(arraysOf(reference.out, reference.rows[i].id));
    });
  });
});
