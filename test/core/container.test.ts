// The registry of what is loaded, and the wiring of one run.
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/container.js';
import { CONTRACT_VERSION, defineLoss, defineOptimiser, definePlugin } from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Loss } from '../../core/contracts/loss.js';
import { openWorkspace } from '../../core/kernels/arena.js';
import { createStream } from '../../core/random/stream.js';

const loss = (name: string, create: () => Loss = () => ({ valueAndGradient() {} })) =>
  defineLoss({ name, summary: name, params: {}, cite: [], create });
const plugin = (name: string, ...components: ReturnType<typeof loss>[]) =>
  definePlugin({ name, version: '1.0.0', components });

function environment(): Environment {
  const { arena, kernels } = openWorkspace(2 ** 20);
  const random = createStream(kernels, 1, []);
  return { arena, kernels, random, common: random };
}

describe('registry', () => {
  it('finds a component by kind and name, with the plugin that brought it', () => {
    const [square, hinge] = [loss('square'), loss('hinge')];
    const registry = createRegistry([plugin('a', square), plugin('b', hinge)]);
    expect(registry.find('loss', 'hinge', 'loss')).toBe(hinge);
    expect(registry.owner('loss', 'hinge').name).toBe('b');
    expect(registry.list('loss')).toEqual([square, hinge]);
    expect(registry.list('model')).toEqual([]);
  });

  it('names the nearest component and what is loaded', () => {
    const registry = createRegistry([plugin('a', loss('square'), loss('hinge'))]);
    expect(() => registry.find('loss', 'sqare', 'loss')).toThrow(
      'loss.use: no loss called "sqare"; did you mean "square"? Loaded: square, hinge',
    );
    expect(() => registry.find('noise', 'iid', 'noise')).toThrow(
      'noise.use: no noise model called "iid". No loaded plugin brings one',
    );
  });

  it('keeps kinds apart that share a name', () => {
    const sgd = defineOptimiser({
      name: 'same',
      summary: '',
      params: {},
      cite: [],
      create: () => ({ state: [], step() {} }),
    });
    const both = definePlugin({ name: 'a', version: '1.0.0', components: [loss('same'), sgd] });
    const registry = createRegistry([both]);
    expect(registry.find('optimiser', 'same', 'optimiser')).toBe(sgd);
  });

  it.each(['constructor', '__proto__', 'toString'])('has no component called %s by accident', (name) => {
    expect(() => createRegistry([]).find('loss', name, 'loss')).toThrow(`no loss called "${name}"`);
  });

  it('refuses a plugin that was built for another contract version, and says which', () => {
    const old = { ...plugin('old', loss('square')), contract: CONTRACT_VERSION + 1 };
    expect(() => createRegistry([old])).toThrow(
      `plugin old: was built for contract version ${CONTRACT_VERSION + 1}; this eigenflow has version ` +
        `${CONTRACT_VERSION}. Install matching versions of the plugin and of eigenflow`,
    );
  });

  it('refuses two plugins that bring the same component', () => {
    expect(() => createRegistry([plugin('a', loss('square')), plugin('b', loss('square'))])).toThrow(
      'plugin b: its loss "square" is already brought by plugin a; load only one of them',
    );
  });

  it('refuses a component of a kind that does not exist', () => {
    const odd = { ...loss('square'), kind: 'metric' as 'loss' };
    expect(() => createRegistry([plugin('a', odd)])).toThrow(
      'plugin a: component square has the unknown kind "metric"',
    );
  });
});

describe('wiring of a run', () => {
  it('creates a slot once, when it is first asked for, and anew for every run', () => {
    let made = 0;
    const counted = loss('counted', () => {
      made += 1;
      return { valueAndGradient() {} };
    });
    const registry = createRegistry([plugin('a', counted)]);
    const open = () => {
      const run = registry.open();
      run.fill('loss', 'loss', 'counted', {}, environment());
      return run;
    };
    const run = open();
    expect(made).toBe(0);
    expect(run.get('loss', 'loss')).toBe(run.get('loss', 'loss'));
    expect(made).toBe(1);
    open().get('loss', 'loss');
    expect(made).toBe(2);
  });

  it('passes on the error of a component that cannot be created', () => {
    const registry = createRegistry([
      plugin(
        'a',
        loss('broken', () => {
          throw new Error('no such block');
        }),
      ),
    ]);
    const run = registry.open();
    run.fill('loss', 'loss', 'broken', {}, environment());
    expect(() => run.get('loss', 'loss')).toThrow('no such block');
  });
});
