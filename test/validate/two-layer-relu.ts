// The phase diagram of two-layer ReLU networks: slopes of the distance from the start against the width, regimes of a map
// and where they meet, directions of units, and how much of it depends on the length of a step.
import { seriesColors } from '../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../analysis/figures/draw/plot-panel.js';
import type { Json } from '../../core/contracts/json.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { jackknife as leaveOneOut } from '../../core/statistics/jackknife.js';
import condensation from '../../scenarios/condensation.js';
import phaseDiagram from '../../scenarios/two-layer-relu-map.js';
import {
  boundary,
  firstDirections,
  POINTS,
  REFERENCE_DISTANCES,
  regime,
  slope,
} from '../plugins/two-layer-relu/theory/slopes.js';
import { ANY, about, above, below, type Check, FRACTION, mean, NOT_NEGATIVE, type Validation } from './check.js';
import { draw } from './draw.js';
import { compute, type Outcome } from './study.js';

const SEEDS = 16;
const WIDTHS = [...REFERENCE_DISTANCES.keys()];
const MAP_WIDTHS = [256, 512, 1024, 2048, 4096, 8192];
const MAP_SEEDS = 4;

/** Finished where the loss is below 1e-4, as the numbers that are compared with were. */
const finished = 'movement.atTolerance';

const scenarioOf = (title: string, changes: Partial<Scenario>): Scenario => ({
  ...phaseDiagram,
  title,
  time: 1500,
  classifier: undefined,
  figures: undefined,
  ...changes,
});

interface Estimate {
  readonly value: number;
  readonly error: number;
  readonly n: number;
}

function estimateOf(values: readonly number[]): Estimate {
  const value = mean(values);
  const n = values.length;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (n - 1) / n), n };
}

/** By least squares. */
function slopeOf(widths: readonly number[], logs: readonly number[]): number {
  const x = widths.map(Math.log);
  const centre = mean(x);
  return mean(x.map((each, i) => (each - centre) * logs[i])) / mean(x.map((each) => (each - centre) ** 2));
}

/** ln RD at the end of training by width, for each seed that has learned at all widths. */
function logsOf(
  { rows, last }: Outcome,
  at: Readonly<Record<string, Json>>,
  widths: readonly number[],
  seeds: number,
): readonly (readonly number[])[] {
  const here = rows.filter(({ axes }) => Object.entries(at).every(([name, value]) => axes[name] === value));
  const logOf = (seed: number, width: number): number => {
    const row = here.find((one) => one.seed === seed && one.axes['model.width'] === width);
    if (!row) throw new Error(`no run of width ${width}, seed ${seed} at ${JSON.stringify(at)}`);
    try {
      return Math.log(last(row, finished)[0]);
    } catch {
      return Number.NaN;
    }
  };
  return Array.from({ length: seeds }, (_, seed) => widths.map((width) => logOf(seed, width))).filter((logs) =>
    logs.every(Number.isFinite),
  );
}

const axesOf = (gamma: number, gammaPrime: number) => ({ 'model.gamma': gamma, 'model.gammaPrime': gammaPrime });
const nameOf = (gamma: number, gammaPrime: number) => `(γ, γ') = (${gamma}, ${gammaPrime})`;

async function slopeChecks(): Promise<Check[]> {
  const outcome = await compute(
    scenarioOf('Two-layer slopes', {
      sweep: {
        zip: [{ 'model.gamma': POINTS.map(([gamma]) => gamma), 'model.gammaPrime': POINTS.map(([, prime]) => prime) }],
        axes: { 'model.width': WIDTHS },
        seeds: SEEDS,
      },
    }),
  );
  const checks = POINTS.map(([gamma, gammaPrime]): Check => {
    const logs = logsOf(outcome, axesOf(gamma, gammaPrime), WIDTHS, SEEDS);
    const { value, error, n } = estimateOf(logs.map((each) => slopeOf(WIDTHS, each)));
    const expected = slope(gamma, gammaPrime);
    // Between the regimes of frozen and of balanced weights the slope still changes at these widths.
    const tolerance = gamma === 1.5 && gammaPrime === 1 ? 0.2 : 0.05;
    return {
      what: `slope of ln RD against ln m, ${nameOf(gamma, gammaPrime)}`,
      expected,
      measured: value,
      error,
      n,
      tolerance: `${tolerance}`,
      possible: ANY,
      accepted: about(expected, tolerance),
      precise: error < 0.03 && n >= SEEDS - 2,
      unit: 1,
    };
  });
  const reference = logsOf(outcome, axesOf(0.5, 0), WIDTHS, SEEDS);
  for (const [i, [width, expected]] of [...REFERENCE_DISTANCES].entries()) {
    const log = estimateOf(reference.map((each) => each[i]));
    const measured = Math.exp(log.value);
    checks.push({
      what: `RD at ${nameOf(0.5, 0)}, m = ${width}, geometric mean`,
      expected,
      measured,
      error: measured * log.error,
      n: log.n,
      tolerance: '10 %, as of the two seeds of the reference',
      possible: NOT_NEGATIVE,
      accepted: about(expected, 0.1 * expected),
      precise: log.error < 0.05,
    });
  }
  return checks;
}

/** Whether what is left of the slopes above goes away as networks grow wider. */
async function wideChecks(): Promise<Check[]> {
  const widths = [10_000, 30_000, 100_000];
  const seeds = 4;
  const points = [
    { gamma: 1.25, gammaPrime: 0, time: 150, tolerance: 0.015 },
    { gamma: 1.5, gammaPrime: 0, time: 150, tolerance: 0.015 },
    { gamma: 1.75, gammaPrime: 0, time: 150, tolerance: 0.015 },
    { gamma: 1.5, gammaPrime: 0.25, time: 150, tolerance: 0.015 },
    { gamma: 1.5, gammaPrime: 1, time: 1000, tolerance: 0.1 },
  ];
  const checks: Check[] = [];
  for (const { gamma, gammaPrime, time, tolerance } of points) {
    const outcome = await compute(
      scenarioOf(`Two-layer wide ${gamma} ${gammaPrime}`, {
        time,
        sweep: {
          axes: { 'model.gamma': [gamma], 'model.gammaPrime': [gammaPrime], 'model.width': widths },
          seeds,
        },
      }),
    );
    const logs = logsOf(outcome, axesOf(gamma, gammaPrime), widths, seeds);
    const { value, error, n } = estimateOf(logs.map((each) => slopeOf(widths, each)));
    const expected = slope(gamma, gammaPrime);
    checks.push({
      what: `slope from width 10 000 to 100 000, ${nameOf(gamma, gammaPrime)}`,
      expected,
      measured: value,
      error,
      n,
      tolerance: `${tolerance}`,
      possible: ANY,
      accepted: about(expected, tolerance),
      precise: error < tolerance / 2,
      unit: 1,
    });
  }
  return checks;
}

/** Slopes of the map by gamma': for the figure. */
const drawn = new Map<number, { readonly gamma: number; readonly slope: Estimate }[]>();

/** Where a line through the mean slopes of each gamma passes 0. */
function zeroOf(gammas: readonly number[], slopes: readonly number[]): number {
  const i = slopes.findIndex((here, k) => k > 0 && slopes[k - 1] < 0 && here >= 0);
  if (i < 0) return Number.NaN;
  const part = -slopes[i - 1] / (slopes[i] - slopes[i - 1]);
  return gammas[i - 1] + part * (gammas[i] - gammas[i - 1]);
}

async function mapChecks(): Promise<Check[]> {
  const gammas = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
  const primes = [-0.5, -0.25, 0, 0.25, 0.5, 0.75];
  const outcome = await compute(
    scenarioOf('Two-layer map', {
      time: 1000,
      classifier: { use: 'condensation' },
      sweep: {
        axes: { 'model.gamma': gammas, 'model.gammaPrime': primes, 'model.width': MAP_WIDTHS },
        seeds: MAP_SEEDS,
      },
    }),
  );
  const cells = gammas.flatMap((gamma) => primes.map((gammaPrime) => ({ gamma, gammaPrime })));
  const labelsOf = ({ gamma, gammaPrime }: (typeof cells)[number]) =>
    outcome.rows
      .filter(({ axes }) => axes['model.gamma'] === gamma && axes['model.gammaPrime'] === gammaPrime)
      .filter(({ axes }) => axes['model.width'] === MAP_WIDTHS.at(-1))
      .map(({ label }) => label);
  const sides = cells.filter(({ gamma, gammaPrime }) => regime(gamma, gammaPrime) !== 'critical');
  const onSides = sides.flatMap((cell) => labelsOf(cell).map((label) => label === regime(cell.gamma, cell.gammaPrime)));
  const line = cells.filter(({ gamma, gammaPrime }) => regime(gamma, gammaPrime) === 'critical');
  const onLine = line.flatMap((cell) => labelsOf(cell).map((label) => label === 'critical'));
  const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;
  const checks: Check[] = [
    {
      what: `seeds in the regime of theory, ${sides.length} cells beside the boundary`,
      expected: 1,
      measured: share(onSides),
      error: Number.NaN,
      n: onSides.length,
      tolerance: '0.95 or more',
      possible: FRACTION,
      accepted: above(0.95),
    },
    {
      what: `seeds that are critical, ${line.length} cells on the boundary (a slope within 0.06)`,
      expected: 1,
      measured: share(onLine),
      error: Number.NaN,
      n: onLine.length,
      tolerance: "none: slopes at these widths have not settled where γ' < 0",
      possible: FRACTION,
      accepted: undefined,
    },
  ];
  for (const gammaPrime of primes) {
    const logs = gammas.map((gamma) => logsOf(outcome, axesOf(gamma, gammaPrime), MAP_WIDTHS, MAP_SEEDS));
    const slopes = logs.map((seeds) => seeds.map((each) => slopeOf(MAP_WIDTHS, each)));
    drawn.set(
      gammaPrime,
      gammas.map((gamma, i) => ({ gamma, slope: estimateOf(slopes[i]) })),
    );
    const seeds = Array.from({ length: Math.min(...slopes.map(({ length }) => length)) }, (_, seed) => seed);
    const zero = leaveOneOut(seeds, (some) => {
      return zeroOf(
        gammas,
        slopes.map((each) => mean(some.map((seed) => each[seed]))),
      );
    });
    const expected = boundary(gammaPrime);
    checks.push({
      what: `γ at which the slope is 0, γ' = ${gammaPrime}`,
      expected,
      measured: zero.value,
      error: zero.error,
      n: seeds.length,
      tolerance: '0.1, less than half a cell',
      possible: ANY,
      accepted: about(expected, 0.1),
      precise: zero.error < 0.05,
      unit: 1,
    });
  }
  return checks;
}

const DEGREE = Math.PI / 180;

async function directionChecks(): Promise<Check[]> {
  const seeds = 8;
  const bins = 72;
  const [linear, condensed] = (condensation.sweep?.axes?.['model.gamma'] ?? []) as readonly number[];
  const scenario = { ...condensation, figures: undefined, sweep: { ...condensation.sweep, seeds } };
  const { observers = {} } = condensation;
  const { rows, first, last } = await compute({ ...scenario, title: 'Two-layer directions' });
  // So small a start that the loss has not changed yet when the units have turned; in bins of one degree.
  const early = await compute({
    ...scenario,
    title: 'Two-layer early directions',
    steps: 32,
    observers: { orientation: { ...observers.orientation, use: 'orientation', bins: 360, when: 'end' } },
    sweep: { axes: { 'model.gamma': [5 / 2] }, seeds },
  });
  const of = (which: typeof first, gamma: number, channel: string, from = rows) =>
    estimateOf(from.filter(({ axes }) => axes['model.gamma'] === gamma).map((row) => which(row, channel)[0]));
  const start = of(first, linear, 'orientation.spread');
  const lateLinear = of(last, linear, 'orientation.spread');
  const lateCondensed = of(last, condensed, 'orientation.spread');
  const largest = of(early.last, 5 / 2, 'orientation.largest', early.rows);
  // Pairs of units have the same direction.
  const expectedStart = 1 / (1 + (2 * bins) / ((condensation.model.width as number) / 2));
  const expectedAngle = firstDirections().maximum / DEGREE;
  return [
    {
      what: 'spread of directions at the start, m = 4000 in pairs',
      expected: expectedStart,
      measured: start.value,
      error: start.error,
      n: start.n,
      tolerance: '4 errors',
      possible: FRACTION,
      accepted: about(expectedStart, 4 * start.error),
      precise: start.error < 0.01,
    },
    {
      what: 'spread late over that at the start, γ = 1/2',
      expected: 1,
      measured: lateLinear.value / start.value,
      error: lateLinear.error / start.value,
      n: lateLinear.n,
      tolerance: '0.05',
      possible: NOT_NEGATIVE,
      accepted: about(1, 0.05),
    },
    {
      what: 'spread late over that at the start, γ = 7/4',
      expected: Number.NaN,
      measured: lateCondensed.value / start.value,
      error: lateCondensed.error / start.value,
      n: lateCondensed.n,
      tolerance: 'below 0.1',
      possible: [0, 1.1],
      accepted: below(0.1),
    },
    {
      what: 'most frequent direction at time 8, γ = 5/2, degrees: maximum of Σ y relu(w·x)',
      expected: expectedAngle,
      measured: largest.value / DEGREE,
      error: largest.error / DEGREE,
      n: largest.n,
      tolerance: '1 degree, the width of a bin',
      possible: [-180, 180],
      accepted: about(expectedAngle, 1),
    },
  ];
}

async function stepChecks(): Promise<Check[]> {
  const points = [
    [0.5, 0],
    [1, -0.5],
    [1.5, 0],
    [1.5, 0.5],
    [1.75, 0],
  ] as const;
  const seeds = 4;
  const sweep = {
    zip: [{ 'model.gamma': points.map(([gamma]) => gamma), 'model.gammaPrime': points.map(([, prime]) => prime) }],
    axes: { 'model.width': [1000] },
    seeds,
  };
  const coarse = await compute(scenarioOf('Two-layer descent', { sweep }));
  const fine = await compute(
    scenarioOf('Two-layer flow', {
      plugins: [...phaseDiagram.plugins, 'optimisers'],
      optimiser: { use: 'gradient-flow', learningRate: 0.25, stepCheck: false },
      observers: { movement: { use: 'relative-distance', block: 'W', when: { every: 20 } } },
      sweep,
    }),
  );
  return points.map(([gamma, gammaPrime]): Check => {
    const [one, other] = [coarse, fine].map((outcome) => logsOf(outcome, axesOf(gamma, gammaPrime), [1000], seeds));
    const ratio = estimateOf(one.map(([log], seed) => Math.exp(log - other[seed][0])));
    return {
      what: `RD by descent with rate 1/2 over that of the flow, ${nameOf(gamma, gammaPrime)}, m = 1000`,
      expected: 1,
      measured: ratio.value,
      error: ratio.error,
      n: ratio.n,
      tolerance: '0.02',
      possible: NOT_NEGATIVE,
      accepted: about(1, 0.02),
    };
  });
}

/** The same with something else: for the reader, nothing is claimed. */
async function variationChecks(): Promise<Check[]> {
  const gammas = [0.5, 1, 1.5];
  const seeds = 4;
  const sweep = { axes: { 'model.gamma': gammas, 'model.gammaPrime': [0], 'model.width': WIDTHS }, seeds };
  const variations: Readonly<Record<string, Partial<Scenario>>> = {
    'tanh units': { time: 3000, model: { ...phaseDiagram.model, activation: 'tanh' } },
    'single samples, rate 1/5': {
      noise: { use: 'minibatch', batchSize: 1, order: 'reshuffled' },
      optimiser: { use: 'sgd', learningRate: 0.2 },
      observers: { movement: { use: 'relative-distance', block: 'W', when: { every: 30 } } },
    },
  };
  const checks: Check[] = [];
  for (const [name, changes] of Object.entries(variations)) {
    const outcome = await compute(scenarioOf(`Two-layer ${name}`, { ...changes, sweep }));
    for (const gamma of gammas) {
      const { value, error, n } = estimateOf(
        logsOf(outcome, axesOf(gamma, 0), WIDTHS, seeds).map((each) => slopeOf(WIDTHS, each)),
      );
      checks.push({
        what: `slope with ${name}, ${nameOf(gamma, 0)}; expected: that of the flow with ReLU`,
        expected: slope(gamma, 0),
        measured: value,
        error,
        n,
        tolerance: 'none: a variation',
        possible: ANY,
        accepted: undefined,
        unit: 1,
      });
    }
  }
  return checks;
}

export const twoLayerRelu: Validation = {
  title: 'Phase diagram of two-layer ReLU networks',
  source:
    'slopes and boundaries: test/plugins/two-layer-relu/theory/slopes.ts, derived, with the regimes of ' +
    'arXiv:2007.07497; distances at γ = 1/2: a program in NumPy with the same data; directions: derived, in the same ' +
    'file. Three points, an antisymmetric start, widths 100 to 10 000 for slopes unless they say otherwise and 256 to ' +
    '8192 for the map, trained to a loss of 1e-4',
  async run() {
    return [
      ...(await slopeChecks()),
      ...(await wideChecks()),
      ...(await mapChecks()),
      ...(await directionChecks()),
      ...(await stepChecks()),
      ...(await variationChecks()),
    ];
  },
  async illustrate() {
    const shown = [-0.5, 0, 0.5];
    const colors = seriesColors(shown.length);
    const fine = Array.from({ length: 151 }, (_, i) => 0.5 + i / 100);
    const curves = shown.flatMap((gammaPrime, i) => [
      {
        label: `γ' = ${gammaPrime}`,
        color: colors[i],
        style: 'points' as const,
        errors: 'bars' as const,
        points: (drawn.get(gammaPrime) ?? []).map(({ gamma, slope: { value, error } }) => {
          return { x: gamma, y: value, low: value - error, high: value + error };
        }),
      },
      {
        label: '',
        color: colors[i],
        dash: [4, 3],
        style: 'line' as const,
        points: fine.map((gamma) => ({ x: gamma, y: slope(gamma, gammaPrime) })),
      },
    ]);
    const table = {
      title: 'Slope of the distance from the start against the width',
      sample:
        `mean over up to N = ${MAP_SEEDS} seeds, m = ${MAP_WIDTHS[0]} to ${MAP_WIDTHS.at(-1)}; ` +
        'bars: one standard error; dashed: theory',
      notes: [],
      x: { label: 'γ', scale: 'linear' as const, domain: [0.45, 2.05] as const },
      y: { label: 'd ln RD / d ln m', scale: 'linear' as const, domain: [-1.7, 1] as const },
      curves,
      guides: [{ y: 0, label: 'critical' }],
      regions: [],
    };
    const panels = [(width: number) => plotPanel(table, width)];
    return draw('two-layer-relu-slopes', { title: table.title, panels, columns: 1, width: 'column' }, 'two-layer-relu');
  },
};
