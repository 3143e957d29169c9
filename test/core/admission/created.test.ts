// What `create` returns: each case breaks one member of a sound component, as JavaScript lets one do.
import { describe, expect, it } from 'vitest';
import type { Component, ComponentKind } from '../../../core/contracts/component.js';
import type { Environment } from '../../../core/contracts/environment.js';
import { EigenflowError } from '../../../core/errors.js';
import { checkAttached, createComponent } from '../../../core/plugin/create-component.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../../core/testing/reference.js';
import { environment } from '../../../core/testing/stage.js';

const create = <K extends ComponentKind>(component: Component<K>) =>
  createComponent('place', component, {}, environment(), 'p');

/** Creates a component like `sound`, with other members. */
const changed = <K extends ComponentKind>(sound: Component<K>, change: object) =>
  create({
    ...sound,
    create: (params: never, given: Environment) => ({ ...sound.create(params, given), ...change }),
  } as Component<K>);

const returning = (made: unknown) => create({ ...referenceOptimiser, create: () => made } as Component);

it('sound components of every kind are let in', () => {
  for (const component of [referenceModel, referenceLoss, referenceNoise, referenceOptimiser]) {
    expect(() => create<ComponentKind>(component)).not.toThrow();
  }
});

it('members may stand on the prototype of a class', () => {
  class Steps {
    state = [];
    step() {}
  }
  expect(() => returning(new Steps())).not.toThrow();
});

const who = 'place: the optimiser "reference-optimiser" of plugin p';

describe('create', () => {
  it.each([
    ['nothing', undefined, `${who}: create returns nothing; expected an object with state, step`],
    ['a number', 7, `${who}: create returns 7; expected an object`],
    ['a promise', Promise.resolve({}), `place: create of ${who.slice(7)} returned a promise, which nobody waits for`],
  ])('that returns %s is refused', (_what, made, message) => {
    expect(() => returning(made)).toThrow(message);
    expect(() => returning(made)).toThrow(expect.objectContaining({ code: 'contract' }));
  });

  it('that fails later is refused at once, and its failure does not end the process', async () => {
    expect(() => returning(Promise.reject(new Error('late')))).toThrow('returned a promise');
    await new Promise((resolve) => setTimeout(resolve));
  });

  it('that throws is named, and its error kept as the cause', () => {
    const cause = new Error('boom');
    const broken = { ...referenceOptimiser, create: () => { throw cause; } }; // biome-ignore format: one line
    expect(() => create(broken)).toThrow(`${who}: create failed: boom`);
    expect(() => create(broken)).toThrow(expect.objectContaining({ code: 'contract', cause }));
  });

  it('that finds a mistake in the scenario says so in its own words', () => {
    const mistake = new EigenflowError('scenario', 'model.data', 'has no rows');
    const broken = { ...referenceOptimiser, create: () => { throw mistake; } }; // biome-ignore format: one line
    expect(() => create(broken)).toThrow(mistake);
  });
});

describe('members', () => {
  it.each<[string, Component, object, string]>([
    ['a missing list', referenceOptimiser, { state: undefined }, `${who} has no \`state\`; expected a list of names`],
    ['a missing function', referenceOptimiser, { step: undefined }, 'has no `step`; expected a function, and not an'],
    ['a number for a function', referenceOptimiser, { plan: 1 }, 'has 1 as `plan`; expected a function'],
    ['an async function', referenceLoss, { valueAndGradient: async () => {} }, 'has an async function as `valueAnd'],
    ['half a weight', referenceModel, { size: 2.5 }, 'has 2.5 as `size`; expected a whole number above 0'],
    ['a block without rows', referenceModel, { layout: [{ name: 'W' }] }, 'expected a list of blocks { name, rows,'],
    ['a word for a flag', referenceModel, { recordable: 'yes' }, 'has "yes" as `recordable`; expected true or false'],
    ['an empty capability', referenceModel, { hessianVector: {} }, ', in `hessianVector`, has no `outputs`; expected'],
    ['no draw', referenceNoise, { draw: undefined }, 'the noise model "reference-noise" of plugin p has no `draw`'],
  ])('%s is refused', (_what, sound, change, message) => {
    expect(() => changed(sound, change)).toThrow(message);
  });

  it('that are known after attach are not read before', () => {
    const late = {
      get maxBatch(): number {
        throw new Error('not yet');
      },
      samplesPerStep: 4,
      draw: () => 0,
    };
    expect(() => create({ ...referenceNoise, create: () => late })).not.toThrow();
    expect(() => checkAttached('noise', 'noise', { maxBatch: 0.5, samplesPerStep: 1 })).toThrow(
      'noise: after attach, the noise model has 0.5 as `maxBatch`; expected a whole number above 0',
    );
  });
});
