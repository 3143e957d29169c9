// What `create` returns: each case breaks one member of a sound component, as JavaScript lets one do.
import { describe, expect, it } from 'vitest';
import {
  type Component,
  type ComponentKind,
  defineObserver,
  type Environments,
} from '../../../core/contracts/component.js';
import type { Loss } from '../../../core/contracts/loss.js';
import type { Model } from '../../../core/contracts/model.js';
import type { RunView } from '../../../core/contracts/observer.js';
import { openPasses } from '../../../core/engine/passes.js';
import { EigenflowError } from '../../../core/errors.js';
import { createComponent } from '../../../core/plugin/create-component.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../../core/testing/reference.js';
import { environment } from '../../../core/testing/stage.js';

const create = <K extends ComponentKind>(component: Component<K>) => {
  const base = environment();
  const model = referenceModel.create({} as never, base);
  const loss = referenceLoss.create({} as never, base);
  const given = { ...base, model, loss, run: { model, loss } as RunView };
  return createComponent('place', component, {}, given as unknown as Environments[K], 'p');
};

/** Creates a component like `sound`, with other members. */
const changed = <K extends ComponentKind>(sound: Component<K>, change: object) =>
  create({
    ...sound,
    create: (params: never, given: never) => ({ ...sound.create(params, given), ...change }),
  } as Component<K>);

const returning = (made: unknown) => create({ ...referenceOptimiser, create: () => made } as Component);

const observer = defineObserver({
  name: 'nothing',
  summary: 'Nothing',
  params: {},
  cite: [],
  create: () => ({ channels: {}, observe() {} }),
});

it('sound components of every kind are let in', () => {
  for (const component of [referenceModel, referenceLoss, referenceNoise, referenceOptimiser, observer]) {
    expect(() => create<ComponentKind>(component)).not.toThrow();
  }
});

it('members may stand on the prototype of a class', () => {
  class Steps {
    state = [];
    stepSize() {
      return 1;
    }
    step() {}
  }
  expect(() => returning(new Steps())).not.toThrow();
});

const who = 'place: the optimiser "reference-optimiser" of plugin p';

describe('create', () => {
  it.each([
    ['nothing', undefined, `${who}: create returns nothing; expected an object with state, stepSize, step`],
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
    ['a number for a function', referenceOptimiser, { stepSize: 1 }, 'has 1 as `stepSize`; expected a function'],
    ['an async function', referenceLoss, { open: async () => ({}) }, 'has an async function as `open`; expected a'],
    ['half a weight', referenceModel, { size: 2.5 }, 'has 2.5 as `size`; expected a whole number above 0'],
    ['a block without rows', referenceModel, { layout: [{ name: 'W' }] }, 'expected a list of blocks { name, rows,'],
    ['a model that opens nothing', referenceModel, { open: undefined }, 'has no `open`; expected a function'],
    ['an empty capability', referenceModel, { levelProcess: {} }, ', in `levelProcess`, has no `levels`; expected'],
    ['half a batch', referenceNoise, { maxBatch: 0.5 }, 'has 0.5 as `maxBatch`; expected a whole number above 0'],
    ['an observer without channels', observer, { channels: undefined }, 'has no `channels`; expected an object'],
    ['no draw', referenceNoise, { draw: undefined }, 'the noise model "reference-noise" of plugin p has no `draw`'],
  ])('%s is refused', (_what, sound, change, message) => {
    expect(() => changed(sound, change)).toThrow(message);
  });
});

describe('passes', () => {
  const open = (change: { model?: object; loss?: object }) => {
    const base = environment();
    const model: Model = { ...referenceModel.create({} as never, base), ...change.model };
    const loss: Loss = { ...referenceLoss.create({} as never, base), ...change.loss };
    return () => openPasses(model, loss, 4);
  };

  it('of sound components are let in', () => {
    expect(open({})).not.toThrow();
  });

  it.each<[string, Parameters<typeof open>[0], string]>([
    [
      'nothing',
      { model: { open() {} } },
      'model: open returns undefined; expected an object with forward, targets, back',
    ],
    [
      'a promise',
      { loss: { open: () => Promise.resolve({}) } },
      'loss: open returned a promise, which nobody waits for',
    ],
    ['half a pass', { loss: { open: () => ({}) } }, 'loss: the pass that `open` returns has no `valueAndGradient`'],
    [
      'a pass with an empty capability',
      { model: { open: () => ({ forward() {}, targets() {}, backward() {}, hessianVector: {} }) } },
      'model.hessianVector: the pass that `open` returns, in `hessianVector`, has no `outputs`; expected a function',
    ],
    [
      'a failure',
      { model: { open() { throw new Error('boom'); } } }, // biome-ignore format: one line
      'model: boom',
    ],
  ])('%s is refused', (_what, change, message) => {
    expect(open(change)).toThrow(message);
    expect(open(change)).toThrow(expect.objectContaining({ name: 'EigenflowError', code: 'contract' }));
  });
});

describe('what was written for contract 1 is known by its members, and told what to change', () => {
  it.each<[string, Component, object]>([
    ['model', referenceModel, { reserve() {} }],
    ['loss', referenceLoss, { valueAndGradient() {} }],
    ['noise', referenceNoise, { attach() {} }],
    ['optimiser', referenceOptimiser, { plan() {} }],
    ['observer', observer, { attach() {} }],
  ])('%s', (_kind, sound, former) => {
    const [member] = Object.keys(former);
    expect(() => changed(sound, former)).toThrow(`has \`${member}\`, as in contract 1. To change in the plugin: `);
  });
});
