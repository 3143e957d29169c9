// The Gaussian restricted Boltzmann machine: its likelihood against ml-matrix, its minimum, its levels, and the end of runs
// without a law.
import { determinant, EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../core/testing/stage.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { gaussianRbm, isGaussianRbm } from '../../../plugins/solvable/gaussian-rbm.js';
import { linearTeacherStudent } from '../../../plugins/solvable/linear-teacher-student.js';
import { persistentChains } from '../../../plugins/solvable/persistent-chains.js';
import { create } from '../workbench.js';
import { latticeLevels } from './theory/rbm-levels.js';

function build(params: Readonly<Record<string, unknown>> = {}) {
  const { component: model, arena } = create(gaussianRbm, params);
  const pass = model.open(1);
  const theta = arena.vector(model.size);
  model.initialise(theta);
  const [out, dOut, gradient] = [arena.vector(1), arena.vector(1).fill(1), arena.vector(model.size)];
  const batch = arena.indices(1);
  return {
    model,
    theta,
    compute() {
      pass.forward(theta, batch, 1, out);
      pass.backward(theta, batch, 1, dOut, gradient);
      return { divergence: out[0], gradient };
    },
  };
}

function latticePrecision(n: number, mass: number): Matrix {
  const matrix = Matrix.eye(n).mul(mass * mass + 2);
  for (let i = 0; i < n; i++) {
    matrix.set(i, (i + 1) % n, -1);
    matrix.set((i + 1) % n, i, -1);
  }
  return matrix;
}

describe('likelihood', () => {
  test.each([
    [10, 10],
    [4, 7],
    [5, 2],
  ])('divergence and gradient against ml-matrix: %d sites, %d hidden', (sites, hidden) => {
    const { theta, compute } = build({ sites, hidden, initialWidth: 0.5 });
    const w = Matrix.from1DArray(hidden, sites, [...theta]);
    const precision = Matrix.eye(sites).mul(9).sub(w.transpose().mmul(w));
    const target = latticePrecision(sites, 2);
    const covariance = inverse(target);
    const expected =
      (precision.mmul(covariance).trace() - sites - Math.log(determinant(precision) / determinant(target))) / 2;
    const { divergence, gradient } = compute();
    expect(divergence).toBeCloseTo(expected, 10);
    expect(divergence).toBeGreaterThan(0);
    const slope = w.mmul(inverse(precision)).sub(w.mmul(covariance));
    slope.to1DArray().forEach((value, k) => {
      expect(gradient[k]).toBeCloseTo(value, 12);
    });
  });

  test('the minimum is W^T W = mu^2 - K_phi: divergence and gradient vanish', () => {
    const { theta, compute } = build();
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(latticePrecision(10, 2), {
      assumeSymmetric: true,
    });
    const roots = Matrix.diag(realEigenvalues.map((kappa) => Math.sqrt(9 - kappa)));
    theta.set(eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose()).to1DArray());
    const { divergence, gradient } = compute();
    expect(Math.abs(divergence)).toBeLessThan(1e-13);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-13);
  });

  test('weights without a law: NaN, not an exception', () => {
    const { theta, compute } = build();
    theta.fill(2);
    expect(compute().divergence).toBeNaN();
    theta.fill(Number.POSITIVE_INFINITY);
    expect(compute().divergence).toBeNaN();
  });
});

test('lattice levels: those of the matrix, degenerate in pairs', () => {
  const setting = { sites: 10, visibleMass: 3, latticeMass: 2 };
  const { realEigenvalues } = new EigenvalueDecomposition(latticePrecision(10, 2), { assumeSymmetric: true });
  const expected = realEigenvalues.sort((a, b) => a - b);
  const levels = latticeLevels(setting);
  levels.forEach((level, i) => {
    expect(level).toBeCloseTo(expected[i], 12);
  });
  expect(levels[0]).toBe(4);
  expect(levels[9]).toBe(8);
  for (const pair of [1, 3, 5, 7]) expect(levels[pair]).toBe(levels[pair + 1]);
});

describe('runs', () => {
  const run = (learningRate: number) =>
    simulate({
      component: gaussianRbm,
      options: {
        stage: {
          loss: { component: meanOutput },
          noise: { component: persistentChains },
          optimiser: { component: sgd, params: { learningRate } },
        },
      },
    }).simulation;

  test('learn the target within their noise', () => {
    const simulation = run(0.1);
    simulation.advance(3000);
    expect(simulation.status).toBe('completed');
    // Excess over the optimum: half of T per direction that is learned, 55 of them, T = 0.1/16.
    expect(simulation.view.fullBatch().loss).toBeLessThan(0.5);
    expect(simulation.view.fullBatch().loss).toBeGreaterThan(0);
  });

  test('end as diverged when the learning rate is far too large', () => {
    const simulation = run(20);
    simulation.advance(3000);
    expect(simulation.status).toBe('diverged');
    expect(simulation.clock.step).toBeLessThan(1000);
  });
});

test('only this model is a machine', () => {
  expect(isGaussianRbm(create(gaussianRbm).component)).toBe(true);
  expect(isGaussianRbm(create(linearTeacherStudent).component)).toBe(false);
});
