// NAG-GS on quadratic losses: fastest and largest stable step, decay, stationary variance under noise, regimes.

import { criticalStep, descend, fastestStep, shake } from '../plugins/linear-stability/settings.js';
import { about, type Check, NOT_NEGATIVE, type Validation } from './check.js';

const exact = (what: string, expected: number, measured: number, tolerance: number): Check => ({
  ...{ what, expected, measured, error: 0, n: 1 },
  tolerance: String(Number(tolerance.toPrecision(3))),
  possible: NOT_NEGATIVE,
  accepted: about(expected, tolerance),
});

/** (mu, L, fastest step, radius there, largest stable step) by an independent program (numpy) for arXiv:2209.14937. */
const STEPS = [
  [1, 3, 2.732051, 0.267949, 4.828427],
  [1, 1.9, 5.285344, 0.1591, Number.NaN],
  [1, 10, 0.924951, 0.519494, 1],
  [0.1, 10, 0.222222, 0.818182, 0.223467],
] as const;

const radiusOf = (learningRate: number, mu: number, l: number) =>
  descend(
    { learningRate, eigenvalues: [l, mu], convexity: mu, steps: 1, at: [1] },
    (ended) => ended.last('modes.slowest')[0],
  );

/** The step in an interval at which the radius is least, or at which it passes 1, by halving. */
async function search(from: number, to: number, isBeyond: (step: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [from, to];
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (await isBeyond(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

async function stepRows(): Promise<Check[]> {
  const rows: Check[] = [];
  for (const [mu, l, fastest, radius, largest] of STEPS) {
    const of = `mu = ${mu}, L = ${l}`;
    const found = await search(fastest / 2, 1.5 * fastest, async (step) => {
      return (await radiusOf(step * (1 + 1e-7), mu, l)) > (await radiusOf(step, mu, l));
    });
    rows.push(exact(`step of least spectral radius, ${of}`, fastest, found, 1e-5));
    rows.push(
      exact(`spectral radius at the fastest step, ${of}`, radius, await radiusOf(fastestStep(mu, l), mu, l), 1e-5),
    );
    if (Number.isNaN(largest)) {
      rows.push(exact(`spectral radius at step 100, ${of}`, 0.862, await radiusOf(100, mu, l), 1e-3));
      continue;
    }
    const critical = await search(fastest, 2 * largest, async (step) => (await radiusOf(step, mu, l)) > 1);
    rows.push(exact(`step at which the radius passes 1, ${of}`, largest, critical, 1e-5));
  }
  return rows;
}

async function decayRows(): Promise<Check[]> {
  const factorAt = (learningRate: number) =>
    descend({ learningRate, eigenvalues: [1, 1, 3] }, (ended) => ended.last('modes.factor')[0]);
  return [
    exact('measured factor per step, curvatures 1, 1, 3, step 3.5', 0.694307, await factorAt(3.5), 1e-4),
    exact('the same at 0.98 of the largest stable step', 0.983134, await factorAt(0.98 * criticalStep(1, 3)), 1e-4),
    exact(
      'the same at half of the fastest step, where a Jordan block slows it',
      0.4338,
      await factorAt(fastestStep(1, 3) / 2),
      1e-3,
    ),
  ];
}

/** (step, stationary variance of the modes of curvature 3 and 1) by the same program. */
const VARIANCES = [
  ['the fastest step', fastestStep(1, 3), [0.140883, 0.140883]],
  ['half of the fastest step', fastestStep(1, 3) / 2, [0.085995, 0.173008]],
  ['0.98 of the largest stable step', 0.98 * criticalStep(1, 3), [3.1219, 0.110971]],
] as const;

const COPIES = 50_000;

async function varianceRows(): Promise<Check[]> {
  const rows: Check[] = [];
  for (const [seed, [where, learningRate, expected]] of VARIANCES.entries()) {
    const { measured, stationary } = await shake({ learningRate, eigenvalues: [3, 1] }, { copies: COPIES, seed });
    for (const [i, curvature] of [3, 1].entries()) {
      const what = `variance of the mode of curvature ${curvature} at ${where}, sigma = 1`;
      rows.push(exact(`${what}: Lyapunov equation`, expected[i], stationary[i], 1e-4 * expected[i]));
      rows.push({
        ...{ what, expected: expected[i], measured: measured[i], n: COPIES },
        error: measured[i] * Math.sqrt(2 / COPIES),
        tolerance: '3 %',
        possible: NOT_NEGATIVE,
        accepted: about(expected[i], 0.03 * expected[i]),
      });
    }
  }
  return rows;
}

/** Largest angle of an eigenvalue in a step. */
const swingAt = (learningRate: number, convexity: number) =>
  descend({ learningRate, eigenvalues: [3, 1], convexity, steps: 1, at: [1] }, (ended) => ended.last('modes.swing')[0]);

async function regimeRows(): Promise<Check[]> {
  const boundary = await search(1, 8, async (convexity) => (await swingAt(0.5, convexity)) < 1e-6);
  const anyStep = await search(0.5, 2.9, async (convexity) => (await radiusOfLargest(convexity)) < 1);
  return [
    exact('convexity above which no mode swings, largest curvature 3', 3, boundary, 1e-5),
    exact('convexity above which a step of 10^5 is stable, largest curvature 3', 1.5, anyStep, 1e-3),
  ];
}

const radiusOfLargest = (convexity: number) =>
  descend(
    { learningRate: 1e5, eigenvalues: [3, 1], convexity, steps: 1, at: [1] },
    (ended) => ended.last('modes.slowest')[0],
  );

export const nagGsModes: Validation = {
  title: 'NAG-GS on quadratic losses',
  source:
    'arXiv:2209.14937 for the fastest and the largest stable step; numbers of an independent program in numpy for ' +
    'spectral radii, decay and stationary variances (discrete Lyapunov equation)',
  run: async () => [...(await stepRows()), ...(await decayRows()), ...(await varianceRows()), ...(await regimeRows())],
};
