// The order of one step, pinned with components that write down when they are called.
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/container.js';
import {
  defineLoss,
  defineModel,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
} from '../../core/contracts/component.js';
import { number } from '../../core/contracts/parameters.js';
import { run } from '../../core/engine/run.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { context } from './runs.js';

/** Every call of every component, in order. @param perturbs whether the noise acts on the gradient */
function recordingWorld({ descends = false, perturbs = true } = {}) {
  const log: string[] = [];
  const common = { summary: 'writes down its calls', params: {}, cite: [] };
  const model = defineModel({
    ...common,
    name: 'model',
    create: () => ({
      layout: [{ name: 'w', rows: 1, cols: 2, offset: 0 }],
      size: 2,
      outputs: 1,
      samples: 8,
      initialise(theta) {
        log.push('initialise');
        theta.fill(1);
      },
      reserve: (maxBatch) => log.push(`reserve ${maxBatch}`),
      forward: (_theta, _batch, n) => log.push(`forward ${n}`),
      targets: (_batch, n) => log.push(`targets ${n}`),
      backward(_theta, _batch, n, _dOut, gradient) {
        log.push(`backward ${n}`);
        gradient.fill(1);
      },
      descend: (_theta, _batch, n, _dOut, rate) => log.push(`descend ${n} at rate ${rate}`),
    }),
  });
  const loss = defineLoss({
    ...common,
    name: 'loss',
    create: () => ({
      valueAndGradient(_out, _target, weights, n, width, _dOut, value) {
        log.push(`loss ${n} x ${width}, weights ${weights.subarray(0, n).join(' ')}`);
        value[0] = 1;
      },
    }),
  });
  const noise = defineNoiseModel({
    ...common,
    name: 'noise',
    create: () => ({
      maxBatch: 4,
      samplesPerStep: 4,
      attach: ({ size }) => log.push(`attach noise to ${size} weights`),
      draw(_batch, weights, samples, at) {
        log.push(`draw step ${at.step} of ${samples} samples, step size ${at.stepSize}`);
        weights[0] = 0.5;
        weights[1] = 0.25;
        return 2;
      },
      perturb: perturbs
        ? (gradient, _theta, at) => log.push(`perturb ${gradient.join(' ')} at step ${at.step}`)
        : undefined,
    }),
  });
  const optimiser = defineOptimiser({
    ...common,
    name: 'optimiser',
    params: { rate: number({ doc: 'size of a step', unit: '1', schedulable: true }) },
    create: (params) => ({
      state: ['velocity'],
      plan(at) {
        log.push(`plan with rate ${params.rate}`);
        at.stepSize = params.rate;
      },
      step(theta, objective, state, at) {
        log.push(`step ${at.step}, ${state.length} state vectors of ${state[0].length}`);
        if (descends) objective.descend(theta, params.rate);
        else objective.evaluate(theta);
        log.push(`stepped, loss ${objective.value[0]}`);
        at.stepSize = params.rate;
      },
    }),
  });
  const observer = defineObserver({
    ...common,
    name: 'observer',
    create: () => ({
      attach: () => {
        log.push('attach observer');
        return { time: { shape: [], dims: [], unit: '1', doc: 'time' } };
      },
      observe: ({ clock }, out) => {
        log.push(`observe step ${clock.step}, epoch ${clock.epoch}, time ${clock.time}`);
        out.time[0] = clock.time;
      },
    }),
  });
  const components = [model, loss, noise, optimiser, observer];
  return { log, registry: createRegistry([definePlugin({ name: 'recorder', version: '1.0.0', components })]) };
}

const scenario: Scenario = {
  title: 'Order',
  plugins: ['recorder'],
  steps: 2,
  model: { use: 'model' },
  loss: { use: 'loss' },
  noise: { use: 'noise' },
  optimiser: {
    use: 'optimiser',
    rate: {
      pieces: [
        [0, 0.5],
        [1, 0.25],
      ],
    },
  },
  observers: { watch: { use: 'observer', when: { every: 1 } } },
};

it('is schedules, plan, draw, the objective inside the optimiser, then the clock, then observers', async () => {
  const { log, registry } = recordingWorld();
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  log.length = 0;
  await lastValueFrom(run(config, { ...context, registry }));
  expect(log).toEqual([
    'attach noise to 2 weights',
    'reserve 8',
    'initialise',
    'attach observer',

    'observe step 0, epoch 0, time 0',

    'plan with rate 0.5',
    'draw step 0 of 8 samples, step size 0.5',
    'step 0, 1 state vectors of 2',
    'forward 2',
    'targets 2',
    'loss 2 x 1, weights 0.5 0.25',
    'backward 2',
    'perturb 1 1 at step 0',
    'stepped, loss 1',
    'observe step 1, epoch 0.5, time 0.5',

    'plan with rate 0.25',
    'draw step 1 of 8 samples, step size 0.25',
    'step 1, 1 state vectors of 2',
    'forward 2',
    'targets 2',
    'loss 2 x 1, weights 0.5 0.25',
    'backward 2',
    'perturb 1 1 at step 1',
    'stepped, loss 1',
    'observe step 2, epoch 1, time 0.75',

    // After the last step: what the noise draws is part of the digest by which copies of a run are known.
    ...Array.from({ length: 16 }, (_, step) => `draw step ${step} of 8 samples, step size 0.25`),
  ]);
});

describe('an optimiser that only asks to descend', () => {
  /** Calls between the first draw and the end of the first step. */
  async function firstStep(world: Parameters<typeof recordingWorld>[0]): Promise<string[]> {
    const { log, registry } = recordingWorld({ descends: true, ...world });
    const [config] = resolveScenario(scenario, registry, context.load).runs;
    await lastValueFrom(run(config, { ...context, registry }));
    return log.slice(log.indexOf('step 0, 1 state vectors of 2') + 1, log.indexOf('stepped, loss 1'));
  }
  const forward = ['forward 2', 'targets 2', 'loss 2 x 1, weights 0.5 0.25'];

  it('leaves the way to the model', async () => {
    expect(await firstStep({ perturbs: false })).toEqual([...forward, 'descend 2 at rate 0.5']);
  });

  it('gets the gradient first where the noise acts on it', async () => {
    expect(await firstStep({ perturbs: true })).toEqual([...forward, 'backward 2', 'perturb 1 1 at step 0']);
  });
});

it('creates nothing and calls nothing before somebody subscribes', () => {
  const { log, registry } = recordingWorld();
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  log.length = 0;
  run(config, { ...context, registry });
  expect(log).toEqual([]);
});
