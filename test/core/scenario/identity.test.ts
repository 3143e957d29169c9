// The identity of a run: what changes its name, and what does not.
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { definePlugin } from '../../../core/contracts/component.js';
import { canonical, digest } from '../../../core/scenario/identity.js';
import { type ArrayLoader, type RunConfig, resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { configOf, configsOf, framesOf, resultOf, toyScenario } from '../engine/runs.js';
import { toy } from '../engine/toy.js';

const idOf = (changes: Partial<Scenario> = {}) => configOf(changes).id;

describe('canonical form', () => {
  it('sorts keys, leaves out what is undefined, and keeps numbers to the last bit', () => {
    expect(canonical({ b: [1, { d: 2, c: undefined }], a: 0.1 + 0.2 })).toBe(
      '{"a":0.30000000000000004,"b":[1,{"d":2}]}',
    );
    expect(canonical({ 'ä"': 'é' })).toBe('{"ä\\"":"é"}');
  });

  it('gives 80 bits of SHA-256 in hexadecimal', () => {
    // printf '{}' | sha256sum
    expect(digest({})).toBe('44136fa355b3678a1146');
  });
});

describe('the id of a run', () => {
  it('is the same whatever the order of keys', () => {
    const { title, plugins, ...rest } = toyScenario;
    const turned = Object.fromEntries(Object.entries({ ...rest, plugins, title }).reverse()) as unknown as Scenario;
    expect(configsOf(turned)[0].id).toBe(idOf());
    const model = { use: 'line', size: 5, samples: 7 };
    const turnedModel = { samples: 7, size: 5, use: 'line' };
    expect(idOf({ model: turnedModel })).toBe(idOf({ model }));
    const [a, b] = [{ use: 'position' }, { use: 'losses' }];
    expect(idOf({ observers: { b, a } })).toBe(idOf({ observers: { a, b } }));
  });

  it('is the same whether a default is written out or not', () => {
    expect(idOf({ seed: undefined, model: { use: 'line', size: 4 }, limits: { weightGrowth: 1e3 } })).toBe(idOf());
    const position = { use: 'position' };
    expect(idOf({ observers: { a: { ...position, when: { points: 21 } } } })).toBe(
      idOf({ observers: { a: position } }),
    );
  });

  it('does not depend on titles, figures, the classifier, plugins that are not used, or the grid around it', () => {
    const figures: Scenario['figures'] = [{ kind: 'flow', name: 'a', value: 'a.theta', x: 'step' }];
    expect(idOf({ title: 'Another', description: 'text', figures, plugins: ['toy', 'sgd'] })).toBe(idOf());
    const observers = { position: { use: 'position' } };
    expect(idOf({ observers, classifier: { use: 'sign', threshold: 2 } })).toBe(idOf({ observers }));
    expect(idOf({ sweep: { seeds: 5, axes: { 'optimiser.rate': [0.125, 3] } } })).toBe(idOf());
  });

  it.each<[string, Partial<Scenario>]>([
    ['the seed', { seed: 2 }],
    ['the length', { steps: 21 }],
    ['the unit of the length', { steps: undefined, epochs: 5 }],
    ['a parameter', { model: { use: 'line', width: 2 } }],
    ['a schedule', { optimiser: { use: 'descent', rate: { ramp: [0.125, 0.25], over: 10 } } }],
    ['a component', { optimiser: { use: 'heavy' } }],
    ['an observer', { observers: { a: { use: 'position' } } }],
    ['the limits', { limits: { loss: 7 } }],
  ])('depends on %s', (_what, changes) => {
    expect(idOf(changes)).not.toBe(idOf());
  });

  it('depends on the name and the trigger of an observer', () => {
    const ids = [
      idOf({ observers: { a: { use: 'position' } } }),
      idOf({ observers: { b: { use: 'position' } } }),
      idOf({ observers: { a: { use: 'position', when: 'end' } } }),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('depends on the versions of the plugins that are used, and on the build of the kernels', () => {
    const resolve = (version: string, build?: string) =>
      resolveScenario(toyScenario, createRegistry([{ ...toy, version }]), noFiles, build).runs[0].id;
    const ids = [resolve('1.0.0'), resolve('1.0.1'), resolve('1.0.0', 'relaxed')];
    expect(new Set(ids).size).toBe(3);
    const bystander = definePlugin({ name: 'bystander', version: '9.0.0', components: [] });
    const registry = createRegistry([toy, bystander]);
    expect(resolveScenario(toyScenario, registry, noFiles).runs[0].id).toBe(resolve('1.0.0'));
  });

  it('depends on the content of an array file, not on its path', () => {
    const resolve = (path: string, content: string) => {
      const load: ArrayLoader = (source) => ({ source, digest: content, names: [], has: () => false, get: noFiles });
      const scenario = { ...toyScenario, model: { use: 'line', arrays: path } };
      return resolveScenario(scenario, createRegistry([toy]), load).runs[0].id;
    };
    expect(resolve('there/a.npz', 'content')).toBe(resolve('here/b.npz', 'content'));
    expect(resolve('a.npz', 'other content')).not.toBe(resolve('a.npz', 'content'));
  });

  it('depends on the content of an array file that an observer reads', () => {
    const reader = { ...toy.components.find(({ name }) => name === 'position')!, name: 'reader' };
    const schema = toy.components.find(({ name }) => name === 'line')!.params;
    const plugin = { ...toy, components: [...toy.components, { ...reader, params: { arrays: schema.arrays } }] };
    const resolve = (content: string) => {
      const load: ArrayLoader = (source) => ({ source, digest: content, names: [], has: () => false, get: noFiles });
      const observers = { a: { use: 'reader', arrays: 'a.npz' } };
      return resolveScenario({ ...toyScenario, observers }, createRegistry([plugin]), load).runs[0].id;
    };
    expect(resolve('other content')).not.toBe(resolve('content'));
  });
});

it('runs of a sweep hold one copy of what no axis varies, and are the runs that their cells are alone', () => {
  const observers = { position: { use: 'position', when: { at: [0] } } };
  const rates = [0.125, 0.25, 0.125 / 2];
  const runs = configsOf({ ...toyScenario, observers, sweep: { axes: { 'optimiser.rate': rates }, seeds: 2 } });
  for (const part of ['model', 'loss', 'noise', 'observers'] as const) {
    expect([part, new Set(runs.map((run) => run[part])).size]).toEqual([part, 1]);
  }
  const alone = rates.map((rate) => idOf({ observers, optimiser: { ...toyScenario.optimiser, rate } }));
  expect(runs.filter(({ seed }) => seed === 0).map(({ id }) => id)).toEqual(alone);
  expect(new Set(runs.map(({ optimiser }) => optimiser)).size).toBe(rates.length);
});

describe('seeds and cells', () => {
  const observers = { draws: { use: 'draws', when: 'end' as const }, position: { use: 'position', when: { at: [0] } } };
  const axes = { 'optimiser.rate': [0.125, 0.25] };

  async function startsOf(runs: readonly RunConfig[]): Promise<number[][]> {
    const starts: number[][] = [];
    for (const run of runs) starts.push(framesOf(await resultOf(run), 'position.theta')[0]);
    return starts;
  }

  it('keeps its ids when seeds or values are added', () => {
    const small = configsOf({ ...toyScenario, sweep: { axes, seeds: 2 } });
    const large = configsOf({ ...toyScenario, sweep: { axes: { 'optimiser.rate': [0.5, 0.25, 0.125] }, seeds: 4 } });
    expect(large.map(({ id }) => id)).toEqual(expect.arrayContaining(small.map(({ id }) => id)));
    expect(new Set(large.map(({ id }) => id)).size).toBe(12);
  });

  it('starts every cell of the same seed from the same draw, and every seed from another', async () => {
    const runs = configsOf({ ...toyScenario, observers, sweep: { axes, seeds: 2 } });
    const starts = await startsOf(runs);
    expect(starts[0]).toEqual(starts[2]);
    expect(starts[1]).toEqual(starts[3]);
    expect(starts[0]).not.toEqual(starts[1]);
  });

  it('draws every cell anew when cells are independent, and keeps that when the grid grows', async () => {
    const sweep = { axes, seeds: 1, independent: true };
    const runs = configsOf({ ...toyScenario, observers, sweep });
    const starts = await startsOf(runs);
    expect(starts[0]).not.toEqual(starts[1]);
    const grown = configsOf({
      ...toyScenario,
      observers,
      sweep: { ...sweep, axes: { 'optimiser.rate': [1, 0.125, 0.25] }, seeds: 3 },
    });
    expect(grown.map(({ id }) => id)).toEqual(expect.arrayContaining(runs.map(({ id }) => id)));
  });

  it('gives components one stream of their own per seed, and a common one for all', async () => {
    const draws: [number, number][] = [];
    for (const independent of [false, true]) {
      for (const run of configsOf({ ...toyScenario, observers, sweep: { axes, seeds: 2, independent } })) {
        const result = await resultOf(run);
        draws.push([framesOf(result, 'draws.own')[0][0], framesOf(result, 'draws.common')[0][0]]);
      }
    }
    expect(new Set(draws.map(([, common]) => common)).size).toBe(1);
    // Two seeds that all cells share, then two seeds in each of two cells.
    expect(new Set(draws.map(([own]) => own)).size).toBe(2 + 4);
    const [[, common]] = draws;
    expect(draws.map(([own]) => own)).not.toContain(common);
    const other = await resultOf(configOf({ observers, seed: 2 }));
    expect(framesOf(other, 'draws.common')[0][0]).not.toBe(common);
  });
});

function noFiles(path: string): never {
  throw new Error(`no file ${path} in this test`);
}
