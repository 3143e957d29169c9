// What a plugin says of itself: each case leaves one thing out of a sound plugin, as JavaScript lets one do.
import { describe, expect, it } from 'vitest';
import type { Plugin } from '../../../core/contracts/component.js';
import { number } from '../../../core/contracts/parameters.js';
import { checkPlugin } from '../../../core/plugin/check-plugin.js';
import { referenceLoss, referenceOptimiser } from '../../../core/testing/reference.js';

const rate = number({ doc: 'size of a step', unit: '1' });
const withPlugin = (change: object) =>
  checkPlugin({ name: 'p', version: '1.0.0', contract: 1, components: [referenceOptimiser], ...change } as Plugin);
const withComponent = (change: object) => withPlugin({ components: [{ ...referenceOptimiser, ...change }] });

it('a sound plugin is let in, pre-releases too', () => {
  expect(() => withPlugin({ version: '0.1.0-beta.2', figures: [] })).not.toThrow();
  expect(() => withComponent({ params: { rate, when: rate } })).not.toThrow();
});

describe('a plugin', () => {
  it.each([
    ['without a version', { version: undefined }, "plugin p: has no version; write one such as '0.1.0'"],
    ['with half a version', { version: '1' }, 'plugin p: has the version "1"; write one such as'],
    ['without a contract version', { contract: undefined }, 'plugin p: does not say its contract version; this eigen'],
    ['with figures that are no list', { figures: {} }, 'plugin p: has figures that are no list; write figures: [...]'],
    ['with nothing as a component', { components: [undefined] }, 'components[0] is undefined, not a component'],
    [
      'with two components of one name',
      { components: [referenceLoss, referenceOptimiser, referenceLoss] },
      'plugin p: has two components of kind loss called "reference-loss"; rename one',
    ],
  ])('%s is refused', (_what, change, message) => {
    expect(() => withPlugin(change)).toThrow(message);
    expect(() => withPlugin(change)).toThrow(expect.objectContaining({ name: 'EigenflowError', code: 'plugin' }));
  });
});

describe('a component', () => {
  const place = 'plugin p, optimiser "reference-optimiser": ';
  it.each([
    ['name', { name: undefined }, 'plugin p: components[0] has no name'],
    ['summary', { summary: undefined }, `${place}has no summary; write one sentence`],
    ['params', { params: undefined }, `${place}has no params; write params: {} when there is nothing to set`],
    ['cite', { cite: undefined }, `${place}has no cite, a list of sources; write cite: [] when`],
    ['list of sources', { cite: 'a paper' }, `${place}has no cite, a list of sources`],
    ['create', { create: undefined }, `${place}has no create; write create: (params, environment) =>`],
    ['create that is not async', { create: async () => ({}) }, 'has a create that is no plain function; write'],
  ])('without %s is refused', (_what, change, message) => {
    expect(() => withComponent(change)).toThrow(message);
  });
});

describe('a parameter', () => {
  it.each([
    ['that is no description', 0.1, 'parameter rate is 0.1; write it as number({ doc, unit, ... }) or the like'],
    ['without a type', { doc: 'x', unit: '1' }, 'parameter rate has no type; write it with one of number, integer,'],
    [
      'with a misspelt type',
      { ...rate, type: 'numbr' },
      'parameter rate has the unknown type "numbr"; did you mean "number"? write it with',
    ],
    ['without a doc', { ...rate, doc: undefined }, 'parameter rate has no doc; say in a few words what it is'],
    ['without a unit', { ...rate, unit: '' }, "parameter rate has no unit; write '1' where it is dimensionless"],
    ['without choices', { ...rate, type: 'choice' }, 'parameter rate has no values to choose from'],
  ])('%s is refused', (_what, parameter, message) => {
    expect(() => withComponent({ params: { rate: parameter } })).toThrow(message);
  });

  it('that a scenario could not set is refused', () => {
    const message = 'parameter use could never be set: `use` names the component in a scenario. Call it something else';
    expect(() => withComponent({ params: { use: rate } })).toThrow(message);
    expect(() => withComponent({ kind: 'observer', params: { when: rate } })).toThrow(
      'parameter when could never be set: `when` says at which steps an observer measures in a scenario.',
    );
  });
});
