// The schema that editors read says what eigenflow says.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component, ComponentKind } from '../../../core/contracts/component.js';
import type { Parameter } from '../../../core/contracts/parameters.js';
import { eigenflowMistake, listed, schemaMistake } from './schema.js';

const right = {
  title: 'Every part',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  seed: 1,
  epochs: 10,
  model: { use: 'teacher-student' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: {
    loss: { use: 'full-loss', when: { points: 21 } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { perDecade: 8 } },
  },
  limits: { loss: 10 },
  sweep: {
    axes: { 'optimiser.learningRate': { geometric: [0.125, 8], count: 7 }, 'model.initialWidth': [0.5, 1, 2] },
    seeds: 2,
  },
  figures: [{ kind: 'line', name: 'loss', value: 'loss.loss', x: { axis: 'optimiser.learningRate' } }],
};

const { sweep: _sweep, figures: _figures, ...single } = right;

const folder = new URL('../../../scenarios/', import.meta.url);
const shipped = await Promise.all(
  readdirSync(folder).map(async (file) => ({ file, scenario: (await import(new URL(file, folder).href)).default })),
);

describe('is right', () => {
  it.each(shipped.filter(({ scenario }) => scenario?.plugins))('$file', ({ scenario }) => {
    expect(schemaMistake(JSON.parse(JSON.stringify(scenario)))).toBe('');
  });

  const cases: [string, object][] = [
    ['a scenario with every part', right],
    ['one without a sweep', single],
    ['a schema of its own', { ...right, $schema: './eigenflow.schema.json' }],
    ['a schedule', { ...single, optimiser: { use: 'sgd', learningRate: { ramp: [1, 0.1], over: 100 } } }],
    [
      'pieces',
      {
        ...single,
        optimiser: {
          use: 'sgd',
          learningRate: {
            pieces: [
              [0, 1],
              [10, 0.5],
            ],
          },
        },
      },
    ],
    ['a required parameter that is swept', { ...right, optimiser: { use: 'sgd' } }],
    ['a component that is swept', { ...single, sweep: { axes: { 'optimiser.use': ['sgd'] } } }],
    ['a length that is swept', { ...single, epochs: undefined, sweep: { axes: { steps: [10, 20] } } }],
    [
      'axes that stand in zip',
      { ...single, sweep: { zip: [{ 'optimiser.learningRate': [1, 2], 'noise.batchSize': [4, 8] }] } },
    ],
    [
      'axes that are named in zip',
      {
        ...single,
        sweep: {
          axes: { 'optimiser.learningRate': [1, 2], 'noise.batchSize': [4, 8] },
          zip: ['optimiser.learningRate', 'noise.batchSize'],
        },
      },
    ],
    [
      'an adaptive sweep',
      {
        ...right,
        plugins: [...right.plugins, 'phases'],
        classifier: { use: 'outcome' },
        sweep: { ...right.sweep, adaptive: { every: 2 } },
      },
    ],
  ];
  it.each(cases)('%s', (_what, scenario) => {
    const json = JSON.parse(JSON.stringify(scenario));
    expect(eigenflowMistake(json)).toBe('');
    expect(schemaMistake(json)).toBe('');
  });

  it('is the component of a plugin that the schema does not know, with whatever parameters', () => {
    const own = { ...single, plugins: [...right.plugins, './own.ts'], optimiser: { use: 'own', speed: 3 } };
    expect(schemaMistake(own)).toBe('');
  });
});

describe('is refused, as by eigenflow', () => {
  const { model: _model, ...noModel } = single;
  const { title: _title, ...noTitle } = single;
  const { epochs: _epochs, ...noLength } = single;
  const [figure] = right.figures;
  const cases: [string, object][] = [
    ['a misspelt field', { ...right, optimizer: { use: 'sgd' } }],
    ['no model', noModel],
    ['no title', noTitle],
    ['an empty title', { ...right, title: '' }],
    ['a number as description', { ...right, description: 3 }],
    ['no length', noLength],
    ['two lengths', { ...right, steps: 10 }],
    ['a length that is swept too', { ...right, sweep: { axes: { steps: [1, 2] } } }],
    ['no plugins', { ...right, plugins: [] }],
    ['half a seed', { ...right, seed: 0.5 }],
    ['a seed beyond exact integers', { ...right, seed: 2 ** 53 }],
    ['no epochs', { ...right, epochs: 0 }],
    ['a component as a name', { ...right, loss: 'half-mean-square' }],
    ['a component without name', { ...right, loss: {} }],
    ['an unknown component', { ...right, optimiser: { use: 'sdg', learningRate: 1 } }],
    ['a component of another kind', { ...right, loss: { use: 'sgd' } }],
    ['a component of a plugin that is not listed', { ...right, plugins: ['teacher-student', 'sgd', 'training'] }],
    ['an unknown observer', { ...right, observers: { a: { use: 'gram-spektrum' } } }],
    ['an observer with a dot', { ...right, observers: { 'a.b': { use: 'full-loss' } } }],
    ['a misspelt parameter', { ...right, noise: { ...right.noise, batchsize: 3 } }],
    ['a parameter of another component', { ...right, optimiser: { ...right.optimiser, batchSize: 3 } }],
    ['a text for a number', { ...right, optimiser: { use: 'sgd', learningRate: '1' } }],
    ['a number out of range', { ...single, optimiser: { use: 'sgd', learningRate: -1 } }],
    ['a schedule out of range', { ...single, optimiser: { use: 'sgd', learningRate: { ramp: [1, -1], over: 9 } } }],
    ['a ramp without length', { ...single, optimiser: { use: 'sgd', learningRate: { ramp: [1, 2] } } }],
    ['a ramp of three values', { ...single, optimiser: { use: 'sgd', learningRate: { ramp: [1, 2, 3], over: 9 } } }],
    ['half a batch', { ...single, noise: { ...right.noise, batchSize: 1.5 } }],
    ['a batch of no such word', { ...single, noise: { ...right.noise, batchSize: 'ful' } }],
    ['an unknown choice', { ...single, noise: { ...right.noise, order: 'cylic' } }],
    ['a required parameter left out', { ...single, optimiser: { use: 'sgd' } }],
    ['null for a number', { ...single, optimiser: { use: 'sgd', learningRate: null } }],
    ['an unknown trigger', { ...right, observers: { a: { use: 'full-loss', when: { each: 3 } } } }],
    ['two triggers', { ...right, observers: { a: { use: 'full-loss', when: { every: 3, points: 2 } } } }],
    ['a trigger of 0 steps', { ...right, observers: { a: { use: 'full-loss', when: { every: 0 } } } }],
    ['a misspelt limit', { ...right, limits: { los: 3 } }],
    ['a limit below 0', { ...right, limits: { loss: -3 } }],
    ['a misspelt field of a sweep', { ...right, sweep: { axis: {} } }],
    ['no seeds', { ...right, sweep: { seeds: 0 } }],
    ['the seed as an axis', { ...right, sweep: { axes: { seed: [1, 2] } } }],
    ['an empty axis', { ...single, sweep: { axes: { 'optimiser.learningRate': [] } } }],
    ['a range without count', { ...single, sweep: { axes: { 'optimiser.learningRate': { linear: [1, 2] } } } }],
    ['a geometric range over 0', { ...single, sweep: { axes: { epochs: { geometric: [0, 2], count: 2 } } } }],
    ['a value of an axis out of range', { ...single, sweep: { axes: { 'optimiser.learningRate': [1, -1] } } }],
    ['a word for a flag', { ...right, sweep: { independent: 'no' } }],
    ['a lone axis in zip', { ...single, sweep: { zip: [{ 'optimiser.learningRate': [1] }] } }],
    ['an adaptive sweep without classifier', { ...right, sweep: { ...right.sweep, adaptive: {} } }],
    ['a figure of no kind', { ...right, figures: [{ ...figure, kind: 'pie' }] }],
    ['a figure without an axis', { ...right, figures: [{ kind: 'line', name: 'loss', value: 'loss.loss' }] }],
    ['a misspelt field of a figure', { ...right, figures: [{ ...figure, yscale: 'log' }] }],
    ['a guide of two places', { ...right, figures: [{ ...figure, guides: [{ x: 1, y: 2, label: 'here' }] }] }],
    ['a comparison without levels', { ...right, compare: { surrogates: { a: {} }, replicas: 3 } }],
    [
      'a surrogate called reference',
      { ...right, compare: { surrogates: { reference: {} }, levels: 'a', replicas: 3 } },
    ],
  ];
  it.each(cases)('%s', (_what, scenario) => {
    expect(eigenflowMistake(scenario)).not.toBe('');
    expect(schemaMistake(scenario)).not.toBe('');
  });
});

describe('for random values of every declared parameter', () => {
  const components = listed.flatMap(({ listedAs, plugin }) =>
    plugin.components.map((component) => ({ listedAs, component: component as Component })),
  );
  const anyValue = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -3, max: 300 }),
    fc.constantFrom<unknown>(null, true, false, '', 'full', 'text', [], [1, 2], [0.5], ['a', 'b'], [[1]], {}),
  );

  function fitting(parameter: Parameter): fc.Arbitrary<unknown> {
    const { min = -3, max = 100, above = min, below = max } = parameter as Extract<Parameter, { min?: number }>;
    const number = fc.oneof(
      fc.constantFrom(min, max, above, below),
      fc.double({ min: Math.max(min, above), max: Math.max(min, above) + 2, noNaN: true }),
    );
    const integer = fc.integer({ min: Math.ceil(Math.max(min, above)), max: Math.ceil(Math.max(min, above)) + 5 });
    switch (parameter.type) {
      case 'number': {
        const shape = fc.constantFrom('linear', 'geometric', undefined);
        const ramp = fc.record({ ramp: fc.tuple(number, number), over: fc.constantFrom(0.5, 1, 10), shape });
        const pieces = fc.tuple(number, number).map(([a, b]) => ({
          pieces: [
            [0, a],
            [7, b],
          ],
        }));
        return fc.oneof(number, number, ramp, pieces);
      }
      case 'integer':
        return fc.oneof(integer, fc.constantFrom<unknown>(...(parameter.words ?? [1])));
      case 'choice':
        return fc.constantFrom(...parameter.values);
      case 'flag':
        return fc.boolean();
      case 'flags':
        return fc.oneof(fc.boolean(), fc.array(fc.boolean(), { maxLength: 3 }));
      case 'text':
        return fc.constantFrom('W', './task.npz');
      case 'arrays':
        return fc.constantFrom('W', './task.npz', ...(parameter.words ?? []));
      case 'integers':
        return fc.oneof(integer, fc.array(integer, { maxLength: 3 }));
      case 'numbers':
        return fc.oneof(number, fc.array(number, { maxLength: 3 }));
      case 'texts':
        return fc.constantFrom<unknown>('W', ['W', 'v'], []);
    }
  }

  const inPlace = (kind: ComponentKind, use: object) =>
    kind === 'observer' ? { observers: { a: use } } : { [kind]: use };

  const drawn = fc.constantFrom(...components).chain(({ listedAs, component }) => {
    const parameters = Object.fromEntries(
      Object.entries(component.params).map(([name, parameter]) => [
        name,
        fc.oneof({ weight: 12, arbitrary: fitting(parameter) }, { weight: 1, arbitrary: anyValue }),
      ]),
    );
    const needed = Object.keys(parameters).filter((name) => {
      const parameter = component.params[name];
      return !parameter.optional && !('default' in parameter);
    });
    const some = fc.oneof(
      { weight: 5, arbitrary: fc.record(parameters, { requiredKeys: needed }) },
      { weight: 1, arbitrary: fc.record(parameters, { requiredKeys: [] }) },
    );
    return some.map((given) => {
      const use = { use: component.name, ...(given as object) };
      const plugins = [...new Set([...right.plugins, listedAs])];
      return JSON.parse(JSON.stringify({ ...single, plugins, ...inPlace(component.kind, use) }));
    });
  });

  it('the schema accepts what eigenflow accepts, and nothing else', () => {
    let accepted = 0;
    const examples = 3000;
    fc.assert(
      fc.property(drawn, (scenario) => {
        const refused = eigenflowMistake(scenario);
        if (refused === '') accepted += 1;
        const mistake = schemaMistake(scenario);
        if ((refused === '') !== (mistake === '')) throw new Error(`eigenflow: ${refused}; schema: ${mistake}`);
      }),
      { numRuns: examples },
    );
    expect(accepted).toBeGreaterThan(examples / 4);
    expect(accepted).toBeLessThan((examples * 3) / 4);
  });
});
