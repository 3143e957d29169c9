// The orders of minibatches: what each promises exactly, and the law of the noise that it makes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Model } from '../../../core/contracts/model.js';
import { EigenflowError } from '../../../core/errors.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { chiSquare, create, estimate } from '../workbench.js';

type Order = 'cyclic' | 'reshuffled' | 'fresh-subset' | 'iid';

/** @returns a function from a step to the samples of its batch */
function drawer(order: Order, batchSize: number, samples: number, seed = 1): (step: number) => Int32Array {
  const { component: noise, arena } = create(minibatch, { batchSize, order }, { seed, model: { samples } as Model });
  const batch = arena.indices(batchSize);
  const weights = arena.vector(batchSize);
  arena.seal();
  const clock = new Clock(batchSize / samples);
  return (step) => {
    clock.step = step;
    const n = noise.draw(batch, weights, clock);
    if (n !== batchSize || weights.some((weight) => weight !== 1 / batchSize)) throw new Error('not a minibatch');
    return batch;
  };
}

const sorted = (list: Iterable<number>) => [...list].sort((a, b) => a - b);
const firstIntegers = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('cyclic', () => {
  test('takes the samples in order and wraps round inside a batch', () => {
    const draw = drawer('cyclic', 4, 10);
    expect([0, 1, 2, 3, 4, 5].map((step) => [...draw(step)])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 0, 1],
      [2, 3, 4, 5],
      [6, 7, 8, 9],
      [0, 1, 2, 3],
    ]);
  });

  test('a batch larger than the data set goes round more than once', () => {
    expect([...drawer('cyclic', 7, 3)(1)]).toEqual([1, 2, 0, 1, 2, 0, 1]);
  });

  test.each([1e9, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 7, 1e12, 2 ** 41 - 1])('is exact at step %i', (step) => {
    const [batchSize, samples] = [4096, 10007];
    const draw = drawer('cyclic', batchSize, samples);
    const expected = firstIntegers(batchSize).map((i) =>
      Number((BigInt(step) * BigInt(batchSize) + BigInt(i)) % BigInt(samples)),
    );
    expect([...draw(step)]).toEqual(expected);
  });
});

describe('reshuffled', () => {
  /** The first `epochs` permutations, read off the batches in order. */
  function permutations(batchSize: number, samples: number, epochs: number, seed?: number): number[][] {
    const draw = drawer('reshuffled', batchSize, samples, seed);
    const row: number[] = [];
    for (let step = 0; row.length < epochs * samples; step++) row.push(...draw(step));
    return firstIntegers(epochs).map((epoch) => row.slice(epoch * samples, (epoch + 1) * samples));
  }

  test('uses every sample exactly once per epoch, also when batches straddle epochs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (a, b) => {
        const [batchSize, samples] = [Math.min(a, b), Math.max(a, b)];
        for (const permutation of permutations(batchSize, samples, 4)) {
          expect(sorted(permutation)).toEqual(firstIntegers(samples));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('the permutation of an epoch does not depend on the batch size', () => {
    expect(permutations(7, 50, 3)).toEqual(permutations(10, 50, 3));
  });

  test('is a pure function of the step: any order of asking, any epoch', () => {
    const [batchSize, samples] = [7, 30];
    const inOrder = drawer('reshuffled', batchSize, samples);
    const expected = firstIntegers(60).map((step) => [...inOrder(step)]);
    const draw = drawer('reshuffled', batchSize, samples);
    for (const step of [59, 0, 4, 3, 30, 8, 9, 8, 9, 59, 1]) expect([...draw(step)]).toEqual(expected[step]);
  });

  test('a data set longer than one chunk of random numbers is one permutation, mixed throughout', () => {
    const samples = 5000;
    const [first, second] = permutations(100, samples, 2);
    expect(sorted(first)).toEqual(firstIntegers(samples));
    expect(first).not.toEqual(second);
    // Rank correlation of position and sample: 0 +- 1/sqrt(4999) = 0.014 for a random permutation.
    for (const permutation of [first, second]) {
      const mean = (samples - 1) / 2;
      const products = permutation.map((sample, position) => (sample - mean) * (position - mean));
      const correlation = products.reduce((a, b) => a + b, 0) / ((samples * (samples * samples - 1)) / 12);
      expect(Math.abs(correlation)).toBeLessThan(4 * 0.0142);
    }
  });

  test('every permutation is equally likely: 24 permutations of 4 samples, 24000 epochs', () => {
    const counts = new Map<string, number>();
    for (const permutation of permutations(4, 4, 24000)) {
      const key = permutation.join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: mean 23, standard deviation 6.8; P(> 52) = 5e-4.
    expect(chiSquare([...counts.values()])).toBeLessThan(52);
  });

  test('works far out', () => {
    const draw = drawer('reshuffled', 5, 20);
    const step = 4e9;
    expect(sorted([0, 1, 2, 3].flatMap((k) => [...draw(step + k)]))).toEqual(firstIntegers(20));
  });
});

describe('fresh-subset', () => {
  test('samples are distinct', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (batchSize, more, step) => {
          const samples = batchSize + more;
          const batch = [...drawer('fresh-subset', batchSize, samples)(step)];
          expect(new Set(batch).size).toBe(batchSize);
          expect(batch.every((sample) => sample >= 0 && sample < samples)).toBe(true);
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });

  test('the whole data set when the batch is as large', () => {
    expect(sorted(drawer('fresh-subset', 12, 12)(5))).toEqual(firstIntegers(12));
  });

  test('large batches of large data sets, where the table of samples has collisions', () => {
    const batch = drawer('fresh-subset', 20000, 2 ** 31 - 1)(3);
    expect(new Set(batch).size).toBe(20000);
  });

  test('every subset is equally likely: 20 subsets of 3 out of 6, 20000 steps', () => {
    const draw = drawer('fresh-subset', 3, 6);
    const counts = new Map<string, number>();
    for (let step = 0; step < 20000; step++) {
      const key = sorted(draw(step)).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(20);
    // 19 degrees of freedom: mean 19, standard deviation 6.2; P(> 46) = 5e-4.
    expect(chiSquare([...counts.values()])).toBeLessThan(46);
  });
});

describe('iid', () => {
  test('pairs of samples are independent and uniform: 36 pairs, 36000 steps', () => {
    const draw = drawer('iid', 2, 6);
    const within = Array(36).fill(0);
    const across = Array(36).fill(0);
    let last = 0;
    for (let step = 0; step < 36000; step++) {
      const [a, b] = draw(step);
      within[6 * a + b] += 1;
      across[6 * last + a] += 1;
      last = b;
    }
    // 35 degrees of freedom: mean 35, standard deviation 8.4; P(> 69) = 5e-4.
    expect(chiSquare(within)).toBeLessThan(69);
    expect(chiSquare(across)).toBeLessThan(69);
  });
});

describe('noise at fixed weights', () => {
  // One number per sample stands for its gradient. N = 12 samples, B = 4.
  const [samples, batchSize] = [12, 4];
  const gradients = firstIntegers(samples).map((n) => Math.cos(n * n));
  const mean = gradients.reduce((a, b) => a + b, 0) / samples;
  const variance = gradients.reduce((a, b) => a + (b - mean) ** 2, 0) / samples;
  const steps = 120_000;

  const deviation = (batch: Int32Array) => batch.reduce((sum, n) => sum + gradients[n], 0) / batch.length - mean;

  /** B x variance of the gradient of one step / variance over samples, from 200 blocks of 600 steps. */
  function relativeVariance(order: Order) {
    const draw = drawer(order, batchSize, samples);
    const squares = firstIntegers(steps).map((step) => (batchSize * deviation(draw(step)) ** 2) / variance);
    const block = steps / 200;
    return estimate(
      firstIntegers(200).map((k) => squares.slice(k * block, (k + 1) * block).reduce((a, b) => a + b, 0) / block),
    );
  }

  const withoutReplacement = (samples - batchSize) / (samples - 1);
  test.each([
    ['iid', 1],
    ['fresh-subset', withoutReplacement],
    ['reshuffled', withoutReplacement],
  ] as [Order, number][])('%s: covariance of one step', (order, expected) => {
    const { value, standardError } = relativeVariance(order);
    // The error bar is bounded too: a broken law cannot hide in a wide one. 1 and 8/11 are 0.27 apart.
    expect(standardError).toBeLessThan(0.006);
    expect(Math.abs(value - expected)).toBeLessThan(4 * standardError);
  });

  test.each([
    ['iid', 1],
    ['fresh-subset', withoutReplacement],
  ] as [Order, number][])('%s: steps are independent', (order, expected) => {
    const draw = drawer(order, batchSize, samples);
    const products = firstIntegers(steps / 2).map((k) => {
      const first = deviation(draw(2 * k));
      return (batchSize * first * deviation(draw(2 * k + 1))) / variance;
    });
    const { value, standardError } = estimate(products);
    // A product of two independent deviations has this standard deviation at most, in units of the variance.
    expect(standardError).toBeLessThan((expected * 1.5) / Math.sqrt(steps / 2));
    expect(Math.abs(value)).toBeLessThan(4 * standardError);
  });

  test('reshuffled: the noise of a whole epoch cancels', () => {
    const draw = drawer('reshuffled', batchSize, samples);
    for (let epoch = 0; epoch < 50; epoch++) {
      const sum = [0, 1, 2].reduce((total, k) => total + deviation(draw(3 * epoch + k)), 0);
      expect(Math.abs(sum)).toBeLessThan(1e-14);
    }
  });

  test('cyclic: the same force in every epoch', () => {
    const draw = drawer('cyclic', batchSize, samples);
    for (let step = 0; step < 30; step++) expect(deviation(draw(step + 3))).toBe(deviation(draw(step)));
  });
});

describe('one-pass data', () => {
  test.each(['cyclic', 'reshuffled', 'fresh-subset', 'iid'] as const)('%s: every sample is a new one', (order) => {
    const draw = drawer(order, 4, Number.POSITIVE_INFINITY);
    expect([...draw(0)]).toEqual([0, 1, 2, 3]);
    expect([...draw(1000)]).toEqual([4000, 4001, 4002, 4003]);
  });

  test('ends with the last 32-bit sample number', () => {
    const draw = drawer('iid', 4, Number.POSITIVE_INFINITY);
    expect(draw(2 ** 29 - 1)[3]).toBe(2 ** 31 - 1);
    expect(() => draw(2 ** 29)).toThrow('one-pass data end after 2^31 samples');
  });
});

describe('mistakes', () => {
  test.each(['reshuffled', 'fresh-subset'] as const)('%s: more samples than there are', (order) => {
    let caught: unknown;
    try {
      drawer(order, 5, 4);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EigenflowError);
    expect(caught).toMatchObject({ code: 'parameter', path: 'noise.batchSize' });
    expect((caught as Error).message).toContain('5 samples cannot be distinct in a data set of 4');
  });

  test('the order has no default', () => {
    expect(() => create(minibatch, { batchSize: 4 })).toThrow('noise.order: is required (one of cyclic, reshuffled');
  });
});

describe('period', () => {
  const period = (order: Order, batchSize: number, samples: number) =>
    create(minibatch, { batchSize, order }, { model: { samples } as Model }).component.period;

  test.each([
    [4, 4000, 1000],
    [7, 40, 40],
    [6, 40, 20],
    [40, 40, 1],
    [50, 40, 4],
  ])('cyclic batches of %i among %i samples come again after %i steps', (batchSize, samples, steps) => {
    expect(period('cyclic', batchSize, samples)).toBe(steps);
  });

  test.each(['reshuffled', 'fresh-subset', 'iid'] as const)('%s: none', (order) => {
    expect(period(order, 4, 40)).toBeUndefined();
  });

  test('one-pass data: none', () => {
    expect(period('cyclic', 4, Number.POSITIVE_INFINITY)).toBeUndefined();
  });
});

describe('replicas', () => {
  /** Batches of the first five steps. */
  function batches(order: Order, params: Readonly<Record<string, unknown>>, samples = 100): number[][] {
    const model = { samples } as Model;
    const { component: noise, arena } = create(minibatch, { batchSize: 8, order, ...params }, { model });
    const [batch, weights, clock] = [arena.indices(8), arena.vector(8), new Clock()];
    return firstIntegers(5).map((step) => {
      clock.step = step;
      noise.draw(batch, weights, clock);
      return [...batch];
    });
  }

  test.each(['reshuffled', 'fresh-subset', 'iid'] as const)(
    '%s: another replica, other batches; 0 is none',
    (order) => {
      const [none, zero, one, two] = [{}, { replica: 0 }, { replica: 1 }, { replica: 2 }].map((p) => batches(order, p));
      expect(zero).toEqual(none);
      expect(one).not.toEqual(none);
      expect(two).not.toEqual(one);
      expect(batches(order, { replica: 1 })).toEqual(one);
    },
  );

  test('are refused where nothing is drawn', () => {
    expect(() => batches('cyclic', { replica: 1 })).toThrow('noise.replica: 1 has no effect: the order "cyclic" draws');
    expect(() => batches('iid', { replica: 1 }, Number.POSITIVE_INFINITY)).toThrow('one-pass data are drawn by the');
  });
});

test('seeds give different batches, and the same seed the same', () => {
  for (const order of ['reshuffled', 'fresh-subset', 'iid'] as const) {
    const batches = (seed: number) => {
      const draw = drawer(order, 8, 100, seed);
      return firstIntegers(5).map((step) => [...draw(step)]);
    };
    expect(batches(1)).toEqual(batches(1));
    expect(batches(1)).not.toEqual(batches(2));
  }
});
