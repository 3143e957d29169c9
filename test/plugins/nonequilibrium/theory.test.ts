// Theory near the minimum against numbers of another program, exact enumeration and closed forms.
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Sampling } from '../../../core/contracts/noise-model.js';
import { bumpRegression } from '../../../plugins/nonequilibrium/bump-regression.js';
import { traceOf } from '../../../plugins/nonequilibrium/excursion.js';
import { meanEstimation } from '../../../plugins/nonequilibrium/mean-estimation.js';
import { diffusionMatrix, permutationCovariance, stateOf } from '../../../plugins/nonequilibrium/theory/batch-noise.js';
import { effectiveGradient, effectiveMinimum } from '../../../plugins/nonequilibrium/theory/effective-landscape.js';
import {
  gradientCovariance,
  type Landscape,
  meanGradient,
  openLandscape,
} from '../../../plugins/nonequilibrium/theory/landscape.js';
import { entropyForm, fokkerPlanck, traceOfProduct } from '../../../plugins/nonequilibrium/theory/linear-state.js';
import { findMinimum, type Minimum } from '../../../plugins/nonequilibrium/theory/minimum.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { create } from '../workbench.js';
import { PER_ETA } from './runs.js';

/** The regression with the targets that `reference.py` was given. */
function regressionAt(params: Readonly<Record<string, unknown>> = {}, ridge = 0.001) {
  const { component: model, arena, kernels } = create(bumpRegression, params, { seed: 1 });
  const { component: loss } = create(halfMeanSquare, {}, { workspace: { arena, kernels } as never });
  const landscape = openLandscape(model, loss, ridge, arena, 'this test');
  const start = arena.vector(model.size);
  model.initialise(start);
  return { landscape, minimum: findMinimum(landscape, start) as Minimum, start };
}

const sampling = (order: Sampling['order'], batchSize = 10, added = 0): Sampling => ({
  batchSize,
  order,
  addedVariance: () => added,
});
const norm = (matrix: Matrix) => Math.sqrt(traceOfProduct(matrix, matrix.transpose()));

describe('against numpy (reference.py)', () => {
  const { landscape, minimum, start } = regressionAt();

  test('minimum, curvatures and loss; training starts there', () => {
    const expected = [
      1.1453813803733992, 1.192116398406918, 0.6029971913899601, -0.6532793352479899, 0.908398869201641,
      -0.9023659867717216, -0.02235847219502186,
    ];
    expected.forEach((weight, i) => {
      expect(minimum.theta[i]).toBeCloseTo(weight, 11);
      expect(start[i]).toBeCloseTo(weight, 11);
    });
    const curvatures = [53.95832685, 60.42853941, 455.06434962, 1928.0968544, 2968.06555488, 25362.63396914];
    curvatures.forEach((value, i) => {
      expect((minimum.spectrum.values[i] * PER_ETA) / value).toBeCloseTo(1, 8);
    });
    expect(landscape.loss(minimum.theta) * PER_ETA).toBeCloseTo(159.11542338293205, 8);
  });

  test.each([
    [
      5e-8, 2.713469628066691e-6, 2.714217582878953e-6, 1.2904594329437392e-4, 1.289752282572675e-4,
      2.3553822868629155e-11,
    ],
    [
      1e-6, 5.4269392561334085e-5, 5.457211562147717e-5, 2.5809188658869235e-3, 2.5526237801641437e-3,
      9.421529147451631e-9,
    ],
  ])(
    'covariance, circulation and entropy production at eta = %f',
    (eta, limit, linear, entropy, linearEntropy, area) => {
      const stepSize = eta * PER_ETA;
      const covariance = gradientCovariance(minimum.expansion, landscape);
      const diffusion = diffusionMatrix(covariance, sampling('fresh-subset'), 200, stepSize);
      const continuous = fokkerPlanck(minimum.spectrum, stepSize, diffusion);
      const state = stateOf(minimum, landscape, { sampling: sampling('fresh-subset'), stepSize, steps: 1 });
      expect(traceOf(continuous.covariance) / limit).toBeCloseTo(1, 9);
      expect(continuous.entropyProduction / entropy).toBeCloseTo(1, 8);
      expect(norm(continuous.circulation) / area).toBeCloseTo(1, 8);
      expect(state && traceOf(state.covariance) / linear).toBeCloseTo(1, 9);
      expect(state && state.entropyProduction / linearEntropy).toBeCloseTo(1, 8);
    },
  );

  test.each([
    [5e-8, 4.883528533225166e-5, 1.1453981704028138, 3.3929489926499423e-12],
    [1e-6, 9.756334107859576e-4, 1.1457172926739676, 5.428718388239908e-7],
  ])('effective minimum and noise of an epoch without replacement at eta = %f', (eta, shift, first, trace) => {
    const stepSize = eta * PER_ETA;
    const found = effectiveMinimum(minimum, landscape, 10, stepSize) as Float64Array;
    const moved = Math.sqrt(found.reduce((sum, x, i) => sum + (x - minimum.theta[i]) ** 2, 0));
    expect(moved / shift).toBeCloseTo(1, 8);
    expect(found[0]).toBeCloseTo(first, 10);
    // 20 000 permutations: errors of 1 to 2 %.
    const permutations = traceOf(permutationCovariance(minimum.expansion, landscape, 10)) * stepSize ** 4;
    expect(Math.abs(permutations / trace - 1)).toBeLessThan(0.04);
  });
});

describe('entropy production', () => {
  const { landscape, minimum } = regressionAt();
  const covariance = gradientCovariance(minimum.expansion, landscape);
  const limitAt = (stepSize: number) =>
    fokkerPlanck(
      minimum.spectrum,
      stepSize,
      diffusionMatrix(covariance, sampling('fresh-subset'), landscape.samples, stepSize),
    );

  test('is linear in the learning rate, and the area quadratic', () => {
    const [small, large] = [limitAt(0.001), limitAt(0.004)];
    expect(large.entropyProduction / small.entropyProduction).toBeCloseTo(4, 9);
    expect(norm(large.circulation) / norm(small.circulation)).toBeCloseTo(16, 8);
  });

  test('solves the Fokker-Planck equation: H C + C H = (2/eta) D, K = (eta/2) (H C - C H)', () => {
    const stepSize = 0.004;
    const diffusion = diffusionMatrix(covariance, sampling('fresh-subset'), landscape.samples, stepSize);
    const { covariance: C, circulation: K } = limitAt(stepSize);
    const H = minimum.hessian;
    const sum = Matrix.add(H.mmul(C), C.mmul(H)).sub(Matrix.mul(diffusion, 2 / stepSize));
    expect(norm(sum) / norm(Matrix.mul(diffusion, 2 / stepSize))).toBeLessThan(1e-10);
    const area = Matrix.sub(H.mmul(C), C.mmul(H)).mul(stepSize / 2);
    expect(norm(Matrix.sub(area, K)) / norm(K)).toBeLessThan(1e-10);
  });

  test('is 0 for white noise, and mean of its form along the linear map', () => {
    const white = stateOf(minimum, landscape, {
      sampling: { ...sampling('cyclic', landscape.samples), addedVariance: () => 1 },
      stepSize: 0.02,
      steps: 1,
    });
    expect(Math.abs(white?.entropyProduction ?? 1)).toBeLessThan(1e-12);
    const state = stateOf(minimum, landscape, { sampling: sampling('iid'), stepSize: 1e-4, steps: 1 });
    if (!state) throw new Error('no state');
    // <x^T M (x' - x)> = tr(M <(x' - x) x^T>) with <x' x^T> = C - S/2 - K for a symmetric map.
    const step = Matrix.add(Matrix.mul(state.noise, 1 / 2), state.circulation).mul(-1);
    const along = traceOfProduct(entropyForm(state) as Matrix, step);
    expect(along / state.entropyProduction).toBeCloseTo(1, 6);
  });
});

describe('without replacement', () => {
  /** All orders of 0 .. n - 1. */
  function permutations(n: number): number[][] {
    if (n === 0) return [[]];
    return permutations(n - 1).flatMap((rest) =>
      Array.from({ length: n }, (_, place) => [...rest.slice(0, place), n - 1, ...rest.slice(place)]),
    );
  }

  test.each([
    [6, 1],
    [6, 2],
    [6, 3],
    [7, 7],
    [8, 2],
    [8, 4],
  ])('covariance over all permutations of %i samples in batches of %i', (samples, batchSize) => {
    const size = 2;
    const wave = (k: number) => ((k * k * 7 + 3 * k) % 11) - 5;
    const gradients = Float64Array.from({ length: samples * size }, (_, k) => wave(k));
    const hessians = new Float64Array(samples * size * size);
    for (let s = 0; s < samples; s++) {
      const [a, b, c] = [wave(3 * s + 1), wave(5 * s + 2), wave(2 * s + 7)];
      hessians.set([a, b, b, c], 4 * s);
    }
    const landscape = { samples, size } as Landscape;
    const expansion = { gradients, hessians };
    const mean = meanGradient(expansion, landscape);
    const batches = samples / batchSize;
    let [count, sum, square] = [0, [0, 0], [0, 0, 0]];
    for (const order of permutations(samples)) {
      const total = [0, 0];
      const before = [0, 0];
      for (let k = 0; k < batches; k++) {
        const batch = order.slice(k * batchSize, (k + 1) * batchSize);
        const H = [0, 1, 2, 3].map((e) => batch.reduce((all, s) => all + hessians[4 * s + e], 0) / batchSize);
        total[0] += H[0] * before[0] + H[1] * before[1];
        total[1] += H[2] * before[0] + H[3] * before[1];
        for (const i of [0, 1]) {
          before[i] += batch.reduce((all, s) => all + gradients[2 * s + i] - mean[i], 0) / batchSize;
        }
      }
      count += 1;
      sum = sum.map((x, i) => x + total[i]);
      square = square.map((x, e) => x + total[e === 2 ? 1 : 0] * total[e === 0 ? 0 : 1]);
    }
    const [m0, m1] = sum.map((x) => x / count);
    const expected = [square[0] / count - m0 * m0, square[1] / count - m0 * m1, square[2] / count - m1 * m1];
    const found = permutationCovariance(expansion, landscape, batchSize);
    [found.get(0, 0), found.get(0, 1), found.get(1, 1)].forEach((value, e) => {
      expect(value).toBeCloseTo(expected[e], 7);
    });
  });

  test('the effective gradient is that of L + (eta/4) <|g_k|^2> - (eta M/4) |g|^2', () => {
    const { landscape, minimum } = regressionAt();
    const [stepSize, batchSize] = [0.01, 10];
    const { samples, size } = landscape;
    const theta = minimum.theta.map((weight, i) => weight + 0.05 * (i - 3));
    const value = (at: Float64Array) => {
      const expansion = landscape.expand(at);
      const g = meanGradient(expansion, landscape).reduce((sum, x) => sum + x * x, 0);
      const spread = (samples - batchSize) / (batchSize * (samples - 1));
      const ofBatches = g + spread * traceOf(gradientCovariance(expansion, landscape));
      return landscape.loss(at) + (stepSize / 4) * (ofBatches - (samples / batchSize) * g);
    };
    const gradient = effectiveGradient(landscape.expand(theta), landscape, batchSize, stepSize);
    for (let i = 0; i < size; i++) {
      const moved = (h: number) => value(theta.map((weight, j) => weight + (i === j ? h : 0)));
      expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(gradient[i], 8);
    }
  });
});

describe('mean estimation', () => {
  const samples = 200;
  const ratioAt = (order: Sampling['order'], eta: number) => {
    const { component: model, arena, kernels } = create(meanEstimation, { dimensions: 3 }, { seed: 5 });
    const { component: loss } = create(halfMeanSquare, {}, { workspace: { arena, kernels } as never });
    const landscape = openLandscape(model, loss, 0, arena, 'this test');
    const minimum = findMinimum(landscape, [1, 2, 3]) as Minimum;
    expect(Math.max(...minimum.theta.map(Math.abs))).toBeLessThan(1e-12);
    const stepSize = eta * samples;
    const temperature = 1 / samples;
    const state = stateOf(minimum, landscape, {
      sampling: { batchSize: 10, order, addedVariance: (step) => (2 * temperature) / step },
      stepSize,
      steps: 20,
    });
    return traceOf(state?.covariance as Matrix) / 3 / temperature;
  };
  const divergence = (ratio: number) => (ratio - 1 - Math.log(ratio)) / 2;

  test('variances over that of the posterior are the closed forms', () => {
    // With h = N, V = h^2 (N - B)/(B (N - 1)), q = 1 - eta h and a_k = q^(M - 1 - k), on the summed loss.
    const eta = 1e-4;
    const [h, M] = [samples, 20];
    const V = (h * h * 190) / (10 * 199);
    const q = 1 - eta * h;
    const a = Array.from({ length: M }, (_, k) => q ** (M - 1 - k));
    const squares = a.reduce((sum, x) => sum + x * x, 0);
    const sum = a.reduce((all, x) => all + x, 0);
    const sgld = (h * (2 * eta + eta * eta * V)) / (1 - q * q);
    const world =
      (h * (2 * eta * squares + eta * eta * V * (M / (M - 1)) * (squares - (sum * sum) / M))) / (1 - q ** (2 * M));
    expect(sgld).toBeCloseTo(1.203, 4);
    expect(world).toBeCloseTo(1.0128, 4);
    expect(ratioAt('fresh-subset', eta)).toBeCloseTo(sgld, 9);
    expect(ratioAt('reshuffled', eta)).toBeCloseTo(world, 9);
  });

  test.each([
    [1e-5, 397],
    [3e-5, 371],
    [1e-4, 223],
  ])('SGLD is further from the posterior than SGWORLD at eta = %f by a factor of %i', (eta, factor) => {
    const ratio = divergence(ratioAt('fresh-subset', eta)) / divergence(ratioAt('reshuffled', eta));
    expect(Math.abs(ratio - factor)).toBeLessThan(0.5);
  });
});
