// The Gaussian-process classifier behind advice, against definitions, finite differences, quadrature and explicit refits.
import { describe, expect, test } from 'vitest';
import { contrastBasis, softmax } from '../../../../core/phases/contrasts.js';
import { covariances, featuresOf, rowOf } from '../../../../core/phases/covariance.js';
import { leaveOneCellOut } from '../../../../core/phases/leave-one-out.js';
import { type Observation, sortObservations } from '../../../../core/phases/observations.js';
import { posteriorOf } from '../../../../core/phases/posterior.js';
import { correlated, createSurface, latentTogether, mirroredNormals } from '../../../../core/phases/prediction.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { eliminate } from '../../statistics/eliminate.js';

const smoothness = { lengths: [2, 3], amplitude: 2, instanceSpread: 0.8 };

/** A 4 x 4 grid with 3 instances; labels from a plane that shifts with the instance. */
function smallMap(): Observation[] {
  const random = createRandomSource(5, 'small map');
  return Array.from({ length: 48 }, (_, i) => {
    const at = [i % 4, Math.floor(i / 4) % 4];
    const instance = Math.floor(i / 16);
    const height = at[0] - at[1] + 0.7 * (instance - 1) + 0.5 * random.normal();
    const label = height > 1 ? 2 : height > -0.5 ? 1 : 0;
    return { at, instance, labels: [0, 1, 2].map((k) => (k === label ? 1 : 0)) };
  });
}

describe('labels', () => {
  test('contrasts are orthonormal and sum to zero', () => {
    for (const labels of [2, 3, 4]) {
      const basis = contrastBasis(labels);
      const columns = labels - 1;
      for (let a = 0; a < columns; a++) {
        for (let b = 0; b < columns; b++) {
          let product = 0;
          for (let k = 0; k < labels; k++) product += basis[k * columns + a] * basis[k * columns + b];
          expect(product).toBeCloseTo(a === b ? 1 : 0, 14);
        }
        expect(Array.from({ length: labels }, (_, k) => basis[k * columns + a]).reduce((x, y) => x + y)).toBeCloseTo(
          0,
          14,
        );
      }
    }
  });

  test('softmax is that of the logits, also where they are huge', () => {
    const [p] = [softmax(Float64Array.of(0.3, -1.2), contrastBasis(3), 3)];
    const basis = contrastBasis(3);
    const logits = [0, 1, 2].map((k) => basis[2 * k] * 0.3 + basis[2 * k + 1] * -1.2);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    logits.forEach((logit, k) => {
      expect(p[k]).toBeCloseTo(Math.exp(logit) / sum, 14);
    });
    expect([...softmax(Float64Array.of(1e4), contrastBasis(2), 2)]).toEqual([1, 0]);
  });
});

describe('the prior', () => {
  test('few features reproduce the covariance of a grid', () => {
    const places = Array.from({ length: 144 }, (_, i) => [i % 12, Math.floor(i / 12)]);
    const wide = { lengths: [8, 8], amplitude: 8, instanceSpread: 1 };
    const { rank, rows } = featuresOf(places, wide);
    expect(rank).toBeLessThan(100);
    const exact = covariances(places, places, wide);
    let worst = 0;
    for (let i = 0; i < 144; i++) {
      for (let j = 0; j < 144; j++) {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += rows[i * rank + k] * rows[j * rank + k];
        worst = Math.max(worst, Math.abs(sum - exact[i * 144 + j]));
      }
    }
    // Variances are 64; what is left out is at most 0.01.
    expect(worst).toBeLessThan(0.011);
  });

  test('a place beside the grid takes of each feature what solving with the factor gives, a pivot its own row', () => {
    const places = Array.from({ length: 30 }, (_, i) => [i % 6, Math.floor(i / 6)]);
    const features = featuresOf(places, smoothness);
    const { rank, rows, columns, pivots, factor } = features;
    const place = [2.3, 1.7];
    const expected = eliminate(factor, rank, covariances(pivots, [place], smoothness), 1);
    rowOf(features, place, smoothness).forEach((value, j) => {
      expect(value).toBeCloseTo(expected[j], 12);
    });
    const own = places.indexOf(pivots[4] as number[]);
    rowOf(features, pivots[4], smoothness).forEach((value, j) => {
      expect(value).toBeCloseTo(rows[own * rank + j], 9);
      expect(columns[j][own]).toBe(rows[own * rank + j]);
    });
  });

  test('the covariance is amplitude^2 at no distance and that of Matern 5/2 elsewhere', () => {
    const [same, apart] = covariances(
      [[0, 0]],
      [
        [0, 0],
        [1, 1.5],
      ],
      smoothness,
    );
    expect(same).toBe(4);
    const r = Math.sqrt(5) * Math.hypot(1 / 2, 1.5 / 3);
    expect(apart).toBeCloseTo(4 * (1 + r + (r * r) / 3) * Math.exp(-r), 13);
  });
});

describe('the posterior', () => {
  const observed = sortObservations(smallMap(), 3);
  const posterior = posteriorOf(observed, smoothness);
  const { features, width, basis, mode } = posterior;

  /** Written from the definition, run by run. */
  function logPosterior(white: Float64Array): number {
    let sum = 0;
    for (const { cell, instance, labels } of observed.runs) {
      const z = [0, 1].map((a) => {
        let f = 0;
        for (let j = 0; j < features.rank; j++) f += features.rows[cell * features.rank + j] * white[a * width + j];
        return f + smoothness.instanceSpread * white[a * width + features.rank + instance];
      });
      const logits = [0, 1, 2].map((k) => basis[2 * k] * z[0] + basis[2 * k + 1] * z[1]);
      const norm = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
      labels.forEach((weight, k) => {
        sum += weight * (logits[k] - norm);
      });
    }
    return sum - white.reduce((total, value) => total + (value * value) / 2, 0);
  }
  const moved = (...steps: readonly (readonly [number, number])[]) => {
    const white = mode.slice();
    for (const [i, by] of steps) white[i] += by;
    return logPosterior(white);
  };

  test('its mode is the maximum: no derivative is left', () => {
    const h = 1e-5;
    for (let i = 0; i < mode.length; i++) expect((moved([i, h]) - moved([i, -h])) / (2 * h)).toBeCloseTo(0, 7);
  });

  test('its covariance is the inverse of the curvature there', () => {
    const h = 1e-3;
    const size = mode.length;
    const centre = logPosterior(mode);
    // Rows of curvature times columns of covariance, for some of both.
    for (const i of [0, 3, width - 1, width + 2, size - 1]) {
      const curvature = Float64Array.from({ length: size }, (_, j) =>
        i === j
          ? -(moved([i, h]) + moved([i, -h]) - 2 * centre) / h ** 2
          : -(moved([i, h], [j, h]) + moved([i, -h], [j, -h]) - moved([i, h], [j, -h]) - moved([i, -h], [j, h])) /
            (4 * h * h),
      );
      for (const column of [0, 3, width - 1, size - 1]) {
        let product = 0;
        for (let j = 0; j < size; j++) product += curvature[j] * posterior.covariance[j * size + column];
        expect(product).toBeCloseTo(i === column ? 1 : 0, 4);
      }
    }
  });

  test('the evidence is the integral over the latent function, for one cell to a tenth', () => {
    // Two labels, 6 runs of one cell and instance, 4 with the first label: z is normal with variance 4 + 0.64.
    const runs = Array.from({ length: 6 }, (_, i) => ({ at: [0, 0], instance: 0, labels: i < 4 ? [1, 0] : [0, 1] }));
    const { logEvidence } = posteriorOf(sortObservations(runs, 2), smoothness);
    const variance = 4 + 0.8 ** 2;
    let integral = 0;
    const step = 0.001;
    for (let z = -20; z < 20; z += step) {
      const first = 1 / (1 + Math.exp(-Math.SQRT2 * z));
      integral += step * first ** 4 * (1 - first) ** 2 * Math.exp(-(z * z) / (2 * variance));
    }
    integral /= Math.sqrt(2 * Math.PI * variance);
    expect(Math.abs(logEvidence - Math.log(integral))).toBeLessThan(0.1);
  });

  test('a cell is taken out as the formula has it, for all instances and not only those with a run there', () => {
    // Without most runs of two cells, so that there is an instance that has none.
    const some = smallMap().filter((_, i) => ![0, 16, 21].includes(i));
    const sparse = sortObservations(some, 3);
    const fit = posteriorOf(sparse, smoothness);
    const tau = smoothness.instanceSpread;
    const { rank, rows } = fit.features;
    const size = fit.mode.length;
    const local = 2 * (1 + 3);
    const identity = Array.from({ length: local * local }, (_, at) => (at % (local + 1) === 0 ? 1 : 0));
    const normals = mirroredNormals(128, 2, 'leave one out');
    const scores = leaveOneCellOut(fit);
    sparse.cells.forEach((_, cell) => {
      // Rows of the contrasts of the cell, and of those of the three instances, in the white variables.
      const design = Array.from({ length: local }, (_, row) => {
        const [of, a] = [Math.floor(row / 2), row % 2];
        return Float64Array.from({ length: size }, (_, at) => {
          if (Math.floor(at / fit.width) !== a) return 0;
          const j = at % fit.width;
          return of === 0 ? (j < rank ? rows[cell * rank + j] : 0) : j === rank + of - 1 ? 1 : 0;
        });
      });
      const times = (row: Float64Array, other: Float64Array) =>
        row.reduce((sum, value, i) => sum + value * other[i], 0);
      const spread = design.flatMap((row) => {
        const half = Float64Array.from({ length: size }, (_, j) =>
          row.reduce((sum, value, i) => sum + value * fit.covariance[i * size + j], 0),
        );
        return design.map((other) => times(other, half));
      });
      const precision = eliminate(spread, local, identity, local);
      const gradient = new Float64Array(local);
      const members = sparse.runs.flatMap((run, r) => (run.cell === cell ? [r] : []));
      for (const r of members) {
        const { instance, labels } = sparse.runs[r];
        const p = fit.fitted.subarray(3 * r, 3 * r + 3);
        const jacobian = (k: number, row: number) => {
          const weight = row < 2 ? 1 : Math.floor(row / 2) === 1 + instance ? tau : 0;
          return weight * fit.basis[2 * k + (row % 2)];
        };
        for (let x = 0; x < local; x++) {
          for (let k = 0; k < 3; k++) gradient[x] += jacobian(k, x) * (labels[k] - p[k]);
          for (let y = 0; y < local; y++) {
            for (let k = 0; k < 3; k++) {
              for (let l = 0; l < 3; l++) {
                const curved = (k === l ? p[k] : 0) - p[k] * p[l];
                precision[x * local + y] -= jacobian(k, x) * curved * jacobian(l, y);
              }
            }
          }
        }
      }
      const cavity = eliminate(precision, local, identity, local);
      const centre = Float64Array.from(
        [0, 1].map((a) => times(design[a], fit.mode) - times(cavity.slice(a * local, (a + 1) * local), gradient)),
      );
      const own = Float64Array.of(cavity[0] + tau * tau, cavity[1], cavity[local], cavity[local + 1] + tau * tau);
      const p = softmax(correlated(centre, own, normals), fit.basis, 3);
      for (const r of members) {
        const label = sparse.runs[r].labels.indexOf(1);
        let expected = 0;
        for (let i = 0; i < 128; i++) expected += p[3 * i + label] / 128;
        expect(scores[r]).toBeCloseTo(Math.log(expected), 9);
      }
    });
  });

  test('taking a cell out of the approximation is like leaving its runs out', () => {
    const scores = leaveOneCellOut(posterior);
    const differences: number[] = [];
    observed.cells.forEach((at, cell) => {
      const others = smallMap().filter((run) => run.at.join() !== at.join());
      const refit = createSurface([
        { posterior: posteriorOf(sortObservations(others, 3), smoothness), weight: 1 },
      ]).predict(at);
      observed.runs.forEach((run, r) => {
        if (run.cell === cell) differences.push(scores[r] - Math.log(refit.probabilities[run.labels.indexOf(1)].value));
      });
    });
    const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
    expect(differences).toHaveLength(48);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(0.25);
  });
});

describe('draws', () => {
  test('have the covariance that is asked for', () => {
    const covariance = Float64Array.of(4, -1.2, -1.2, 1);
    const draws = correlated(Float64Array.of(3, -2), covariance, Float64Array.of(1, 0, 0, 1));
    // Rows of a root: their products are the covariance, up to the variance that is added.
    const [a, b] = [
      [draws[0] - 3, draws[2] - 3],
      [draws[1] + 2, draws[3] + 2],
    ];
    expect(a[0] * a[0] + a[1] * a[1]).toBeCloseTo(4, 9);
    expect(a[0] * b[0] + a[1] * b[1]).toBeCloseTo(-1.2, 9);
    expect(b[0] * b[0] + b[1] * b[1]).toBeCloseTo(1, 9);
  });

  test('of a place that is asked for twice are the same twice, however large the variance', () => {
    for (const scale of [1, 100, 1e4]) {
      const posterior = posteriorOf(sortObservations(smallMap(), 3), { ...smoothness, amplitude: scale });
      const { mean, covariance } = latentTogether(posterior, [
        [0.5, 9],
        [0.5, 9],
        [0.5, 9],
      ]);
      const draws = correlated(mean, covariance, mirroredNormals(64, 6, 'twice'));
      for (let i = 0; i < draws.length; i += 6) {
        for (const at of [2, 3, 4, 5]) expect(Math.abs(draws[i + at] - draws[i + (at % 2)]) / scale).toBeLessThan(1e-4);
      }
    }
  });
});
