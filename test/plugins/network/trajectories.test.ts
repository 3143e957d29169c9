// Trajectories of PyTorch in float64 (test/reference/optimisers): weights after 1, 2, 10, 100 and 1000 steps, for
// residual layers, the parametrisations, and batches that wrap around. The tolerances are those of rounding inside
// PyTorch.
import { expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { create } from '../workbench.js';
import { blocksOf, build, largestDifference, networkOf, reference, setting, TOLERANCES } from './build.js';

const CASES: readonly (readonly [string, Component<'optimiser'>, Record<string, unknown>])[] = [
  ['sgd', sgd, {}],
  ['sgd-weight-decay', sgd, {}],
  ['momentum', momentum, {}],
  ['nesterov', nesterov, {}],
  ['residual', sgd, {}],
  ['batch-wraps', sgd, {}],
  ['parametrisation-ntk-sgd', sgd, { parametrisation: 'ntk' }],
  ['parametrisation-mean-field-sgd', sgd, { parametrisation: 'mean-field' }],
  ['parametrisation-mup-sgd', sgd, { parametrisation: 'mup', baseWidth: 4 }],
];

test.each(CASES)('%s', (name, optimiser, options) => {
  const file = reference(name);
  const built = build({ ...networkOf(file), ...options }, { files: { file } });
  const { model, kernels, zeros, batch: indices } = built;
  const size = setting(file, 'batch', 1);
  const pass = model.open(size);
  const theta = built.theta();
  const batch = indices(new Array(size).fill(0));
  const weights = zeros(size).fill(1 / size);
  const [out, target, dOut] = [1, 2, 3].map(() => zeros(size * model.outputs));
  const [value, gradient] = [zeros(1), zeros(model.size)];
  const objective = {
    gradient,
    value,
    evaluate() {
      pass.forward(theta, batch, size, out);
      pass.targets(batch, size, target);
      kernels.halfMeanSquare(out, target, weights, size, model.outputs, dOut, value);
      pass.backward(theta, batch, size, dOut, gradient);
    },
  };
  const decay = setting(file, 'optimiser_weight_decay', setting(file, 'optimiser_decay', 0));
  const made = create(
    optimiser,
    {
      learningRate: setting(file, 'optimiser_lr', Number.NaN),
      ...(optimiser !== sgd && { momentum: setting(file, 'optimiser_momentum', Number.NaN) }),
      weightDecay: decay,
    },
    { model, workspace: built },
  ).component;
  const state = made.state.map(() => zeros(model.size));
  const steps = file.get('steps').data;
  for (let step = 0, frame = 0; frame < steps.length; step++) {
    if (step === steps[frame]) {
      for (const [block, values] of blocksOf(model, theta)) {
        const all = file.get(`${block}_at_steps`).data;
        const expected = all.subarray(frame * values.length, (frame + 1) * values.length);
        const tolerance = TOLERANCES[step];
        expect(largestDifference(values, expected), `${block} at step ${step}`).toBeLessThanOrEqual(tolerance);
      }
      frame++;
    }
    for (let i = 0; i < size; i++) batch[i] = (step * size + i) % model.samples;
    made.step(theta, objective, state, {
      step,
      epoch: 0,
      time: 0,
      stepSize: made.stepSize({ step } as never),
    } as never);
  }
});
