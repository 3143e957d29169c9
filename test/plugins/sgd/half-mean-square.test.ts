// The mean-square loss against its definition.
import { expect, test } from 'vitest';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { create } from '../workbench.js';

test.each([
  [1, 1],
  [4, 1],
  [5, 2],
  [3, 7],
])('%i samples of width %i', (n, outputs) => {
  const { component, arena } = create(halfMeanSquare);
  const loss = component.open(n, outputs);
  const [out, target, dOut] = [arena.vector(n * outputs), arena.vector(n * outputs), arena.vector(n * outputs)];
  const [weights, value] = [arena.vector(n), arena.vector(1)];
  out.forEach((_, k) => {
    out[k] = Math.sin(k);
    target[k] = Math.cos(3 * k);
  });
  weights.forEach((_, s) => {
    weights[s] = s - 1.5;
  });
  loss.valueAndGradient(out, target, weights, n, dOut, value);

  let sum = 0;
  for (let k = 0; k < n * outputs; k++) sum += (out[k] - target[k]) ** 2;
  expect(value[0]).toBeCloseTo(sum / 2 / n, 14);
  dOut.forEach((gradient, k) => {
    expect(gradient).toBe(weights[Math.floor(k / outputs)] * (out[k] - target[k]));
  });
});
