// The order of one step, pinned with components that write down when they are called.
import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import {
  defineLoss,
  defineModel,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
} from '../../../core/contracts/component.js';
import { observer, scalar } from '../../../core/contracts/observer.js';
import { number } from '../../../core/contracts/parameters.js';
import { run } from '../../../core/engine/run.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { context } from './runs.js';

/** Every call of every component, in order. */
function recordingWorld() {
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
      open(capacity) {
        log.push(`open a pass of the model for ${capacity}`);
        return {
          forward: (_theta, _batch, n) => log.push(`forward ${n}`),
          targets: (_batch, n) => log.push(`targets ${n}`),
          backward(_theta, _batch, n, _dOut, gradient) {
            log.push(`backward ${n}`);
            gradient.fill(1);
          },
        };
      },
      subtractForce(theta, gradient) {
        log.push(`force at ${theta.join(' ')} on ${gradient.join(' ')}`);
        gradient.fill(2);
      },
    }),
  });
  const loss = defineLoss({
    ...common,
    name: 'loss',
    create: () => ({
      open(capacity, outputs) {
        log.push(`open a pass of the loss for ${capacity} x ${outputs}`);
        return {
          valueAndGradient(_out, _target, weights, n, _dOut, value) {
            log.push(`loss ${n}, weights ${weights.subarray(0, n).join(' ')}`);
            value[0] = 1;
          },
        };
      },
    }),
  });
  const noise = defineNoiseModel({
    ...common,
    name: 'noise',
    create(_params, { model: { size, samples } }) {
      log.push(`create noise for ${size} weights`);
      return {
        maxBatch: 4,
        samplesPerStep: 4,
        draw(_batch, weights, at) {
          log.push(`draw step ${at.step} of ${samples} samples, step size ${at.stepSize}`);
          weights[0] = 0.5;
          weights[1] = 0.25;
          return 2;
        },
        perturb: (gradient, _theta, at) => log.push(`perturb ${gradient.join(' ')} at step ${at.step}`),
      };
    },
  });
  const optimiser = defineOptimiser({
    ...common,
    name: 'optimiser',
    params: { rate: number({ doc: 'size of a step', unit: '1', schedulable: true }) },
    create: (params) => ({
      state: ['velocity'],
      stepSize(at) {
        log.push(`size of step ${at.step} at rate ${params.rate}`);
        return params.rate;
      },
      step(theta, objective, state, at) {
        log.push(`step ${at.step} of size ${at.stepSize}, ${state.length} state vectors of ${state[0].length}`);
        objective.evaluate(theta);
        log.push(`stepped, loss ${objective.value[0]}`);
      },
    }),
  });
  const watch = defineObserver({
    ...common,
    name: 'observer',
    create(_params, { run: { clock, theta } }) {
      log.push(`create observer at weights ${theta.join(' ')}`);
      return observer({
        channels: { time: scalar('1', 'time') },
        observe(frame) {
          log.push(`observe step ${clock.step}, epoch ${clock.epoch}, time ${clock.time}`);
          frame.time[0] = clock.time;
        },
      });
    },
  });
  const components = [model, loss, noise, optimiser, watch];
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

it('is schedules, step size, draw, the objective inside the optimiser, then the clock, then observers', async () => {
  const { log, registry } = recordingWorld();
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  log.length = 0;
  await lastValueFrom(run(config, { ...context, registry }));
  expect(log).toEqual([
    'create noise for 2 weights',
    'size of step 0 at rate 0.5',
    'initialise',
    'open a pass of the model for 4',
    'open a pass of the loss for 4 x 1',
    'open a pass of the model for 8',
    'open a pass of the loss for 8 x 1',
    'create observer at weights 1 1',

    'observe step 0, epoch 0, time 0',

    'size of step 0 at rate 0.5',
    'draw step 0 of 8 samples, step size 0.5',
    'step 0 of size 0.5, 1 state vectors of 2',
    'forward 2',
    'targets 2',
    'loss 2, weights 0.5 0.25',
    'backward 2',
    'force at 1 1 on 1 1',
    'perturb 2 2 at step 0',
    'stepped, loss 1',
    'observe step 1, epoch 0.5, time 0.5',

    'size of step 1 at rate 0.25',
    'draw step 1 of 8 samples, step size 0.25',
    'step 1 of size 0.25, 1 state vectors of 2',
    'forward 2',
    'targets 2',
    'loss 2, weights 0.5 0.25',
    'backward 2',
    'force at 1 1 on 1 1',
    'perturb 2 2 at step 1',
    'stepped, loss 1',
    'observe step 2, epoch 1, time 0.75',

    // After the last step: what the noise draws is part of the digest by which copies of a run are known.
    ...Array.from({ length: 16 }, (_, step) => `draw step ${step} of 8 samples, step size 0.25`),
  ]);
});

it('creates nothing and calls nothing before somebody subscribes', () => {
  const { log, registry } = recordingWorld();
  const [config] = resolveScenario(scenario, registry, context.load).runs;
  log.length = 0;
  run(config, { ...context, registry });
  expect(log).toEqual([]);
});
