// Where the paramagnet of the published network begins under five optimisers, at equal effective learning rate.
import { seriesColors } from '../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../analysis/figures/draw/plot-panel.js';
import type { Axis, Verdict } from '../../core/contracts/classifier.js';
import { mapPhases } from '../../core/phases/phase-map.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { initialWidths, shortRun } from '../../scenarios/optimiser-phases.js';
import { ANY, about, type Check, FRACTION, median, type Validation } from './check.js';
import { draw } from './draw.js';
import { compute } from './study.js';

const SEEDS = 12;
const SEEDS_OF_IMPLICIT = 4;
/** Octaves between two rates. */
const STEP = 0.5;

const rates = (from: number, to: number, step = STEP) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => 2 ** (from + step * i));

/** With this step NAG-GS forgets as fast as momentum 0.9: the determinant of its step on a flat bottom is 0.9. */
const FLOW_STEP = 1 / Math.sqrt(0.9) - 1;

interface Case {
  readonly name: string;
  readonly label: string;
  readonly optimiser: Scenario['optimiser'];
  /** Sweep axes that make the learning rate, with the effective learning rates that they mean. */
  readonly axes: Readonly<Record<string, readonly number[]>>;
  /** Undefined where they are measured. */
  readonly effective?: readonly number[];
  readonly seed?: number;
  readonly seeds?: number;
}

const EFFECTIVE = rates(-2, 6);
/** mass = convexity: a steady gradient moves the weights by alpha/(mass (2 + alpha)) times it. */
const masses = EFFECTIVE.map((rate) => FLOW_STEP / (rate * (2 + FLOW_STEP)));
const ADAM = rates(-13, -4);
const IMPLICIT = rates(-2, 6, 2);

const SECOND_SGD = 'sgd, other seeds';

const cases: readonly Case[] = [
  {
    name: 'sgd',
    label: 'SGD',
    optimiser: { use: 'sgd', learningRate: 1 },
    axes: { 'optimiser.learningRate': EFFECTIVE },
    effective: EFFECTIVE,
  },
  {
    name: SECOND_SGD,
    label: SECOND_SGD,
    optimiser: { use: 'sgd', learningRate: 1 },
    axes: { 'optimiser.learningRate': EFFECTIVE },
    effective: EFFECTIVE,
    seed: 7,
  },
  {
    name: 'momentum',
    label: 'momentum 0.9',
    optimiser: { use: 'momentum', learningRate: 1, momentum: 0.9 },
    axes: { 'optimiser.learningRate': EFFECTIVE.map((rate) => rate * (1 - 0.9)) },
    effective: EFFECTIVE,
  },
  {
    name: 'nag-gs',
    label: 'NAG-GS',
    optimiser: { use: 'nag-gs', learningRate: FLOW_STEP, mass: 1, convexity: 1 },
    axes: { 'optimiser.mass': masses, 'optimiser.convexity': masses },
    effective: EFFECTIVE,
  },
  {
    name: 'adam',
    label: 'Adam',
    optimiser: { use: 'adam', learningRate: 1 },
    axes: { 'optimiser.learningRate': ADAM },
  },
  {
    name: 'implicit',
    label: 'implicit',
    optimiser: { use: 'implicit', learningRate: 1 },
    axes: { 'optimiser.learningRate': IMPLICIT },
    effective: IMPLICIT,
    seeds: SEEDS_OF_IMPLICIT,
  },
];

const LABELS = ['stays', 'runs away'];
const WIDTH = 'model.initialWidth';

interface Crossing {
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

async function boundaryOf({ name, label, optimiser, axes, effective, seed, seeds = SEEDS }: Case): Promise<Found> {
  const isMeasured = effective === undefined;
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
    sweep: {
      axes: { [WIDTH]: initialWidths, ...axes },
      zip: Object.keys(axes).length > 1 ? [Object.keys(axes)] : undefined,
      seeds,
    },
  } as Scenario);
  const [along] = Object.keys(axes);
  // Of increasing rate, whatever the axis is.
  const ladder = effective ?? axes[along];
  const placeOf = (row: (typeof rows)[number]) => axes[along].indexOf(row.axes[along] as number);
  const isAway = (row: (typeof rows)[number]) => row.label === 'paramagnetic' || row.label === 'diverged';
  const verdicts: Verdict[] = rows.map((row) => {
    const chosen = LABELS[Number(isAway(row))];
    const probabilities = Object.fromEntries(LABELS.map((one) => [one, Number(one === chosen)]));
    return { label: chosen, probabilities, evidence: {} };
  });
  const drawnAxes: Axis[] = [
    { name: WIDTH, values: initialWidths, group: 0 },
    { name: 'rate', values: [...ladder], group: 1 },
  ];
  const records = rows.map((row) => ({
    axes: { [WIDTH]: row.axes[WIDTH], rate: ladder[placeOf(row)] },
    seed: row.seed,
  }));
  const { boundaries } = mapPhases(records, verdicts, drawnAxes, { labels: LABELS });
  const crossed = boundaries.find((one) => one.along === 'rate')?.crossings ?? [];
  const convert = (width: number) => (rate: number) => {
    if (!isMeasured) return rate;
    // The median over the seeds on either side, and a power law between them.
    const at = Math.min(Math.max(Math.floor((Math.log2(rate) - Math.log2(ladder[0])) / STEP), 0), ladder.length - 2);
    const [below, above] = [at, at + 1].map((place) =>
      Math.log2(
        median(
          rows
            .filter((row) => row.axes[WIDTH] === width && placeOf(row) === place && row.status !== 'diverged')
            .map((row) => last(row, 'rate.median')[0]),
        ),
      ),
    );
    return 2 ** (below + ((above - below) * (Math.log2(rate) - Math.log2(ladder[at]))) / STEP);
  };
  return {
    label,
    share: rows.filter(isAway).length / rows.length,
    runs: rows.length,
    crossings: initialWidths.map((width) => {
      const here = crossed.filter(({ at }) => at[WIDTH] === width);
      if (here.length !== 1) return undefined;
      const { value, low, high, n } = here[0];
      const of = convert(width);
      return { value: of(value), low: of(low), high: of(high), n };
    }),
  };
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
