// Validation: ten cells of the published phase diagram at the published length, loss and order parameters one by one.
import type { RunRow } from '../../node/results/runs-table.js';
import scenario from '../../scenarios/published-cells.js';
import {
  about,
  bootstrap,
  type Check,
  jackknife,
  likeThreeErrors,
  mean,
  median,
  NOT_NEGATIVE,
  type Validation,
} from './check.js';
import { BATCH, published } from './map-data.js';
import { compute, type Outcome } from './study.js';

/** The published code divides by this number of epochs, though its last state is that of epoch 95 001. */
const PUBLISHED_EPOCHS = 1e5;

interface Cell {
  readonly where: string;
  readonly width: number;
  readonly i: number;
  readonly j: number;
  readonly rows: readonly RunRow[];
}

function cellsOf(rows: readonly RunRow[]): Cell[] {
  const cells = new Map<string, Cell & { rows: RunRow[] }>();
  for (const row of rows) {
    const width = Number(row.axes['model.initialWidth']);
    const temperature = Number(row.axes['optimiser.learningRate']) / BATCH;
    const where = `width ${width}, T ${temperature}`;
    const i = published.widths.indexOf(width);
    const j = published.temperatures.indexOf(temperature);
    const cell = cells.get(where) ?? { where, width, i, j, rows: [] };
    cell.rows.push(row);
    cells.set(where, cell);
  }
  return [...cells.values()];
}

/** Inside the published band where there is one, widened by the error of our own median; else within a factor. */
function lossCheck({ where, width, i, j, rows }: Cell, { last }: Outcome): Check {
  const losses = rows.map((row) => last(row, 'mean-loss.loss')[0]);
  const measured = median(losses);
  // Losses scatter over decades: their logarithms are what has an error.
  const wider = Math.exp(bootstrap(losses.map(Math.log), median));
  const expected = published.loss[i][j] ?? Number.NaN;
  const { lossBand } = published;
  const [low, high] = width === lossBand.width ? [lossBand.p16[j], lossBand.p84[j]] : [expected / 3, expected * 3];
  return {
    what: `median loss, ${where}`,
    expected,
    measured,
    error: bootstrap(losses, median),
    n: losses.length,
    tolerance: `${low.toPrecision(2)} to ${high.toPrecision(2)}, widened by a factor ${wider.toPrecision(3)}`,
    possible: NOT_NEGATIVE,
    accepted: [low / wider, high * wider],
    precise: wider < 10,
  };
}

/** Realisations behind a published mean, which has an error too. */
const PUBLISHED_SEEDS = 100;

/** @param atMost the largest standard error with which a comparison says anything */
function meanCheck(
  what: string,
  { where, rows }: Cell,
  expected: number | null,
  measure: (row: RunRow) => number,
  resolution: number,
  atMost: number,
): Check[] {
  if (expected === null) return [];
  const values = rows.map(measure);
  const measured = mean(values);
  const error = jackknife(values, mean) * Math.sqrt(1 + values.length / PUBLISHED_SEEDS);
  const errors = likeThreeErrors(values.length);
  return [
    {
      what: `mean ${what}, ${where}`,
      expected,
      measured,
      error,
      n: values.length,
      tolerance: `${errors.toPrecision(3)} errors and ${resolution}; error at most ${atMost}`,
      possible: NOT_NEGATIVE,
      accepted: about(expected, errors * error + resolution),
      precise: error <= atMost,
    },
  ];
}

export const publishedCells: Validation = {
  title: 'Cells of the published phase diagram at the published length',
  source:
    'figures of arXiv:2509.01349, 100 seeds a cell; loss inside the 16 to 84 % band at width 1/8 and within a factor 3 ' +
    'elsewhere, widened by the error of our median; means within what is as rare as three errors of known size ' +
    '(Student), those of the published means included, and what reading colours leaves open',
  async run() {
    const outcome = await compute(scenario);
    const { first, last } = outcome;
    const span = (levels: Float64Array) => levels[0] - levels[levels.length - 1];
    const spanGrowth = (row: RunRow) =>
      Math.log(span(last(row, 'spectrum.levels')) / span(first(row, 'spectrum.levels'))) / PUBLISHED_EPOCHS;
    return cellsOf(outcome.rows).flatMap((cell) => {
      const at = (table: readonly (readonly (number | null)[])[]) => table[cell.i][cell.j];
      return [
        lossCheck(cell, outcome),
        ...meanCheck('q', cell, at(published.overlap), (row) => last(row, 'overlap.q')[0], 0.01, 0.1),
        ...meanCheck('hs', cell, at(published.hs), (row) => last(row, 'alignment.hs')[0], 5e-5, 1e-3),
        ...meanCheck('hsd', cell, at(published.hsd), (row) => last(row, 'alignment.hsd')[0], 0.01, 0.15),
        ...meanCheck('span growth rate', cell, at(published.spanGrowth), spanGrowth, 2e-6, 2e-5),
      ];
    });
  },
};
