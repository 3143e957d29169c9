// The terms of the criterion against an implementation of its own, with matrices written out sample by sample: the
// published formula as its code has it, quirks included, and the corrected one.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { measure, open, published } from '../../physics/langevin/published-network.js';

const SAMPLES = 200;
const TEST_SAMPLES = 60;
const [K, L] = [5, 8];

const run = open({
  ...published,
  model: {
    use: 'teacher-student',
    samples: SAMPLES,
    testSamples: TEST_SAMPLES,
    hidden: L,
    features: K,
    outputs: 2,
    initialWidth: 0.7,
  },
  noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { criterion: { use: 'dyson-criterion', block: 'W' } },
});
const { model, view, workspace } = run;
const heldOut = model.heldOut as Required<NonNullable<typeof model.heldOut>>;
const { arena } = workspace;
const block = model.layout[0];
const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(TEST_SAMPLES * model.outputs));
const [value, one, ones] = [arena.vector(1), arena.vector(1).fill(1), arena.vector(TEST_SAMPLES).fill(1)];
const gradient = arena.vector(model.size);
const batch = arena.indices(1);
const modelPass = model.open(1);
const lossPass = view.loss.open(TEST_SAMPLES, model.outputs);
const [left, right] = [arena.vector(TEST_SAMPLES * K), arena.vector(TEST_SAMPLES * L)];

const start = measure(run, 'criterion');
const startWeights = view.theta.slice();
// Some steps further on, where the levels are others.
run.advance(30);
const now = measure(run, 'criterion');
const W = Matrix.from1DArray(K, L, [...view.theta]);

/** Eigenvectors of W W^T in columns, largest level first. */
function eigenbasis(weights: Matrix) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(weights.mmul(weights.transpose()), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    U: new Matrix(order.map((i) => eigenvectorMatrix.getColumn(i))).transpose(),
    x: order.map((i) => realEigenvalues[i]),
  };
}

/** G_n = minus the gradient of the loss of each training sample. */
const gradients = Array.from({ length: SAMPLES }, (_, n) => {
  batch[0] = n;
  modelPass.forward(view.theta, batch, 1, out);
  modelPass.targets(batch, 1, target);
  lossPass.valueAndGradient(out, target, one, 1, dOut, value);
  modelPass.backward(view.theta, batch, 1, dOut, gradient);
  return Matrix.from1DArray(K, L, [...gradient]).mul(-1);
});

/** The same on held-out inputs, by the plain formula of a network without the kernels. */
const heldOutGradients = (() => {
  heldOut.forward(view.theta, out);
  heldOut.targets(target);
  lossPass.valueAndGradient(out, target, ones, TEST_SAMPLES, dOut, value);
  heldOut.factors(view.theta, dOut, block, left, right);
  return Array.from({ length: TEST_SAMPLES }, (_, n) => {
    const a = Matrix.columnVector([...left.subarray(n * K, (n + 1) * K)]);
    return a.mmul(Matrix.rowVector([...right.subarray(n * L, (n + 1) * L)])).mul(-1);
  });
})();

const change = (G: Matrix) => G.mmul(W.transpose()).add(W.mmul(G.transpose()));
const mean = (all: readonly Matrix[]) =>
  all.reduce((sum, matrix) => sum.add(matrix), Matrix.zeros(all[0].rows, all[0].columns)).div(all.length);
const variance = (all: readonly Matrix[]) => {
  const centre = mean(all);
  return mean(all.map((matrix) => Matrix.sub(matrix, centre).pow(2)));
};
const { U, x } = eigenbasis(W);
const startLevels = eigenbasis(Matrix.from1DArray(K, L, [...startWeights])).x;

describe('on held-out inputs', () => {
  it('gradients are those of the loss on these inputs: finite differences', () => {
    const lossAt = (theta: Float64Array) => {
      heldOut.forward(theta, out);
      lossPass.valueAndGradient(out, target, ones, TEST_SAMPLES, dOut, value);
      return value[0];
    };
    const analytic = mean(heldOutGradients).mul(-1).to1DArray();
    for (const k of [0, 7, 19, K * L - 1]) {
      const [up, down] = [1e-5, -1e-5].map((h) => {
        const moved = arena.vector(model.size);
        moved.set(view.theta);
        moved[k] += h;
        return lossAt(moved);
      });
      expect(analytic[k]).toBeCloseTo((up - down) / 2e-5, 9);
    }
  });

  // limit_matrix_new of the published code, in its own indices: 0 is the largest level.
  const K_ab = mean(heldOutGradients.map(change));
  const V_ab = variance(heldOutGradients.map(change));
  const K_til = U.transpose().mmul(K_ab).mmul(U);
  const V_til = U.transpose().mmul(V_ab).mmul(U);

  it('the drift is the published one', () => {
    const K_t = Math.abs(K_til.get(0, 0)) - Math.abs(K_til.get(K - 1, K - 1));
    expect(now.publishedDrift[0]).toBeCloseTo(K_t, 13);
  });

  it('the noise is the published one for one choice of signs of the eigenvectors', () => {
    const r = L / K;
    const withSigns = (signs: readonly number[]) => {
      const V = (i: number, j: number) => signs[i] * signs[j] * V_til.get(i, j);
      let H_n = 0;
      for (let k = 1; k < K - 1; k++) H_n += (V(0, k) + V(K - 1, K - k)) / k;
      const V_t = (2 * V(0, K - 1)) / (K - 1) + H_n;
      // Both sides of the published inequality times sqrt(r) (K - 1), and without T / sigma_W^2.
      return (V_t / 4) * Math.sqrt(r) * (K - 1);
    };
    const all = Array.from({ length: 2 ** (K - 1) }, (_, bits) =>
      withSigns([1, ...Array.from({ length: K - 1 }, (_, k) => ((bits >> k) & 1 ? -1 : 1))]),
    );
    const nearest = Math.min(...all.map((noise) => Math.abs(noise - now.publishedNoise[0])));
    const spread = Math.max(...all) - Math.min(...all);
    expect(nearest).toBeLessThan(1e-11 * spread);
    // With the index put right, no choice of signs would do: the test can fail.
    expect(Math.min(...all.map((noise) => Math.abs(noise - now.equalNoise[0])))).toBeGreaterThan(1e-6 * spread);
  });
});

describe('on the training samples', () => {
  const inBasis = gradients.map((G) => U.transpose().mmul(change(G)).mmul(U));
  const Kt = mean(inBasis);
  const Vt = variance(inBasis);
  const rotated = gradients.map((G) => U.transpose().mmul(G));
  const D = variance(rotated).sum('row');
  const g = mean(rotated).pow(2).sum('row');
  /** dw/dt of the Coulomb term for levels at the places `levels`. */
  const repulsion = (levels: readonly number[], element: (i: number, j: number) => number) => {
    const shift = (i: number) =>
      levels.reduce((sum, _, j) => (j === i ? sum : sum + element(i, j) / (levels[i] - levels[j])), 0);
    return shift(0) - shift(K - 1);
  };

  it.each([
    ['width', () => x[0] - x[K - 1]],
    ['topDrift', () => Kt.get(0, 0)],
    ['bottomDrift', () => Kt.get(K - 1, K - 1)],
    ['repulsion', () => repulsion(x, (i, j) => Vt.get(i, j))],
    ['startRepulsion', () => repulsion(startLevels, (i, j) => Vt.get(i, j))],
    ['traceDrift', () => D[0] - D[K - 1]],
    ['stepDrift', () => repulsion(x, (i, j) => Kt.get(i, j) ** 2) + g[0] - g[K - 1]],
    [
      'equalNoise',
      () => {
        // Levels at distance 1: sum over both ends, times (K - 1) sqrt(r)/4 for the distance of the initial law.
        let sum = 0;
        for (let j = 1; j < K; j++) sum += (Vt.get(0, j) + Vt.get(K - 1, K - 1 - j)) / j;
        return (sum * Math.sqrt(L / K) * (K - 1)) / 4;
      },
    ],
  ])('%s', (channel, expected) => {
    expect(now[channel][0] / expected()).toBeCloseTo(1, 9);
  });

  it('noise always widens', () => {
    expect(now.repulsion[0]).toBeGreaterThan(0);
    expect(now.startRepulsion[0]).toBeGreaterThan(0);
  });

  it('at the start the two repulsions are one', () => {
    expect(start.startRepulsion[0]).toBe(start.repulsion[0]);
  });
});

it('temperature and step are those of the coming step', () => {
  expect([now.temperature[0], now.stepSize[0]]).toEqual([0.125, 0.5]);
  expect([start.temperature[0], start.stepSize[0]]).toEqual([0.125, 0.5]);
});

it('a block of one row is refused', () => {
  const single = () =>
    open({
      ...published,
      model: { use: 'teacher-student', samples: 20, trained: ['Z'] },
      observers: { criterion: { use: 'dyson-criterion', block: 'Z' } },
    });
  expect(single).toThrow('block: block Z has a single row; a width needs two levels');
});

describe('with momentum', () => {
  const terms = (optimiser: Readonly<Record<string, unknown>>) =>
    measure(
      open(
        {
          ...published,
          model: { use: 'teacher-student', samples: 100, testSamples: 20, hidden: L, features: K },
          optimiser: { learningRate: 0.5, ...optimiser } as typeof published.optimiser,
          observers: { criterion: { use: 'dyson-criterion', block: 'W' } },
        },
        openWorkspace(),
      ),
      'criterion',
    );
  const plain = terms({ use: 'sgd' });
  const heavy = terms({ use: 'momentum', momentum: 0.75 });

  // The weights go 1/(1 - m) = 4 times as far in the same time, and noise adds up in squares: T/(1 - m) against drift.
  it.each([
    ['topDrift', 4],
    ['bottomDrift', 4],
    ['repulsion', 16],
    ['startRepulsion', 16],
    ['traceDrift', 16],
    ['stepDrift', 16],
    ['equalNoise', 16],
    ['temperature', 1],
    ['width', 1],
    ['publishedDrift', 1],
    ['publishedNoise', 1],
  ])('%s is that of plain descent times %d', (channel, factor) => {
    expect(plain[channel][0]).not.toBe(0);
    expect(heavy[channel][0] / plain[channel][0]).toBeCloseTo(factor, 10);
  });
});
