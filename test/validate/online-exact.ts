// Rows of the validation `online-learning` that need no simulation: what the theory says against numbers that an
// independent program has computed, against closed forms, and against published ones.
import { readNpz } from '../../node/files/npz.js';
import { criticalRate, perfectSolutionMatrix } from '../../plugins/online-learning/theory/critical-rate.js';
import { createOnlineDynamics, type OnlineSetting } from '../../plugins/online-learning/theory/dynamics.js';
import { ANY, about, type Check, NOT_NEGATIVE } from './check.js';
import { integralDeviations, REFERENCE } from './online-reference.js';
import {
  equalUnits,
  firstBelow,
  fixedPoint,
  follow,
  largestGrowth,
  perfectState,
  plateauOf,
  settingOf,
  startOf,
  stateOf,
} from './online-theory.js';

const PUBLISHED = new URL('../reference/online/online_published.npz', import.meta.url).pathname;

/** A number that is known but for rounding. @param tolerance absolute, or as a share of the expected value */
function known(what: string, expected: number, measured: number, tolerance: number, isShare = false): Check {
  const allowed = isShare ? tolerance * Math.abs(expected) : tolerance;
  return {
    what,
    expected,
    measured,
    error: Number.NaN,
    n: 1,
    tolerance: `${isShare ? `${100 * tolerance} %` : tolerance}, no scatter`,
    possible: ANY,
    accepted: about(expected, allowed),
  };
}

/** The largest of several deviations. @param unit what the numbers themselves are like */
function largest(what: string, deviations: readonly number[], tolerance: number, unit: number): Check {
  return {
    what: `${what}: largest of ${deviations.length} deviations`,
    expected: 0,
    measured: Math.max(...deviations.map(Math.abs)),
    error: Number.NaN,
    n: deviations.length,
    tolerance: `${tolerance}, no scatter`,
    possible: NOT_NEGATIVE,
    accepted: [0, tolerance],
    unit,
  };
}

function integrals(): Check[] {
  return (['erf', 'relu'] as const).map((activation) => {
    const deviations = integralDeviations(activation).map(({ deviation }) => deviation);
    return largest(`averages I2, J2, I3, I4 of ${activation}, three covariances`, deviations, 1e-12, 0.01);
  });
}

const smallRates = () =>
  [2, 3, 4, 5].flatMap((K): Check[] => {
    const error = (K / Math.PI) * (Math.PI / 6 - K * Math.asin(1 / (2 * K)));
    const exitRate = (2 * K) / (Math.PI * Math.sqrt(2 * K - 1) * (2 * K + 1) ** 1.5);
    const plateau = plateauOf(K, 0);
    const deviations = [
      plateau.diagonal - 1 / (2 * K - 1),
      plateau.offDiagonal - 1 / (2 * K - 1),
      plateau.overlap - 1 / Math.sqrt(K * (2 * K - 1)),
    ];
    return [
      largest(`plateau of K = M = ${K}, eta to 0: Q_ii, Q_ik, R`, deviations, 1e-9, 0.1),
      known(`plateau of K = M = ${K}, eta to 0: generalisation error`, error, plateau.error, 1e-9),
      known(`plateau of K = M = ${K}, eta to 0: escape rate over eta`, exitRate, plateau.exitRate, 1e-8),
    ];
  });

const TABLED = [
  [2, 0.1],
  [2, 0.5],
  [2, 1],
  [3, 0.1],
  [3, 0.5],
  [3, 1],
  [5, 0.5],
];

function finiteRates(): Check[] {
  return TABLED.flatMap(([K, eta]) => {
    const row = REFERENCE.plateau.find((one) => one.K === K && one.eta === eta);
    if (!row) throw new Error(`no plateau of K = ${K}, eta = ${eta} in the table`);
    const plateau = plateauOf(K, eta);
    const where = `plateau of K = M = ${K}, eta = ${eta}`;
    const deviations = [plateau.diagonal - row.Q, plateau.offDiagonal - row.C, plateau.overlap - row.R];
    return [
      largest(`${where}: Q_ii, Q_ik, R`, deviations, 1e-8, 0.1),
      known(`${where}: generalisation error`, row.eg, plateau.error, 1e-8),
      known(`${where}: escape rate over eta`, row.escape / eta, plateau.exitRate / eta, 1e-8),
    ];
  });
}

/** Exit of a plateau against the asymmetry at the start. */
function lengths(eta: number): Check[] {
  const rows = REFERENCE.plateau_length.filter((row) => row.eta === eta);
  const { error, exitRate } = plateauOf(2, eta);
  const exits = rows.map(({ eps }) => {
    const half = eps / 2;
    const start = stateOf([0.5, 0, 0, 0.5], [half, -half, -half, half], [1, 1]);
    return firstBelow(createOnlineDynamics(equalUnits(2, eta)), start, error / 2);
  });
  const last = exits.length - 1;
  return [
    ...rows.map(({ eps, exit }, i) =>
      known(`end of the plateau, K = 2, eta = ${eta}, asymmetry ${eps}: alpha`, exit, exits[i], 1e-4, true),
    ),
    known(
      `the same: escape rate x growth of its length per ln(1/asymmetry), ${rows[last - 1].eps} to ${rows[last].eps}`,
      1,
      (exitRate * (exits[last] - exits[last - 1])) / Math.log(10),
      0.03,
    ),
  ];
}

/** Where the largest eigenvalue of the Jacobian of all equations at the perfect solution changes its sign. */
function jacobianCriticalRate(K: number): number {
  let [low, high] = [0.9, 1.1].map((part) => part * criticalRate('erf', K));
  for (let round = 0; round < 16; round++) {
    const middle = (low + high) / 2;
    if (largestGrowth(equalUnits(K, middle), perfectState(K, K)) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Rate at which a small deviation orthogonal to the teachers grows, late in a trajectory. */
function growthNearPerfect(activation: 'erf' | 'relu', K: number, eta: number, deviation: number): number {
  const start = perfectState(K, K);
  for (let i = 0; i < K; i++) start[i * (K + 1)] += deviation;
  const { errors } = follow(createOnlineDynamics(equalUnits(K, eta, { activation })), start, [20, 28]);
  return Math.log(errors[1] / errors[0]) / 8;
}

function stability(): Check[] {
  const tabulated = REFERENCE.critical_eta;
  const growth = ([a, b, c, d]: readonly [number, number, number, number], K: number) =>
    K === 1 ? a : (a + d) / 2 + Math.sqrt(((a - d) / 2) ** 2 + b * c);
  return [
    ...Object.entries(tabulated.erf).map(([K, eta]) =>
      known(`critical rate, erf, K = M = ${K}, of the 2 x 2 matrix`, eta, criticalRate('erf', Number(K)), 1e-6),
    ),
    ...[1, 2, 3, 4, 5].map((K) =>
      known(
        `critical rate, erf, K = M = ${K}, sign change of the Jacobian`,
        criticalRate('erf', K),
        jacobianCriticalRate(K),
        1e-5,
      ),
    ),
    known('critical rate, erf, K = 1: pi sqrt(5/3)', Math.PI * Math.sqrt(5 / 3), criticalRate('erf', 1), 1e-12),
    known('K x critical rate, erf, K = 1000', 5.4395, 1000 * criticalRate('erf', 1000), 1e-4),
    known(
      'critical rate, erf, K = 2, batches of 16, over that of 1',
      16,
      criticalRate('erf', 2, 16) / criticalRate('erf', 2),
      1e-9,
    ),
    ...Object.entries(tabulated.relu).map(([K, eta]) =>
      known(`critical rate, relu, K = M = ${K}`, eta, criticalRate('relu', Number(K)), 1e-6),
    ),
    ...(['erf', 'relu'] as const).flatMap((activation) =>
      [1, 2].flatMap((K) =>
        [0.9, 1.1].map((part) => {
          const eta = part * criticalRate(activation, K);
          const expected = growth(perfectSolutionMatrix(activation, K, eta), K);
          const measured = growthNearPerfect(activation, K, eta, part < 1 ? 1e-5 : 1e-9);
          return known(
            `growth per alpha near the perfect solution, ${activation}, K = ${K}, ${part} of the critical rate`,
            expected,
            measured,
            0.02,
            true,
          );
        }),
      ),
    ),
    known(
      'slowest decay about the perfect solution, K = 2, eta = 0.5',
      -0.022092,
      largestGrowth(equalUnits(2, 0.5), perfectState(2, 2)),
      1e-6,
    ),
  ];
}

function trajectories(): Check[] {
  return (['E1', 'E2', 'E3', 'E4'] as const).flatMap((name) => {
    const trajectory = REFERENCE.trajectories[name];
    const dynamics = createOnlineDynamics(settingOf(name === 'E4' ? 'relu' : 'erf', trajectory));
    const { errors, states } = follow(dynamics, startOf(trajectory), trajectory.alpha);
    const last = errors.length - 1;
    const where = `trajectory ${name} (${trajectory.desc})`;
    const rows = [
      largest(
        where,
        errors.map((error, i) => error - trajectory.eg[i]),
        1e-9,
        0.01,
      ),
      known(
        `${where}, alpha = ${trajectory.alpha[last]}: generalisation error`,
        trajectory.eg[last],
        errors[last],
        1e-6,
        true,
      ),
    ];
    const readOuts = trajectory.v_t;
    if (readOuts) {
      const deviations = states.flatMap((state, i) => readOuts[i].map((v, k) => state[state.length - 2 + k] - v));
      rows.push(largest(`${where}: read-outs`, deviations, 1e-9, 1));
    }
    if (name === 'E1') {
      const slope = Math.log(errors[last] / errors[last - 1]) / 100;
      rows.push(known(`${where}: d ln eps / d alpha from 400 to 500`, -0.044, slope, 1e-3, false));
    }
    return rows;
  });
}

function published(): Check[] {
  const arrays = readNpz(PUBLISHED);
  const [Q, R, T] = ['Q', 'R', 'T'].map((name) => Float64Array.from(arrays.get(name).data));
  const setting: OnlineSetting = equalUnits(8, 8, {
    teachers: 4,
    teacherOverlaps: T,
    teacherReadOut: new Float64Array(4).fill(1 / 4),
    labelNoise: Math.sqrt(1e-3),
  });
  const dynamics = createOnlineDynamics(setting);
  const start = stateOf([...Q], [...R], Array(8).fill(1 / 8));
  const { t, printed, exact_ode } = REFERENCE.published;
  const where = 'published run of 8 units and 4 (arXiv:2202.00293, its code)';

  // Euler's steps, as the published program makes them.
  const [state, slope] = [Float64Array.from(start), new Float64Array(start.length)];
  const euler = [1, 2].map((time, i) => {
    for (let step = 0; step < 2000; step++) {
      dynamics.derivative(state, slope);
      for (let p = 0; p < state.length; p++) state[p] += slope[p] / 2000;
    }
    const expected = printed[t.indexOf(time)];
    return known(`${where}, its Euler steps, t = ${i + 1}`, expected, dynamics.generalisationError(state), 5e-11);
  });
  const early = t.filter((time) => time <= 10);
  const first = follow(dynamics, start, early, 0.1);
  // Slow from there on.
  const later = t.filter((time) => time > 10).map((time) => time - 10);
  const second = follow(dynamics, first.states[early.length - 1], later, 0.5);
  const errors = [...first.errors, ...second.errors];
  return [
    ...euler,
    largest(
      `${where}, exact equation against the other program, t up to 1000`,
      errors.map((error, i) => error - exact_ode[i]),
      5e-9,
      0.003,
    ),
    ...t
      .slice(1)
      .map((time, i) => known(`${where}, exact equation, t = ${time}`, printed[i + 1], errors[i + 1], 2e-4, true)),
  ];
}

/** The error at which label noise holds a student. */
function asymptote(activation: 'erf' | 'relu', K: number, M: number, eta: number, sigma: number): number {
  const setting = equalUnits(K, eta, {
    activation,
    teachers: M,
    teacherOverlaps: Float64Array.from({ length: M * M }, (_, i) => Number(i % (M + 1) === 0)),
    teacherReadOut: new Float64Array(M).fill(1),
    labelNoise: sigma,
  });
  const dynamics = createOnlineDynamics(setting);
  const { states } = follow(dynamics, perfectState(K, M), [(K > M ? 100 : 20) / eta], 0.02 / eta);
  return dynamics.generalisationError(fixedPoint(setting, states[0]));
}

function labelNoise(): Check[] {
  const rows = REFERENCE.noise_asymptote;
  const equal = rows.filter(({ K, M }) => K === M);
  const deviations = equal.map(({ K, M, eta, sigma, eps }) => asymptote('erf', K, M, eta, sigma) / eps - 1);
  const more = rows.filter(({ K, M, eta }) => K === M + 1 && eta === 0.02);
  return [
    largest('error held up by label noise, K = M = 1, 2, 3, relative to the other program', deviations, 1e-4, 1),
    ...equal
      .filter(({ sigma, eta }) => sigma === 0.01 && eta < 1)
      .map(({ K, M, eta, sigma, linear = Number.NaN }) =>
        known(
          `the same, K = M = ${K}, eta = ${eta}, sigma = ${sigma}: over the linear theory`,
          1,
          asymptote('erf', K, M, eta, sigma) / linear,
          1e-3,
        ),
      ),
    known(
      'the same, relu, K = M = 1, eta = 0.5: over eta sigma^2 / 8 / (1 - eta / 2)',
      1,
      asymptote('relu', 1, 1, 0.5, 0.01) / ((0.5 * 1e-4) / 8 / 0.75),
      1e-3,
    ),
    ...more.map(({ K, M, eta, sigma, eps }) =>
      known(
        `the same, K = ${K}, M = ${M}, eta = ${eta}, sigma = ${sigma}`,
        eps,
        asymptote('erf', K, M, eta, sigma),
        1e-3,
        true,
      ),
    ),
  ];
}

/** Error of K units that learn two, long after the start, with the first layer trained or both. */
function longAfter(K: number, readOutRate: number): number {
  const setting = equalUnits(K, 0.2, {
    teachers: 2,
    teacherOverlaps: Float64Array.of(1, 0, 0, 1),
    teacherReadOut: Float64Array.of(1, 1),
    labelNoise: 0.1,
    readOutRate,
  });
  const Q = Array.from({ length: K * K }, (_, place) => (place % (K + 1) === 0 ? 0.5 - (0.1 * place) / (K + 1) : 0));
  const R = [0.2, 0.05, 0.1, 0.15, -0.05, 0.02].slice(0, 2 * K);
  return follow(createOnlineDynamics(setting), stateOf(Q, R, Array(K).fill(1)), [20_000], 0.5).errors[0];
}

/** Published in words (abstract of arXiv:1906.08632): extra units cost where the first layer learns alone, not where both do. */
function extraUnits(): Check[] {
  const where = 'two teacher units, eta 0.2, sigma 0.1, alpha = 20000';
  const [two, three] = [2, 3].map((K) => longAfter(K, 0.2));
  return [
    known(`${where}: error, K = 2, first layer`, 4.02e-4, longAfter(2, 0), 2e-3, true),
    known(`${where}: error, K = 3, first layer`, 8.01e-4, longAfter(3, 0), 2e-3, true),
    known(`${where}: error, K = 2, both layers`, 3.87e-4, two, 2e-3, true),
    {
      what: `${where}: error of K = 3 over that of K = 2, both layers`,
      expected: Number.NaN,
      measured: three / two,
      error: Number.NaN,
      n: 1,
      tolerance: 'below 1; 1.99 where the first layer learns alone',
      possible: NOT_NEGATIVE,
      accepted: [0, 1],
    },
  ];
}

export function exactChecks(): Check[] {
  return [
    ...integrals(),
    ...smallRates(),
    ...finiteRates(),
    ...lengths(0.5),
    ...lengths(1),
    ...stability(),
    ...trajectories(),
    ...published(),
    ...labelNoise(),
    ...extraUnits(),
  ];
}
