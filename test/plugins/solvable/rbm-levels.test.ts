// Theory of the machine's levels: limits in closed form, and numbers of an independent evaluation of the same formulas.
import { describe, expect, test } from 'vitest';
import { latticeLevels, levelSigma, meanLevels, type RbmSetting, varianceFactor } from './theory/rbm-levels.js';

const setting: RbmSetting = { sites: 10, visibleMass: 3, latticeMass: 2 };
const kappa = latticeLevels(setting);

test('six levels, four of them twofold: 4 4.382 5.382 6.618 7.618 8', () => {
  [4, 4.382, 4.382, 5.382, 5.382, 6.618, 6.618, 7.618, 7.618, 8].forEach((level, i) => {
    expect(kappa[i]).toBeCloseTo(level, 3);
  });
});

test('mean spacing of a pair is 2.507 sqrt(T (mu^2 - kappa))', () => {
  const sigma = levelSigma(setting, kappa[1], 0.001);
  expect((Math.sqrt(Math.PI) * sigma) / Math.sqrt(0.001 * (9 - kappa[1]))).toBeCloseTo(2.5066, 4);
});

test.each([
  [0.1 / 64, [0.991, 1.0039, 1.0045, 1.0038, 1.0035, 1.0047]],
  [0.1 / 16, [0.962, 1.0158, 1.018, 1.0153, 1.0141, 1.019]],
])('mean levels over kappa at T = %d', (temperature, expected) => {
  const levels = meanLevels(setting, temperature);
  [0, 1, 3, 5, 7, 9].forEach((i, k) => {
    expect(Math.abs(levels[i] / kappa[i] - expected[k])).toBeLessThan(6e-4);
  });
  for (const pair of [1, 3, 5, 7]) expect(levels[pair]).toBeCloseTo(levels[pair + 1], 12);
});

test('the shift is proportional to T', () => {
  const [one, two] = [meanLevels(setting, 0.001), meanLevels(setting, 0.002)];
  kappa.forEach((level, i) => {
    expect((two[i] - level) / (one[i] - level)).toBeCloseTo(2, 9);
  });
});

describe('variance factor', () => {
  test('in the limit of small steps is that of the chains: (1 + r^2)/(1 - r^2)', () => {
    kappa.forEach((level, i) => {
      const remembered = (1 - level / 9) ** 6;
      const factor = varianceFactor(setting, level, { learningRate: 1e-9, sweeps: 3 });
      expect(factor).toBeCloseTo((1 + remembered) / (1 - remembered), 8);
      expect(factor).toBeCloseTo([1.06, 1.04, 1.04, 1.01, 1.01, 1, 1, 1, 1, 1][i], 2);
    });
  });

  test('without memory is that of an Ornstein-Uhlenbeck process in steps', () => {
    const omega = (2 * (9 - 4)) / 16;
    expect(varianceFactor(setting, 4, { learningRate: 0.2, sweeps: 200 })).toBeCloseTo(1 / (1 - 0.1 * omega), 12);
  });

  test('is the variance of a recursion driven by correlated noise', () => {
    const [learningRate, sweeps] = [0.2, 1];
    const back = 1 - (2 * learningRate * 5) / 16;
    const rho = (5 / 9) ** 2;
    // Sum over lags of the response, by brute force: y = sum_k back^k e_{-k}, <e_i e_j> = rho^|i - j|.
    let sum = 0;
    for (let i = 0; i < 400; i++) for (let j = 0; j < 400; j++) sum += back ** (i + j) * rho ** Math.abs(i - j);
    const continuous = 1 / (2 * (1 - back));
    expect(varianceFactor(setting, 4, { learningRate, sweeps })).toBeCloseTo(sum / continuous, 8);
  });
});
