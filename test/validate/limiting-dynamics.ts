// The limiting dynamics of SGD about a minimum: velocities, displacements, phase space and its current, against exact
// laws of discrete steps, the continuous limit, and the recursion of second moments over real minibatches.
import { meanEstimate } from '../../core/statistics/estimate.js';
import { kolmogorovSmirnovDistance, kolmogorovSmirnovPValue } from '../../core/statistics/kolmogorov-smirnov.js';
import { normalCdf } from '../../core/statistics/special-functions.js';
import { displacement, type Mode, oscillator, stationary } from '../../plugins/limiting-dynamics/theory/mode.js';
import {
  displacementByQuadrature,
  lyapunov,
  solvedDisplacement,
} from '../plugins/limiting-dynamics/theory/discrete-lyapunov.js';
import { dataOf, secondMoments, trace } from '../plugins/limiting-dynamics/theory/second-moments.js';
import { ANY, about, above, type Check, FRACTION, likeThreeErrors, NOT_NEGATIVE, type Validation } from './check.js';
import { within } from './expectations.js';
import { atStart, type Ended, runInThread } from './in-thread.js';

const LEARNING_RATE = 0.05;
const MOMENTUM = 0.9;
const VARIANCE = 0.25;
const BATCH = 32;
const MODES = 20;
/** Copies side by side in a run, and runs. */
const COPIES = 500;
const SEEDS = 16;
/** Steps after which the slowest mode has forgotten: 1/(e h/(1 - b)) = 180. */
const FORGOTTEN = 1500;
const LAGS = [1, 3, 10, 30, 100, 300, 1000];
/** Mean square displacements at these lags, computed once by numpy with another solver. */
const PUBLISHED = [2.2478e-4, 1.8124e-3, 1.31775e-2, 3.35055e-2, 5.96139e-2, 7.4973e-2, 7.82125e-2];

const curvatures = Array.from({ length: MODES }, (_, i) => (i + 1) ** -1.5);

const modes: readonly Mode[] = curvatures.map((curvature) => ({
  learningRate: LEARNING_RATE,
  momentum: MOMENTUM,
  curvature,
  noise: (VARIANCE * curvature) / BATCH,
}));

const base = {
  title: 'validation: limiting dynamics',
  plugins: ['solvable', 'sgd', 'limiting-dynamics'],
  seed: 1,
  steps: FORGOTTEN,
  model: { use: 'quadratic', modes: MODES, decay: 1.5, copies: COPIES },
  loss: { use: 'half-mean-square' },
  noise: { use: 'gaussian-gradient', variance: VARIANCE, batchSize: BATCH },
  optimiser: { use: 'momentum', learningRate: LEARNING_RATE, momentum: MOMENTUM },
  observers: {},
  sweep: { seeds: SEEDS },
} as const;

/** Agreement within errors. */
function byErrors(what: string, expected: number, values: readonly number[], unit = Math.abs(expected)): Check {
  const { value, error, n } = meanEstimate(values);
  const errors = likeThreeErrors(n);
  return {
    what,
    expected,
    measured: value,
    error,
    n,
    tolerance: `${errors.toFixed(1)} errors`,
    possible: ANY,
    accepted: about(expected, errors * error),
    precise: error < 0.02 * unit,
    unit,
  };
}

/** A number that follows from formulas alone. */
function computed(what: string, expected: number, measured: number, share: number): Check {
  return {
    what,
    expected,
    measured,
    error: 0,
    n: 1,
    tolerance: share < 1e-4 ? `${share}` : `${100 * share} %`,
    possible: ANY,
    accepted: about(expected, share * Math.abs(expected)),
    unit: Math.abs(expected),
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Velocities, variances, displacements and currents in the stationary state. */
async function stationaryState(): Promise<Check[]> {
  const steps = FORGOTTEN + LAGS[LAGS.length - 1];
  const found = await runInThread(
    {
      ...base,
      steps,
      observers: {
        velocity: { use: 'velocity-norm', window: 1000, when: 'end' },
        displacement: {
          use: 'mean-square-displacement',
          origin: FORGOTTEN,
          when: { at: LAGS.map((lag) => FORGOTTEN + lag) },
        },
        space: { use: 'phase-space', count: MODES, window: 1000, when: 'end' },
        balance: { use: 'fluctuation-dissipation', window: 1000, when: 'end' },
      },
    },
    (ended) => ({
      velocity: ended.last('velocity.square')[0],
      displacements: ended.frames('displacement.displacement').map(([value]) => value),
      exponent: ended.last('displacement.exponent')[0],
      position: ended.last('space.positionSquare'),
      circulation: ended.last('space.circulation'),
      damping: ended.last('space.damping'),
      yaida: ended.last('balance.yaida')[0],
      exact: ended.last('balance.exact')[0],
    }),
  );
  const of = <T>(read: (one: (typeof found)[number]) => T) => found.map(read);
  const exactVelocity = sum(modes.map((mode) => stationary(mode).velocity));
  const exactPosition = sum(modes.map((mode) => stationary(mode).position));
  /** Slope of the exact logarithms, as the observer fits it. */
  const exponentOf = (values: readonly number[]) => {
    const [x, y] = [LAGS.map(Math.log), values.map(Math.log)];
    const [mx, my] = [sum(x) / x.length, sum(y) / y.length];
    return sum(x.map((one, i) => (one - mx) * (y[i] - my))) / sum(x.map((one) => (one - mx) ** 2));
  };
  const solved = modes.map((mode) => lyapunov(mode));
  return [
    within({
      what: '<|v|^2>, continuous limit s^2 tr H/(S (1 - b^2))',
      expected: (VARIANCE * sum(curvatures)) / (BATCH * (1 - MOMENTUM ** 2)),
      values: of((one) => one.velocity),
      tolerance: 0.02,
    }),
    within({
      what: '<|v|^2>, discrete steps',
      expected: exactVelocity,
      values: of((one) => one.velocity),
      tolerance: 0.005,
    }),
    computed(
      'the same by a closed form, against the solver of the Lyapunov equation',
      sum(solved.map(({ velocity }) => velocity)),
      exactVelocity,
      1e-9,
    ),
    within({
      what: 'tr Var theta, continuous limit e s^2 d/(2 S (1 - b))',
      expected: (LEARNING_RATE * VARIANCE * MODES) / (2 * BATCH * (1 - MOMENTUM)),
      values: of((one) => sum(one.position)),
      tolerance: 0.02,
    }),
    within({
      what: 'tr Var theta, discrete steps',
      expected: exactPosition,
      values: of((one) => sum(one.position)),
      tolerance: 0.01,
    }),
    computed(
      'the same by a closed form, against the solver',
      sum(solved.map(({ position }) => position)),
      exactPosition,
      1e-9,
    ),
    ...LAGS.map((lag, i) =>
      within({
        what: `mean square displacement after ${lag} steps`,
        expected: PUBLISHED[i],
        values: of((one) => one.displacements[i]),
        tolerance: 0.03,
      }),
    ),
    ...LAGS.map((lag, i) =>
      computed(
        `exact displacement after ${lag} steps: the plugin's, against numpy`,
        PUBLISHED[i],
        sum(modes.map((mode) => displacement(mode, lag))),
        3e-5,
      ),
    ),
    within({
      what: 'exponent fitted to lags 1 to 1000, exact displacements fitted alike',
      expected: exponentOf(PUBLISHED),
      values: of((one) => one.exponent),
      tolerance: 0.01,
    }),
    ...[0, 1, 6, 19].flatMap((i) => [
      within({
        what: `area that (q, v) goes round in a step, mode ${i + 1}: a quarter of the displacement in two steps, over e`,
        expected: -solvedDisplacement(modes[i], 2) / (4 * LEARNING_RATE),
        values: of((one) => one.circulation[i]),
        tolerance: 0.02,
      }),
      within({
        what: 'the same, continuous limit -e <v^2>',
        expected: oscillator(modes[i]).circulation,
        values: of((one) => one.circulation[i]),
        tolerance: 0.1,
        note: ': two steps are a fifth of the time of friction',
      }),
    ]),
    {
      what: 'modes that are under-damped, of 20',
      expected: 7,
      measured: found[0].damping.filter((value) => value < 1).length,
      error: Number.NaN,
      n: 1,
      tolerance: 'exact; by parameters, without noise',
      possible: [0, MODES],
      accepted: [7, 7],
    },
    within({ what: 'Yaida ratio with momentum', expected: 1, values: of((one) => one.yaida), tolerance: 0.01 }),
    within({
      what: 'fluctuation-dissipation ratio of finite steps with momentum',
      expected: 1,
      values: of((one) => one.exact),
      tolerance: 0.01,
    }),
  ];
}

/** The sum over velocity correlations, which is not exact. */
function quadrature(): Check[] {
  const expected = [
    [300, 1, 0.015],
    [1000, 1.05, 0.02],
    [3000, 1.15, 0.03],
  ];
  return expected.map(([lag, ratio, tolerance]) => {
    const measured = displacementByQuadrature(modes, lag) / sum(modes.map((mode) => displacement(mode, lag)));
    return {
      what: `displacement by the sum over velocity correlations, over the exact one, ${lag} steps`,
      expected: ratio,
      measured,
      error: 0,
      n: 1,
      tolerance: `${tolerance}`,
      possible: NOT_NEGATIVE,
      accepted: about(ratio, tolerance),
    };
  });
}

/** Which modes swing through the minimum, without noise. */
async function oscillations(): Promise<Check> {
  const [crossing] = await runInThread(
    {
      ...base,
      steps: 2000,
      model: { use: 'quadratic', modes: MODES, decay: 1.5, initial: 1 },
      noise: { use: 'full-batch' },
      observers: { space: { use: 'phase-space', count: MODES, window: 1, when: { every: 1 } } },
      sweep: { seeds: 1 },
    },
    (ended: Ended) => {
      const frames = ended.frames('space.position');
      return Array.from({ length: MODES }, (_, i) => frames.some((frame) => frame[i] < 0)).filter(Boolean).length;
    },
  );
  return {
    what: 'modes that swing through the minimum without noise, of 20',
    expected: 7,
    measured: crossing,
    error: Number.NaN,
    n: 1,
    tolerance: 'exact',
    possible: [0, MODES],
    accepted: [7, 7],
  };
}

/** From a common start: mean and scatter on the way. */
async function transient(): Promise<Check[]> {
  const times = [4, 16, 64];
  const start = 0.5;
  const found = await runInThread(
    {
      ...base,
      steps: 64,
      model: { ...base.model, initial: start, copies: 4000 },
      observers: { space: { use: 'phase-space', count: 4, window: 1, when: { at: times } } },
    },
    (ended) => ({
      position: ended.frames('space.position'),
      scatter: ended.frames('space.positionScatter'),
      velocityScatter: ended.frames('space.velocityScatter'),
    }),
  );
  return times.flatMap((k, t) =>
    [0, 3].flatMap((i) => {
      const mode = modes[i];
      const solved = lyapunov(mode, k);
      const [mean] = oscillator(mode).mean(LEARNING_RATE * k, start, 0);
      return [
        byErrors(
          `mean position after ${k} steps from 1/2, mode ${i + 1}, in units of the start`,
          solved.mean,
          found.map((one) => one.position[t][i] / start),
          1,
        ),
        {
          ...byErrors(
            'the same, continuous limit',
            mean / start,
            found.map((one) => one.position[t][i] / start),
            1,
          ),
          tolerance: '0.1, what mode 1 moves in a step',
          accepted: about(mean / start, 0.1),
        },
        within({
          what: `variance of the position then, mode ${i + 1}`,
          expected: solved.position,
          values: found.map((one) => one.scatter[t][i]),
          tolerance: 0.06,
        }),
        within({
          what: `variance of the velocity then, mode ${i + 1}`,
          expected: solved.velocity,
          values: found.map((one) => one.velocityScatter[t][i]),
          tolerance: 0.06,
        }),
      ];
    }),
  );
}

/** The law of a single mode, and that friction, frequency and temperature are what they are said to be. */
async function gibbs(): Promise<Check[]> {
  const all = await runInThread(
    {
      ...base,
      steps: 400,
      model: { use: 'quadratic', eigenvalues: [1, 0.35355339059327373], copies: 4000 },
      observers: {
        weights: { use: 'weights', block: 'W', when: { at: [399, 400] } },
      },
      plugins: [...base.plugins, 'spectrum'],
      sweep: { seeds: 1 },
    },
    (ended) => ended.frames('weights.weights'),
  );
  const [[before, after]] = all;
  return [0, 1].flatMap((i) => {
    const mode = modes[i];
    const law = stationary(mode);
    const q = after.filter((_, k) => k % 2 === i);
    const v = after.map((value, k) => (value - before[k]) / LEARNING_RATE).filter((_, k) => k % 2 === i);
    const test = (values: readonly number[], variance: number, what: string): Check => {
      const distance = kolmogorovSmirnovDistance(values, (value) => normalCdf(value / Math.sqrt(variance)));
      return {
        what: `p-value of the Gibbs law of the ${what}, mode ${i + 1}`,
        expected: Number.NaN,
        measured: kolmogorovSmirnovPValue(distance, values.length),
        error: Number.NaN,
        n: values.length,
        tolerance: 'above 0.01',
        possible: FRACTION,
        accepted: above(0.01),
        finds: 1.63 / Math.sqrt(values.length),
      };
    };
    return [test(q, law.position, 'position'), test(v, law.velocity, 'velocity')];
  });
}

/** The rule that keeps frequency and temperature of velocities and lowers the friction. */
async function annealing(): Promise<Check[]> {
  const exact = sum(modes.map((mode) => oscillator(mode).velocity));
  const checks: Check[] = [];
  for (const a of [0.5, 0.25]) {
    const momentum = Math.sqrt(1 - a * (1 - MOMENTUM ** 2));
    const learningRate = (LEARNING_RATE * (1 + MOMENTUM)) / (1 + momentum);
    const found = await runInThread(
      {
        ...base,
        steps: 4000,
        model: { ...base.model, copies: 250 },
        noise: { ...base.noise, batchSize: BATCH / a },
        optimiser: { use: 'momentum', learningRate, momentum },
        observers: { velocity: { use: 'velocity-norm', window: 2000, when: 'end' } },
      },
      (ended) => ended.last('velocity.square')[0],
    );
    checks.push(
      within({
        what: `<|v|^2> at batch size ${BATCH / a}, momentum ${momentum.toFixed(4)}: that of the start of the rule`,
        expected: exact,
        values: found,
        tolerance: 0.02,
      }),
    );
    const now = oscillator({ ...modes[0], learningRate, momentum });
    const then = oscillator(modes[0]);
    checks.push(
      computed('frequency of mode 1 under the same rule, over what it was', 1, now.frequency / then.frequency, 1e-9),
    );
  }
  return checks;
}

/** Weight decay stiffens every mode and moves the place of rest. */
async function decay(): Promise<Check[]> {
  const weightDecay = 0.1;
  const found = await runInThread(
    {
      ...base,
      steps: 2500,
      model: { ...base.model, copies: 250, minimum: 1, initial: 1 },
      optimiser: { ...base.optimiser, weightDecay },
      observers: { space: { use: 'phase-space', count: MODES, window: 1000, when: 'end' } },
    },
    (ended) => ended.last('space.positionSquare'),
  );
  return [0, 9, 19].map((i) =>
    within({
      what: `variance of mode ${i + 1} with weight decay 0.1, e s^2 h/(2 S (1 - b)(h + 0.1))`,
      expected:
        (LEARNING_RATE * VARIANCE * curvatures[i]) / (2 * BATCH * (1 - MOMENTUM) * (curvatures[i] + weightDecay)),
      values: found.map((one) => one[i]),
      tolerance: 0.04,
    }),
  );
}

/** Batches of data in place of noise that is added. */
async function minibatches(): Promise<Check[]> {
  const scenario = {
    ...base,
    steps: 12_000,
    model: { use: 'linear-regression', outputs: 40, samples: 1000, labelNoise: 0.5, data: 'shared' },
    noise: { use: 'minibatch', batchSize: BATCH, order: 'iid' },
    observers: {
      velocity: { use: 'velocity-norm', window: 10_000, when: 'end' },
      balance: { use: 'fluctuation-dissipation', window: 10_000, when: 'end' },
    },
    sweep: { seeds: 4 },
  } as const;
  const data = await atStart(scenario, dataOf);
  const setting = { learningRate: LEARNING_RATE, momentum: MOMENTUM, batchSize: BATCH };
  const whole = secondMoments(data, setting);
  const found = await runInThread(scenario, (ended) => ({
    velocity: ended.last('velocity.square')[0],
    continuous: ended.last('velocity.continuous')[0],
    exact: ended.last('balance.exact')[0],
    leading: ended.last('balance.leading')[0],
  }));
  const expected = trace(whole.velocity);
  const { continuous } = found[0];
  return [
    within({
      what: '<|v|^2> with batches of 32 of 1000 samples, recursion of second moments over the data',
      expected,
      values: found.map(({ velocity }) => velocity),
      tolerance: 0.01,
    }),
    within({
      what: 'the same over the continuous limit with noise that is added: 3 % more by the curvature of batches',
      expected: 1.03,
      values: found.map(({ velocity }) => velocity / continuous),
      tolerance: 0.01,
    }),
    within({
      what: 'fluctuation-dissipation ratio with the multiplicative part',
      expected: 1,
      values: found.map(({ exact }) => exact),
      tolerance: 0.01,
    }),
  ];
}

export const limitingDynamics: Validation = {
  title: 'Limiting dynamics of SGD about a minimum',
  source:
    'arXiv:2107.09133 for the continuous limit; exact laws of discrete steps from the discrete Lyapunov equation ' +
    '(derived), solved a second time in test/plugins/limiting-dynamics/theory',
  async run() {
    return [
      ...(await stationaryState()),
      ...quadrature(),
      await oscillations(),
      ...(await transient()),
      ...(await gibbs()),
      ...(await annealing()),
      ...(await decay()),
      ...(await minibatches()),
    ];
  },
};
