// What a plugin says of itself: each case leaves one thing out of a sound plugin, as JavaScript lets one do.
import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION, type Plugin } from '../../../core/contracts/component.js';
import { choice, flag, number, text } from '../../../core/contracts/parameters.js';
import { checkPlugin } from '../../../core/plugin/check-plugin.js';
import { referenceLoss, referenceOptimiser } from '../../../core/testing/reference.js';

const rate = number({ doc: 'size of a step', unit: '1' });
const sound = { name: 'p', version: '1.0.0', contract: CONTRACT_VERSION, components: [referenceOptimiser] };
const withPlugin = (change: object) => checkPlugin({ ...sound, ...change } as Plugin);
const withComponent = (change: object) => withPlugin({ components: [{ ...referenceOptimiser, ...change }] });

it('words and files need no unit', () => {
  for (const parameter of [choice({ doc: 'x', values: ['a'] }), flag({ doc: 'x' }), text({ doc: 'x' })]) {
    expect(() => withComponent({ params: { parameter } })).not.toThrow();
  }
});

it('a sound plugin is let in, pre-releases too', () => {
  expect(() => withPlugin({ version: '0.1.0-beta.2', figures: [] })).not.toThrow();
  expect(() => withPlugin({ components: [], services: { divergence: (usual: unknown) => usual } })).not.toThrow();
  expect(() => withComponent({ params: { rate, when: rate } })).not.toThrow();
});

describe('a plugin', () => {
  it.each([
    ['without a version', { version: undefined }, "plugin p: has no version; write one such as '0.1.0'"],
    ['with half a version', { version: '1' }, 'plugin p: has the version "1"; write one such as'],
    ['without a contract version', { contract: undefined }, 'plugin p: does not say its contract version; this eigen'],
    ['with figures that are no list', { figures: {} }, 'plugin p: has figures that are no list; write figures: [...]'],
    [
      'of contract version 1',
      { contract: 1 },
      'plugin p: was built for contract version 1; this eigenflow has version 2. To change in the plugin: an observer',
    ],
    ['of a later one', { contract: 3 }, 'has version 2. Install matching versions of the plugin and of eigenflow'],
    ['with a list of services', { services: [] }, 'plugin p: has [] as services; write { name: (usual, services) =>'],
    [
      'with a service that is none',
      { services: { divergnce: () => {} } },
      'plugin p: has no service "divergnce" to replace; did you mean "divergence"? there are kernels, arena, arrays,',
    ],
    [
      'with a service in place of a function that makes it',
      { services: { arena: {} } },
      'plugin p: its service "arena" is {}; write a function (usual, services) => ... of the usual one',
    ],
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
    ['without choices', { doc: 'x', type: 'choice' }, 'parameter rate has no values to choose from'],
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
