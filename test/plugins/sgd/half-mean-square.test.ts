// The mean-square loss against its definition.
import { expect, test } from 'vitest';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { create } from '../workbench.js';

test.each([
  [1, 1],
  [4, 1],
  [5, 2],
  [3, 7],
])('%i samples of width %i', (n, width) => {
  const { component: loss, arena } = create(halfMeanSquare);
  const [out, target, dOut] = [arena.vector(n * width), arena.vector(n * width), arena.vector(n * width)];
  const [weights, value] = [arena.vector(n), arena.vector(1)];
  out.forEach((_, k) => {
    out[k] = Math.sin(k);
    target[k] = Math.cos(3 * k);
  });
  weights.forEach((_, s) => {
    weights[s] = s - 1.5;
  });
  loss.valueAndGradient(out, target, weights, n, width, dOut, value);

  let sum = 0;
  for (let k = 0; k < n * width; k++) sum += (out[k] - target[k]) ** 2;
  expect(value[0]).toBeCloseTo(sum / 2 / n, 14);
  dOut.forEach((gradient, k) => {
    expect(gradient).toBe(weights[Math.floor(k / width)] * (out[k] - target[k]));
  });
});
