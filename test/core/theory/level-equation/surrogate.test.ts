// Coefficients of a closed level equation: conventions of the level process, regression of the drift, paths.
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../../core/container.js';
import type { Series } from '../../../../core/contracts/classifier.js';
import { gather } from '../../../../core/engine/gather.js';
import { run } from '../../../../core/engine/run.js';
import { openMemory } from '../../../../core/kernels/arena.js';
import { resolveScenario } from '../../../../core/scenario/resolve.js';
import { coefficientFrames, type LevelCoefficients } from '../../../../core/theory/level-equation/coefficients.js';
import { frozenCoefficients, linearisedCoefficients } from '../../../../core/theory/level-equation/surrogate.js';
import langevin from '../../../../plugins/langevin/index.js';
import sgd from '../../../../plugins/sgd/index.js';
import teacherStudent from '../../../../plugins/teacher-student/index.js';
import { published } from '../../../physics/langevin/published-network.js';
import { eliminate } from '../../statistics/eliminate.js';

/** Three levels, descending as measured. */
const frame: LevelCoefficients = {
  levels: [3, 2, 1],
  meanMatrix: [30, 0.1, 0.2, 0.1, 20, 0.3, 0.2, 0.3, 10],
  variance: [9, 32, 31, 32, 8, 21, 31, 21, 7],
  levelCovariance: [9, 0.32, 0.31, 0.32, 8, 0.21, 0.31, 0.21, 7],
  traceDrift: [0.3, 0.2, 0.1],
  meanGradientSquares: [0, 0, 0],
};

describe('frozen', () => {
  it('puts the levels in ascending order and nothing on the diagonal of V', () => {
    const { reference, drift, driftSlope, offDiagonalVariance, diagonalCovariance, traceDrift } =
      frozenCoefficients(frame);
    expect([...reference]).toEqual([1, 2, 3]);
    expect([...drift]).toEqual([10, 20, 30]);
    expect([...driftSlope]).toEqual(Array(9).fill(0));
    expect([...offDiagonalVariance]).toEqual([0, 21, 31, 21, 0, 32, 31, 32, 0]);
    expect([...diagonalCovariance]).toEqual([7, 0.21, 0.31, 0.21, 8, 0.32, 0.31, 0.32, 9]);
    expect([...traceDrift]).toEqual([0.1, 0.2, 0.3]);
  });
});

describe('linearised', () => {
  /** Slopes for levels in descending order, and an ensemble whose drift is exactly linear. */
  const slopes = [
    [-3, 0.5, 0.1],
    [0.2, -2, 0.4],
    [0, 0.3, -1],
  ];
  const ensemble = (replicas: number): LevelCoefficients[] =>
    Array.from({ length: replicas }, (_, r) => {
      const deviation = [Math.cos(3 * r), Math.cos(5 * r + 1), Math.cos(7 * r + 2)].map((x) => x / 10);
      const drift = slopes.map((row, i) => 10 * (3 - i) + row.reduce((sum, k, j) => sum + k * deviation[j], 0));
      return {
        ...frame,
        levels: [3, 2, 1].map((level, i) => level + deviation[i]),
        meanMatrix: [drift[0], 0, 0, 0, drift[1], 0, 0, 0, drift[2]],
      };
    });

  it('finds the slopes of a drift that is linear', () => {
    const found = linearisedCoefficients(ensemble(40), 0);
    // Ascending order turns the matrix by half a turn.
    const expected = slopes.flat().reverse();
    found.driftSlope.forEach((slope, k) => {
      expect(slope).toBeCloseTo(expected[k], 10);
    });
    found.explained.forEach((fraction) => {
      expect(fraction).toBeCloseTo(1, 12);
    });
  });

  it('is centred on the means of the ensemble', () => {
    const frames = ensemble(40);
    const { reference, drift } = linearisedCoefficients(frames);
    const mean = (of: (f: LevelCoefficients) => number) => frames.reduce((sum, f) => sum + of(f), 0) / frames.length;
    for (let i = 0; i < 3; i++) {
      expect(reference[i]).toBeCloseTo(
        mean((f) => f.levels[2 - i]),
        12,
      );
      expect(drift[i]).toBeCloseTo(
        mean((f) => f.meanMatrix[4 * (2 - i)]),
        12,
      );
    }
  });

  it('gives the slopes of ridge regression, by its normal equations', () => {
    const ridge = 0.05;
    // Drifts that are not linear, so that every slope depends on the ridge.
    const frames = ensemble(12).map((one, r) => ({
      ...one,
      meanMatrix: Array.from(one.meanMatrix, (value, k) => (k % 4 === 0 ? value + Math.sin(2 * r + k) : value)),
    }));
    const states = frames.map(frozenCoefficients);
    const centred = (of: (state: (typeof states)[0]) => number) => {
      const values = states.map(of);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.map((value) => value - mean);
    };
    const levels = [0, 1, 2].map((i) => centred(({ reference }) => reference[i]));
    const drifts = [0, 1, 2].map((i) => centred(({ drift }) => drift[i]));
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, r) => sum + value * b[r], 0) / 12;
    const matrix = levels.flatMap((a, i) => levels.map((b, j) => dot(a, b) * (i === j ? 1 + ridge : 1)));
    const expected = drifts.map((drift) =>
      eliminate(
        matrix,
        3,
        levels.map((level) => dot(drift, level)),
        1,
      ),
    );
    const { driftSlope } = linearisedCoefficients(frames, ridge);
    driftSlope.forEach((slope, k) => {
      expect(slope).toBeCloseTo(expected[Math.floor(k / 3)][k % 3], 9);
    });
  });

  it('refuses levels whose variance cannot be written as a number', () => {
    const huge = [1, 2, 3, 4, 5].map((r) => ({ ...frame, levels: [3, 2, 1].map((level) => level * r * 1e200) }));
    expect(() => linearisedCoefficients(huge)).toThrow('the covariance of 3 levels over 5 replicas has no inverse');
  });

  it('shrinks the slopes with the ridge, where there are too few replicas as well', () => {
    const size = (ridge: number, replicas = 40) =>
      Math.hypot(...linearisedCoefficients(ensemble(replicas), ridge).driftSlope);
    expect(size(1)).toBeLessThan(size(1e-3));
    expect(Number.isFinite(size(0.1, 3))).toBe(true);
    expect(() => linearisedCoefficients(ensemble(4), 0)).toThrow('4 replicas do not determine the slopes of 3 levels');
    expect(() => linearisedCoefficients([frame, frame])).toThrow('the levels of all replicas are the same');
  });
});

it('reads the frames of a run', async () => {
  const registry = createRegistry([langevin, sgd, teacherStudent]);
  const noFiles = (path: string): never => {
    throw new Error(`no file ${path} in this test`);
  };
  const { runs } = resolveScenario(
    {
      ...published,
      steps: 20,
      model: { use: 'teacher-student', samples: 50, hidden: [5], features: 3 },
      noise: { use: 'langevin', temperature: 1 / 32 },
      observers: { coefficients: { use: 'dyson-coefficients', block: 'W', when: { at: [0, 10, 20] } } },
    },
    registry,
    noFiles,
  );
  const result = await lastValueFrom(gather(run(runs[0], { registry, memory: openMemory(), load: noFiles })));
  const { time, frames } = coefficientFrames((channel) => result.series.get(`coefficients.${channel}`) as Series);
  expect(time).toEqual([0, 10 / 256, 20 / 256]);
  const drift = result.series.get('coefficients.drift')?.data ?? [];
  frames.forEach((coefficients, i) => {
    const { reference, drift: ascending } = frozenCoefficients(coefficients);
    expect([...reference]).toEqual([...reference].sort((a, b) => a - b));
    expect([...ascending].reverse()).toEqual([...drift.slice(3 * i, 3 * i + 3)]);
  });
});
