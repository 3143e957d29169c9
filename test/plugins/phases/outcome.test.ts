// The outcome of made-up runs: the published regimes by numbers that were measured in them, the order of the rules, and
// runs of which too little is known.
import { describe, expect, test } from 'vitest';
import type { RunClassifier, RunRecord, RunStatus, Series } from '../../../core/contracts/classifier.js';
import type { Json } from '../../../core/contracts/json.js';
import { outcome } from '../../../plugins/phases/outcome.js';
import { create } from '../workbench.js';

function classifierWith(params: Readonly<Record<string, number>> = {}): RunClassifier {
  const { component } = create(outcome, params);
  if (component.scope !== 'run') throw new Error('not a classifier of single runs');
  return component;
}

/** First and last value of loss, largest level and overlap. */
interface Ends {
  readonly loss?: readonly number[];
  readonly level?: readonly number[];
  readonly q?: readonly number[];
  readonly status?: RunStatus;
  /** Parameters of the run by path. */
  readonly given?: Readonly<Record<string, Json>>;
  /** Step of the first frame. */
  readonly from?: number;
}

const END = 1000;

function series(values: readonly number[], width: number, from: number): Series {
  const steps = values.length === 1 ? [from] : values.map((_, k) => from + (k * (END - from)) / (values.length - 1));
  return {
    shape: width === 1 ? [] : [width],
    // Descending levels: the value is the largest.
    data: Float64Array.from(values.flatMap((value) => Array.from({ length: width }, (_, i) => value / (i + 1)))),
    step: Float64Array.from(steps),
    epoch: Float64Array.from(steps),
    time: Float64Array.from(steps),
  };
}

function run({ loss, level, q, status = 'completed', given = {}, from = 0 }: Ends): RunRecord {
  const channels: Record<string, Series | undefined> = {
    'full-loss.loss': loss && series(loss, 1, from),
    'gram-spectrum.levels': level && series(level, 16, from),
    'overlap.q': q && series(q, 1, from),
  };
  return {
    id: 'made-up',
    axes: {},
    seed: 0,
    status,
    steps: END,
    parameter: (path) => given[path],
    series: (need) => channels[need],
  };
}

const labelOf = (ends: Ends, params?: Readonly<Record<string, number>>) =>
  classifierWith(params).classify(run(ends)).label;

describe('the published network after 1000 epochs', () => {
  // Medians of 12 runs for T = 1/32, 1/4, 1/2, 1, 4, 16 at one initial width; start values of a single instance.
  const regimes = [
    {
      width: 0.125,
      start: { loss: 0.098, level: 0.044, q: 0.0045 },
      loss: [2.4e-6, 1.7e-6, 5.5e-6, 2.7e-4, 4.0e-3, 9.5e-3],
      level: [1.0, 2.6, 20, 770, 3.8e4, 3.8e5],
      q: [0.01, 0.017, 0.013, 0.003, 0.004, 0],
      labels: ['learned', 'learned', 'learned', 'running-away', 'running-away', 'running-away'],
    },
    {
      width: 1,
      start: { loss: 0.088, level: 2.8, q: 0.18 },
      loss: [1.7e-6, 1.5e-6, 4.0e-6, 1.0e-4, 3.4e-3, 5.0e-3],
      level: [2.6, 3.6, 17, 345, 5.2e4, 3.6e5],
      q: [0.17, 0.19, 0.197, 0.152, 0.073, 0.044],
      labels: ['learned', 'learned', 'learned', 'running-away', 'running-away', 'running-away'],
    },
    {
      width: 16,
      start: { loss: 0.4, level: 714, q: 0.9 },
      loss: [6.9e-4, 1.1e-4, 8.5e-5, 2.1e-4, 2.0e-3, 6.5e-3],
      level: [582, 561, 601, 1.1e3, 4.2e4, 5.1e5],
      q: [0.612, 0.568, 0.562, 0.502, 0.265, 0.153],
      labels: ['learned', 'learned', 'learned', 'learned', 'running-away', 'running-away'],
    },
    {
      width: 256,
      start: { loss: 0.444, level: 1.83e5, q: 0.995 },
      loss: [5.1e-2, 3.8e-2, 2.8e-2, 2.7e-2, 1.1e-2, 8.1e-3],
      level: [1.6e5, 1.7e5, 1.7e5, 1.7e5, 1.9e5, 5.5e5],
      q: [0.821, 0.79, 0.776, 0.769, 0.685, 0.505],
      // The last one has left its initial levels without having arrived anywhere.
      labels: ['frozen', 'frozen', 'frozen', 'frozen', 'frozen', 'undecided'],
    },
  ];
  test.each(regimes)('initial width $width', ({ start, loss, level, q, labels }) => {
    const found = loss.map((_, k) =>
      labelOf({ loss: [start.loss, loss[k]], level: [start.level, level[k]], q: [start.q, q[k]] }),
    );
    expect(found).toEqual(labels);
  });
});

describe('rules', () => {
  const still: Ends = { loss: [1, 0.5], level: [100, 100], q: [0.8, 0.7] };

  test('a run that diverged is running away, whatever was measured', () => {
    expect(labelOf({ status: 'diverged' })).toBe('running-away');
    expect(labelOf({ ...still, loss: [1, 1e-9], status: 'diverged' })).toBe('running-away');
  });
  test('a loss that is small does not save levels that run away', () => {
    expect(labelOf({ ...still, loss: [1, 1e-9], level: [1, 50] })).toBe('running-away');
  });
  test('levels may grow to those of a solution', () => {
    expect(labelOf({ ...still, loss: [1, 1e-3], level: [1e-3, 3] })).toBe('learned');
  });
  test('a run on its way is neither frozen nor learned', () => {
    expect(labelOf({ loss: [1, 0.2], level: [0.04, 0.5], q: [0.0045, 0.009] })).toBe('undecided');
    expect(labelOf({ ...still, q: [0.8, 0.1] })).toBe('undecided');
    expect(labelOf({ ...still, level: [100, 30] })).toBe('undecided');
  });
  test('a run that saturated at its start is frozen, one that saturated far out ran away', () => {
    expect(labelOf({ ...still, q: [0.8, 0.1], status: 'saturated' })).toBe('frozen');
    expect(labelOf({ ...still, level: [1, 1e4], status: 'saturated' })).toBe('running-away');
  });
  test('a run that failed is undecided', () => {
    expect(labelOf({ ...still, status: 'failed' })).toBe('undecided');
  });
  test('the middle of a run does not count', () => {
    expect(labelOf({ loss: [1, 1e-9, 0.5], level: [100, 1e9, 100], q: [0.8, 0, 0.7] })).toBe('frozen');
  });
  test.each([
    ['learnedFraction', { learnedFraction: 0.6 }, 'learned'],
    ['runawayGrowth', { runawayGrowth: 1.2, frozenChange: 5 }, 'running-away'],
    ['frozenMemory', { frozenMemory: 0.95 }, 'undecided'],
    ['frozenChange', { frozenChange: 1.4 }, 'undecided'],
  ])('%s is a parameter', (_name, params, label) => {
    const near: Ends = { ...still, level: [100, 150] };
    expect(labelOf(near)).toBe('frozen');
    expect(labelOf(near, params)).toBe(label);
  });
  test('solutionLevel is a parameter', () => {
    expect(labelOf({ ...still, level: [1, 50] })).toBe('running-away');
    expect(labelOf({ ...still, level: [1, 50] }, { solutionLevel: 20 })).toBe('undecided');
  });
});

describe('a loss that need not be able to reach zero', () => {
  const still: Ends = { loss: [1, 0.2], level: [100, 100], q: [0.8, 0.7] };

  test.each<[string, Ends['given']]>([
    ['a task from a file', { 'model.arrays': './task.npz' }],
    ['label noise', { 'model.labelNoise': 0.3 }],
  ])('%s: a network that has learned something is never called frozen', (_what, given) => {
    expect(labelOf(still)).toBe('frozen');
    expect(labelOf({ ...still, given })).toBe('undecided');
    expect(labelOf({ ...still, status: 'saturated', given })).toBe('undecided');
    expect(labelOf({ ...still, loss: [1, 0.9], given })).toBe('frozen');
    expect(labelOf({ ...still, loss: [1, 1e-3], given })).toBe('learned');
    expect(labelOf({ ...still, loss: [1, 0.9], given }, { frozenLoss: 0.95 })).toBe('undecided');
  });

  test('labels without noise are those of the teacher', () => {
    expect(labelOf({ ...still, given: { 'model.labelNoise': 0 } })).toBe('frozen');
  });
});

describe('too little is known', () => {
  const learned: Ends = { loss: [1, 1e-6], level: [1, 1], q: [0.5, 0.5] };
  test.each([
    ['no levels', { ...learned, level: undefined }],
    ['levels of NaN', { ...learned, level: [1, Number.NaN] }],
    ['no frame of step 0', { ...learned, from: 100 }],
    ['nothing', {}],
  ] as [string, Ends][])('%s: undecided', (_what, ends) => {
    const verdict = classifierWith().classify(run(ends));
    expect(verdict.label).toBe('undecided');
    expect(verdict.evidence.levelGrowth).toBeNaN();
  });
  test('no overlap: learned all the same, but never frozen', () => {
    expect(labelOf({ ...learned, q: undefined })).toBe('learned');
    expect(labelOf({ ...learned, loss: [1, 0.9], q: undefined })).toBe('undecided');
  });
});

test('probabilities are definite and the evidence holds the numbers', () => {
  const verdict = classifierWith().classify(run({ loss: [0.5, 0.25], level: [8, 12], q: [0.8, 0.6] }));
  expect(verdict.label).toBe('frozen');
  expect(verdict.probabilities).toEqual({ learned: 0, frozen: 1, 'running-away': 0, undecided: 0 });
  expect(verdict.evidence).toEqual({
    lossRatio: 0.5,
    levelGrowth: 1.5,
    levelChange: 1.5,
    memory: 0.6 / 0.8,
    initialLoss: 0.5,
    finalLoss: 0.25,
    initialLevel: 8,
    finalLevel: 12,
    initialOverlap: 0.8,
    finalOverlap: 0.6,
    lastStep: 1000,
  });
});
