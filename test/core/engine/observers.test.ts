// Observers: paths that start before a frame, windows over an observer's own frames, and what the engine checks.
import { lastValueFrom, map, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { defineObserver, definePlugin } from '../../../core/contracts/component.js';
import type { ObserverEnvironment } from '../../../core/contracts/environment.js';
import { type Observer, observer, type Snapshot, scalar } from '../../../core/contracts/observer.js';
import { number } from '../../../core/contracts/parameters.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { configOf, context, framesOf, resultOf, stepsOf, toyScenario } from './runs.js';
import { toy } from './toy.js';

const everyStep = { use: 'position', when: { every: 1 } };

/** A run of 20 steps with an observer of this test alone. */
function resultWith(make: (environment: ObserverEnvironment) => Observer) {
  const create = (_params: object, environment: ObserverEnvironment) => make(environment);
  const own = defineObserver({ name: 'own', summary: '', params: {}, cite: [], create });
  const plugin = definePlugin({ name: 'own', version: '1.0.0', components: [own] });
  const registry = createRegistry([toy, plugin]);
  const scenario = { ...toyScenario, observers: { own: { use: 'own', when: { every: 5 } } } };
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  return lastValueFrom(gather(run(config, { ...context, registry })));
}

const x = scalar('1', 'a number');

describe('a frame that needs a path', () => {
  it('is prepared so many steps before, also where paths overlap other frames', async () => {
    const result = await resultOf(
      configOf({ observers: { path: { use: 'path', lead: 5, when: { at: [3, 7, 12, 20] } }, position: everyStep } }),
    );
    const theta = framesOf(result, 'position.theta');
    expect(stepsOf(result, 'path.displacement')).toEqual([7, 12, 20]);
    expect(framesOf(result, 'path.displacement')).toEqual(
      [7, 12, 20].map((step) => theta[step].map((x, i) => x - theta[step - 5][i])),
    );
  });

  it('that ends where the next path starts is measured before the new start is taken', async () => {
    const observers = { path: { use: 'path', lead: 5, when: { every: 5 } }, position: everyStep };
    const result = await resultOf(configOf({ observers }));
    const theta = framesOf(result, 'position.theta');
    expect(stepsOf(result, 'path.displacement')).toEqual([5, 10, 15, 20]);
    expect(framesOf(result, 'path.displacement')[1]).toEqual(theta[10].map((x, i) => x - theta[5][i]));
  });

  it('that would start before the run is left out', async () => {
    const result = await resultOf(configOf({ observers: { path: { use: 'path', lead: 21, when: { every: 5 } } } }));
    expect(stepsOf(result, 'path.displacement')).toEqual([]);
  });
});

describe('derived channels', () => {
  it('are computed from the observer own frames, and stand beside them', async () => {
    const result = await resultOf(configOf({ observers: { w: { use: 'windowed', when: { every: 2 } } } }));
    const first = framesOf(result, 'w.first').flat();
    expect(stepsOf(result, 'w.first')).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    // Windows of three; the last, incomplete one comes when the run completes.
    expect(stepsOf(result, 'w.mean')).toEqual([4, 10, 16, 20]);
    const mean = (...values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(framesOf(result, 'w.mean').flat()).toEqual([
      mean(...first.slice(0, 3)),
      mean(...first.slice(3, 6)),
      mean(...first.slice(6, 9)),
      mean(...first.slice(9)),
    ]);
  });

  it('of two observers of one kind do not mix', async () => {
    const observers = { a: { use: 'windowed', when: { every: 2 } }, b: { use: 'windowed', when: { every: 5 } } };
    const result = await resultOf(configOf({ observers }));
    expect(stepsOf(result, 'a.mean')).toEqual([4, 10, 16, 20]);
    expect(stepsOf(result, 'b.mean')).toEqual([10, 20]);
  });

  const derive = (
    stage: (own: Observable<Snapshot>) => Observable<Snapshot>,
    shape: readonly number[] = [],
  ): Observer => ({
    channels: { x },
    observe: (frame) => frame.x.fill(1),
    derived: { y: { ...x, shape, dims: shape.map((_, i) => `axis ${i}`) } },
    derive: stage,
  });

  it('that were not announced end the run with an error', async () => {
    const stray = () => derive((own) => own.pipe(map((frame) => ({ ...frame, channel: 'own.z' }))));
    await expect(resultWith(stray)).rejects.toThrow(
      'observers.own: derive emitted the channel own.z, which `derived` does not describe',
    );
  });

  it('of another shape than announced end the run with an error', async () => {
    const bent = () =>
      derive((own) => own.pipe(map((frame) => ({ ...frame, channel: 'own.y', data: new Float64Array(3) }))), [2]);
    await expect(resultWith(bent)).rejects.toThrow(
      'observers.own: derive emitted 3 numbers of shape [] for own.y; `derived` says [2]',
    );
  });

  it('whose stage fails end the run with its error', async () => {
    await expect(resultWith(() => derive(() => throwError(() => new Error('no fit'))))).rejects.toThrow(
      'observers.own: no fit',
    );
    const later = () =>
      derive((own) =>
        own.pipe(
          map((frame) => {
            if (frame.step === 10) throw new Error('no fit at step 10');
            return { ...frame, channel: 'own.y' };
          }),
        ),
      );
    await expect(resultWith(later)).rejects.toThrow('no fit at step 10');
  });

  it('may be none', async () => {
    const result = await resultWith(() => derive(() => of()));
    expect(stepsOf(result, 'own.x')).toEqual([0, 5, 10, 15, 20]);
    expect(stepsOf(result, 'own.y')).toEqual([]);
  });
});

describe('what the engine checks', () => {
  it('one name for each axis of a channel', async () => {
    const bent = (): Observer => ({ channels: { x: { ...x, shape: [3] } }, observe() {} });
    await expect(resultWith(bent)).rejects.toThrow(
      'observers.own.x: shape [3] needs one name for each axis in dims []',
    );
    const half = (): Observer => ({ channels: { x: { ...x, shape: [1.5], dims: ['a'] } }, observe() {} });
    await expect(resultWith(half)).rejects.toThrow(
      'observers.own.x: this channel has [1.5] as `shape`; expected a list of whole numbers',
    );
  });

  it.each<[string, unknown, string]>([
    ['none', undefined, 'observers.own: the observer "own" of plugin own has no `channels`; expected an object'],
    ['a channel without unit', { x: { ...x, unit: undefined } }, 'observers.own.x: this channel has no `unit`;'],
    ['a number for a channel', { x: 1 }, 'observers.own.x: should be a channel { shape, dims, unit, doc }, found 1'],
  ])('the channels: %s', async (_what, channels, message) => {
    await expect(resultWith(() => ({ channels, observe() {} }) as unknown as Observer)).rejects.toThrow(message);
  });

  it.each([
    ['0.5 steps', () => [0.5], '[0.5]'],
    ['a later step', (step: number) => [step + 1], '[1]'],
    ['a number', () => 3, '3'],
  ])('that frames are prepared at whole steps before them, not at %s', async (_what, preparedAt, found) => {
    const odd = () => ({ channels: { x }, observe() {}, prepare() {}, preparedAt }) as unknown as Observer;
    await expect(resultWith(odd)).rejects.toThrow(
      `observers.own: preparedAt(0) returned ${found}; expected a list of whole steps, none after 0`,
    );
  });

  it('that derive and derived come together', async () => {
    await expect(resultWith(() => ({ channels: { x }, observe() {}, derived: { y: x } }))).rejects.toThrow(
      'observers.own: `derived` needs `derive`, which emits its channels: they come together',
    );
  });

  it('what an observer does not write is NaN, never a number of an earlier frame', async () => {
    const forgetful = ({ run }: ObserverEnvironment) =>
      observer({
        channels: { x },
        observe(frame) {
          if (run.clock.step < 10) frame.x[0] = 7;
        },
      });
    expect(framesOf(await resultWith(forgetful), 'own.x').flat()).toEqual([7, 7, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('every NaN has the same bits, whatever the machine made', async () => {
    const odd = (): Observer => ({
      channels: { x },
      observe: (frame) => {
        new BigUint64Array(frame.x.buffer)[0] = 0xfff8_0000_dead_beefn;
      },
      derived: { y: x },
      derive: (own) =>
        own.pipe(
          map((frame) => {
            const data = new Float64Array(1);
            new BigUint64Array(data.buffer)[0] = 0x7ff8_0000_0000_0badn;
            return { ...frame, channel: 'own.y', data };
          }),
        ),
    });
    const { series } = await resultWith(odd);
    for (const channel of ['own.x', 'own.y']) {
      const bits = new BigUint64Array(series.get(channel)!.data.buffer);
      expect(new Set(bits)).toEqual(new Set([0x7ff8_0000_0000_0000n]));
    }
  });

  it('an error of an observer ends the run with that error', async () => {
    const broken = ({ run }: ObserverEnvironment): Observer => ({
      channels: { x },
      observe: () => {
        if (run.clock.step === 10) throw new Error('division by zero at step 10');
      },
    });
    await expect(resultWith(broken)).rejects.toThrow('division by zero at step 10');
  });

  it('an observer that carves memory after the first step is refused', async () => {
    const carving = ({ arena }: ObserverEnvironment): Observer => ({
      channels: { x },
      observe: () => {
        arena.vector(1);
      },
    });
    await expect(resultWith(carving)).rejects.toThrow(
      'arena: a vector was asked for after the first step; carve every vector in create, or in open of a model or a loss',
    );
  });
});

it('a scheduled parameter of an observer has the value of the frame, whoever else is watching', async () => {
  const scheduled = defineObserver({
    name: 'scheduled',
    summary: '',
    params: { window: number({ doc: 'follows the step', unit: '1', schedulable: true }) },
    cite: [],
    create: (params) =>
      observer({
        channels: { window: x },
        observe(frame) {
          frame.window[0] = params.window;
        },
      }),
  });
  const registry = createRegistry([toy, definePlugin({ name: 'own', version: '1.0.0', components: [scheduled] })]);
  const window = {
    pieces: [
      [0, 1],
      [5, 2],
      [10, 3],
    ],
  };
  const windows = async (others: object) => {
    const observers = { ...others, own: { use: 'scheduled', window, when: { every: 5 } } };
    const [config] = resolveScenario({ ...toyScenario, observers }, registry, context.load).runs;
    return framesOf(await lastValueFrom(gather(run(config, { ...context, registry }))), 'own.window').flat();
  };
  expect(await windows({})).toEqual([1, 2, 3, 3, 3]);
  expect(await windows({ losses: { use: 'losses', when: { every: 1 } } })).toEqual([1, 2, 3, 3, 3]);
});
