// The structural check of a scenario that comes from a file, before any plugin is asked.
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../core/scenario/parse.js';
import { withValue } from '../../../core/scenario/paths.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { configsOf, toyScenario } from '../engine/runs.js';

const parse = (changes: Record<string, unknown>) => parseScenario({ ...toyScenario, ...changes });

it('passes on what is right, as it is', () => {
  const scenario = {
    ...toyScenario,
    description: 'all fields',
    observers: { 'a-B_9': { use: 'position', when: 'end' } },
    classifier: { use: 'sign' },
    limits: { loss: 1, weightGrowth: 10 },
    sweep: { axes: { 'limits.loss': [1, 2] }, zip: [], seeds: 2, independent: true },
    figures: [],
  };
  expect(parseScenario(scenario)).toBe(scenario);
});

it('takes the name of a schema for editors, which changes no run', () => {
  const $schema = './eigenflow.schema.json';
  expect(parse({ $schema })).toMatchObject({ $schema });
  expect(configsOf({ ...toyScenario, $schema })).toEqual(configsOf(toyScenario));
  expect(() => parse({ $schema: 3 })).toThrow('$schema: expected a text, found 3');
});

describe('what is no plain data is refused with its path, by parseScenario and by resolveScenario', () => {
  const cycle: Record<string, unknown> = { every: 1 };
  cycle.again = [cycle];
  const cases: [Record<string, unknown>, string][] = [
    [{ sweep: { axes: { 'limits.loss': [1n] } } }, 'sweep.axes.limits.loss: expected plain data as in JSON, found 1n'],
    [{ seed: 1n }, 'seed: expected plain data as in JSON, found 1n'],
    [{ title: () => 'a title' }, 'title: expected plain data as in JSON, found the function title'],
    [{ steps: Symbol('many') }, 'steps: expected plain data as in JSON, found Symbol(many)'],
    [{ observers: { a: { use: 'position', when: cycle } } }, 'observers.a.when.again: stands inside itself'],
  ];
  it.each(cases)('%#', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
    const scenario = { ...toyScenario, ...changes } as unknown as Scenario;
    expect(() => configsOf(scenario)).toThrow(message);
  });
});

describe('mistakes', () => {
  const mistakes: [string, Record<string, unknown>, string][] = [
    ['no title', { title: undefined }, 'title: expected a text, found undefined'],
    ['an empty title', { title: '' }, 'title: expected a text, found ""'],
    ['a number as description', { description: 1 }, 'description: expected a text, found 1'],
    ['a misspelt field', { optimizer: {} }, 'optimizer: no such field; did you mean "optimiser"? Known: title,'],
    ['a field of no known name', { gpu: true }, 'gpu: no such field. Known: title, description, plugins,'],
    ['no plugins', { plugins: undefined }, 'plugins: expected a list of plugin names, package names or paths'],
    ['an empty list of plugins', { plugins: [] }, 'plugins: expected a list of plugin names'],
    ['a plugin that is no name', { plugins: ['sgd', 3] }, 'plugins: expected a list of plugin names'],
    ['a negative seed', { seed: -1 }, 'seed: expected a whole number of at least 0, found -1'],
    ['a seed beyond exact integers', { seed: 2 ** 53 }, 'of at least 0 and at most 9007199254740991 (2^53 - 1), found'],
    ['a seed null', { seed: null }, 'seed: expected a whole number of at least 0, found null'],
    [
      'an object that is no number either',
      { seed: { valueOf: 1, toString: 1 } },
      'seed: expected a whole number of at',
    ],
    ['no length', { steps: undefined }, 'steps: a scenario has one of steps, epochs or time; this one has none'],
    ['two lengths', { epochs: 2 }, 'steps: a scenario has one of steps, epochs or time; this one has steps and epochs'],
    ['half a step', { steps: 0.5 }, 'steps: expected a whole number of at least 0, found 0.5'],
    ['no epochs', { steps: undefined, epochs: 0 }, 'epochs: expected a positive finite number, found 0'],
    [
      'endless epochs',
      { steps: undefined, epochs: 1 / 0 },
      'epochs: expected a positive finite number, found Infinity',
    ],
    ['no model', { model: undefined }, 'model: is missing; write for example { "use": "NAME", ... }'],
    ['a model as a name', { model: 'line' }, 'model: expected { "use": "NAME", ... }, found "line"'],
    ['a component without name', { loss: {} }, 'loss.use: expected the name of a component, found undefined'],
    ['a list of observers', { observers: [] }, 'observers: expected { name: { "use": ... } }, found []'],
    ['an observer with a dot', { observers: { 'a.b': { use: 'x' } } }, 'observers.a.b: a name starts with a letter'],
    ['an observer without use', { observers: { a: {} } }, 'observers.a.use: expected the name of a component'],
    ['a classifier as a name', { classifier: 'sign' }, 'classifier: expected { "use": "NAME", ... }'],
    ['limits as a number', { limits: 3 }, 'limits: expected { loss, weightGrowth }, found 3'],
    ['a limit of no known name', { limits: { los: 1 } }, 'limits.los: no such field; did you mean "loss"?'],
    ['a limit below zero', { limits: { loss: -1 } }, 'limits.loss: expected a positive finite number, found -1'],
    ['a list as sweep', { sweep: [] }, 'sweep: expected { axes, zip, seeds }, found []'],
    ['a misspelt field of a sweep', { sweep: { axis: {} } }, 'sweep.axis: no such field; did you mean "axes"?'],
    ['a list of axes', { sweep: { axes: [1] } }, 'sweep.axes: expected { path: values }, found [1]'],
    [
      'a word for independent',
      { sweep: { independent: 'no' } },
      'sweep.independent: expected true or false, found "no"',
    ],
    ['figures as an object', { figures: {} }, 'figures: expected a list, found {}'],
  ];
  it.each(mistakes)('%s', (_what, changes, message) => {
    expect(() => parse(changes)).toThrow(message);
    expect(() => parse(changes)).toThrow(expect.objectContaining({ name: 'EigenflowError', code: 'scenario' }));
  });

  it.each([null, 3, 'text', [], undefined])('%j is not a scenario', (value) => {
    expect(() => parseScenario(value)).toThrow('a scenario is an object with a title, plugins, a model');
  });

  it('takes the length from the sweep, wherever its values stand', () => {
    expect(() => parse({ steps: undefined, sweep: { axes: { steps: [1] } } })).not.toThrow();
    expect(() => parse({ steps: undefined, sweep: { zip: [{ steps: [1], 'limits.loss': [2] }] } })).not.toThrow();
    expect(() => parse({ sweep: { zip: [{ epochs: [1], 'limits.loss': [2] }] } })).toThrow('this one has');
  });

  it.each([
    ['"__proto__": {"x": 1}', '__proto__: cannot be the name of a field'],
    ['"observers": {"__proto__": {"use": "x"}}', 'observers.__proto__: cannot be the name of a field'],
    ['"limits": {"__proto__": {"loss": 1}}', 'limits.__proto__: cannot be the name of a field'],
    ['"sweep": {"__proto__": {"seeds": 3}}', 'sweep.__proto__: cannot be the name of a field'],
    ['"classifier": {"__proto__": {"use": "sign"}}', 'classifier.__proto__: cannot be the name of a field'],
  ])('refuses %s', (text, message) => {
    const json = JSON.stringify(toyScenario).replace('{', `{${text},`);
    expect(() => parseScenario(JSON.parse(json))).toThrow(message);
  });
});

describe('values by path', () => {
  it('sets a value in a copy, and shares what is not on the way', () => {
    const tree = { a: { b: 1, c: 2 }, d: { e: 3 } };
    const changed = withValue(tree, 'a.b', 7);
    expect(changed).toEqual({ a: { b: 7, c: 2 }, d: { e: 3 } });
    expect(tree.a.b).toBe(1);
    expect(changed.d).toBe(tree.d);
  });

  it('makes the objects that are missing on the way, and walks through nothing else', () => {
    expect(withValue({ a: {} }, 'a.new', 1)).toEqual({ a: { new: 1 } });
    expect(withValue({}, 'limits.loss', 1)).toEqual({ limits: { loss: 1 } });
    expect(() => withValue({ a: [1] }, 'a.0', 1)).toThrow('a.0: a is [1] and no object to set this in');
    expect(() => withValue({ a: 3 }, 'a.b', 1)).toThrow('a.b: a is 3 and no object to set this in');
  });

  it('takes what follows sweep.axes as one name', () => {
    const axes = { 'optimiser.rate': [1, 2] };
    expect(withValue({ sweep: { axes, seeds: 2 } }, 'sweep.axes.optimiser.rate', [3])).toEqual({
      sweep: { axes: { 'optimiser.rate': [3] }, seeds: 2 },
    });
    expect(() => withValue({}, 'sweep.axes.__proto__.x', [3])).toThrow('is not a path');
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '__proto__.x', 'a.constructor.prototype.x', 'prototype'])(
    'refuses "%s"',
    (path) => {
      expect(() => withValue({ a: {} }, path, 1)).toThrow('is not a path; write for example optimiser.learningRate');
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
    },
  );

  it('does not walk into what an object inherits', () => {
    const changed = withValue({ a: 1 } as object, 'toString.x', 1);
    expect(Object.keys(changed)).toEqual(['a', 'toString']);
    expect(Object.hasOwn(Object.prototype.toString, 'x')).toBe(false);
  });
});
