// Validation: the map that ships with eigenflow against the published one, which has ten times as many epochs.

import { heatMapPanel } from '../../analysis/figures/draw/heat-map-panel.js';
import type { HeatMapTable } from '../../analysis/figures/draw/heat-map-table.js';
import { tabulateHeatMap } from '../../analysis/figures/draw/heat-map-table.js';
import {
  ANY,
  about,
  above,
  bootstrap,
  type Check,
  jackknife,
  mean,
  median,
  NOT_NEGATIVE,
  type Validation,
} from './check.js';
import { draw } from './draw.js';
import { BATCH, numbers, published, shippedCells } from './map-data.js';

type Table = typeof published.loss;

const SEEDS = 5;
/** As published: the mean of the batch losses along an epoch, not the loss at fixed weights. */
const LOSS = 'mean-loss.loss last';

const cellsOf = (table: Table) =>
  published.widths.flatMap((width, i) =>
    published.temperatures.flatMap((temperature, j) => {
      const value = table[i][j];
      return value === null ? [] : [{ width, temperature, value }];
    }),
  );

/** Where seeds and epochs leave no doubt of the phase. */
const REGIMES = {
  'ordered (width up to 1, T up to 1/8)': (width: number, t: number) => width <= 1 && t <= 1 / 8,
  'jammed (width from 32, T up to 1/8)': (width: number, t: number) => width >= 32 && t <= 1 / 8,
  'paramagnetic (width up to 16, T from 8)': (width: number, t: number) => width <= 16 && t >= 8,
} as const;

function lossChecks(): Check[] {
  const cell = shippedCells();
  return Object.entries(REGIMES).map(([name, belongs]) => {
    const ratios = cellsOf(published.loss)
      .filter(({ width, temperature }) => belongs(width, temperature))
      .map(({ width, temperature, value }) => median(numbers(cell(width, temperature), LOSS)) / value);
    const measured = median(ratios);
    const isStationary = name.startsWith('paramagnetic');
    return {
      what: `median loss over the published one, median over cells: ${name}`,
      expected: isStationary ? 1 : Number.NaN,
      measured,
      error: bootstrap(ratios, median),
      n: ratios.length,
      tolerance: isStationary ? 'factor 2: stationary' : 'above 1: the loss still falls',
      possible: NOT_NEGATIVE,
      accepted: isStationary ? [0.5, 2] : above(1),
    };
  });
}

/**
 * An order parameter minus the published mean, averaged over the cells of a regime. Cells share their five instances, so
 * that the error comes from the scatter between seeds, not between cells.
 *
 * @param mostError what the error may be, for the comparison to say anything
 */
function orderChecks(what: string, column: string, table: Table, mostError: number): Check[] {
  const cell = shippedCells();
  return Object.entries(REGIMES).flatMap(([name, belongs]): Check[] => {
    const cells = cellsOf(table).filter(({ width, temperature }) => belongs(width, temperature));
    if (cells.length === 0) return [];
    const bySeed = Array.from({ length: SEEDS }, (_, seed) =>
      mean(
        cells.flatMap(({ width, temperature, value }) => {
          const rows = cell(width, temperature).filter((row) => Number(row.cell('seed')) === seed);
          return numbers(rows, column).map((number) => number - value);
        }),
      ),
    );
    const measured = mean(bySeed);
    const error = jackknife(bySeed, mean);
    return [
      {
        what: `${what} minus the published one, mean over ${cells.length} cells: ${name}`,
        expected: 0,
        measured,
        error,
        n: SEEDS,
        tolerance: `3 standard errors, error below ${mostError}`,
        possible: ANY,
        accepted: about(0, 3 * error),
        precise: error < mostError,
        // In relation to the published values themselves.
        unit: mean(cells.map(({ value }) => Math.abs(value))),
      },
    ];
  });
}

function lossTable(
  title: string,
  note: string,
  runs: readonly { width: number; temperature: number; value: number }[],
  seeds: number,
): HeatMapTable {
  const x = { axis: 'model.initialWidth', inverse: true, label: '1 / initial width' };
  const y = { axis: 'optimiser.learningRate', divideBy: BATCH, label: 'T = learning rate / batch size' };
  return tabulateHeatMap(
    {
      kind: 'heat-map',
      name: 'loss',
      title,
      note,
      value: 'loss.loss',
      x,
      y,
      color: 'log',
      limits: [1e-8, 0.1],
      valueLabel: 'median loss',
    },
    {
      xValues: { values: published.widths, divisors: published.widths.map(() => 1) },
      yValues: {
        values: published.temperatures.map((temperature) => BATCH * temperature),
        divisors: published.temperatures.map(() => BATCH),
      },
      seeds,
      runs: runs.map(({ width, temperature, value }) => ({ x: width, y: BATCH * temperature, value })),
      title,
      where: '',
      valueLabel: 'median loss',
    },
  );
}

/** Every published cell beside ours. */
function deviations(): string {
  const cell = shippedCells();
  const short = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(2))) : '');
  const rows = cellsOf(published.loss).map(({ width, temperature, value }) => {
    const rows = cell(width, temperature);
    const loss = median(numbers(rows, LOSS));
    const at = (table: Table) =>
      table[published.widths.indexOf(width)][published.temperatures.indexOf(temperature)] ?? Number.NaN;
    const difference = (column: string, expected: number) => short(mean(numbers(rows, column)) - expected);
    return `| ${width} | ${temperature} | ${short(value)} | ${short(loss)} | ${short(loss / value)} | ${difference('overlap.q last', at(published.overlap))} | ${difference('alignment.hs last', at(published.hs))} | ${difference('alignment.hsd last', at(published.hsd))} | ${numbers(rows, LOSS).length} |`;
  });
  return [
    '| initial width | T | published loss | ours | ratio | q | hs | hsd | N |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

export const phaseMap: Validation = {
  title: 'The shipped map against the published one',
  source: 'figures of arXiv:2509.01349 (half of their cells), 95 001 epochs and 100 seeds; ours has 10 000 and 5',
  async run() {
    return [
      ...lossChecks(),
      ...orderChecks('overlap q', 'overlap.q last', published.overlap, 0.05),
      ...orderChecks('alignment hs', 'alignment.hs last', published.hs, 0.0005),
      ...orderChecks('alignment hsd', 'alignment.hsd last', published.hsd, 0.1),
    ];
  },
  async illustrate() {
    const cell = shippedCells();
    const ours = published.widths.flatMap((width) =>
      published.temperatures.flatMap((temperature) =>
        numbers(cell(width, temperature), LOSS).map((value) => ({ width, temperature, value })),
      ),
    );
    const theirs = cellsOf(published.loss);
    const image = await draw(
      'phase-map',
      {
        title: 'Training loss at the end: the shipped map and the published one',
        columns: 2,
        width: 'page',
        panels: [
          (width) => heatMapPanel(lossTable('eigenflow, 10 000 epochs', '', ours, 5), width),
          (width) => ({
            ...heatMapPanel(lossTable('published, 95 001 epochs', '', theirs, 100), width),
            sample: `median over N = 100 seeds; ${theirs.length} of 144 cells`,
          }),
        ],
      },
      'phase-map',
    );
    return [
      image,
      '',
      '## Deviations, cell by cell',
      '',
      'Loss: medians and their ratio. q, hs, hsd: mean over seeds minus the published mean.',
      '',
      'The loss differs by the budget. Between epochs 3000 and 10 000 it falls as t^-0.76 in the ordered runs (median',
      'exponent of 60 runs), t^-0.50 in the jammed ones (60) and t^-0.14 in the paramagnetic ones (160); continued to epoch',
      '95 001 that makes factors of 5.5, 3.1 and 1.4. Measured are 5.5 +- 0.4, 10 +- 4 and 0.84 +- 0.05 (errors over cells,',
      'which share five instances: the true ones are larger). The ordered cells are explained; the jammed ones are a factor 3',
      'above, 1.7 of these errors; the paramagnetic ones are as low as the published ones already. Order parameters agree',
      'within the errors of five instances, which for hs and hsd are half as large as the differences between phases.',
      '',
      deviations(),
    ].join('\n');
  },
};
