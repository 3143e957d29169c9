/** The bits of a long mixed computation, fixed. A change of this number changes every result of the framework. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { activationCode, singularValuesWork } from '../../../core/kernels/kernels.js';
import { createBench } from './support.js';

const GOLDEN = '18672c5b9fe09b7e42009226cc2e87aef9d9acd1293a4a7cf0ece08c97d7ea12';

test('a long mixed computation has the bits it always had', () => {
  const bench = createBench(64);
  const { kernels: k } = bench;
  const hash = createHash('sha256');
  const take = (view: Float64Array, n = view.length) => {
    expect(view.subarray(0, n).every(Number.isFinite)).toBe(true);
    hash.update(new Uint8Array(view.buffer, view.byteOffset, 8 * n));
  };
  const samples = 90;
  const slot = bench.vector(1);
  const index = bench.indices(40);
  for (const [rows, cols, n] of [
    [16, 32, 4],
    [7, 13, 5],
    [1, 9, 1],
    [40, 70, 33],
  ]) {
    const weights = bench.vector(rows * cols);
    const velocity = bench.vector(rows * cols);
    const gradient = bench.vector(rows * cols);
    const readout = bench.vector(rows);
    const x = bench.vector(samples * cols);
    const [z, hidden, upstream] = [bench.vector(n * rows), bench.vector(n * rows), bench.vector(n * rows)];
    const [out, target, sampleWeights, slope] = [bench.vector(n), bench.vector(n), bench.vector(n), bench.vector(n)];
    const back = bench.vector(n * cols);
    const work = bench.vector(singularValuesWork(rows, cols));
    const values = bench.vector(Math.min(rows, cols));
    k.normals(1, rows, 0, 0, 0, rows * cols, weights);
    k.scale(0.3, weights, rows * cols);
    k.normals(2, rows, 0, 0, 0, rows, readout);
    k.normals(3, rows, 0, 0, 0, samples * cols, x);
    for (let step = 0; step < 300; step++) {
      k.integers(samples, 4, rows, step, 0, 0, n, index);
      k.uniforms(5, rows, step, 0, 0, n, sampleWeights);
      k.normals(6, rows, step, 0, 0, n, target);
      const code = ([activationCode.tanh, activationCode.erf, activationCode.relu] as const)[step % 3];
      k.dense(weights, rows, cols, x, index, n, z);
      k.activate(code, z, n * rows, hidden);
      k.dense(readout, 1, rows, hidden, null, n, out);
      k.halfMeanSquare(out, target, sampleWeights, n, 1, slope, slot);
      k.denseTransposed(readout, 1, rows, slope, n, upstream);
      k.activationGradient(code, z, hidden, n * rows, upstream, upstream);
      k.outer(upstream, rows, x, cols, index, n, gradient);
      k.denseTransposed(weights, rows, cols, upstream, n, back);
      const decay = step % 2 === 0 ? 0 : 1e-3;
      if (step % 5 === 0) k.momentumStep(weights, gradient, velocity, rows * cols, 0.01, 0.9, decay);
      else if (step % 5 === 1) k.nesterovStep(weights, gradient, velocity, rows * cols, 0.01, 0.9, decay);
      else k.sgdStep(weights, gradient, rows * cols, 0.02, decay);
      take(slot);
      if (step % 20 === 0) {
        k.singularValues(weights, rows, cols, work, values);
        take(values);
        take(back);
      }
    }
    take(weights);
  }
  const [x, y] = [bench.vector(1001), bench.vector(1001)];
  k.normals(7, 0, 0, 0, 0, 1001, x);
  for (const name of ['exp', 'sin', 'cos', 'tanh', 'erf'] as const) {
    k[name](x, 1001, y);
    take(y);
    k.scale(1.5, x, 1001);
  }
  k.exp(x, 1001, x);
  k.log(x, 1001, y);
  take(y);
  const n = 12;
  const symmetric = bench.vector(n * n);
  const [work, values, vectors] = [bench.vector(n * n + 3 * n), bench.vector(n), bench.vector(n * n)];
  k.normals(8, 0, 0, 0, 0, n * n, symmetric);
  k.symmetricEigen(symmetric, n, work, values, vectors);
  take(values);
  take(vectors);
  expect(hash.digest('hex')).toBe(GOLDEN);
});
