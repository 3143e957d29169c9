// Many levels in a harmonic potential: the semicircle, and its edge at finite size.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { symmetricEigenWork } from '../../../core/kernels/kernels.js';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { semicircleCdf } from '../../../core/theory/random-matrix/semicircle.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { openProcess } from '../../plugins/dyson/process.js';

/** Mean of the Tracy-Widom law for beta = 1 (Tracy and Widom 1996). */
const TRACY_WIDOM_MEAN = -1.2065;
const STEP = 0.02;
/** The Euler step of the drift widens everything by this. */
const WIDER = 1 / Math.sqrt(1 - STEP / 2);

/** Largest levels of symmetric matrices drawn directly: variance 1 on the diagonal, 1/2 beside it. */
function drawnEdges(n: number, count: number): number[] {
  const random = createRandomSource(11, `edges ${n}`);
  const { arena, kernels } = openWorkspace(2 ** 21);
  const [matrix, vectors] = [arena.vector(n * n), arena.vector(n * n)];
  const [work, values] = [arena.vector(symmetricEigenWork(n)), arena.vector(n)];
  return Array.from({ length: count }, () => {
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) matrix[i * n + j] = random.normal() * (i === j ? 1 : Math.SQRT1_2);
    }
    kernels.symmetricEigen(matrix, n, work, values, vectors);
    return values[n - 1];
  });
}

describe.each([16, 32])('%d levels', (n) => {
  const params = { levels: n, temperature: 1, stiffness: 1 };
  const opened = openProcess([dysonBrownianMotion, params], [matrixStep, { stepSize: STEP }]);
  opened.step(500);
  const edges: number[] = [];
  const all: number[] = [];
  // Two relaxation times apart, and the two ends of the spectrum are alike.
  for (let k = 0; k < 1200; k++) {
    opened.step(100);
    edges.push((opened.levels[n - 1] - opened.levels[0]) / 2 / WIDER);
    all.push(...opened.levels.map((x) => x / WIDER));
  }

  test('the edge is that of matrices drawn directly, and of Tracy and Widom', () => {
    const [measured, drawn] = [meanEstimate(edges), meanEstimate(drawnEdges(n, 4000))];
    const error = Math.hypot(measured.error, drawn.error);
    expect(error / drawn.value).toBeLessThan(0.003);
    expect(Math.abs(measured.value - drawn.value)).toBeLessThan(4 * error);
    const asymptotic = Math.sqrt(2 * n) + (TRACY_WIDOM_MEAN * n ** (-1 / 6)) / Math.SQRT2;
    // Their law is that of infinite size: what is missing falls with 1/n.
    expect(Math.abs(measured.value / asymptotic - 1)).toBeLessThan(0.4 / n);
    // The infinite semicircle itself is visibly off.
    expect(measured.value / Math.sqrt(2 * n)).toBeLessThan(0.95);
  });

  test('the density is the semicircle up to 1/n', () => {
    const distance = kolmogorovSmirnovDistance(all, (x) => semicircleCdf({ centre: 0, radius: Math.sqrt(2 * n) }, x));
    expect(distance).toBeLessThan(0.5 / n);
  });
});
