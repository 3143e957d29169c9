// The stationary state of descent under batch noise: covariance, circulation, entropy production and fluctuation
// theorems, noise of an epoch with and without replacement, SGLD against SGWORLD.
import { Matrix } from 'ml-matrix';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { RunRow } from '../../node/results/runs-table.js';
import fluctuationTheorem from '../../scenarios/fluctuation-theorem.js';
import posteriorSampling from '../../scenarios/posterior-sampling.js';
import { ANY, about, below, type Check, likeThreeErrors, mean, NOT_NEGATIVE, type Validation } from './check.js';
import { compute, type Outcome } from './study.js';

/** Learning rates on the mean loss for eta = 1 on that of the posterior: N/s^2 with N = 200 and s = 0.1. */
const PER_ETA = 20_000;
const ORDERS = ['fresh-subset', 'reshuffled'];

function estimate(values: readonly number[]): { readonly value: number; readonly error: number } {
  const value = mean(values);
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Values of a channel over the seeds of a cell. */
const over = (outcome: Outcome, rows: readonly RunRow[], channel: string) =>
  rows.map((row) => outcome.last(row, channel)[0]);

const at = (outcome: Outcome, axes: Readonly<Record<string, unknown>>) =>
  outcome.rows.filter((row) => Object.entries(axes).every(([name, value]) => row.axes[name] === value));

interface Agreement {
  readonly what: string;
  readonly expected: number;
  readonly values: readonly number[];
  /** Share of the expected value that counts as agreement beside the error. */
  readonly share: number;
  readonly possible?: Check['possible'];
}

/**
 * Within a share of the expected value, or as many errors as make 3 normal ones; precise where these are no more than
 * twice the share.
 */
function agreement({ what, expected, values, share, possible = ANY }: Agreement): Check {
  const { value, error } = estimate(values);
  const errors = likeThreeErrors(values.length);
  const allowed = Math.max(share * Math.abs(expected), errors * error);
  return {
    what,
    expected,
    measured: value,
    error,
    n: values.length,
    tolerance: `${(100 * share).toFixed(share < 0.01 ? 1 : 0)} %, or ${errors.toFixed(1)} errors`,
    possible,
    accepted: about(expected, allowed),
    precise: errors * error < 2 * share * Math.abs(expected),
  };
}

const base: Scenario = { ...fluctuationTheorem, figures: undefined, classifier: undefined };

/** Everything at one learning rate with batches drawn anew in every step. */
async function steadyState(): Promise<Check[]> {
  const eta = 1e-6;
  const outcome = await compute({
    ...base,
    title: 'Nonequilibrium steady state',
    optimiser: { ...base.optimiser, learningRate: eta * PER_ETA },
    observers: {
      state: {
        use: 'steady-state',
        looks: 800_000,
        transient: 60_000,
        window: 200,
        blocks: 20,
        when: { at: [0] },
      },
    },
    sweep: { seeds: 10 },
  });
  const { rows } = outcome;
  const values = (channel: string) => over(outcome, rows, `state.${channel}`);
  const [theory] = values('traceTheory');
  const [limit] = values('traceFokkerPlanck');
  const [entropy] = values('entropyProductionTheory');
  const matrix = (channel: string) =>
    rows.map((row) => Matrix.from1DArray(7, 7, outcome.last(row, `state.${channel}`)));
  const norm = (m: Matrix) => m.norm('frobenius');
  const [area] = matrix('circulationTheory');
  const measured = matrix('circulation');
  const distanceOf = (some: readonly Matrix[]) => {
    const sum = some.reduce((all, one) => all.add(one), Matrix.zeros(7, 7)).mul(1 / some.length);
    return norm(sum.sub(area)) / norm(area);
  };
  const distance = distanceOf(measured);
  const without = measured.map((_, i) => distanceOf(measured.filter((__, j) => j !== i)));
  const spread = Math.sqrt(
    ((without.length - 1) / without.length) * without.reduce((sum, x) => sum + (x - mean(without)) ** 2, 0),
  );
  return [
    agreement({
      what: 'trace of the covariance, against the linear map',
      expected: theory,
      values: values('trace'),
      share: 0.03,
      possible: NOT_NEGATIVE,
    }),
    agreement({
      what: 'the same against the Fokker-Planck equation',
      expected: limit,
      values: values('trace'),
      share: 0.03,
      possible: NOT_NEGATIVE,
    }),
    {
      what: 'norm of circulation - theory over that of theory, circulation averaged over the seeds',
      expected: 0,
      measured: distance,
      error: spread,
      n: rows.length,
      tolerance: 'below 0.12',
      possible: NOT_NEGATIVE,
      accepted: below(0.12),
      unit: 1,
    },
    agreement({
      what: 'projection of the circulation on its theory',
      expected: 1,
      values: values('circulationOverlap'),
      share: 0.12,
    }),
    agreement({
      what: 'entropy production per step, measured moments alone',
      expected: entropy,
      values: values('entropyProduction'),
      share: 0.15,
    }),
    agreement({
      what: 'entropy production per step, along the trajectories',
      expected: entropy,
      values: values('entropyAlong'),
      share: 0.05,
    }),
    agreement({
      what: 'integral fluctuation theorem: <exp(-Sigma)> over 200 steps',
      expected: 1,
      values: values('integralFluctuation'),
      share: 0.015,
      possible: NOT_NEGATIVE,
    }),
    agreement({
      what: 'detailed fluctuation theorem: slope of ln P(Sigma)/P(-Sigma)',
      expected: 1,
      values: values('detailedSlope'),
      share: 0.06,
    }),
  ];
}

/** Theory at two learning rates: nothing is measured. */
async function scaling(): Promise<Check[]> {
  const etas = [5e-8, 1e-7];
  const outcome = await compute({
    ...base,
    title: 'Nonequilibrium scaling',
    observers: {
      state: { use: 'steady-state', looks: 40, window: 10, blocks: 4, when: { at: [0] } },
      minimum: { use: 'effective-minimum', when: { at: [0] } },
    },
    sweep: { axes: { 'noise.order': ORDERS, 'optimiser.learningRate': etas.map((eta) => eta * PER_ETA) } },
  });
  const ratio = (order: string, channel: string) => {
    const [small, large] = etas.map(
      (eta) =>
        over(outcome, at(outcome, { 'noise.order': order, 'optimiser.learningRate': eta * PER_ETA }), channel)[0],
    );
    return large / small;
  };
  const row = (what: string, expected: number, measured: number, share: number): Check => ({
    what,
    expected,
    measured,
    error: 0,
    n: 1,
    tolerance: `${share} of it`,
    possible: ANY,
    accepted: about(expected, share * expected),
  });
  return [
    row(
      'entropy production by the Fokker-Planck equation, eta = 1e-7 over 5e-8',
      2,
      ratio('fresh-subset', 'state.entropyProductionFokkerPlanck'),
      1e-9,
    ),
    row(
      'shift of the effective minimum without replacement, eta = 1e-7 over 5e-8',
      2,
      ratio('reshuffled', 'minimum.shift'),
      0.005,
    ),
  ];
}

async function epochs(): Promise<Check[]> {
  const etas = [5e-8, 1e-7, 2e-7];
  const outcome = await compute({
    ...base,
    title: 'Nonequilibrium epochs',
    observers: { epoch: { use: 'epoch-displacement', repeats: 5000, when: { at: [0] } } },
    sweep: {
      axes: { 'noise.order': ORDERS, 'optimiser.learningRate': etas.map((eta) => eta * PER_ETA) },
      seeds: 8,
      // Otherwise the same batches come at every learning rate.
      independent: true,
    },
  });
  return ORDERS.flatMap((order) => {
    const cells = etas.map((eta) => at(outcome, { 'noise.order': order, 'optimiser.learningRate': eta * PER_ETA }));
    const traces = cells.map((rows) => over(outcome, rows, 'epoch.trace'));
    const theories = cells.map((rows) => over(outcome, rows, 'epoch.traceTheory')[0]);
    const exponents = traces[0].map((first, seed) => Math.log2(traces[2][seed] / first) / 2);
    const expected = order === 'reshuffled' ? 4 : 2;
    const slope = estimate(exponents);
    const tolerance = order === 'reshuffled' ? 0.2 : 0.1;
    return [
      ...cells.map((_, i) =>
        agreement({
          what: `${order}: trace of the displacement covariance of an epoch, eta = ${etas[i]}`,
          expected: theories[i],
          values: traces[i],
          share: 0.02,
          possible: NOT_NEGATIVE,
        }),
      ),
      {
        what: `${order}: its exponent in eta, 5e-8 to 2e-7`,
        expected,
        measured: slope.value,
        error: slope.error,
        n: exponents.length,
        tolerance: `${tolerance}`,
        possible: ANY,
        accepted: about(expected, tolerance),
        precise: slope.error < tolerance / 3,
      },
      ...(order === 'reshuffled'
        ? [
            agreement({
              what: 'reshuffled: mean drift of an epoch over that of the effective landscape, eta = 1e-7',
              expected: 1,
              values: over(outcome, cells[1], 'epoch.driftOverlap'),
              share: 0.02,
            }),
          ]
        : []),
    ];
  });
}

/** Whether the stationary state is an equilibrium, looked at once per epoch. */
async function currents(): Promise<Check[]> {
  const learningRate = 0.02;
  const state = { use: 'steady-state', every: 'epoch', looks: 40_000, transient: 3000, window: 50, when: { at: [0] } };
  const outcome = await compute({
    ...base,
    title: 'Nonequilibrium currents',
    optimiser: { ...base.optimiser, learningRate },
    observers: { state },
    sweep: { axes: { 'noise.order': ORDERS }, seeds: 12 },
  } as Scenario);
  const white = await compute({
    ...base,
    title: 'Nonequilibrium white noise',
    plugins: [...(base.plugins as readonly string[]), 'optimisers'],
    noise: { use: 'sgld', temperature: 1e-9 },
    optimiser: { ...base.optimiser, learningRate: 0.08 },
    observers: { state: { ...state, every: 'step', looks: 120_000, transient: 15_000 } },
    sweep: { seeds: 12 },
  } as Scenario);
  const [fresh, reshuffled] = ORDERS.map((order) => at(outcome, { 'noise.order': order }));
  const [theory] = over(outcome, fresh, 'state.irreversibilityTheory');
  const small = estimate(over(outcome, reshuffled, 'state.irreversibility'));
  const none = estimate(over(white, white.rows, 'state.irreversibility'));
  const errors = likeThreeErrors(12);
  return [
    agreement({
      what: 'fresh-subset: irreversibility, looked at once per epoch, learning rate 0.02',
      expected: theory,
      values: over(outcome, fresh, 'state.irreversibility'),
      share: 0.15,
    }),
    agreement({
      what: 'reshuffled: trace of the covariance at the ends of epochs',
      expected: over(outcome, reshuffled, 'state.traceTheory')[0],
      values: over(outcome, reshuffled, 'state.trace'),
      share: 0.04,
      possible: NOT_NEGATIVE,
    }),
    {
      what: 'reshuffled: irreversibility over that of fresh-subset',
      expected: Number.NaN,
      measured: small.value / theory,
      error: small.error / theory,
      n: 12,
      tolerance: 'below 1/4',
      possible: ANY,
      accepted: below(1 / 4),
      precise: small.error < theory / 40,
    },
    {
      what: 'white noise alone: irreversibility, looked at in every step, learning rate 0.08',
      expected: 0,
      measured: none.value,
      error: none.error,
      n: 12,
      tolerance: `${errors.toFixed(1)} errors, which are to be below a fifth of that of fresh-subset`,
      possible: ANY,
      accepted: about(0, errors * none.error),
      precise: errors * none.error < theory / 5,
      unit: theory,
    },
  ];
}

async function samplers(): Promise<Check[]> {
  const rates = [0.002, 0.006, 0.02, 0.08];
  const outcome = await compute({
    ...posteriorSampling,
    title: 'Nonequilibrium samplers',
    observers: {
      posterior: {
        use: 'posterior-divergence',
        temperature: 1 / 200,
        every: 'epoch',
        looks: 10_000,
        transient: 300,
        when: { at: [0] },
      },
    },
    sweep: { axes: { 'noise.order': ORDERS, 'optimiser.learningRate': rates }, seeds: 8 },
    figures: undefined,
  });
  const rowsAt = (order: string, rate: number) => at(outcome, { 'noise.order': order, 'optimiser.learningRate': rate });
  const value = (order: string, rate: number, channel: string) =>
    over(outcome, rowsAt(order, rate), `posterior.${channel}`);
  /** Closed forms of the scalar problem, by other means than the plugin's. */
  const closedForm = (order: string, rate: number) => {
    const [steps, noise] = [20, (rate * rate * 190) / (10 * 199)];
    const q = 1 - rate;
    const powers = Array.from({ length: steps }, (_, k) => q ** k);
    const squares = powers.reduce((sum, x) => sum + x * x, 0);
    const sum = powers.reduce((all, x) => all + x, 0);
    const thermal = (2 * rate) / 200;
    const variance =
      order === 'reshuffled'
        ? (thermal * squares + ((noise * steps) / (steps - 1)) * (squares - (sum * sum) / steps)) /
          (1 - q ** (2 * steps))
        : (thermal + noise) / (1 - q * q);
    return 200 * variance;
  };
  const samplerOf = (order: string) => (order === 'reshuffled' ? 'SGWORLD' : 'SGLD');
  const divergence = (ratio: number) => (ratio - 1 - Math.log(ratio)) / 2;
  return [
    ...ORDERS.flatMap((order) =>
      [0.02, 0.08].map((rate) =>
        agreement({
          what: `${samplerOf(order)}: variance over that of the posterior, eta = ${rate / 200}`,
          expected: closedForm(order, rate),
          values: value(order, rate, 'varianceRatio'),
          share: 0.01,
          possible: NOT_NEGATIVE,
        }),
      ),
    ),
    ...rates.map((rate): Check => {
      const expected = ORDERS.map((order) => divergence(closedForm(order, rate)));
      const [world, other] = ['reshuffled', 'fresh-subset'].map(
        (order) => value(order, rate, 'varianceDivergenceTheory')[0],
      );
      return {
        what: `divergence of SGLD over that of SGWORLD, theory of the observer, eta = ${rate / 200}`,
        expected: expected[0] / expected[1],
        measured: other / world,
        error: 0,
        n: 1,
        tolerance: '1e-6 of it',
        possible: NOT_NEGATIVE,
        accepted: about(expected[0] / expected[1], (1e-6 * expected[0]) / expected[1]),
      };
    }),
    agreement({
      what: 'divergence of SGLD over that of SGWORLD, measured, eta = 4e-4',
      expected: divergence(closedForm('fresh-subset', 0.08)) / divergence(closedForm('reshuffled', 0.08)),
      values: value('fresh-subset', 0.08, 'varianceDivergence').map(
        (sgld, seed) => sgld / value('reshuffled', 0.08, 'varianceDivergence')[seed],
      ),
      share: 0.05,
      possible: NOT_NEGATIVE,
    }),
  ];
}

export const nonequilibrium: Validation = {
  title: 'Stationary states of SGD in and out of equilibrium',
  source:
    'relations of arXiv:2306.03521 on targets of our own: linear map with noise and Fokker-Planck equation at the ' +
    'minimum, fluctuation theorems, exponents 2 and 4 of the noise of an epoch; closed forms of mean estimation ' +
    'written out again here. Seven weights, batches of 10 out of 200, eta in units of the loss of the posterior',
  async run() {
    return [
      ...(await scaling()),
      ...(await steadyState()),
      ...(await epochs()),
      ...(await currents()),
      ...(await samplers()),
    ];
  },
};
