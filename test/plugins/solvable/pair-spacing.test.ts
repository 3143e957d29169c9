// Theory of the repelling pair: limits, and the exact moments against a simulation of the linear recursion.
import { describe, expect, test } from 'vitest';
import { mean, meanEstimate } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import {
  annealedSecondMoment,
  type InputCovariance,
  noiseScale,
  type PairSetting,
  pairSigma,
  quenchedMeanSpacing,
} from './theory/pair-spacing.js';

const setting: PairSetting = { learningRate: 0.3, batchSize: 16, noiseWidth: 0.1 };

test('published numbers: sqrt(pi/(1 - learning rate/2)) at 0.1, 0.3 and 0.5', () => {
  for (const [learningRate, expected] of [
    [0.1, 1.8185],
    [0.3, 1.9225],
    [0.5, 2.0467],
  ]) {
    const at = { ...setting, learningRate };
    expect((Math.sqrt(Math.PI) * pairSigma(at)) / noiseScale(at)).toBeCloseTo(expected, 3);
  }
});

describe('limits', () => {
  const step: InputCovariance = [1, 0, 1];

  test('with inputs that are exactly white, the quenched spacing is sqrt(pi) sigma', () => {
    const spacing = quenchedMeanSpacing(Array(200).fill(step), setting);
    expect(spacing / (Math.sqrt(Math.PI) * pairSigma(setting))).toBeCloseTo(1, 12);
  });

  test('with large batches at fixed T the second moment is 4 sigma^2', () => {
    const large = { learningRate: 0.3, batchSize: 1e9, noiseWidth: 0.1 };
    expect(annealedSecondMoment(large) / (4 * pairSigma(large) ** 2)).toBeCloseTo(1, 6);
  });

  test('there is no moment where the inputs alone blow the weights up', () => {
    expect(annealedSecondMoment({ learningRate: 0.9, batchSize: 1, noiseWidth: 0.1 })).toBeNaN();
  });
});

/** W - W_t after 60 steps at learning rate 1/2, batch 4: strong noise of the inputs. */
const strong: PairSetting = { learningRate: 0.5, batchSize: 4, noiseWidth: 1 };
const random = createRandomSource(1, 'linear recursion');

function drawInputs(): InputCovariance[] {
  return Array.from({ length: 60 }, () => {
    let [a, b, c] = [0, 0, 0];
    for (let s = 0; s < strong.batchSize; s++) {
      const [x, y] = [random.normal(), random.normal()];
      a += (x * x) / strong.batchSize;
      b += (x * y) / strong.batchSize;
      c += (y * y) / strong.batchSize;
    }
    return [a, b, c];
  });
}

function spacing(inputs: readonly InputCovariance[]): number {
  const rate = strong.learningRate;
  const width = strong.noiseWidth / Math.sqrt(strong.batchSize);
  let [d11, d12, d21, d22] = [0, 0, 0, 0];
  for (const [a, b, c] of inputs) {
    const off = width * random.normal();
    const diagonal = [0, 1].map(() => Math.SQRT2 * width * random.normal());
    [d11, d12] = [d11 - rate * (d11 * a + d12 * b - diagonal[0]), d12 - rate * (d11 * b + d12 * c - off)];
    [d21, d22] = [d21 - rate * (d21 * a + d22 * b - off), d22 - rate * (d21 * b + d22 * c - diagonal[1])];
  }
  return Math.hypot(d11 - d22, d12 + d21);
}

test('second moment over inputs and noise: 20 000 realisations', () => {
  const { value, error } = meanEstimate(
    Array.from({ length: 20_000 }, () => spacing(drawInputs()) ** 2 / noiseScale(strong) ** 2),
  );
  const expected = annealedSecondMoment(strong) / noiseScale(strong) ** 2;
  // 24 % above first order in T, so that the test sees the next orders.
  expect(expected).toBeGreaterThan(1.2 * 4 * (pairSigma(strong) / noiseScale(strong)) ** 2);
  expect(error).toBeLessThan(0.015 * expected);
  expect(Math.abs(value - expected)).toBeLessThan(4 * error);
});

test('mean spacing given the inputs: 10 000 realisations of the noise on two sets of inputs', () => {
  for (let set = 0; set < 2; set++) {
    const inputs = drawInputs();
    const { value, error } = meanEstimate(Array.from({ length: 10_000 }, () => spacing(inputs)));
    const expected = quenchedMeanSpacing(inputs, strong);
    expect(error).toBeLessThan(0.008 * expected);
    expect(Math.abs(value - expected)).toBeLessThan(4 * error);
  }
});

test('the mean over inputs of the quenched spacing is below that of a normal law with the annealed moment', () => {
  const quenched = mean(Array.from({ length: 500 }, () => quenchedMeanSpacing(drawInputs(), strong)));
  const gaussian = Math.sqrt((Math.PI / 4) * annealedSecondMoment(strong));
  expect(quenched).toBeLessThan(gaussian);
  expect(quenched).toBeGreaterThan(0.9 * gaussian);
});
