// Cells of the table after 1000 epochs in which a dozen seeds do not settle the matter: large ensembles of eigenflow
// against those of a program in C that shares nothing with it, and both against the tabulated numbers of 12 seeds.
import { twoSampleDistance, twoSamplePValue } from '../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import {
  ANY,
  about,
  above,
  bootstrap,
  type Check,
  detectableDistance,
  FRACTION,
  mean,
  median,
  type Validation,
} from './check.js';
import { withIndependentProgram } from './independent-program.js';
import { BATCH, expected, scenario, temperatures, widths } from './phase-table.js';
import { compute } from './study.js';

const SEEDS = 192;
/** Of the tests. */
const SIGNIFICANCE = 0.001;
/** Of the tabulated numbers. */
const TABULATED_SEEDS = 12;
/** Initial width and T. */
const cells = [
  [1, 1 / 2],
  [1, 1],
  [16, 1],
  [16, 4],
] as const;

type Sample = Readonly<Record<'loss' | 'level' | 'overlap', readonly number[]>>;

/** What is tabulated of each quantity. Losses and levels scatter over decades: medians, of logarithms. */
const quantities = [
  { name: 'loss', word: 'log10 of the loss', statistic: median, scale: Math.log10 },
  { name: 'level', word: 'log10 of the largest level', statistic: median, scale: Math.log10 },
  { name: 'overlap', word: 'overlap', statistic: mean, scale: (q: number) => q },
] as const;

async function ours(): Promise<readonly Sample[]> {
  const { rows, last } = await compute({
    ...scenario,
    title: 'validation: cells after 1000 epochs, many seeds',
    sweep: {
      zip: [
        {
          'model.initialWidth': cells.map(([width]) => width),
          'optimiser.learningRate': cells.map(([, temperature]) => temperature * BATCH),
        },
      ],
      seeds: SEEDS,
    },
  });
  return cells.map(([width, temperature]) => {
    const cell = rows.filter(
      ({ axes }) => axes['model.initialWidth'] === width && axes['optimiser.learningRate'] === temperature * BATCH,
    );
    const channel = (name: string) => cell.map((row) => last(row, name)[0]);
    return { loss: channel('loss.loss'), level: channel('spectrum.levels'), overlap: channel('overlap.q') };
  });
}

/** Two-sided probability that `TABULATED_SEEDS` of these values have a statistic as far out as `value`. */
function probability(
  values: readonly number[],
  statistic: (values: readonly number[]) => number,
  value: number,
): { p: number; draws: number } {
  const draws = 20_000;
  const source = createRandomSource(1, 'tabulated');
  let below = 0;
  for (let i = 0; i < draws; i++) {
    const drawn = Array.from({ length: TABULATED_SEEDS }, () => values[source.below(values.length)]);
    if (statistic(drawn) < value) below += 1;
  }
  return { p: (2 * Math.min(below, draws - below)) / draws, draws };
}

export const phaseEnsemble: Validation = {
  title: 'Cells after 1000 epochs, many seeds',
  source:
    'a program in C that shares nothing with eigenflow (test/validate/c/published-protocol.c), as many seeds of its own; ' +
    'and the table of phase-table.md, whose numbers are statistics of 12 seeds',
  async run() {
    const theirs = await withIndependentProgram((compute) =>
      Promise.all(
        cells.map(async ([width, temperature]): Promise<Sample> => {
          const rows = await compute([width, temperature * BATCH, 1000], SEEDS);
          const column = (i: number) => rows.map((row) => row[i]);
          return { loss: column(0), level: column(1), overlap: column(2) };
        }),
      ),
    );
    const measured = await ours();
    return cells.flatMap(([width, temperature], cell) =>
      quantities.flatMap(({ name, word, statistic, scale }): Check[] => {
        const a = theirs[cell][name].map(scale);
        const b = measured[cell][name].map(scale);
        const where = `${word}, width ${width}, T ${temperature}`;
        const error = Math.hypot(bootstrap(a, statistic), bootstrap(b, statistic));
        const p = twoSamplePValue(twoSampleDistance(a, b), a.length, b.length);
        const value = scale(expected[name][widths.indexOf(width)][temperatures.indexOf(temperature)]);
        const chance = probability([...a, ...b], statistic, value);
        const kind = statistic === median ? 'median' : 'mean';
        return [
          {
            what: `${kind} ${where}`,
            expected: statistic(a),
            measured: statistic(b),
            error,
            n: b.length,
            tolerance: '3 errors of the difference; error at most 0.3',
            possible: scale === Math.log10 ? ANY : FRACTION,
            accepted: about(statistic(a), 3 * error),
            precise: error <= 0.3,
            // Of a logarithm: a decade.
            unit: 1,
          },
          {
            what: `distribution of ${where}: Kolmogorov-Smirnov p`,
            expected: 0.5,
            measured: p,
            error: Number.NaN,
            n: b.length,
            tolerance: 'above 0.001',
            possible: FRACTION,
            accepted: above(SIGNIFICANCE),
            finds: detectableDistance(a.length, b.length, SIGNIFICANCE),
          },
          {
            what: `${kind} of ${TABULATED_SEEDS} as far out as the tabulated ${value.toPrecision(3)}, ${where}: probability`,
            expected: 0.5,
            measured: chance.p,
            error: Math.sqrt(Math.max(chance.p * (1 - chance.p), 1 / chance.draws) / chance.draws),
            n: a.length + b.length,
            tolerance: 'above 0.001',
            possible: FRACTION,
            accepted: above(SIGNIFICANCE),
            finds: Number.NaN,
          },
        ];
      }),
    );
  },
};
