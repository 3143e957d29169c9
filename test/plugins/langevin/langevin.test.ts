// Langevin noise: the law of the weights of the samples, and the mean and covariance of the gradient that they make.
import { beforeAll, describe, expect, it } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Loss } from '../../../core/contracts/loss.js';
import type { Model } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { langevin } from '../../../plugins/langevin/langevin.js';
import { fullBatch } from '../../../plugins/sgd/full-batch.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { build, initialTheta } from '../teacher-student/build.js';
import { create } from '../workbench.js';

const SAMPLES = 40;
const STEP = 1 / 32;
const workspace = openWorkspace();

const onSamples = (samples: number) => ({ samples, outputs: 1, open: () => ({}) }) as unknown as Model;
const anyLoss = { open: () => ({}) } as unknown as Loss;

function opened(params: Readonly<Record<string, unknown>>, model = onSamples(SAMPLES)) {
  const { component: noise, arena } = create(langevin, params, { workspace, model, loss: anyLoss });
  const batch = arena.indices(noise.maxBatch);
  const weights = arena.vector(noise.maxBatch);
  const clock = new Clock();
  clock.stepSize = STEP;
  const draw = (step: number) => {
    clock.step = step;
    const n = noise.draw(batch, weights, clock);
    return { batch: [...batch.subarray(0, n)], weights: [...weights.subarray(0, n)] };
  };
  return { noise, clock, draw };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('the weights of the samples', () => {
  it('cover the whole data set and add up to one', () => {
    const { draw, noise } = opened({ temperature: 0.5 });
    expect([noise.maxBatch, noise.samplesPerStep]).toEqual([SAMPLES, SAMPLES]);
    for (const step of [0, 1, 1000]) {
      const { batch, weights } = draw(step);
      expect(batch).toEqual(Array.from({ length: SAMPLES }, (_, n) => n));
      expect(sum(weights)).toBeCloseTo(1, 12);
      expect(Math.min(...weights)).toBeLessThan(0);
    }
  });

  it('deviate from 1/N in proportion to sqrt(T / step size)', () => {
    const deviations = (temperature: number, stepSize: number) => {
      const { draw, clock } = opened({ temperature });
      clock.stepSize = stepSize;
      return draw(7).weights.map((weight) => weight - 1 / SAMPLES);
    };
    const reference = deviations(0.5, STEP);
    deviations(2, STEP).forEach((deviation, n) => {
      expect(deviation).toBeCloseTo(2 * reference[n], 12);
    });
    deviations(0.5, STEP / 4).forEach((deviation, n) => {
      expect(deviation).toBeCloseTo(2 * reference[n], 12);
    });
  });

  it('without temperature are those of full-batch, bit for bit', () => {
    const { component: gradientDescent, arena } = create(fullBatch, {}, { workspace, model: onSamples(SAMPLES) });
    const weights = arena.vector(SAMPLES);
    gradientDescent.draw(arena.indices(SAMPLES), weights, new Clock());
    expect(opened({ temperature: 0 }).draw(3).weights).toEqual([...weights]);
  });

  it('of a subset stand for distinct samples, others in every step', () => {
    const { draw, noise } = opened({ temperature: 0.5, subset: 8 });
    expect([noise.maxBatch, noise.samplesPerStep]).toEqual([8, 8]);
    const [first, second] = [draw(0), draw(1)];
    expect(new Set(first.batch).size).toBe(8);
    expect(first.batch).not.toEqual(second.batch);
    expect(sum(first.weights)).toBeCloseTo(1, 12);
    expect(draw(0)).toEqual(first);
  });

  it('of a long step follow the Brownian path of its short steps', () => {
    const deviations = (step: number, increments: number) =>
      opened({ temperature: 1, increments })
        .draw(step)
        .weights.map((weight) => weight - 1 / SAMPLES);
    const [first, second, third] = [15, 16, 17].map((step) => deviations(step, 1));
    deviations(5, 3).forEach((deviation, n) => {
      expect(deviation).toBeCloseTo((first[n] + second[n] + third[n]) / Math.sqrt(3), 12);
    });
  });

  it('differ between replicas and not within one', () => {
    const [none, zero, one] = [{}, { replica: 0 }, { replica: 1 }].map((p) => opened({ temperature: 1, ...p }).draw(4));
    expect(zero).toEqual(none);
    expect(one.weights).not.toEqual(none.weights);
  });
});

describe('the gradient', () => {
  const DRAWS = 100_000;
  const TEMPERATURE = 0.25;

  interface Moments {
    /** (mean - full gradient) over the standard error of the mean, component by component. */
    readonly mean: readonly number[];
    /** (covariance - expected) over its standard error for a normal law, entry by entry. */
    readonly covariance: readonly number[];
    /** Trace of the covariance over the expected one, and the standard error of that ratio. */
    readonly trace: number;
    readonly traceError: number;
  }

  /** Per-sample gradients of a small network (N x size), and what draws from its Langevin gradient give. */
  function openNetwork() {
    workspace.arena.clear();
    const made = build({ inputs: 3, hidden: [4], features: 3, outputs: 2, samples: SAMPLES }, { workspace });
    const { model, zeros, batch } = made;
    const { component: loss } = create(halfMeanSquare, {}, { workspace });
    const modelPass = model.open(SAMPLES);
    const lossPass = loss.open(SAMPLES, model.outputs);
    const theta = initialTheta(made);
    const [out, target, dOut] = [1, 2, 3].map(() => zeros(SAMPLES * model.outputs));
    const [value, gradient] = [zeros(1), zeros(model.size)];
    const evaluate = (samples: Int32Array, weights: Float64Array, n: number) => {
      modelPass.forward(theta, samples, n, out);
      modelPass.targets(samples, n, target);
      lossPass.valueAndGradient(out, target, weights, n, dOut, value);
      modelPass.backward(theta, samples, n, dOut, gradient);
    };
    const one = zeros(1).fill(1);
    const gradients = Array.from({ length: SAMPLES }, (_, n) => {
      evaluate(batch([n]), one, 1);
      return [...gradient];
    });
    const mean = Array.from({ length: model.size }, (_, i) => sum(gradients.map((g) => g[i])) / SAMPLES);
    const covariance = mean.map((_, i) =>
      mean.map((_, j) => sum(gradients.map((g) => (g[i] - mean[i]) * (g[j] - mean[j]))) / SAMPLES),
    );
    return { ...made, theta, loss, gradient, evaluate, mean, covariance };
  }

  function moments(
    params: Readonly<Record<string, unknown>>,
    expected: (covariance: readonly (readonly number[])[]) => readonly (readonly number[])[],
  ): Moments {
    const { model, theta, loss, gradient, evaluate, mean, covariance, zeros } = openNetwork();
    const { component: noise } = create(langevin, params, { workspace, model, loss });
    const batch = workspace.arena.indices(SAMPLES);
    const weights = zeros(SAMPLES);
    const clock = new Clock();
    clock.stepSize = STEP;
    const { size } = model;
    const first = new Float64Array(size);
    const second = new Float64Array(size * size);
    const deviation = new Float64Array(size);
    for (let step = 0; step < DRAWS; step++) {
      clock.step = step;
      evaluate(batch, weights, noise.draw(batch, weights, clock));
      noise.perturb?.(gradient, theta, clock);
      for (let i = 0; i < size; i++) {
        deviation[i] = gradient[i] - mean[i];
        first[i] += deviation[i];
      }
      for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) second[i * size + j] += deviation[i] * deviation[j];
    }
    const law = expected(covariance);
    const found = (i: number, j: number) => second[i * size + j] / DRAWS;
    const traceOf = (diagonal: (i: number) => number) => sum(Array.from({ length: size }, (_, i) => diagonal(i)));
    const trace = traceOf((i) => law[i][i]);
    return {
      mean: Array.from(first, (total, i) => total / DRAWS / Math.sqrt(law[i][i] / DRAWS)),
      covariance: law.flatMap((row, i) =>
        row.slice(0, i + 1).map((value, j) => {
          return (found(i, j) - value) / Math.sqrt((law[i][i] * law[j][j] + value * value) / DRAWS);
        }),
      ),
      trace: traceOf((i) => found(i, i)) / trace,
      traceError: Math.sqrt((2 * sum(law.flat().map((value) => value * value))) / DRAWS) / trace,
    };
  }

  const scaled = (factor: number) => (matrix: readonly (readonly number[])[]) =>
    matrix.map((row) => row.map((value) => factor * value));

  const CASES: readonly [string, Record<string, unknown>, Parameters<typeof moments>[1]][] = [
    ['exact', {}, scaled(TEMPERATURE / STEP)],
    // A subset of m adds dt/m (N - m)/(N - 1) to the temperature.
    ['subset of 20', { subset: 20 }, scaled((TEMPERATURE + (STEP / 20) * (20 / 39)) / STEP)],
    [
      'isotropic',
      { covariance: 'isotropic' },
      (matrix) => {
        const trace = sum(matrix.map((row, i) => row[i]));
        const variance = ((TEMPERATURE / STEP) * trace) / matrix.length;
        return matrix.map((row, i) => row.map((_, j) => (i === j ? variance : 0)));
      },
    ],
  ];

  describe.each(CASES)('%s', (_, params, expected) => {
    let found: Moments;
    beforeAll(() => {
      found = moments({ temperature: TEMPERATURE, ...params }, expected);
    });

    it('has the full gradient as its mean', () => {
      // 12 components: P(any beyond 4) = 8e-4.
      expect(Math.max(...found.mean.map(Math.abs))).toBeLessThan(4);
    });

    it('has the covariance that was asked for', () => {
      // 78 entries, each with a standard error of at most sqrt(2/DRAWS) = 0.45 % of its scale.
      expect(Math.max(...found.covariance.map(Math.abs))).toBeLessThan(4.5);
      // Forgetting one of the factors (N - 1)/N would move the trace by 2.5 %.
      expect(found.traceError).toBeLessThan(0.005);
      expect(Math.abs(found.trace - 1)).toBeLessThan(4 * found.traceError);
    });
  });
});

describe('mistakes', () => {
  it('one-pass data', () => {
    const onePass = onSamples(Number.POSITIVE_INFINITY);
    expect(() => opened({ temperature: 1 }, onePass)).toThrow('noise: one-pass data have');
  });

  it('a subset larger than the data set', () => {
    expect(() => opened({ temperature: 1, subset: 41 })).toThrow('noise.subset: 41 distinct samples cannot be drawn');
  });

  it('isotropic noise for a model without sample gradients', () => {
    expect(() => opened({ temperature: 1, covariance: 'isotropic' })).toThrow('noise: isotropic Langevin noise needs');
  });

  it.each([-1, Number.NaN])('temperature %d', (temperature) => {
    expect(() => opened({ temperature })).toThrow('noise.temperature');
  });
});
