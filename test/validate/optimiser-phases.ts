// Where the paramagnet of the published network begins under five optimisers, at equal effective learning rate.
import { seriesColors } from '../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../analysis/figures/draw/plot-panel.js';
import type { Axis, Verdict } from '../../core/contracts/classifier.js';
import { mapPhases } from '../../core/phases/phase-map.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { initialWidths, shortRun } from '../../scenarios/optimiser-phases.js';
import { ANY, about, type Check, FRACTION, median, type Validation } from './check.js';
import { draw } from './draw.js';
import { compute } from './study.js';

const SEEDS = 16;
const SEEDS_OF_IMPLICIT = 4;
/** Octaves between two rates. */
const STEP = 0.25;

const rates = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => 2 ** (from + step * i));

/** An octave and a half to either side of where a coarser grid has the boundary, for each initial width. */
const around = (centres: readonly number[]) => centres.map((centre) => rates(centre - 1.5, centre + 1.5, STEP));

/** With this step NAG-GS forgets as fast as momentum 0.9: the determinant of its step on a flat bottom is 0.9. */
const FLOW_STEP = 1 / Math.sqrt(0.9) - 1;

interface Case {
  readonly name: string;
  readonly label: string;
  readonly optimiser: Scenario['optimiser'];
  /** For each initial width, ascending: learning rates of plain descent, or of the optimiser where that is `measured`. */
  readonly rates: readonly (readonly number[])[];
  /** The parameters that make a rate. */
  readonly parameters: (rate: number) => Readonly<Record<string, number>>;
  /** Where no formula gives the effective learning rate. */
  readonly measured?: boolean;
  readonly seed?: number;
  readonly seeds?: number;
}

/** log2 of effective learning rates. */
const EFFECTIVE = around([1.5, 1.5, 1.75, 3, 5.25]);
/** log2 of learning rates of Adam. */
const ADAM = around([-8, -7.75, -7.5, -5.75, -3.5]);
const IMPLICIT = rates(-2, 6, 2);

const plainRate = (rate: number) => ({ 'optimiser.learningRate': rate });

const SECOND_SGD = 'sgd, other seeds';

const cases: readonly Case[] = [
  {
    name: 'sgd',
    label: 'SGD',
    optimiser: { use: 'sgd', learningRate: 1 },
    rates: EFFECTIVE,
    parameters: plainRate,
  },
  {
    name: SECOND_SGD,
    label: SECOND_SGD,
    optimiser: { use: 'sgd', learningRate: 1 },
    rates: EFFECTIVE,
    parameters: plainRate,
    seed: 7,
  },
  {
    name: 'momentum',
    label: 'momentum 0.9',
    optimiser: { use: 'momentum', learningRate: 1, momentum: 0.9 },
    rates: EFFECTIVE,
    parameters: (rate) => plainRate(rate * (1 - 0.9)),
  },
  {
    name: 'nag-gs',
    label: 'NAG-GS',
    optimiser: { use: 'nag-gs', learningRate: FLOW_STEP, mass: 1, convexity: 1 },
    rates: EFFECTIVE,
    // mass = convexity: a steady gradient moves the weights by alpha/(mass (2 + alpha)) times it.
    parameters: (rate) => {
      const mass = FLOW_STEP / (rate * (2 + FLOW_STEP));
      return { 'optimiser.mass': mass, 'optimiser.convexity': mass };
    },
  },
  {
    name: 'adam',
    label: 'Adam',
    optimiser: { use: 'adam', learningRate: 1 },
    rates: ADAM,
    parameters: plainRate,
    measured: true,
  },
  {
    name: 'implicit',
    label: 'implicit',
    optimiser: { use: 'implicit', learningRate: 1 },
    rates: initialWidths.map(() => IMPLICIT),
    parameters: plainRate,
    seeds: SEEDS_OF_IMPLICIT,
  },
];

const LABELS = ['stays', 'runs away'];
const WIDTH = 'model.initialWidth';

interface Crossing {
  /** The learning rate that the optimiser was given, where it has one; else as `value`. */
  readonly own: number;
  /** Effective learning rate. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

interface Found {
  readonly label: string;
  /** By initial width, in effective learning rates; undefined where nothing is crossed. */
  readonly crossings: readonly (Crossing | undefined)[];
  /** Of all runs: those that ran away. */
  readonly share: number;
  readonly runs: number;
}

async function boundaryOf(one: Case): Promise<Found> {
  const { name, label, optimiser, parameters, measured: isMeasured = false, seed, seeds = SEEDS } = one;
  const settings = one.rates.flatMap((some, i) => some.map((rate) => ({ width: initialWidths[i], rate })));
  const made = settings.map(({ rate }) => parameters(rate));
  const axes = Object.fromEntries(Object.keys(made[0]).map((path) => [path, made.map((values) => values[path])]));
  const end = { at: 'end' } as const;
  const { rows, last } = await compute({
    ...shortRun,
    title: `Phases under ${name}`,
    seed: seed ?? shortRun.seed,
    observers: {
      ...shortRun.observers,
      ...(isMeasured && { rate: { use: 'effective-learning-rate', when: end } }),
    },
    optimiser,
    sweep: { zip: [{ [WIDTH]: settings.map(({ width }) => width), ...axes }], seeds },
  } as Scenario);
  const failed = rows.find(({ status }) => status === 'failed');
  if (failed) throw new Error(`a run of ${name} failed: ${failed.message}`);
  const [along] = Object.keys(axes);
  const isAway = (row: RunRow) => row.label === 'paramagnetic' || row.label === 'diverged';
  const crossings = initialWidths.map((width, i) => {
    const here = rows.filter((row) => row.axes[WIDTH] === width);
    const ladder = one.rates[i];
    const rateOf = (row: RunRow) => ladder.find((rate) => parameters(rate)[along] === row.axes[along]) as number;
    const records = here.map((row) => ({ axes: { rate: rateOf(row) }, seed: row.seed }));
    const verdicts: Verdict[] = here.map((row) => {
      const chosen = LABELS[Number(isAway(row))];
      const probabilities = Object.fromEntries(LABELS.map((one) => [one, Number(one === chosen)]));
      return { label: chosen, probabilities, evidence: {} };
    });
    const axis: Axis = { name: 'rate', values: [...ladder], group: 0 };
    const { boundaries } = mapPhases(records, verdicts, [axis], { labels: LABELS });
    const found = boundaries.flatMap((boundary) => boundary.crossings);
    if (found.length !== 1) return undefined;
    // Medians over the seeds of each rate, and a power law between two.
    const measuredAt = (rate: number) =>
      Math.log2(
        median(
          here
            .filter((row) => row.status !== 'diverged' && rateOf(row) === rate)
            .map((row) => last(row, 'rate.median')[0]),
        ),
      );
    const effective = (rate: number) => {
      if (!isMeasured) return rate;
      const above = ladder.findIndex((one, k) => k > 0 && (one >= rate || k === ladder.length - 1));
      const part = Math.log2(rate / ladder[above - 1]) / STEP;
      return 2 ** ((1 - part) * measuredAt(ladder[above - 1]) + part * measuredAt(ladder[above]));
    };
    const { value, low, high, n } = found[0];
    return { own: value, value: effective(value), low: effective(low), high: effective(high), n };
  });
  return { label, crossings, share: rows.filter(isAway).length / rows.length, runs: rows.length };
}

const found = new Map<string, Found>();

/** Octaves from one boundary to another, and the error of it. */
function shift(from: Crossing, to: Crossing): { value: number; error: number } {
  const half = ({ low, high }: Crossing) => Math.log2(high / low) / 2;
  return { value: Math.log2(to.value / from.value), error: Math.hypot(half(from), half(to)) };
}

export const optimiserPhases: Validation = {
  title: 'Where the paramagnet begins under five optimisers',
  source:
    'SGD with other seeds: the same boundary; implicit: a step that is stable at any rate never runs away ' +
    '(arXiv:2303.01767); for the others nothing is claimed, and the shift of the boundary is for the reader',
  async run() {
    const checks: Check[] = [];
    for (const one of cases) found.set(one.name, await boundaryOf(one));
    const reference = found.get('sgd') as Found;
    for (const { name } of cases.filter((one) => one.name !== 'sgd')) {
      const { label, crossings, share, runs } = found.get(name) as Found;
      if (name === 'implicit') {
        checks.push({
          what: `${label}: share of runs that run away, learning rates ${IMPLICIT[0]} to ${IMPLICIT[IMPLICIT.length - 1]}`,
          expected: 0,
          measured: share,
          error: Math.sqrt((share * (1 - share)) / runs),
          n: runs,
          tolerance: 'none does',
          possible: FRACTION,
          accepted: [0, 0],
        });
        continue;
      }
      initialWidths.forEach((width, i) => {
        const [from, to] = [reference.crossings[i], crossings[i]];
        if (!from || !to) return;
        const { value, error } = shift(from, to);
        const isControl = name === SECOND_SGD;
        checks.push({
          what: `${label}: octaves of effective learning rate from the boundary of SGD, initial width ${width}`,
          expected: isControl ? 0 : Number.NaN,
          measured: value,
          error,
          n: Math.min(from.n, to.n),
          tolerance: isControl ? '3 errors' : 'no claim',
          possible: ANY,
          accepted: isControl ? about(0, 3 * error) : undefined,
          unit: 1,
        });
      });
    }
    return checks;
  },
  async illustrate() {
    const drawn = cases.filter(({ name }) => name !== SECOND_SGD && name !== 'implicit');
    const colors = seriesColors(drawn.length);
    const curves = drawn.map(({ name, label }, i) => ({
      label,
      color: colors[i],
      style: 'points' as const,
      errors: 'bars' as const,
      points: initialWidths.flatMap((width, w) => {
        const crossing = (found.get(name) as Found).crossings[w];
        // Set apart, so that bars do not hide each other.
        return crossing
          ? [{ x: width * 2 ** (0.12 * (i - 1.5)), y: crossing.value, low: crossing.low, high: crossing.high }]
          : [];
      }),
    }));
    const heights = curves.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
    const table = {
      title: 'Where the paramagnet begins',
      sample: `N = ${SEEDS} seeds a cell, 30 epochs; bars: 68 %, seeds and grid`,
      notes: ['Implicit steps do not run away at any of the rates tried'],
      x: { label: 'initial width', scale: 'log' as const, domain: [0.09, 45] as const },
      y: {
        label: 'effective learning rate',
        scale: 'log' as const,
        domain: [Math.min(...heights) / 1.5, Math.max(...heights) * 1.5] as const,
      },
      curves,
      guides: [],
      regions: [],
    };
    const panels = [(width: number) => plotPanel(table, width)];
    return draw('optimiser-phases', { title: table.title, panels, columns: 1, width: 'column' }, 'optimiser-phases');
  },
};
