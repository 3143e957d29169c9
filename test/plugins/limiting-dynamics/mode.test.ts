// Laws of one mode against the discrete Lyapunov equation stepped by hand, published numbers and each other.
import { describe, expect, test } from 'vitest';
import {
  circulation,
  damping,
  displacement,
  type Mode,
  meanAfter,
  oscillator,
  scatterAfter,
  stationary,
} from '../../../plugins/limiting-dynamics/theory/mode.js';
import { displacementByQuadrature, lyapunov, solvedDisplacement } from './theory/discrete-lyapunov.js';

const published = Array.from({ length: 20 }, (_, i): Mode => {
  const curvature = (i + 1) ** -1.5;
  return { learningRate: 0.05, momentum: 0.9, curvature, noise: (0.25 * curvature) / 32 };
});
const sumOf = (of: (mode: Mode) => number) => published.reduce((sum, mode) => sum + of(mode), 0);

const settings: readonly Mode[] = [
  { learningRate: 0.7, momentum: 0, curvature: 2, noise: 1 },
  { learningRate: 0.05, momentum: 0.9, curvature: 1, noise: 0.01 },
  { learningRate: 0.05, momentum: 0.9, curvature: 0.01, noise: 0.3 },
  { learningRate: 0.4, momentum: 0.5, curvature: 6, noise: 2 },
];

describe('discrete steps', () => {
  test.each(settings)('second moments solve the Lyapunov equation: %o', (mode) => {
    const solved = lyapunov(mode);
    const { position, velocity, covariance } = stationary(mode);
    expect(position / solved.position).toBeCloseTo(1, 9);
    expect(velocity / solved.velocity).toBeCloseTo(1, 9);
    expect(covariance / solved.covariance).toBeCloseTo(1, 9);
  });

  test.each(settings)('displacement, current, mean and scatter on the way, stepped by hand: %o', (mode) => {
    for (const lag of [1, 2, 3, 17, 100]) {
      expect(displacement(mode, lag) / solvedDisplacement(mode, lag)).toBeCloseTo(1, 7);
      const solved = lyapunov(mode, lag);
      expect(meanAfter(mode, lag, 1)[0]).toBeCloseTo(solved.mean, 10);
      const scatter = scatterAfter(mode, lag);
      expect(scatter.position / solved.position).toBeCloseTo(1, 6);
      expect(scatter.velocity / solved.velocity).toBeCloseTo(1, 6);
      expect(Math.abs(scatter.covariance - solved.covariance)).toBeLessThan(
        1e-6 * Math.sqrt(solved.position * solved.velocity),
      );
    }
    expect(displacement(mode, 1)).toBeCloseTo(mode.learningRate ** 2 * stationary(mode).velocity, 12);
    expect(circulation(mode)).toBeCloseTo(-solvedDisplacement(mode, 2) / (4 * mode.learningRate), 10);
  });

  test('the variance of plain descent is that of an autoregressive process', () => {
    // h = 2, learning rate 0.7, unit noise: 0.7/(2 (2 - 1.4)).
    expect(stationary(settings[0]).position).toBeCloseTo(0.583333, 6);
  });

  test('numbers of a reference program, 20 modes', () => {
    expect(sumOf((mode) => stationary(mode).velocity)).toBeCloseTo(0.089912, 6);
    expect(sumOf((mode) => stationary(mode).position)).toBeCloseTo(0.0391187, 7);
    const displacements = [
      [1, 2.2478e-4],
      [3, 1.8124e-3],
      [10, 1.31775e-2],
      [30, 3.35055e-2],
      [100, 5.96139e-2],
      [300, 7.4973e-2],
      [1000, 7.82125e-2],
    ];
    for (const [lag, value] of displacements) {
      expect(Math.abs(sumOf((mode) => displacement(mode, lag)) / value - 1)).toBeLessThan(3e-5);
    }
    expect(published.filter((mode) => damping(mode) < 1)).toHaveLength(7);
  });

  test('there is no stationary state beyond the edge of stability, nor without curvature', () => {
    const edge = 2 * (1 + 0.5);
    const mode = { learningRate: 1, momentum: 0.5, noise: 1 };
    expect(stationary({ ...mode, curvature: edge * 0.999 }).position).toBeGreaterThan(100);
    expect(stationary({ ...mode, curvature: edge * 1.001 }).position).toBeNaN();
    expect(stationary({ ...mode, curvature: 0 }).position).toBeNaN();
  });

  test('a mode is under-damped where a step has complex eigenvalues', () => {
    for (const momentum of [0.5, 0.9, 0.99]) {
      for (const x of [1e-5, 1e-3, 0.01, 0.05, 0.2, 1]) {
        const traceOfStep = 1 + momentum - x;
        const isComplex = traceOfStep * traceOfStep < 4 * momentum;
        expect(damping({ learningRate: x, momentum, curvature: 1 }) < 1).toBe(isComplex);
      }
    }
  });
});

describe('continuous limit', () => {
  test('published variances, which ask for equipartition of position and velocity', () => {
    expect(sumOf((mode) => oscillator(mode).velocity)).toBeCloseTo(0.089255, 6);
    expect(sumOf((mode) => oscillator(mode).position)).toBeCloseTo(0.0390625, 10);
    for (const mode of published) {
      const { frequency, position, velocity } = oscillator(mode);
      expect((frequency ** 2 * position) / velocity).toBeCloseTo(1, 12);
    }
  });

  test('solves its equation of motion, oscillating, critical and over-damped', () => {
    const h = 1e-4;
    const critical = { learningRate: 0.05, momentum: 0.9, curvature: 0.1 ** 2 / (0.05 * 1.9 * 2), noise: 1 };
    for (const mode of [...settings.slice(1), critical]) {
      const { friction, frequency, mean } = oscillator(mode);
      for (const t of [0.3, 2]) {
        const [q, v] = mean(t, 1, -0.5);
        const [ahead, aheadV] = mean(t + h, 1, -0.5);
        const [behind, behindV] = mean(t - h, 1, -0.5);
        expect((ahead - behind) / (2 * h)).toBeCloseTo(v, 4);
        expect((aheadV - behindV) / (2 * h)).toBeCloseTo(-2 * friction * v - frequency ** 2 * q, 3);
      }
      expect(mean(0, 1, -0.5)).toEqual([1, -0.5]);
    }
  });

  test('is what discrete steps come to where they are small', () => {
    for (const curvature of [1, 0.001]) {
      // Per step friction is about (1 - momentum)/2 and frequency sqrt(learning rate x curvature): both shrink alike.
      const deviations = [1e-2, 1e-3].map((small) => {
        const mode = { learningRate: small * small, momentum: 1 - small, curvature, noise: 1 };
        const lag = Math.round(1 / small);
        return Math.abs(displacement(mode, lag) / oscillator(mode).displacement(lag) - 1);
      });
      expect(deviations[1]).toBeLessThan(0.005);
      expect(deviations[1]).toBeLessThan(0.15 * deviations[0]);
    }
  });

  test('a displacement is twice the integral of velocity correlations', () => {
    const mode = published[3];
    const { velocity, velocityCorrelation, displacement: of } = oscillator(mode);
    const [t, n] = [4, 4000];
    const dt = t / n;
    let integral = 0;
    for (let j = 0; j < n; j++)
      integral += 2 * velocity * (t - (j + 0.5) * dt) * velocityCorrelation((j + 0.5) * dt) * dt;
    expect(of(t / mode.learningRate) / integral).toBeCloseTo(1, 5);
  });

  test('summed over steps the correlations overshoot at long lags, as they do for the reference program', () => {
    const over = (lag: number) => displacementByQuadrature(published, lag) / sumOf((mode) => displacement(mode, lag));
    expect(Math.abs(over(300) - 1)).toBeLessThan(0.016);
    expect(over(1000)).toBeCloseTo(1.05, 2);
    expect(over(3000)).toBeCloseTo(1.15, 2);
  });
});
