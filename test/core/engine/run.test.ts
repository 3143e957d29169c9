// A run as a cold Observable: what it emits, when it starts and stops, and what changes nothing in it.
import { firstValueFrom, lastValueFrom, take, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { defineOptimiser, definePlugin } from '../../../core/contracts/component.js';
import type { Json } from '../../../core/contracts/json.js';
import { gather } from '../../../core/engine/gather.js';
import { inspect } from '../../../core/engine/preflight.js';
import { type RunEvent, run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario, Use } from '../../../core/scenario/scenario.js';
import {
  breakOff,
  builtin,
  configOf,
  context,
  digestOf,
  eventsOf,
  framesOf,
  networkScenario,
  resultOf,
  stepsOf,
} from './runs.js';

const position = { use: 'position', when: { every: 5 } };
const kinds = (events: readonly RunEvent[]) => events.map(({ type }) => type);

describe('events', () => {
  it('are a manifest, frames, and the end', async () => {
    const config = configOf({ steps: 10, observers: { position } });
    const events = await eventsOf(config);
    expect(kinds(events)).toEqual(['manifest', ...new Array(6).fill('snapshot'), 'done']);
    expect(events[0]).toEqual({
      type: 'manifest',
      channels: {
        'position.theta': { component: 'position', shape: [4], dims: ['weight'], unit: '1', doc: 'weights' },
        'position.size': { component: 'position', shape: [], dims: [], unit: '1', doc: 'size of the last step' },
      },
      steps: 10,
      stepsPerEpoch: 4,
      frameTimes: expect.any(Function),
      declaredAtFrames: expect.any(Function),
      frameCounts: { 'position.theta': 3, 'position.size': 3 },
      weights: 4,
      frameBytes: 3 * 3 * (4 * 8 + 1 * 8 + 2 * 3 * 8),
      storedBytes: 3 * (4 * 8 + 1 * 8 + 2 * 3 * 8),
    });
    expect(events.at(-1)).toMatchObject({ type: 'done', status: 'completed', step: 10 });
  });

  it('carry the true step, epoch and time of each frame', async () => {
    const config = configOf({
      steps: 10,
      observers: { position },
      optimiser: {
        use: 'descent',
        rate: {
          pieces: [
            [0, 0.5],
            [6, 0.25],
          ],
        },
      },
    });
    const { series } = await resultOf(config);
    const frames = series.get('position.size')!;
    expect([...frames.step]).toEqual([0, 5, 10]);
    expect([...frames.epoch]).toEqual([0, 1.25, 2.5]);
    expect([...frames.time]).toEqual([0, 5 * 0.5, 6 * 0.5 + 4 * 0.25]);
    expect(inspect(config, context).frameTimes('position')).toEqual([...frames.time]);
  });

  it('are announced with the learning times at which they will come, along a schedule or not', async () => {
    for (const rate of [0.1, { ramp: [0.5, 0.1], over: 30 }]) {
      const config = configOf({ steps: 35, observers: { position }, optimiser: { use: 'descent', rate } });
      const frames = (await resultOf(config)).series.get('position.size')!;
      expect(inspect(config, context).frameTimes('position')).toEqual([...frames.time]);
    }
  });

  it('tell progress between slices of work', async () => {
    const config = configOf({ steps: 10 });
    const events = await lastValueFrom(run(config, { ...context, pace: { steps: () => 4 } }).pipe(toArray()));
    expect(events.filter((event) => event.type === 'progress').map(({ step }) => step)).toEqual([4, 8]);
    expect(events.at(-1)).toMatchObject({ type: 'done', status: 'completed', step: 10 });
  });

  it('hold frames that the run writes to no more', async () => {
    const events = await eventsOf(configOf({ steps: 10, observers: { position } }));
    const frames = events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []));
    const theta = frames.filter(({ channel }) => channel === 'position.theta');
    expect(new Set(theta.map(({ data }) => data.buffer)).size).toBe(theta.length);
    expect(theta[0].data).not.toEqual(theta[1].data);
  });

  it('are those of an error, and no others, when a component makes a mistake', async () => {
    const config = configOf({ noise: { use: 'full-batch' }, model: { use: 'line', samples: 'endless' } });
    await expect(lastValueFrom(run(config, context))).rejects.toThrow('noise: one-pass data have no full batch');
  });
});

describe('a subscription', () => {
  it('starts a run of its own: two of them give the same bits', async () => {
    const config = configOf({ observers: { position } }, networkScenario);
    const stream = gather(run(config, context));
    const first = digestOf(config, await lastValueFrom(stream));
    expect(digestOf(config, await lastValueFrom(stream))).toBe(first);
  });

  it('stops its run when it ends', async () => {
    const config = configOf({ steps: 1_000_000, observers: { position: { use: 'position', when: { every: 10 } } } });
    const events: RunEvent[] = [];
    const subscription = run(config, { ...context, pace: { steps: () => 10 } }).subscribe((event) =>
      events.push(event),
    );
    subscription.unsubscribe();
    const seen = events.length;
    // A run that goes on makes a slice at each turn of the event loop.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(events).toHaveLength(seen);
    expect(kinds(events)).not.toContain('done');
  });

  it('may end at the manifest, before the first frame', async () => {
    const config = configOf({ observers: { position } });
    expect(kinds(await lastValueFrom(run(config, context).pipe(take(1), toArray())))).toEqual(['manifest']);
  });

  it('may end at a frame in the middle of a slice', async () => {
    const config = configOf({ steps: 100, observers: { position } });
    const events = await lastValueFrom(run(config, context).pipe(take(4), toArray()));
    expect(kinds(events)).toEqual(['manifest', 'snapshot', 'snapshot', 'snapshot']);
  });

  it('fails when another run takes its workbench, instead of going on in its memory', async () => {
    const [first, second] = [configOf({ steps: 50 }), configOf({ steps: 50, seed: 2 })];
    const stream = run(first, { ...context, pace: { steps: () => 1 } });
    const broken = lastValueFrom(stream);
    const other = lastValueFrom(run(second, context));
    await expect(broken).rejects.toThrow('run: another run was started on the same memory; start it when this one');
    expect(await other).toMatchObject({ type: 'done', status: 'completed', step: 50 });
  });

  it('may run beside another on a workbench of its own', async () => {
    const config = configOf({ steps: 50, observers: { position } });
    const alone = digestOf(config, await resultOf(config));
    const results = await Promise.all(
      [1, 2].map(() =>
        lastValueFrom(gather(run(config, { ...context, memory: openMemory(), pace: { steps: () => 7 } }))),
      ),
    );
    expect(results.map((result) => digestOf(config, result))).toEqual([alone, alone]);
  });
});

describe('length', () => {
  it('of no steps: the initial state is observed and the run is complete', async () => {
    const result = await resultOf(configOf({ steps: 0, observers: { position } }));
    expect(result).toMatchObject({ status: 'completed', steps: 0 });
    expect(stepsOf(result, 'position.theta')).toEqual([0]);
  });

  it('in epochs is rounded up to whole steps', async () => {
    const done = async (epochs: number, batch: number) =>
      (await resultOf(configOf({ steps: undefined, epochs, noise: { use: 'turn', batch } }))).steps;
    expect(await done(2, 3)).toBe(8);
    expect(await done(1, 5)).toBe(3);
    expect(await done(0.1, 3)).toBe(1);
    expect(await done(10, 12)).toBe(10);
  });

  it('in learning time is the number of steps whose sizes add up to it', async () => {
    const run = async (time: number, rate: Json) =>
      resultOf(configOf({ steps: undefined, time, optimiser: { use: 'descent', rate }, observers: { position } }));
    expect((await run(10, 0.125)).steps).toBe(80);
    expect((await run(0.3, 0.125)).steps).toBe(2);
    const halving = await run(10, {
      pieces: [
        [0, 0.5],
        [4, 0.25],
      ],
    });
    expect(halving.steps).toBe(4 + 32);
    expect(halving.series.get('position.theta')!.time.at(-1)).toBe(10);
    const ramp = await run(10, { ramp: [0.5, 0.125], over: 30 });
    expect(Math.abs(ramp.series.get('position.theta')!.time.at(-1)! - 10)).toBeLessThanOrEqual(0.125 / 2);
  });

  it('in learning time needs steps that have a size', async () => {
    const standing = defineOptimiser({
      name: 'standing',
      summary: 'Learning time stands still',
      params: {},
      cite: [],
      create: () => ({ state: [], stepSize: () => 0, step() {} }),
    });
    const own = definePlugin({ name: 'own', version: '1.0.0', components: [standing] });
    const registry = createRegistry([...builtin, own]);
    const scenario = { ...networkScenario, steps: undefined, time: 1, optimiser: { use: 'standing' } };
    const [config] = resolveScenario(scenario, registry, context.load).runs;
    await expect(lastValueFrom(run(config, { ...context, registry }))).rejects.toThrow(
      'time: step 0 has the size 0, so that learning time does not advance; give steps',
    );
  });

  it('in epochs is refused for one-pass data, with a way out', async () => {
    const config = configOf({ steps: undefined, epochs: 2, model: { use: 'line', samples: 'endless' } });
    await expect(resultOf(config)).rejects.toThrow(
      'epochs: one-pass data have no epochs; give the length of the run in steps',
    );
  });
});

describe('one-pass data', () => {
  const model = { use: 'line', samples: 'endless' };

  it('have no epoch: it stays 0, and the time goes on', async () => {
    const { series, steps } = await resultOf(configOf({ model, observers: { position } }));
    expect(steps).toBe(20);
    expect([...series.get('position.theta')!.epoch]).toEqual([0, 0, 0, 0, 0]);
    expect(series.get('position.theta')!.time.at(-1)).toBe(20 * 0.125);
  });

  it('have no full batch: an observer that asks for it fails with a way out', async () => {
    const observers = { losses: { use: 'losses', when: 'end' as const } };
    await expect(resultOf(configOf({ model, observers }))).rejects.toThrow(
      'observers.losses: one-pass data have no full batch; observe the test loss instead, or give the model a finite number',
    );
  });

  it('learn from fresh samples to the end', async () => {
    const observers = { ahead: { use: 'batch-loss', when: { at: [0, 'end'] as const } } };
    const result = await resultOf(configOf({ model, observers, steps: 2000 }));
    const [[first], [last]] = framesOf(result, 'ahead.loss');
    expect(last).toBeLessThan(1e-10 * first);
  });
});

describe('what changes nothing', () => {
  const network: Partial<Scenario> = {
    optimiser: { use: 'momentum', learningRate: { ramp: [0.5, 0.05], over: 150, shape: 'geometric' } },
    noise: { use: 'minibatch', batchSize: 4, order: 'reshuffled' },
  };
  const weights = { use: 'weights', block: 'W', when: { at: [0, 1, 77, 199, 'end'] as const } };

  it.each([network.optimiser, { use: 'sgd', learningRate: 0.5 }, { use: 'sgd', learningRate: 0.5, weightDecay: 0.01 }])(
    'an observer that looks ahead, at the whole data set, or along a path leaves every bit: %j',
    async (optimiser) => {
      const alone = await resultOf(configOf({ ...network, optimiser, observers: { weights } }, networkScenario));
      const watched = await resultOf(
        configOf(
          {
            ...network,
            optimiser,
            observers: {
              ahead: { use: 'batch-loss', when: { every: 1 } },
              gradient: { use: 'batch-gradient', when: { every: 3 } },
              all: { use: 'full-loss', when: { every: 7 } },
              path: { use: 'epoch-mean-gradient-norm', when: { everyEpochs: 1 } },
              weights,
              spectrum: { use: 'gram-spectrum', block: 'W' },
            },
          },
          networkScenario,
        ),
      );
      expect(watched.series.get('weights.weights')).toEqual(alone.series.get('weights.weights'));
    },
  );

  it('an observer that plans the coming step leaves the size of the last one for others to see', async () => {
    const changes: Partial<Scenario> = { optimiser: { use: 'descent', rate: { ramp: [0.5, 0.25], over: 20 } } };
    const alone = await resultOf(configOf({ ...changes, observers: { position } }));
    const watched = await resultOf(configOf({ ...changes, observers: { losses: { use: 'losses' }, position } }));
    expect(watched.series.get('position.size')).toEqual(alone.series.get('position.size'));
    expect(framesOf(alone, 'position.size').flat().slice(1)).toEqual([
      0.5 - 0.0125 * 4,
      0.5 - 0.0125 * 9,
      0.3875 - 0.0625,
      0.2625,
    ]);
  });

  it('neither the length of slices nor another workbench shows in the numbers', async () => {
    const config = configOf({ ...network, observers: { weights } }, networkScenario);
    const whole = digestOf(config, await resultOf(config));
    for (const stepsPerSlice of [1, 13, 1000]) {
      const result = await firstValueFrom(
        gather(run(config, { ...context, memory: openMemory(), pace: { steps: () => stepsPerSlice } })),
      );
      expect(digestOf(config, result)).toBe(whole);
    }
  });

  it('nor who paces the run and looks at any observer while it waits', async () => {
    const config = configOf({ ...network, observers: { weights } }, networkScenario);
    const alone = digestOf(config, await resultOf(config));
    const held: (() => void)[] = [];
    const nextTurn = (work: () => void) => {
      held.push(work);
      return () => {};
    };
    const slices = [0, 3, 0, 5, 1e9];
    const looks: number[][] = [];
    const steps: number[] = [];
    const pace = { steps: () => slices.shift() ?? 1e9, nextTurn };
    const events = run(config, { ...context, memory: openMemory(), pace }).pipe(
      tap((event) => {
        if (event.type !== 'progress') return;
        steps.push(event.step);
        looks.push(event.look('weights').map(({ step }) => step));
      }),
    );
    const result = firstValueFrom(gather(events));
    expect(steps).toEqual([0]);
    while (held.length > 0) held.shift()?.();
    expect(steps).toEqual([0, 3, 3, 8]);
    expect(looks).toEqual([[0], [3], [3], [8]]);
    expect(digestOf(config, await result)).toBe(alone);
  });

  it('nor does a run that was made before in the same memory', async () => {
    const config = configOf({ ...network, observers: { weights } }, networkScenario);
    const clean = digestOf(config, await lastValueFrom(gather(run(config, { ...context, memory: openMemory() }))));
    await resultOf(configOf({ model: { use: 'teacher-student', hidden: 50, samples: 999 } }, networkScenario));
    await breakOff(configOf({}, networkScenario), 50);
    expect(digestOf(config, await resultOf(config))).toBe(clean);
  });
});

it('a model that needs more than the 64 MiB of a workbench runs all the same', async () => {
  const memory = openMemory();
  const before = memory.current.bytes;
  const model = { use: 'line', size: 2_000_000 };
  const optimiser = { use: 'heavy', rate: 1e-9 };
  const config = configOf({ steps: 2, model, optimiser, observers: { size: { use: 'weight-norm' } } });
  const result = await lastValueFrom(gather(run(config, { ...context, memory })));
  expect(result.status).toBe('completed');
  expect(memory.current.bytes).toBeGreaterThan(before);
  expect(framesOf(result, 'size.norm')[0][0]).toBeCloseTo(Math.sqrt(2_000_000), -1);
});

it('an optimiser may evaluate the batch of its step more than once, anywhere', async () => {
  const observers = {
    position: { use: 'position', when: { every: 1 } },
    losses: { use: 'losses', when: { every: 1 } },
  };
  const config = configOf({ steps: 30, optimiser: { use: 'midpoint' }, observers });
  const result = await resultOf(config);
  const twice = framesOf(result, 'position.theta');
  const once = framesOf(await resultOf(configOf({ steps: 30, observers })), 'position.theta');
  // theta - r g(theta - r/2 g(theta)) differs from theta - r g(theta) by r^2/2 H g: smaller than the step, not zero.
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((x, i) => x - b[i]));
  const shift = distance(twice[1], once[1]);
  expect(shift).toBeGreaterThan(0);
  expect(shift).toBeLessThan(0.5 * distance(once[1], once[0]));
  expect(framesOf(result, 'losses.full').at(-1)![0]).toBeLessThan(framesOf(result, 'losses.full')[0][0]);
});

it.each(['tanh', 'relu', 'identity', 'erf'])(
  'steps that are played, with gradient and descent in one, give the bits of one call after the other: %s',
  async (activation) => {
    const callByCall = defineOptimiser({
      name: 'call-by-call',
      summary: 'The gradient, then the step',
      params: {},
      cite: [],
      create: (_params, { kernels }) => ({
        state: [],
        stepSize: () => 0.5,
        step(theta, objective) {
          objective.evaluate(theta);
          kernels.sgdStep(theta, objective.gradient, theta.length, 0.5, 0);
        },
      }),
    });
    const registry = createRegistry([
      ...builtin,
      definePlugin({ name: 'own', version: '1.0.0', components: [callByCall] }),
    ]);
    const weightsAfter = async (optimiser: Use) => {
      const model = { ...networkScenario.model, activation };
      const observers = { weights: { use: 'weights', block: 'W', when: { every: 20 } } };
      const [config] = resolveScenario(
        { ...networkScenario, model, optimiser, observers },
        registry,
        context.load,
      ).runs;
      return (await lastValueFrom(gather(run(config, { ...context, registry })))).series.get('weights.weights');
    };
    expect(await weightsAfter({ use: 'sgd', learningRate: 0.5 })).toEqual(await weightsAfter({ use: 'call-by-call' }));
  },
);

it('a perturbation of the gradient moves the weights and leaves the reported loss alone', async () => {
  const observers = { position: { use: 'position', when: { every: 1 } }, losses: { use: 'losses', when: { at: [0] } } };
  const plain = await resultOf(configOf({ observers }));
  const shaken = await resultOf(configOf({ observers, noise: { use: 'shaken' } }));
  expect(framesOf(shaken, 'losses.batch')).toEqual(framesOf(plain, 'losses.batch'));
  expect(framesOf(shaken, 'position.theta')[0]).toEqual(framesOf(plain, 'position.theta')[0]);
  expect(framesOf(shaken, 'position.theta')[1]).not.toEqual(framesOf(plain, 'position.theta')[1]);
});
