// Activations with their first and second derivatives against 60-digit arithmetic rounded to doubles (z up to 800, made
// with mpmath), in test/reference/optimisers/activations.npz.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { activationCode } from '../../../core/kernels/kernels.js';
import { readNpz } from '../../../node/files/npz.js';
import { createBench } from './support.js';

const table = readNpz(fileURLToPath(new URL('../../reference/optimisers/activations.npz', import.meta.url)));
const NAMES = ['tanh', 'erf', 'gelu', 'sigmoid', 'softplus', 'sine'] as const;

/** Largest of |a - b| / (1 + |b|). */
const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Array.from(expected).reduce((most, value, i) => {
    const error = Math.abs(found[i] - value) / (1 + Math.abs(value));
    return error <= most ? most : error;
  }, 0);

describe.each(NAMES)('%s', (name) => {
  const code = activationCode[name];
  const { kernels, vector } = createBench(16);
  const given = table.get('z').data;
  const n = given.length;
  const [z, value, ones, first, second] = [1, 2, 3, 4, 5].map(() => vector(n));
  z.set(given);
  ones.fill(1);
  kernels.activate(code, z, n, value);
  kernels.activationGradient(code, z, value, n, ones, first);
  kernels.activationCurvature(code, z, value, n, ones, ones, second);

  test('value and both derivatives to 1e-15', () => {
    expect(worst(value, table.get(name).data)).toBeLessThan(1e-15);
    expect(worst(first, table.get(`${name}_first`).data)).toBeLessThan(1e-15);
    expect(worst(second, table.get(`${name}_second`).data)).toBeLessThan(1e-15);
  });

  test('curvature adds upstream f" change, at any length, and keeps NaN', () => {
    for (const length of [1, 2, 3, 7, 8]) {
      const [upstream, change, out] = [1, 2, 3].map(() => vector(9));
      for (let i = 0; i < 9; i++) [upstream[i], change[i], out[i]] = [1 + i, 0.5 - i, 10];
      kernels.activationCurvature(code, z, value, length, upstream, change, out);
      for (let i = 0; i < 9; i++) {
        const expected = 10 + (i < length ? second[i] * upstream[i] * change[i] : 0);
        expect(Math.abs(out[i] - expected)).toBeLessThan(1e-13);
      }
      upstream[0] = Number.NaN;
      kernels.activationCurvature(code, z, value, length, upstream, change, out);
      expect(out[0]).toBeNaN();
    }
  });
});

test.each(['sigmoid', 'softplus'] as const)('%s is accurate relative to itself far below 0', (name) => {
  const { kernels, vector } = createBench(4);
  const z = vector(4);
  const out = vector(4);
  z.set([-30, -36.9, -100, -700]);
  // Both are exp(z) there, to the last bit but for terms of exp(2 z).
  kernels.activate(activationCode[name], z, 4, out);
  kernels.exp(z, 4, z);
  for (let i = 0; i < 4; i++) expect(Math.abs(out[i] / z[i] - 1)).toBeLessThan(1e-12);
});

test('addRow adds a row to each of several', () => {
  const { kernels, vector } = createBench(4);
  for (const cols of [1, 2, 3, 6]) {
    const [row, out] = [vector(cols), vector(3 * cols + 1)];
    for (let i = 0; i < cols; i++) row[i] = i + 1;
    for (let i = 0; i < out.length; i++) out[i] = i;
    kernels.addRow(0.5, row, cols, 3, out);
    const expected = Array.from(out, (_, i) => i + (i < 3 * cols ? 0.5 * ((i % cols) + 1) : 0));
    expect([...out]).toEqual(expected);
  }
});
