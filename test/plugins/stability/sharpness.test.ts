// Sharpness against closed forms and against a Hessian written out by finite differences of the gradient.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { linearHiddenLayer } from '../../../plugins/solvable/linear-hidden-layer.js';
import { sharpness } from '../../../plugins/stability/sharpness.js';
import { batches, type Followed, follow, network, wholeData, withoutHessian } from './follow.js';
import { moments, regression } from './regression.js';

const descending = (matrix: Matrix) =>
  [...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues].sort((a, b) => b - a);

/** Hessian of the full loss by central differences of the full gradient, with errors of order h^4, symmetrised. */
function denseHessian({ view, simulation }: Followed): Matrix {
  const { theta, model } = view;
  const h = 1e-3;
  const gradientAt = (i: number, shift: number) => {
    const kept = theta[i];
    theta[i] = kept + shift;
    // The full gradient is kept until the step changes.
    simulation.clock.step += 1;
    const { gradient } = view.fullBatch();
    theta[i] = kept;
    return [...gradient];
  };
  const rows = Array.from({ length: model.size }, (_, i) => {
    const [near, far] = [h, 2 * h].map((step) => [gradientAt(i, step), gradientAt(i, -step)]);
    return near[0].map((_, j) => (8 * (near[0][j] - near[1][j]) - (far[0][j] - far[1][j])) / (12 * h));
  });
  const hessian = new Matrix(rows);
  return hessian.add(hessian.transpose()).div(2);
}

const learningRate = 1 / 256;
const noise = batches(1, 'iid');

describe('a small network', () => {
  test.each([
    { initialWidth: 0.125, samples: 300 },
    { initialWidth: 1, samples: 300 },
    { initialWidth: 16, samples: 300 },
    { initialWidth: 1, hidden: [6, 5], trained: ['M', 'W1', 'W2', 'Z'], outputs: 2, samples: 60 },
    { initialWidth: 1, activation: 'erf', trained: ['M', 'W'], samples: 60 },
  ])('%j: the largest eigenvalues are those of the Hessian written out, within 1e-6', (params) => {
    const model = network({ hidden: [8], features: 5, testSamples: 1, ...params });
    const followed = follow(sharpness, { count: 3, tolerance: 1e-9, iterations: 200 }, { model, noise, learningRate });
    const measured = followed.observe();
    const expected = descending(denseHessian(followed));
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(measured.eigenvalues[i] / expected[i] - 1)).toBeLessThan(1e-6);
      expect(measured.residuals[i]).toBeLessThan(1e-8 * expected[0]);
    }
    expect(measured.sharpness[0]).toBe(measured.eigenvalues[0]);
    expect(measured.stepTimesSharpness[0]).toBe(measured.sharpness[0] / 256);
    expect(measured.margin[0]).toBe(1 - measured.sharpness[0] / 512);
  });

  test('without second derivatives, differences of the gradient give the same to 1e-6', () => {
    const exact = network({ hidden: [8], features: 5, testSamples: 1, samples: 300 });
    const plain = withoutHessian(exact);
    const of = (model: typeof exact) =>
      follow(sharpness, { tolerance: 1e-7 }, { model, noise, learningRate }).observe().sharpness[0];
    expect(Math.abs(of(plain) / of(exact) - 1)).toBeLessThan(1e-6);
    expect(of(plain)).not.toBe(of(exact));
  });

  test('the default tolerance gives the eigenvalue to 1e-7', () => {
    const model = network({ testSamples: 1 });
    const of = (params: object) => follow(sharpness, { ...params }, { model, noise, learningRate }).observe();
    const [rough, fine] = [of({}), of({ tolerance: 1e-10, iterations: 300 })];
    expect(Math.abs(rough.sharpness[0] / fine.sharpness[0] - 1)).toBeLessThan(1e-7);
  });
});

describe('closed forms', () => {
  test('linear regression: the second moments of its inputs', () => {
    const inputs = [
      [1, 2, 0],
      [0, 1, -1],
      [3, 0, 1],
      [-1, 1, 1],
    ];
    const model = regression(inputs, [1, 2, 3, 4], [1, 1, 1]);
    const { eigenvalues } = follow(sharpness, { count: 3 }, { model, noise: wholeData, learningRate }).observe();
    for (const [i, expected] of descending(moments(inputs)).entries()) expect(eigenvalues[i]).toBeCloseTo(expected, 7);
  });

  test('a linear network at its teacher: |Z|^2 times the second moments', () => {
    // Inputs of unit second moment, balanced weights W2 = W1^T at zero: the Hessian couples W1 with W2 by -M.
    const model = {
      component: linearHiddenLayer,
      params: { teacherLevels: [3, 1], hidden: 2, inputs: 'axes', samples: 8, initialWidth: 0 },
    };
    const { eigenvalues } = follow(sharpness, { count: 4 }, { model, noise: wholeData, learningRate }).observe();
    // Each level m of the teacher gives +m and -m once for every hidden unit.
    expect([...eigenvalues]).toEqual([3, 3, 1, 1].map((level) => expect.closeTo(level, 9)));
  });

  test('one-pass data have no Hessian of the whole data set', () => {
    const model = network({ samples: 'endless' });
    expect(() => follow(sharpness, {}, { model, noise, learningRate })).toThrow('sharpness needs the whole data set');
  });
});
