// The grid of a sweep: products of axes, axes that vary together, ranges, and what is wrong with a grid.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/contracts/json.js';
import type { Scenario, Sweep } from '../../../core/scenario/scenario.js';
import { expandSweep } from '../../../core/scenario/sweep.js';
import { configsOf, toyScenario } from '../engine/runs.js';

const expand = (sweep: Sweep) => expandSweep({ ...toyScenario, sweep });
const cells = (sweep: Sweep) => expand(sweep).cells;

describe('product', () => {
  it('has one empty cell and one seed when nothing is swept', () => {
    expect(expandSweep(toyScenario)).toEqual({ axes: [], seeds: 1, independent: false, cells: [{}] });
  });

  it('takes the first axis slowest', () => {
    expect(cells({ axes: { 'a.x': [1, 2], 'b.y': ['p', 'q'] } })).toEqual([
      { 'a.x': 1, 'b.y': 'p' },
      { 'a.x': 1, 'b.y': 'q' },
      { 'a.x': 2, 'b.y': 'p' },
      { 'a.x': 2, 'b.y': 'q' },
    ]);
  });

  it('makes every seed of a cell before the next cell', () => {
    const runs = configsOf({ ...toyScenario, sweep: { axes: { 'optimiser.rate': [0.5, 0.25] }, seeds: 2 } });
    expect(runs.map(({ axes, seed }) => [axes['optimiser.rate'], seed])).toEqual([
      [0.5, 0],
      [0.5, 1],
      [0.25, 0],
      [0.25, 1],
    ]);
    expect(runs.map((run) => run.optimiser.params.rate)).toEqual([0.5, 0.5, 0.25, 0.25]);
  });

  it('sweeps whatever a scenario says: components, limits, lengths, triggers', () => {
    const runs = configsOf({
      ...toyScenario,
      steps: undefined,
      observers: { position: { use: 'position' } },
      limits: {},
      sweep: {
        axes: {
          steps: [5, 6],
          'optimiser.use': ['descent', 'heavy'],
          'observers.position.when': [{ every: 2 }],
          'limits.loss': [10],
        },
      },
    });
    expect(runs.map(({ length, optimiser, limits }) => [length, optimiser.use, limits.loss])).toEqual(
      [5, 5, 6, 6].map((steps, i) => [{ steps }, i % 2 === 0 ? 'descent' : 'heavy', 10]),
    );
    expect(runs[0].observers.position.when).toEqual({ every: 2 });
  });
});

describe('axes that vary together', () => {
  const axes = { a: [1, 2], b: [3, 4], c: [5, 6] };
  const zipped = [
    { a: 1, b: 3, c: 5 },
    { a: 1, b: 3, c: 6 },
    { a: 2, b: 4, c: 5 },
    { a: 2, b: 4, c: 6 },
  ];

  it('may be named as one group', () => {
    expect(cells({ axes, zip: ['a', 'b'] })).toEqual(zipped);
    expect(expand({ axes, zip: ['a', 'b'] }).axes.map(({ group }) => group)).toEqual([0, 0, 1]);
  });

  it('may be named as a list of groups', () => {
    expect(cells({ axes, zip: [['a', 'b']] })).toEqual(zipped);
    expect(
      cells({
        axes: { ...axes, d: [7, 8] },
        zip: [
          ['a', 'd'],
          ['b', 'c'],
        ],
      }),
    ).toEqual([
      { a: 1, d: 7, b: 3, c: 5 },
      { a: 1, d: 7, b: 4, c: 6 },
      { a: 2, d: 8, b: 3, c: 5 },
      { a: 2, d: 8, b: 4, c: 6 },
    ]);
  });

  it('may be given with their values', () => {
    const sweep = { axes: { c: axes.c }, zip: [{ a: axes.a, b: { linear: [3, 4], count: 2 } as const }] };
    expect(cells(sweep)).toEqual([
      { c: 5, a: 1, b: 3 },
      { c: 5, a: 2, b: 4 },
      { c: 6, a: 1, b: 3 },
      { c: 6, a: 2, b: 4 },
    ]);
  });

  it('may repeat a value, as long as every combination is another', () => {
    expect(cells({ zip: [{ a: [1, 2, 1], b: [3, 3, 4] }] })).toHaveLength(3);
  });

  it('keeps the place of a group where its first axis stands', () => {
    expect(expand({ axes, zip: ['c', 'b'] }).axes.map(({ name, group }) => [name, group])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 1],
    ]);
  });
});

describe('ranges', () => {
  const values = (range: { geometric: [number, number] } | { linear: [number, number] }, count: number) =>
    expand({ axes: { a: { ...range, count } } }).axes[0].values as number[];

  it('gives exact powers of two', () => {
    expect(values({ geometric: [0.125, 256] }, 12)).toEqual(Array.from({ length: 12 }, (_, k) => 2 ** (k - 3)));
    expect(values({ geometric: [256, 0.125] }, 12)).toEqual(Array.from({ length: 12 }, (_, k) => 2 ** (8 - k)));
    expect(values({ geometric: [3, 48] }, 3)).toEqual([3, 12, 48]);
  });

  it('gives both ends exactly and a constant ratio between them', () => {
    const range = values({ geometric: [0.1, 7] }, 9);
    expect([range[0], range[8]]).toEqual([0.1, 7]);
    for (let i = 1; i < 9; i++) expect(range[i] / range[i - 1]).toBeCloseTo(70 ** (1 / 8), 12);
    expect(values({ geometric: [1, 1000] }, 4)).toEqual([1, 10, 100, 1000]);
    expect(values({ geometric: [-1, -4] }, 3)).toEqual([-1, -2, -4]);
  });

  it('spaces a linear range evenly', () => {
    expect(values({ linear: [1, 2] }, 5)).toEqual([1, 1.25, 1.5, 1.75, 2]);
    expect(values({ linear: [0, -1] }, 3)).toEqual([0, -0.5, -1]);
    expect(values({ linear: [0.1, 0.5] }, 5)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(values({ linear: [-0.3, 0.3] }, 7)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    expect(values({ linear: [-100, 100] }, 20001)[10001]).toBe(0.01);
    expect(values({ linear: [0, 1e-90] }, 3)).toEqual([0, 5e-91, 1e-90]);
    expect(values({ linear: [0, 4e15] }, 5)).toEqual([0, 1e15, 2e15, 3e15, 4e15]);
  });

  it('has only its first value when it counts one', () => {
    expect(values({ linear: [1, 2] }, 1)).toEqual([1]);
    expect(values({ geometric: [1, 2] }, 1)).toEqual([1]);
  });
});

describe('mistakes', () => {
  const mistakes: [string, unknown, string][] = [
    ['no seeds', { seeds: 0 }, 'sweep.seeds: expected a whole number of at least 1, found 0'],
    ['half a seed', { seeds: 1.5 }, 'sweep.seeds: expected a whole number of at least 1, found 1.5'],
    ['seeds in words', { seeds: 'three' }, 'sweep.seeds: expected a whole number of at least 1, found "three"'],
    [
      'more seeds than a double counts',
      { seeds: 2 ** 60 },
      'at least 1 and at most 9007199254740991 (2^53 - 1), found',
    ],
    ['seeds null', { seeds: null }, 'sweep.seeds: expected a whole number of at least 1, found null'],
    ['an empty axis', { axes: { a: [] } }, 'sweep.axes.a: the axis is empty; give at least one value'],
    ['a value twice', { axes: { a: [1, 2, 1] } }, 'sweep.axes.a: the value [1] is listed twice'],
    ['a pair twice', { zip: [{ a: [1, 2, 1], b: [3, 3, 3] }] }, 'sweep.axes.a, b: the value [1,3] is listed twice'],
    ['NaN', { axes: { a: [Number.NaN] } }, 'sweep.axes.a: the axis holds NaN; values must be finite'],
    ['Infinity', { axes: { a: [1, 1 / 0] } }, 'sweep.axes.a: the axis holds Infinity; values must be finite'],
    [
      'a single value',
      { axes: { a: 3 } },
      'sweep.axes.a: expected a list, { geometric: [first, last], count } or { linear: [first, last], count }, found 3',
    ],
    ['another range', { axes: { a: { log: [1, 2], count: 3 } } }, 'sweep.axes.a: expected a list, { geometric'],
    ['one end', { axes: { a: { linear: [1], count: 3 } } }, 'sweep.axes.a.linear: expected [first, last] as finite'],
    [
      'a text as end',
      { axes: { a: { linear: [1, 'x'], count: 3 } } },
      'sweep.axes.a.linear[1]: expected a finite number',
    ],
    [
      'no count',
      { axes: { a: { linear: [1, 2] } } },
      'sweep.axes.a.count: is missing; give a whole number of at least 1',
    ],
    [
      'zero values',
      { axes: { a: { geometric: [1, 2], count: 0 } } },
      'sweep.axes.a.count: expected a whole number of at',
    ],
    [
      'zero as end',
      { axes: { a: { geometric: [0, 2], count: 3 } } },
      'sweep.axes.a.geometric: both ends must be positive',
    ],
    [
      'a change of sign',
      { axes: { a: { geometric: [-1, 2], count: 3 } } },
      'both ends must be positive, or both negative',
    ],
    [
      'different lengths',
      { axes: { a: [1, 2], b: [1, 2, 3] }, zip: ['a', 'b'] },
      'sweep.zip[0]: zipped axes need the same number of values: a has 2, b has 3',
    ],
    ['different lengths in place', { zip: [{ a: [1, 2], b: [1] }] }, 'sweep.zip[0]: zipped axes need the same number'],
    ['an empty axis in place', { zip: [{ a: [], b: [1] }] }, 'sweep.zip[0].a: the axis is empty'],
    [
      'an axis that is not there',
      { axes: { alpha: [1], b: [2] }, zip: ['alpa', 'b'] },
      'sweep.zip[0]: there is no axis "alpa"; did you mean "alpha"?',
    ],
    ['a group of one', { axes: { a: [1] }, zip: ['a'] }, 'sweep.zip[0]: needs at least two axes that vary together'],
    [
      'an axis in two groups',
      {
        axes: { a: [1], b: [1], c: [1] },
        zip: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      'b is in two groups',
    ],
    [
      'an axis twice',
      { axes: { a: [1] }, zip: [{ a: [1], b: [2] }] },
      'sweep.zip[0].a: this axis is also listed under',
    ],
    ['zip as a word', { axes: { a: [1] }, zip: 'a' }, 'sweep.zip: expected a list of axis paths'],
    [
      'zip of numbers',
      { axes: { a: [1] }, zip: [1, 2] },
      'sweep.zip[0]: expected axis paths, or { path: values }, found 1',
    ],
  ];
  it.each(mistakes)('%s', (_what, sweep, message) => {
    expect(() => expand(sweep as Sweep)).toThrow(message);
    expect(() => expand(sweep as Sweep)).toThrow(expect.objectContaining({ code: 'scenario' }));
  });
});

describe('paths of axes', () => {
  const resolve = (axes: Record<string, readonly (number | string)[]>, changes: Partial<Scenario> = {}) =>
    configsOf({ ...toyScenario, ...changes, sweep: { axes } });

  const mistakes: [string, Record<string, readonly (number | string)[]>, string][] = [
    ['misspelt slot', { 'optimizer.rate': [1, 2] }, 'optimizer: no such field; did you mean "optimiser"?'],
    ['misspelt parameter', { 'optimiser.rat': [1, 2] }, 'optimiser.rat: no such parameter; did you mean "rate"?'],
    ['misspelt field', { stepz: [1, 2] }, 'stepz: no such field; did you mean "steps"?'],
    ['a field, single value', { stepz: [1] }, 'stepz: no such field; did you mean "steps"?'],
    ['below a number', { 'seed.x': [1, 2] }, 'seed.x: seed is 1 and no object to set this in'],
    [
      'not a path',
      { 'optimiser..rate': [1, 2] },
      'optimiser..rate: is not a path; write for example optimiser.learningRate',
    ],
    ['a value out of range', { 'optimiser.rate': [1, 0] }, 'optimiser.rate: 0 is out of range'],
    ['half a step', { steps: [10, 10.5] }, 'steps: expected a whole number of at least 0, found 10.5'],
    ['the root seed', { seed: [1, 2] }, 'sweep.axes.seed: the root seed is no axis: tables and datasets count'],
    [
      'steps and epochs',
      { epochs: [1, 2] },
      'steps: a scenario has one of steps, epochs or time; this one has steps and epochs',
    ],
    [
      'an axis without effect',
      { title: ['a', 'b'] },
      'sweep.axes: the cells {"title":"a"} and {"title":"b"} are the same run',
    ],
    [
      'an unknown component',
      { 'optimiser.use': ['descent', 'descend'] },
      'optimiser.use: no optimiser called "descend"; did you mean "descent"?',
    ],
  ];
  it.each(mistakes)('%s', (_what, axes, message) => {
    expect(() => resolve(axes)).toThrow(message);
  });

  it.each(['__proto__', '__proto__.polluted', 'constructor.prototype.polluted', 'optimiser.__proto__.polluted'])(
    'refuses %s and leaves every object as it was',
    (path) => {
      const axes = JSON.parse(`{"${path}": [1, 2]}`);
      // The bare name is refused as a key already.
      const message = path === '__proto__' ? 'cannot be the name of a field' : 'is not a path';
      expect(() => resolve(axes)).toThrow(`${path}: ${message}`);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  );

  it.each<[string, Partial<Scenario>, Record<string, readonly Json[]>, string]>([
    [
      'a value out of range',
      { optimiser: { use: 'descent', rate: 0 } },
      { 'optimiser.rate': [1, 2] },
      'optimiser.rate: 0 is out of range',
    ],
    [
      'a value that no optimiser of the sweep takes',
      { optimiser: { use: 'descent', rate: 'fast' } },
      { 'optimiser.rate': [1, 2], 'optimiser.use': ['descent', 'heavy'] },
      'optimiser.rate: expected a number, found "fast"',
    ],
    [
      'an unknown component',
      { optimiser: { use: 'descend', rate: 1 } },
      { 'optimiser.use': ['descent', 'heavy'] },
      'optimiser.use: no optimiser called "descend"; did you mean "descent"?',
    ],
  ])('refuses under an axis what it would refuse without: %s', (_what, changes, axes, message) => {
    expect(() => configsOf({ ...toyScenario, ...changes, sweep: { axes } })).toThrow(message);
  });

  it('leaves the scenario as it was', () => {
    const scenario = structuredClone({ ...toyScenario, sweep: { axes: { 'optimiser.rate': [1, 2] } } });
    const before = structuredClone(scenario);
    configsOf(scenario);
    expect(scenario).toEqual(before);
  });
});

describe('an axis that follows another', () => {
  const follow = (scaled: object, values: readonly Json[] = [4, 16, 64]) =>
    cells({ zip: [{ 'optimiser.rate': scaled, 'noise.size': values }] as never }).map((cell) => cell['optimiser.rate']);
  const scaledWith = 'noise.size';

  it('is in proportion, or to the root', () => {
    expect(follow({ scaledWith, from: [4, 0.01], law: 'linear' })).toEqual([0.01, 0.04, 0.16]);
    expect(follow({ scaledWith, from: [4, 0.01], law: 'square-root' })).toEqual([0.01, 0.02, 0.04]);
    expect(follow({ scaledWith, from: [1, 0.1], law: 'linear' }, [3])).toEqual([0.3]);
  });

  it('keeps the order of the axes as they are written', () => {
    const { axes } = expand({
      zip: [{ 'optimiser.rate': { scaledWith, from: [4, 1], law: 'linear' }, [scaledWith]: [4, 8] }],
    });
    expect(axes.map(({ name, values }) => [name, values])).toEqual([
      ['optimiser.rate', [1, 2]],
      [scaledWith, [4, 8]],
    ]);
  });

  it('tells what is wrong', () => {
    const right = { scaledWith, from: [4, 0.01], law: 'linear' };
    expect(() => follow({ ...right, scaledWith: 'noise.sise' })).toThrow(/no axis "noise.sise" beside it.*noise.size/);
    expect(() => follow({ ...right, law: 'cubic' })).toThrow(/sweep.zip\[0\].optimiser.rate.law: expected/);
    expect(() => follow({ ...right, from: [0, 1] })).toThrow(/from/);
    expect(() => follow(right, ['a'])).toThrow(/only numbers above 0 can be followed/);
    expect(() => cells({ axes: { 'optimiser.rate': right } as never })).toThrow(/give both in one .* of sweep.zip/);
  });
});
