// Disordered dynamics: response of random linear flows, test errors of regression on random inputs and features, one-pass
// SGD, against laws of many degrees of freedom and exact recursions.

import { meanEstimate } from '../../core/statistics/estimate.js';
import {
  marchenkoPasturQuadrature,
  regressionErrors,
} from '../../plugins/disordered-dynamics/marchenko-pastur-means.js';
import { responseLaw } from '../../plugins/disordered-dynamics/response-law.js';
import { featureRuns, onePasses, regressions, responses } from '../plugins/disordered-dynamics/settings.js';
import { solveVolterra } from '../plugins/disordered-dynamics/theory/volterra.js';
import { ANY, about, above, below, type Check, NOT_NEGATIVE, type Validation } from './check.js';

/** A row without chance: nothing is drawn. */
const exact = (what: string, expected: number, measured: number, share: number): Check => ({
  ...{ what, expected, measured, error: 0, n: 1 },
  tolerance: `${Number((100 * share).toPrecision(3))} %`,
  possible: ANY,
  accepted: about(expected, share * Math.abs(expected)),
});

/** Mean of independent values, expected within a share and so many errors. */
function sampled(what: string, expected: number, values: readonly number[], share: number, errors = 3): Check {
  const { value, error, n } = meanEstimate(values);
  const room = share * Math.abs(expected) + errors * error;
  const shown = [
    ...(share > 0 ? [`${Number((100 * share).toPrecision(3))} %`] : []),
    ...(errors > 0 ? [`${errors} errors`] : []),
  ].join(' + ');
  return {
    ...{ what, expected, measured: value, error, n },
    tolerance: shown,
    possible: ANY,
    accepted: about(expected, room),
    precise: room < 0.5 * Math.abs(expected),
  };
}

/** exp(-2t) I_1(2t)/t, and its slope against the logarithm of t, by an independent program (numpy). */
const BESSEL = [
  [1, 0.215269, 0.01],
  [5, 0.0242525, 0.04],
  [10, 0.00875062, 0.1],
] as const;
const SLOPES = [
  [5, -1.458],
  [10, -1.48],
  [20, -1.49],
] as const;

function lawRows(): Check[] {
  const volterra = solveVolterra(1, 2, 0.01, 1000);
  const slopeAt = (t: number) => {
    const [up, down] = [1.01 * t, t / 1.01].map((time) => Math.log(responseLaw(time, 1, 2)));
    return (up - down) / (2 * Math.log(1.01));
  };
  return [
    ...BESSEL.map(([t, r]) => exact(`response law at symmetry 1, z = 2, t = ${t}`, r, responseLaw(t, 1, 2), 1e-5)),
    ...BESSEL.map(([t, r]) => exact(`Volterra equation by Heun, step 1/100, t = ${t}`, r, volterra[100 * t], 2e-3)),
    ...SLOPES.map(([t, slope]) => exact(`d log R/d log t at t = ${t}`, slope, slopeAt(t), 1e-3)),
  ];
}

/**
 * Mean of the response over matrices less its law, times the size: the levels of the Gaussian orthogonal ensemble have
 * the density (delta(x - 2) + delta(x + 2))/4 - 1/(2 pi sqrt(4 - x^2)) beside the semicircle (Johansson 1998,
 * doi:10.1215/S0012-7094-98-09108-6).
 */
function firstOrder(t: number, shift: number): number {
  const points = 400;
  let besselZero = 0;
  for (let i = 0; i < points; i++) besselZero += Math.exp(2 * t * Math.cos(((i + 0.5) * Math.PI) / points)) / points;
  return Math.exp(-shift * t) * ((Math.exp(2 * t) + Math.exp(-2 * t)) / 4 - besselZero / 2);
}

async function responseRows(): Promise<Check[]> {
  const times = BESSEL.map(([t]) => t);
  const size = 400;
  const runs = await responses({ size, symmetry: 1, shift: 2, probes: 8, seeds: 40, times });
  const at = (i: number) => runs.map((run) => run[i]);
  const rows = BESSEL.flatMap(([t, r, share], i) => [
    sampled(`symmetric matrices, N = 400: R(${t}) against the law of many`, r, at(i), share, 2),
    sampled(`the same with the next order, 1/N`, r + firstOrder(t, 2) / size, at(i), 0, 3),
  ]);
  for (const [symmetry, shift] of [
    [0, 1],
    [-1, 0.25],
  ]) {
    const others = await responses({ size, symmetry, shift, probes: 8, seeds: 20, times: [1, 2] });
    const kind = symmetry === 0 ? 'independent entries' : 'antisymmetric matrices';
    for (const [i, t] of [1, 2].entries()) {
      const expected = responseLaw(t, symmetry, shift);
      const values = others.map((run) => run[i]);
      rows.push(sampled(`${kind}, N = 400: R(${t})`, expected, values, 0.01, 3));
    }
  }
  return rows;
}

/** [t, test, train] by an independent program (numpy) for P/N = 3/2, noise variance 1/4. */
const REGRESSION = [
  [1, 0.6089, 0.2446],
  [5, 0.5173, 0.1033],
  [20, 0.6475, 0.0848],
] as const;

async function regressionRows(): Promise<Check[]> {
  const quadrature = marchenkoPasturQuadrature(2 / 3);
  const law = (t: number) => regressionErrors(t, quadrature, { ratio: 2 / 3, noiseVariance: 0.25, distance: 1 });
  const runs = await regressions({ inputs: 400, samples: 600, labelNoise: 0.5, seeds: 24, times: [1, 5, 20] });
  return [
    ...REGRESSION.flatMap(([t, test, train]) => [
      exact(`law of the test error at t = ${t}, P/N = 3/2`, test, law(t).test, 2e-4),
      exact(`law of the training error at t = ${t}`, train, law(t).train, 1e-3),
    ]),
    ...REGRESSION.flatMap(([t, test, train], i) => [
      sampled(
        `test error at t = ${t}, 400 inputs`,
        test,
        runs.map((run) => run[i].test),
        0.01,
      ),
      sampled(
        `training error at t = ${t}`,
        train,
        runs.map((run) => run[i].train),
        0.01,
      ),
    ]),
    {
      ...meanRow(
        'test error at t = 20 less that at t = 5: it turns up',
        runs.map((run) => run[2].test - run[1].test),
      ),
      expected: 0.6475 - 0.5173,
      tolerance: 'above half of it',
      accepted: above(0.065),
    },
  ];
}

function meanRow(what: string, values: readonly number[]) {
  const { value, error, n } = meanEstimate(values);
  return { what, measured: value, error, n, possible: ANY } as const;
}

/** Means of 300 draws by an independent program (numpy, eigenvalues), with their errors: [t, mean, error]. */
const FEATURES = [
  [0.3, 0.84953, 0.00267],
  [5, 1.17473, 0.00892],
  [100, 2.61916, 0.04078],
] as const;
const TWINS = [
  [0.3, 0.76244, 0.002],
  [5, 0.56194, 0.00265],
  [100, 0.50379, 0.00292],
] as const;

async function featureRows(): Promise<Check[]> {
  const sizes = { dimension: 200, features: 120, samples: 100 } as const;
  const times = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 5, 10, 30, 100];
  const rows: Check[] = [];
  for (const [flow, published] of [
    ['features', FEATURES],
    ['symmetric-twin', TWINS],
  ] as const) {
    const runs = await featureRuns({ ...sizes, flow, seeds: 24, times });
    for (const [t, expected, error] of published) {
      const own = meanEstimate(runs.map(({ test }) => test[times.indexOf(t)]));
      const room = 3 * Math.sqrt(own.error ** 2 + error ** 2);
      rows.push({
        ...{ what: `${flow}: test error at t = ${t}`, expected, measured: own.value, error: own.error, n: own.n },
        tolerance: '3 errors of both programs',
        possible: NOT_NEGATIVE,
        accepted: about(expected, room),
        precise: room < 0.3 * expected,
      });
    }
    const apart = runs.flatMap(({ test, theory }) => test.map((value, i) => Math.abs(value / theory[i] - 1)));
    rows.push({
      what: `${flow}: largest deviation from the exact flow of the same matrices`,
      ...{ expected: 0, measured: Math.max(...apart), error: 0, n: runs.length },
      tolerance: '1e-4',
      possible: NOT_NEGATIVE,
      accepted: below(1e-4),
      unit: 1,
    });
    const risen = runs.filter(({ test }) => test.some((value, i) => i > 0 && value > test[i - 1])).length;
    const isTwin = flow === 'symmetric-twin';
    rows.push({
      what: `${flow}: draws whose test error rises between two of the 12 times`,
      ...{ expected: isTwin ? 0 : 24, measured: risen, error: Number.NaN, n: 24 },
      tolerance: 'none else',
      possible: [0, 24],
      accepted: isTwin ? [0, 0] : [24, 24],
    });
  }
  const long = await featureRuns({ ...sizes, flow: 'features', seeds: 6, times: [0.3, 10_000] });
  rows.push(
    {
      ...meanRow(
        'features: minimum, at t = 0.3',
        long.map(({ test }) => test[0]),
      ),
      ...{ expected: 0.8495, tolerance: 'below 0.9', accepted: below(0.9) },
    },
    {
      ...meanRow(
        'features: end, at t = 10 000',
        long.map(({ test }) => test[1]),
      ),
      ...{ expected: 3.112, tolerance: 'above 1.2', accepted: above(1.2) },
    },
  );
  const twins = await featureRuns({ ...sizes, flow: 'symmetric-twin', seeds: 24, times: [1000] });
  rows.push(
    sampled(
      'symmetric-twin: end, at t = 1000; 1 - P/D is never seen',
      0.5,
      twins.map(({ test }) => test[0]),
      0,
    ),
  );
  return rows;
}

async function onePassRows(): Promise<Check[]> {
  const base = { inputs: 50, batchSize: 5, labelNoise: 0 } as const;
  const [one] = await onePasses({ ...base, learningRate: 0.1, steps: 1, seeds: 1 });
  const forty = await onePasses({ ...base, learningRate: 0.1, steps: 40, seeds: 4000 });
  const rows = [
    exact('one pass, N = 50, B = 5, rate 0.1: factor per step', 0.912, one.theory, 1e-9),
    exact('mean squared error after 40 steps, recursion', 0.02511, forty[0].theory, 2e-4),
    sampled(
      'mean squared error after 40 steps',
      0.02511,
      forty.map(({ error }) => error),
      0,
    ),
    exact('critical rate', 0.17857, one.criticalRate, 1e-4),
  ];
  for (const share of [0.9, 1.1]) {
    const rate = share * one.criticalRate;
    const runs = await onePasses({ ...base, learningRate: rate, steps: 10, seeds: 1500 });
    const factor = 1 - 2 * rate + rate ** 2 * (1 + 51 / 5);
    const { value, error, n } = meanEstimate(runs.map((run) => run.error));
    rows.push({
      what: `mean squared error after 10 steps at ${share} of the critical rate`,
      ...{ expected: factor ** 10, measured: value, error, n },
      tolerance: `3 errors, and ${share < 1 ? 'below' : 'above'} 1`,
      possible: NOT_NEGATIVE,
      accepted: share < 1 ? [factor ** 10 - 3 * error, 1] : [1, factor ** 10 + 3 * error],
      precise: Math.abs(factor ** 10 - 1) > 3 * error,
    });
  }
  const noisy = await onePasses({ ...base, labelNoise: 0.5, learningRate: 0.05, steps: 60, seeds: 1500 });
  rows.push(
    sampled(
      'with label noise of variance 1/4, rate 0.05, after 60 steps',
      noisy[0].theory,
      noisy.map(({ error }) => error),
      0,
    ),
  );
  return rows;
}

export const disorderedDynamics: Validation = {
  title: 'Disordered dynamics in high dimensions',
  source:
    'laws of many degrees of freedom (arXiv:2601.01010; formulas derived): Bessel function and Volterra equation for the ' +
    'response, Marchenko-Pastur integrals for test and training errors, exact recursion for one-pass SGD; numbers for ' +
    'random features from an independent program in numpy',
  run: async () => [
    ...lawRows(),
    ...(await responseRows()),
    ...(await regressionRows()),
    ...(await featureRows()),
    ...(await onePassRows()),
  ],
};
