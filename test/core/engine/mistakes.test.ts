// Mistakes in components that only a run can find: each is told with the place of the component whose code it is in,
// and with its stack.
import { delay, lastValueFrom, mergeWith, NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { type Component, defineObserver, definePlugin } from '../../../core/contracts/component.js';
import { type Observer, scalar } from '../../../core/contracts/observer.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { stackOfBug } from '../../../core/errors.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../../core/testing/reference.js';
import { context } from './runs.js';

const x = scalar('1', 'a number');

const sound = { model: referenceModel, loss: referenceLoss, noise: referenceNoise, optimiser: referenceOptimiser };

interface Opens {
  open(...sizes: never[]): object;
}

/** Members of a pass stand in what `open` returns. */
const ofPass = new Set(['forward', 'targets', 'backward', 'valueAndGradient']);

/** A run of six steps in which some members of one component, or of its passes, are replaced. */
function resultWith(slot: keyof typeof sound, members: object, observers: readonly Component[] = []) {
  const inside = Object.keys(members).some((member) => ofPass.has(member));
  const component = {
    ...sound[slot],
    create(params: never, environment: never) {
      const made = sound[slot].create(params, environment);
      if (!inside) return { ...made, ...members };
      return { ...made, open: (...sizes: never[]) => ({ ...(made as Opens).open(...sizes), ...members }) };
    },
  } as Component;
  const components = [...Object.values({ ...sound, [slot]: component }), ...observers];
  const registry = createRegistry([definePlugin({ name: 'own', version: '1.0.0', components })]);
  const scenario = {
    title: 'Mistakes',
    plugins: ['own'],
    steps: 6,
    model: { use: 'reference-model' },
    loss: { use: 'reference-loss' },
    noise: { use: 'reference-noise' },
    optimiser: { use: 'reference-optimiser' },
    observers: Object.fromEntries(observers.map(({ name }) => [name, { use: name, when: { every: 2 } }])),
  };
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  return lastValueFrom(gather(run(config, { ...context, registry })));
}

const resultOf = (members: object) =>
  resultWith('model', {}, [
    defineObserver({
      name: 'own',
      summary: '',
      params: {},
      cite: [],
      create: () =>
        ({
          channels: { x },
          observe() {},
          ...members,
        }) as Observer,
    }),
  ]);

const breaks = () => {
  throw new TypeError('it broke');
};

/** What a step calls, and what comes before the first one. */
const MEMBERS = [
  ['model', 'open'],
  ['model', 'initialise'],
  ['model', 'forward'],
  ['model', 'targets'],
  ['model', 'backward'],
  ['loss', 'open'],
  ['loss', 'valueAndGradient'],
  ['noise', 'draw'],
  ['noise', 'perturb'],
  ['optimiser', 'stepSize'],
  ['optimiser', 'step'],
] as const;

it('the stage runs', async () => {
  expect((await resultWith('model', {})).status).toBe('completed');
});

describe('an error is told with its place, and its stack is kept', () => {
  it.each(MEMBERS)('%s.%s', async (slot, member) => {
    const failure = await resultWith(slot, { [member]: breaks }).catch((error) => error);
    expect(failure).toMatchObject({ name: 'EigenflowError', code: 'contract', message: `${slot}: it broke` });
    expect(stackOfBug(failure)).toMatch(/^TypeError: it broke\n.*breaks/);
  });

  it('that of the component, where an observer has asked it', async () => {
    const asking = defineObserver({
      name: 'asking',
      summary: '',
      params: {},
      cite: [],
      create: (_params, { run }) => ({
        channels: { x },
        observe: () => {
          run.batch();
        },
      }),
    });
    await expect(resultWith('noise', { draw: breaks }, [asking])).rejects.toThrow(/^noise: it broke$/);
  });

  it.each(['observe', 'derive', 'preparedAt'])('observers.own: %s', async (member) => {
    const derived = { y: x };
    const members = member === 'derive' ? { derived, derive: breaks } : { [member]: breaks };
    await expect(resultOf(members)).rejects.toThrow(/^observers\.own: it broke$/);
  });

  it('something else than an error that was thrown is told as it is', async () => {
    const shouts = () => {
      throw 'no';
    };
    await expect(resultWith('loss', { valueAndGradient: shouts })).rejects.toThrow(/^loss: no$/);
  });
});

describe('a promise is refused at the first call', () => {
  it.each(MEMBERS)('%s.%s', async (slot, member) => {
    const late = () => Promise.reject(new Error('late'));
    await expect(resultWith(slot, { [member]: late })).rejects.toThrow(
      `${slot}: ${member} returned a promise, which nobody waits for: its work must be done when it returns.`,
    );
  });

  it.each([
    ['observe', { observe: () => Promise.resolve() }],
    ['prepare', { observe() {}, prepare: () => Promise.resolve(), preparedAt: (step: number) => [step - 1] }],
  ])('observers.own: %s', async (member, members) => {
    await expect(resultOf(members)).rejects.toThrow(`observers.own: ${member} returned a promise`);
  });

  it('as is a draw that returns no number', async () => {
    await expect(resultWith('noise', { draw: () => undefined })).rejects.toThrow(
      'noise: draw returned undefined; expected the number of samples drawn',
    );
  });
});

describe('a derived stream', () => {
  const derived = { y: x };
  it.each([
    ['that emits later', (own: never) => delay(5)(own)],
    ['that never ends', (own: never) => mergeWith(NEVER)(own)],
  ])('%s is refused: its frames would be lost', async (_what, derive) => {
    await expect(resultOf({ derived, derive })).rejects.toThrow(
      'observers.own: the stream of derive is still open after the last frame, and what it emits later would be lost',
    );
  });

  it('that is none is refused', async () => {
    await expect(resultOf({ derived, derive: () => [1, 2] })).rejects.toThrow(
      'observers.own: derive should return a stream made of the one it is given, own.pipe(...); found [1,2]',
    );
  });
});

it('what open returns is looked at', async () => {
  await expect(resultWith('model', { open: () => undefined })).rejects.toThrow(
    'model: open returns undefined; expected an object with forward, targets, backward',
  );
  await expect(resultWith('loss', { valueAndGradient: 1 })).rejects.toThrow(
    'loss: the pass that `open` returns has 1 as `valueAndGradient`; expected a function',
  );
});

it('a step size that is no number is refused: learning time would be lost', async () => {
  await expect(resultWith('optimiser', { stepSize: () => undefined })).rejects.toThrow(
    'optimiser: stepSize returned undefined; expected the size of the coming step, a number',
  );
});
