// The step without a gradient in memory against backward and a plain step, bit for bit, over long trajectories.
import { describe, expect, it } from 'vitest';
import type { Vector } from '../../../core/contracts/vector.js';
import { build, initialTheta } from './build.js';

const STEPS = 2000;
const RATE = 0.02;
const SAMPLES = 36;

/** Weights after many cyclic steps. */
function trajectory(given: Readonly<Record<string, unknown>>, size: number, fused: boolean): Vector {
  const built = build(given);
  const { model, zeros, batch: indices, workspace } = built;
  const { kernels } = workspace;
  model.reserve(size);
  const theta = initialTheta(built);
  const batch = indices(new Array(size).fill(0));
  const weights = zeros(size).fill(1 / size);
  const [out, target, dOut] = [1, 2, 3].map(() => zeros(size * model.outputs));
  const loss = zeros(1);
  const gradient = zeros(model.size);
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < size; i++) batch[i] = (step * size + i) % SAMPLES;
    model.forward(theta, batch, size, out);
    model.targets(batch, size, target);
    kernels.halfMeanSquare(out, target, weights, size, model.outputs, dOut, loss);
    if (fused) model.descend?.(theta, batch, size, dOut, RATE, gradient);
    else {
      model.backward(theta, batch, size, dOut, gradient);
      kernels.sgdStep(theta, gradient, model.size, RATE, 0);
    }
  }
  return theta;
}

describe.each([
  ['the published network', { samples: SAMPLES }],
  [
    'every matrix, three hidden layers',
    { samples: SAMPLES, hidden: [5, 7], trained: ['M', 'W1', 'W2', 'Z'], outputs: 3 },
  ],
  ['outer matrices alone', { samples: SAMPLES, hidden: [6], trained: ['M', 'Z'], activation: 'erf' }],
  ['the read-out alone', { samples: SAMPLES, hidden: [], trained: ['Z'], activation: 'relu' }],
  ['a linear network on one-pass data', { samples: 'endless', activation: 'identity', trained: ['M', 'W'] }],
])('%s', (_name, given) => {
  it.each([1, 3, 4, 9])('batches of %d', (size) => {
    const plain = trajectory(given, size, false);
    expect(plain.every(Number.isFinite)).toBe(true);
    expect([...trajectory(given, size, true)]).toEqual([...plain]);
  });
});
