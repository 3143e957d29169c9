// Validation: the map that ships with eigenflow against the published one, which has ten times as many epochs.

import { heatMapPanel } from '../../core/figures/heat-map-panel.js';
import type { HeatMapTable } from '../../core/figures/heat-map-table.js';
import { tabulateHeatMap } from '../../core/figures/heat-map-table.js';
import { bootstrap, type Check, jackknife, mean, median, type Validation } from './check.js';
import { draw } from './draw.js';
import { BATCH, numbers, published, shippedCells } from './map-data.js';

const cellsOf = (table: readonly (readonly (number | null)[])[]) =>
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
      .map(({ width, temperature, value }) => median(numbers(cell(width, temperature), 'loss.loss last')) / value);
    const measured = median(ratios);
    const isStationary = name.startsWith('paramagnetic');
    return {
      what: `median loss over the published one, median over cells: ${name}`,
      expected: isStationary ? 1 : Number.NaN,
      measured,
      error: bootstrap(ratios, median),
      n: ratios.length,
      tolerance: isStationary ? 'factor 2: stationary' : 'above 1: the loss still falls',
      passed: isStationary ? measured > 0.5 && measured < 2 : measured > 1,
    };
  });
}

/** Mean over seeds of an order parameter against the published mean, over all published cells of a regime. */
function orderChecks(what: string, column: string, table: Parameters<typeof cellsOf>[0], tolerance: number): Check[] {
  const cell = shippedCells();
  return Object.entries(REGIMES).flatMap(([name, belongs]): Check[] => {
    const differences = cellsOf(table)
      .filter(({ width, temperature }) => belongs(width, temperature))
      .map(({ width, temperature, value }) => mean(numbers(cell(width, temperature), column)) - value);
    if (differences.length === 0) return [];
    const measured = mean(differences);
    return [
      {
        what: `${what} minus the published one, mean over cells: ${name}`,
        expected: 0,
        measured,
        error: differences.length > 1 ? jackknife(differences, mean) : Number.NaN,
        n: differences.length,
        tolerance: `${tolerance}`,
        passed: Math.abs(measured) < tolerance,
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
    const loss = median(numbers(rows, 'loss.loss last'));
    const at = (table: Parameters<typeof cellsOf>[0]) =>
      table[published.widths.indexOf(width)][published.temperatures.indexOf(temperature)] ?? Number.NaN;
    const difference = (column: string, expected: number) => short(mean(numbers(rows, column)) - expected);
    return `| ${width} | ${temperature} | ${short(value)} | ${short(loss)} | ${short(loss / value)} | ${difference('overlap.q last', at(published.overlap))} | ${difference('alignment.hs last', at(published.hs))} | ${difference('alignment.hsd last', at(published.hsd))} | ${numbers(rows, 'loss.loss last').length} |`;
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
      ...orderChecks('alignment hs', 'alignment.hs last', published.hs, 0.0008),
      ...orderChecks('alignment hsd', 'alignment.hsd last', published.hsd, 0.08),
    ];
  },
  async illustrate() {
    const cell = shippedCells();
    const ours = published.widths.flatMap((width) =>
      published.temperatures.flatMap((temperature) =>
        numbers(cell(width, temperature), 'loss.loss last').map((value) => ({ width, temperature, value })),
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
      'Loss: medians and their ratio. q, hs, hsd: mean over seeds minus the published mean. With a tenth of the epochs the',
      'loss of cells that still learn is above the published one; where the weights run away the loss is stationary.',
      '',
      deviations(),
    ].join('\n');
  },
};
