// Persistent chains: the published update to rounding in a second implementation, the law of the chains at fixed weights,
// and their memory.
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import { EigenflowError } from '../../../core/errors.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { gaussianRbm } from '../../../plugins/solvable/gaussian-rbm.js';
import { linearTeacherStudent } from '../../../plugins/solvable/linear-teacher-student.js';
import { persistentChains } from '../../../plugins/solvable/persistent-chains.js';
import { create, estimate } from '../workbench.js';

function build(chains: number, sweeps: number, machine: Readonly<Record<string, unknown>> = {}) {
  const workspace = openWorkspace(2 ** 22);
  const { component: model, arena, kernels } = create(gaussianRbm, machine, { workspace });
  const { component: loss } = create(meanOutput);
  const { component: noise } = create(persistentChains, { chains, sweeps }, { workspace, model, loss });
  const pass = model.open(1);
  const theta = arena.vector(model.size);
  model.initialise(theta);
  const [out, one, gradient] = [arena.vector(1), arena.vector(1).fill(1), arena.vector(model.size)];
  const batch = arena.indices(1);
  const clock = new Clock();
  return {
    theta,
    kernels,
    arena,
    noise,
    /** The gradient of step `step` as the engine computes it. */
    gradientAt(step: number) {
      clock.step = step;
      pass.forward(theta, batch, 1, out);
      pass.backward(theta, batch, 1, one, gradient);
      noise.perturb?.(gradient, theta, clock);
      return gradient;
    },
    chains: () => noise.state?.[1] ?? new Float64Array(),
  };
}

test('30 updates are those of the published code, to rounding', () => {
  const [chains, sweeps, sites, hidden, rate, mu] = [5, 3, 10, 6, 0.1, 3];
  const built = build(chains, sweeps, { hidden, initialWidth: 0.3 });
  const { theta, arena, kernels } = built;

  // Second implementation: W <- W + rate (W K_phi^-1 - 1/B sum (W v) v^T), plain matrices.
  const precision = Matrix.eye(sites).mul(6);
  for (let i = 0; i < sites; i++) {
    precision.set(i, (i + 1) % sites, -1);
    precision.set((i + 1) % sites, i, -1);
  }
  const targetCovariance = inverse(precision);
  let w = Matrix.from1DArray(hidden, sites, [...theta]);
  let v = Matrix.ones(chains, sites);
  const stream = createStream(kernels, 1, ['test', 'noise']);
  const normals = arena.vector(sweeps * chains * (hidden + sites));

  for (let step = 0; step < 30; step++) {
    stream.normals(step, normals);
    let next = 0;
    const draw = (rows: number, cols: number) => {
      const matrix = Matrix.from1DArray(rows, cols, [...normals.slice(next, next + rows * cols)]);
      next += rows * cols;
      return matrix;
    };
    for (let k = 0; k < sweeps; k++) {
      const h = v.mmul(w.transpose()).add(draw(chains, hidden));
      v = h
        .mmul(w)
        .mul(1 / mu ** 2)
        .add(draw(chains, sites).mul(1 / mu));
    }
    const sampled = v
      .mmul(w.transpose())
      .transpose()
      .mmul(v)
      .mul(1 / chains);
    w = Matrix.add(w, w.mmul(targetCovariance).sub(sampled).mul(rate));

    const gradient = built.gradientAt(step);
    for (let i = 0; i < theta.length; i++) theta[i] -= rate * gradient[i];
    const scale = Math.max(...theta.map(Math.abs));
    w.to1DArray().forEach((value, i) => {
      expect(Math.abs(value - theta[i])).toBeLessThan(1e-13 * scale * (step + 1));
    });
  }
});

test('asking for a step again, at other weights in between, starts from the same chains', () => {
  const built = build(4, 2);
  built.gradientAt(0);
  const first = [...built.gradientAt(1)];
  const other = built.theta.slice();
  built.theta.fill(0.1);
  expect([...built.gradientAt(1)]).not.toEqual(first);
  built.theta.set(other);
  expect([...built.gradientAt(1)]).toEqual(first);
});

describe('at fixed weights', () => {
  const [sites, sweeps, chains, steps] = [6, 2, 64, 1500];
  const built = build(chains, sweeps, { sites, hidden: 5, initialWidth: 0.7 });
  const w = Matrix.from1DArray(5, sites, [...built.theta]);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(w.transpose().mmul(w), {
    assumeSymmetric: true,
  });
  /** Amplitudes of every chain on every mode, by step. */
  const amplitudes = Array.from({ length: steps }, (_, step) => {
    built.gradientAt(step);
    return Matrix.from1DArray(chains, sites, [...built.chains()]).mmul(eigenvectorMatrix);
  });
  const burnIn = 100;

  test('visible units have the covariance K^-1, mode by mode', () => {
    realEigenvalues.forEach((x, mode) => {
      const variance = 1 / (9 - x);
      const perChain = Array.from({ length: chains }, (_, b) => {
        const squares = amplitudes.slice(burnIn).map((m) => m.get(b, mode) ** 2 / variance);
        return squares.reduce((sum, s) => sum + s, 0) / squares.length;
      });
      const { value, standardError } = estimate(perChain);
      expect(standardError).toBeLessThan(0.03);
      expect(Math.abs(value - 1)).toBeLessThan(4 * standardError);
    });
  });

  test('one step remembers the fraction (x/mu^2)^sweeps of an amplitude', () => {
    realEigenvalues.forEach((x, mode) => {
      const variance = 1 / (9 - x);
      const perChain = Array.from({ length: chains }, (_, b) => {
        const products = amplitudes
          .slice(burnIn, -1)
          .map((m, i) => (m.get(b, mode) * amplitudes[burnIn + i + 1].get(b, mode)) / variance);
        return products.reduce((sum, s) => sum + s, 0) / products.length;
      });
      const { value, standardError } = estimate(perChain);
      expect(standardError).toBeLessThan(0.03);
      expect(Math.abs(value - (x / 9) ** sweeps)).toBeLessThan(4 * standardError);
    });
  });

  test('the gradient noise has mean zero', () => {
    const other = build(16, 3, { sites, hidden: 5, initialWidth: 0.7 });
    const covariance = inverse(Matrix.eye(sites).mul(9).sub(w.transpose().mmul(w)));
    const modelTerm = w.mmul(covariance).to1DArray();
    const samples = Array.from({ length: 4000 }, (_, step) => [...other.gradientAt(step)]).slice(100);
    // gradient = sampled model term - data term; the data term is the same at every step.
    const precision = Matrix.eye(sites).mul(6);
    for (let i = 0; i < sites; i++) {
      precision.set(i, (i + 1) % sites, -1);
      precision.set((i + 1) % sites, i, -1);
    }
    const dataTerm = w.mmul(inverse(precision)).to1DArray();
    for (const element of [0, 7, 29]) {
      const blocks = Array.from({ length: 39 }, (_, k) => {
        const block = samples.slice(100 * k, 100 * k + 100);
        return block.reduce((sum, gradient) => sum + gradient[element] + dataTerm[element], 0) / block.length;
      });
      const { value, standardError } = estimate(blocks);
      expect(standardError).toBeLessThan(0.005);
      expect(Math.abs(value - modelTerm[element])).toBeLessThan(4 * standardError);
    }
  });
});

test('another model is refused', () => {
  const { component: model } = create(linearTeacherStudent, { samples: 16 });
  const { component: loss } = create(meanOutput);
  let caught: unknown;
  try {
    create(persistentChains, {}, { model, loss });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(EigenflowError);
  expect(caught).toMatchObject({ code: 'parameter', path: 'noise' });
});
