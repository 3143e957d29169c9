// Implicit descent on a stiff physics-informed problem and under noise, beside explicit descent.

import { runLinear, shakeGradient, solvePoisson } from '../plugins/linear-stability/settings.js';
import { ANY, about, above, below, type Check, NOT_NEGATIVE, type Validation } from './check.js';

const exact = (what: string, expected: number, measured: number, share: number): Check => ({
  ...{ what, expected, measured, error: 0, n: 1 },
  tolerance: `${Number((100 * share).toPrecision(3))} %`,
  possible: ANY,
  accepted: about(expected, share * expected),
});

/** Of explicit descent with K = 10, J = 64, by an independent program. */
const THRESHOLD = 4.10639e-6;

async function curvatureRows(): Promise<Check[]> {
  // A step of descent from an error of 1 or 0.1 tells the curvature of a mode.
  const rate = 1e-7;
  const after = await solvePoisson({ use: 'sgd', learningRate: rate, steps: 1 }, (ended) =>
    ended.last('modes.deviation'),
  );
  const stiffness = await solvePoisson(
    { use: 'sgd', learningRate: rate, steps: 1 },
    (ended) => ended.last('modes.stiffness')[0],
  );
  return [
    exact('curvature of mode 1, from a step, K = 10, J = 64', 48.7045, (1 - after[0]) / rate, 1e-4),
    exact('curvature of mode 10', 487045.46, (1 - after[9] / 0.1) / rate, 1e-5),
    exact('stiffness K^4', 1e4, stiffness, 1e-9),
  ];
}

async function thresholdRows(): Promise<Check[]> {
  const errorAt = (learningRate: number) =>
    solvePoisson({ use: 'sgd', learningRate, steps: 2000 }, (ended) =>
      ended.status === 'completed' ? ended.last('modes.deviation')[9] : Number.POSITIVE_INFINITY,
    );
  let [stable, unstable] = [0.9 * THRESHOLD, 1.1 * THRESHOLD];
  while (unstable / stable > 1 + 1e-5) {
    const middle = (stable + unstable) / 2;
    if ((await errorAt(middle)) > 0.1) unstable = middle;
    else stable = middle;
  }
  return [exact('rate from which on explicit descent grows in 2000 steps', THRESHOLD, (stable + unstable) / 2, 1e-3)];
}

async function implicitRows(): Promise<Check[]> {
  const at = (steps: number) =>
    solvePoisson({ use: 'implicit', learningRate: 0.1, steps }, (ended) => ended.last('modes.deviation')[0]);
  const [one, ten] = [await at(1), await at(10)];
  return [
    exact('implicit, rate 0.1, 24 000 times the threshold: factor of mode 1 in a step', 0.170345, one, 1e-5),
    exact('error of mode 1 after 10 steps', 2.05723e-8, ten, 1e-5),
  ];
}

const COPIES = 50_000;

async function noiseRows(): Promise<Check[]> {
  const rows: Check[] = [];
  for (const [use, learningRate, expected] of [
    ['implicit', 0.7, 0.102941],
    ['sgd', 0.7, 0.583333],
    ['implicit', 1.5, 0.15],
  ] as const) {
    const found = await shakeGradient(use, { learningRate, curvature: 2, copies: COPIES, steps: 60, seed: 3 });
    const measured = found?.measured[0] ?? Number.NaN;
    const what = `${use}, curvature 2, rate ${learningRate}, unit noise: stationary variance`;
    rows.push(exact(`${what}, Lyapunov equation`, expected, found?.stationary[0] ?? Number.NaN, 1e-5));
    rows.push({
      ...{ what, expected, measured, error: measured * Math.sqrt(2 / COPIES), n: COPIES },
      tolerance: '3 %',
      possible: NOT_NEGATIVE,
      accepted: about(expected, 0.03 * expected),
    });
  }
  const explicit = await shakeGradient('sgd', { learningRate: 1.5, curvature: 2, copies: 100, steps: 200, seed: 3 });
  rows.push({
    what: 'sgd, the same at rate 1.5: runs that diverge',
    ...{ expected: 1, measured: explicit === undefined ? 1 : 0, error: Number.NaN, n: 1 },
    tolerance: 'diverges',
    possible: [0, 1],
    accepted: [1, 1],
  });
  return rows;
}

const MULTI_SCALE = { modes: 50, points: 128, targetModes: [2, 50] } as const;
/** 2 over the largest curvature, (50 pi)^4/2. */
const MULTI_SCALE_THRESHOLD = 4 / (50 * Math.PI) ** 4;

async function multiScaleRows(): Promise<Check[]> {
  const errorsOf = (use: 'sgd' | 'implicit', learningRate: number) =>
    solvePoisson({ ...MULTI_SCALE, use, learningRate, steps: 10 }, (ended) => ended.last('modes.deviation'));
  const explicit = await errorsOf('sgd', 0.9 * MULTI_SCALE_THRESHOLD);
  const implicit = await errorsOf('implicit', 1e-3);
  const curvature = (2 * Math.PI) ** 4 / 2;
  return [
    exact(
      'sin(2 pi x) + 0.1 sin(50 pi x), explicit at 0.9 of its threshold: error of mode 2 after 10 steps',
      (1 - 0.9 * MULTI_SCALE_THRESHOLD * curvature) ** 10,
      explicit[1],
      1e-6,
    ),
    exact('error of mode 50', 0.1 * 0.8 ** 10, explicit[49], 1e-6),
    exact('implicit at rate 0.001: error of mode 2 after 10 steps', (1 + 1e-3 * curvature) ** -10, implicit[1], 1e-4),
    {
      what: 'error of mode 50',
      ...{ expected: 0, measured: implicit[49], error: 0, n: 1 },
      tolerance: 'below 1e-12',
      possible: NOT_NEGATIVE,
      accepted: below(1e-12),
      unit: 0.1,
    },
  ];
}

/** The same on minibatches, whose Hessians do not commute. */
async function minibatchRows(): Promise<Check[]> {
  const distances = (use: 'sgd' | 'implicit', learningRate: number) =>
    runLinear(
      {
        seed: 1,
        steps: 60,
        model: { use: 'poisson-collocation', modes: 10, points: 64 },
        loss: { use: 'half-mean-square' },
        noise: { use: 'minibatch', batchSize: 16, order: 'fresh-subset' },
        optimiser: { use, learningRate },
        observers: { modes: { use: 'mode-dynamics', when: { at: [0, 'end'] } } },
        sweep: { seeds: 4 },
      },
      (ended) => (ended.status === 'completed' ? ended.frames('modes.distance').map(([value]) => value) : undefined),
    );
  const ratios = (found: Awaited<ReturnType<typeof distances>>) =>
    found.map((frames) => (frames === undefined ? Number.POSITIVE_INFINITY : frames[1] / frames[0]));
  const implicit = Math.max(...ratios(await distances('implicit', 0.1)));
  const explicit = Math.min(...ratios(await distances('sgd', 2 * THRESHOLD)));
  return [
    {
      what: 'batches of 16 of 64 points, K = 10: implicit at rate 0.1, distance after 60 steps over the first, largest of 4',
      ...{ expected: 0, measured: implicit, error: Number.NaN, n: 4 },
      tolerance: 'below 1e-6',
      possible: NOT_NEGATIVE,
      accepted: below(1e-6),
      unit: 1,
    },
    {
      what: 'explicit at twice the threshold of all points, smallest of 4',
      ...{ expected: Number.NaN, measured: explicit, error: Number.NaN, n: 4 },
      tolerance: 'above 10',
      possible: NOT_NEGATIVE,
      accepted: above(10),
    },
  ];
}

export const implicitSgd: Validation = {
  title: 'Implicit descent on a stiff problem and under noise',
  source:
    'derived, for the scheme of arXiv:2303.01767: curvatures (k pi)^4/2, explicit descent stable below 2/curvature, ' +
    'implicit descent divides by 1 + rate x curvature, stationary variances of linear recursions',
  run: async () => [
    ...(await curvatureRows()),
    ...(await thresholdRows()),
    ...(await implicitRows()),
    ...(await noiseRows()),
    ...(await multiScaleRows()),
    ...(await minibatchRows()),
  ],
};
