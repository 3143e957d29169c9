// The largest eigenvalue of the Hessian against closed forms and against a Hessian written out by finite differences.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../core/arena.js';
import { createRegistry } from '../../../core/container.js';
import { defineModel, definePlugin } from '../../../core/contracts/component.js';
import { createSimulation } from '../../../core/engine/simulation.js';
import { resolveScenario } from '../../../core/scenario/run-config.js';
import langevin from '../../../plugins/langevin/index.js';
import sgd from '../../../plugins/sgd/index.js';
import { measure, open, published } from '../../physics/langevin/published-network.js';

const largest = (matrix: Matrix) =>
  Math.max(...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues);

describe('a network', () => {
  /** Hessian of the full loss by central differences of the full gradient, symmetrised. */
  function denseHessian(run: ReturnType<typeof open>): Matrix {
    const { model, view, clock } = run;
    const { theta } = view;
    const h = 1e-5;
    const gradientAt = (i: number, shift: number) => {
      const kept = theta[i];
      theta[i] = kept + shift;
      // The full gradient is kept until the step changes.
      clock.step += 1;
      const { gradient } = view.fullBatch();
      theta[i] = kept;
      return [...gradient];
    };
    const rows = Array.from({ length: model.size }, (_, i) => {
      const [up, down] = [gradientAt(i, h), gradientAt(i, -h)];
      return up.map((value, j) => (value - down[j]) / (2 * h));
    });
    const hessian = new Matrix(rows);
    return hessian.add(hessian.transpose()).div(2);
  }

  it.each([0.125, 1, 16])('initial width %d: as the Hessian written out', (initialWidth) => {
    const run = open({
      ...published,
      model: { use: 'teacher-student', hidden: [8], features: 5, samples: 300, testSamples: 1, initialWidth },
      observers: { stability: { use: 'step-stability', tolerance: 1e-6, iterations: 2000 } },
    });
    expect(measure(run, 'stability').stepTimesSharpness[0]).toBeNaN();
    run.advance(1);
    const { sharpness, stepTimesSharpness, residual } = measure(run, 'stability');
    expect(residual[0]).toBeLessThan(1e-6);
    expect(stepTimesSharpness[0]).toBe(sharpness[0] / 256);
    expect(sharpness[0] / largest(denseHessian(run))).toBeCloseTo(1, 6);
  });

  it('a linear one: |Z|^2 times the largest eigenvalue of the second moments of its inputs', () => {
    const run = open({
      ...published,
      model: {
        use: 'teacher-student',
        activation: 'identity',
        hidden: [],
        trained: ['M'],
        samples: 500,
        testSamples: 1,
      },
      observers: { stability: { use: 'step-stability', tolerance: 1e-8, iterations: 2000 } },
    });
    const { sharpness } = measure(run, 'stability');
    const { model, view, workspace } = run;
    // The gradient of out with respect to M is Z^T x^T: read both off the model.
    const { rows, cols } = model.layout[0];
    const { arena } = workspace;
    const [out, ones, batch] = [arena.vector(1), arena.vector(1).fill(1), arena.indices(1)];
    const [left, right] = [arena.vector(rows), arena.vector(cols)];
    const moments = Matrix.zeros(cols, cols);
    for (let n = 0; n < 500; n++) {
      batch[0] = n;
      model.forward(view.theta, batch, 1, out);
      model.sampleGradients?.factors(view.theta, batch, 1, ones, model.layout[0], left, right);
      const x = Matrix.columnVector([...right]);
      moments.add(x.mmul(x.transpose()).div(500));
    }
    const Z2 = left.reduce((sum, z) => sum + z * z, 0);
    expect(sharpness[0] / (Z2 * largest(moments))).toBeCloseTo(1, 8);
  });

  it('the default tolerance gives the eigenvalue to second order in the residual', () => {
    const stability = { use: 'step-stability' };
    const fine = { use: 'step-stability', tolerance: 1e-6, iterations: 5000 };
    const run = open({ ...published, observers: { stability, fine } });
    const [rough, good] = [measure(run, 'stability'), measure(run, 'fine')];
    expect(rough.residual[0]).toBeLessThan(1e-3);
    expect(rough.sharpness[0] / good.sharpness[0]).toBeCloseTo(1, 5);
  });
});

describe('a quadratic form', () => {
  /** Energy 1/2 sum_i curvature_i theta_i^2, one sample. */
  const bowl = (curvatures: readonly number[]) =>
    defineModel({
      name: 'quadratic-form',
      summary: 'Quadratic form of the weights',
      params: {},
      cite: [],
      create: () => ({
        layout: [{ name: 'W', rows: 1, cols: curvatures.length, offset: 0 }],
        size: curvatures.length,
        outputs: 1,
        samples: 1,
        initialise: (theta) => theta.fill(1),
        reserve() {},
        forward(theta, _batch, n, out) {
          out.fill(
            curvatures.reduce((sum, c, i) => sum + (c * theta[i] ** 2) / 2, 0),
            0,
            n,
          );
        },
        targets: (_batch, n, out) => out.fill(0, 0, n),
        backward(theta, _batch, n, dOut, gradient) {
          let weight = 0;
          for (let s = 0; s < n; s++) weight += dOut[s];
          curvatures.forEach((c, i) => {
            gradient[i] = weight * c * theta[i];
          });
        },
      }),
    });

  it.each([
    [[3, 2, -1], 3],
    // The eigenvalue of largest modulus is negative: the largest one is another.
    [[-5, 3, 1], 3],
    [[-5, -2, -3], -2],
    [[2, 2, 2], 2],
  ])('curvatures %j: largest %d', (curvatures, expected) => {
    const plugin = definePlugin({ name: 'test', version: '0.0.0', components: [bowl(curvatures)] });
    const registry = createRegistry([langevin, sgd, plugin]);
    const noFiles = (path: string): never => {
      throw new Error(`no file ${path} in this test`);
    };
    const { runs } = resolveScenario(
      {
        title: 'Quadratic form',
        plugins: ['langevin', 'sgd', 'test'],
        steps: 10,
        model: { use: 'quadratic-form' },
        loss: { use: 'mean-output' },
        noise: { use: 'full-batch' },
        optimiser: { use: 'sgd', learningRate: 0.01 },
        observers: { stability: { use: 'step-stability', tolerance: 1e-6 } },
      },
      registry,
      noFiles,
    );
    const run = createSimulation(runs[0], registry, openWorkspace(2 ** 22), noFiles);
    const { sharpness, residual } = measure(run, 'stability');
    expect(sharpness[0]).toBeCloseTo(expected, 8);
    expect(residual[0]).toBeLessThan(1e-5);
  });
});
