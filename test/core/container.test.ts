// The registry of what is loaded, and the wiring of one run.
import { describe, expect, it } from 'vitest';
import { createRegistry, type RunContainer } from '../../core/container.js';
import {
  CONTRACT_VERSION,
  type Component,
  defineLoss,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
} from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Loss } from '../../core/contracts/loss.js';
import type { RunView } from '../../core/contracts/observer.js';
import type { RunServices, ServiceBindings } from '../../core/contracts/services.js';
import { openWorkspace } from '../../core/kernels/arena.js';
import { createStream } from '../../core/random/stream.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../core/testing/reference.js';

const open = () => ({ valueAndGradient() {} });
const loss = (name: string, create: (params: unknown, environment: Environment) => Loss = () => ({ open })) =>
  defineLoss({ name, summary: name, params: {}, cite: [], create });
const plugin = (name: string, ...components: Component[]) => definePlugin({ name, version: '1.0.0', components });
const replacing = (name: string, services: ServiceBindings) =>
  definePlugin({ name, version: '1.0.0', components: [], services });

const { arena, kernels } = openWorkspace(2 ** 20);

/** The usual ones, as far as these tests need them. */
const services = (): RunServices => ({
  kernels,
  arena,
  streams: (path) => {
    const random = createStream(kernels, 1, [path]);
    return { random, common: random };
  },
  arrays: (path) => ({
    source: path,
    digest: '',
    names: [],
    get: () => ({ shape: [], data: new Float64Array(1) }),
    has: () => true,
  }),
  divergence: (limits) => ({
    isFinite: () => true,
    check: () => 'completed',
    state: Float64Array.of(limits.weightGrowth),
  }),
});

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
      create: () => ({ state: [], stepSize: () => 1, step() {} }),
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

const filling = (use: string) => ({ use, values: {} });

describe('wiring of a run', () => {
  it('creates a slot once, when it is first asked for, and anew for every run', () => {
    let made = 0;
    const counted = loss('counted', () => {
      made += 1;
      return { open };
    });
    const registry = createRegistry([plugin('a', counted)]);
    const openRun = () => {
      const run = registry.open(services());
      run.fill('loss', 'loss', filling('counted'));
      return run;
    };
    const run = openRun();
    expect(made).toBe(0);
    expect(run.get('loss', 'loss')).toBe(run.get('loss', 'loss'));
    expect(made).toBe(1);
    openRun().get('loss', 'loss');
    expect(made).toBe(2);
  });

  it('passes on the error of a component that cannot be created', () => {
    const broken = loss('broken', () => {
      throw new Error('no such block');
    });
    const run = createRegistry([plugin('a', broken)]).open(services());
    run.fill('loss', 'loss', filling('broken'));
    expect(() => run.get('loss', 'loss')).toThrow('loss: the loss "broken" of plugin a: create failed: no such block');
  });

  it('names the nearest component where a slot is filled with one that is not there', () => {
    const run = createRegistry([plugin('a', loss('square'))]).open(services());
    expect(() => run.fill('loss', 'loss', filling('sqare'))).toThrow('loss.use: no loss called "sqare"; did you mean');
  });

  it('gives random numbers by the place in the run, and parameters as they are filled in', () => {
    const seen: unknown[] = [];
    const curious = loss('curious', (params, { random, arena }) => {
      const out = arena.vector(1);
      random.uniforms(0, out);
      seen.push(params, out[0]);
      return { open };
    });
    const run = createRegistry([plugin('a', curious)]).open(services());
    const values = { width: 2 };
    for (const slot of ['loss', 'observers.loss']) {
      run.fill(slot, 'loss', { use: 'curious', values });
      run.get(slot, 'loss');
    }
    expect(seen).toEqual([values, expect.any(Number), values, expect.any(Number)]);
    expect(seen[1]).not.toBe(seen[3]);
  });

  it('makes what a component depends on first, and shows it that', () => {
    const given: Record<string, object> = {};
    const noise = defineNoiseModel({
      ...{ name: 'noise', summary: '', params: {}, cite: [] },
      create(_params, environment) {
        given.noise = environment;
        return referenceNoise.create({} as never, environment);
      },
    });
    const optimiser = defineOptimiser({
      ...{ name: 'optimiser', summary: '', params: {}, cite: [] },
      create(_params, environment) {
        given.optimiser = environment;
        return referenceOptimiser.create({} as never, environment);
      },
    });
    const observer = defineObserver({
      ...{ name: 'observer', summary: '', params: {}, cite: [] },
      create(_params, environment) {
        given.observer = environment;
        return { channels: {}, observe() {} };
      },
    });
    const registry = createRegistry([plugin('a', referenceModel, referenceLoss, noise, optimiser, observer)]);
    const run: RunContainer = registry.open(services());
    run.fill('observers.o', 'observer', filling('observer'));
    run.fill('optimiser', 'optimiser', filling('optimiser'));
    run.fill('noise', 'noise', filling('noise'));
    run.fill('loss', 'loss', filling('reference-loss'));
    run.fill('model', 'model', filling('reference-model'));
    run.get('noise', 'noise');
    run.get('optimiser', 'optimiser');
    const model = run.get('model', 'model');
    expect(given.noise).toMatchObject({ arena, kernels });
    expect(given.noise).toHaveProperty('model', model);
    expect(given.noise).toHaveProperty('loss', run.get('loss', 'loss'));
    expect(given.optimiser).toHaveProperty('model', model);
    expect(given.optimiser).not.toHaveProperty('loss');
    const view = { model } as RunView;
    run.showRun(view);
    run.get('observers.o', 'observer');
    expect(given.observer).toHaveProperty('run', view);
  });
});

describe('services of a run', () => {
  const divergenceOf = (...plugins: Parameters<typeof createRegistry>[0]) => {
    const run = createRegistry(plugins).open(services());
    return run.services.divergence({ weightGrowth: 2 }, {} as never, arena.vector(0)).state[0];
  };
  /** Twice the usual limit, and that plus one. */
  const twice = replacing('twice', {
    divergence:
      (usual) =>
      (limits, ...rest) =>
        usual({ weightGrowth: 2 * limits.weightGrowth }, ...rest),
  });
  const plusOne = replacing('plus-one', {
    divergence:
      (usual) =>
      (limits, ...rest) =>
        usual({ weightGrowth: limits.weightGrowth + 1 }, ...rest),
  });

  it('are the usual ones where no plugin replaces any', () => {
    const usual = services();
    const run = createRegistry([plugin('a')]).open(usual);
    for (const name of ['kernels', 'arena', 'arrays', 'streams', 'divergence'] as const) {
      expect(run.services[name]).toBe(usual[name]);
    }
    expect(divergenceOf()).toBe(2);
  });

  it('are wrapped by the plugins in their order, the last one outermost', () => {
    expect(divergenceOf(twice)).toBe(4);
    expect(divergenceOf(twice, plusOne)).toBe(6);
    expect(divergenceOf(plusOne, twice)).toBe(5);
  });

  it('are made once in a run, when they are first asked for, and see those that others have replaced', () => {
    let made = 0;
    const streams = (path: string) => services().streams(`replaced ${path}`);
    const counting = replacing('counting', {
      divergence: (usual, { streams: given, arena: same }) => {
        made += 1;
        expect(given).toBe(streams);
        expect(same).toBe(arena);
        return usual;
      },
    });
    const run = createRegistry([counting, replacing('streams', { streams: () => streams })]).open(services());
    expect(made).toBe(0);
    expect(run.services.divergence).toBe(run.services.divergence);
    expect(made).toBe(1);
  });

  it('are what components receive', () => {
    const guarded = { ...arena };
    let given: Environment | undefined;
    const curious = loss('curious', (_params, environment) => {
      given = environment;
      return { open };
    });
    const run = createRegistry([plugin('a', curious), replacing('b', { arena: () => guarded })]).open(services());
    run.fill('loss', 'loss', filling('curious'));
    run.get('loss', 'loss');
    expect(given?.arena).toBe(guarded);
  });

  it('that are something else than the usual one are refused, with the plugin', () => {
    const wrong = replacing('wrong', { divergence: (() => 7) as never });
    expect(() => divergenceOf(twice, wrong)).toThrow(
      'plugin wrong: its service "divergence" is a number; expected a function, as the usual one',
    );
    const forgetful = replacing('wrong', { divergence: (() => {}) as never });
    expect(() => divergenceOf(twice, forgetful)).toThrow(
      'plugin wrong: its service "divergence" is nothing (is a return missing?); expected a function',
    );
  });
});
