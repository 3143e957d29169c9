// The regimes after 1000 epochs: medians of loss and largest level and mean overlap in 35 cells, 12 seeds each.
import type { Scenario } from '../../core/scenario/scenario.js';
import { publishedNetwork } from '../../scenarios/published.js';
import { about, bootstrap, type Check, jackknife, mean, median, NOT_NEGATIVE, type Validation } from './check.js';
import { compute } from './study.js';

export const widths = [0.125, 1, 4, 16, 256];
export const temperatures = [1 / 32, 1 / 8, 1 / 4, 1 / 2, 1, 4, 16];
export const BATCH = 4;

/** Rows: widths; columns: temperatures. */
export const expected = {
  loss: [
    [2.4e-6, 1.0e-6, 1.7e-6, 5.5e-6, 2.7e-4, 4.0e-3, 9.5e-3],
    [1.7e-6, 8.6e-7, 1.5e-6, 4.0e-6, 1.0e-4, 3.4e-3, 5.0e-3],
    [1.5e-5, 5.5e-6, 4.6e-6, 1.1e-5, 6.4e-5, 2.7e-3, 4.8e-3],
    [6.9e-4, 1.8e-4, 1.1e-4, 8.5e-5, 2.1e-4, 2.0e-3, 6.5e-3],
    [5.1e-2, 4.3e-2, 3.8e-2, 2.8e-2, 2.7e-2, 1.1e-2, 8.1e-3],
  ],
  overlap: [
    [0.01, 0.015, 0.017, 0.013, 0.003, 0.004, 0.0],
    [0.17, 0.176, 0.19, 0.197, 0.152, 0.073, 0.044],
    [0.462, 0.458, 0.45, 0.431, 0.347, 0.156, 0.045],
    [0.612, 0.589, 0.568, 0.562, 0.502, 0.265, 0.153],
    [0.821, 0.801, 0.79, 0.776, 0.769, 0.685, 0.505],
  ],
  level: [
    [1.0, 1.2, 2.6, 20, 770, 3.8e4, 3.8e5],
    [2.6, 2.8, 3.6, 17, 345, 5.2e4, 3.6e5],
    [36, 35, 35, 43, 730, 5.9e4, 4.5e5],
    [582, 564, 561, 601, 1.1e3, 4.2e4, 5.1e5],
    [1.6e5, 1.6e5, 1.7e5, 1.7e5, 1.7e5, 1.9e5, 5.5e5],
  ],
};

export const scenario: Scenario = {
  ...publishedNetwork,
  title: 'validation: 1000 epochs',
  epochs: 1000,
  observers: {
    loss: { use: 'full-loss', when: { at: 'end' } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { at: 'end' } },
    overlap: { use: 'overlap', when: { at: 'end' } },
  },
  sweep: {
    axes: { 'model.initialWidth': widths, 'optimiser.learningRate': temperatures.map((t) => BATCH * t) },
    seeds: 12,
  },
};

export const phaseTable: Validation = {
  title: 'Phase diagram after 1000 epochs',
  source:
    'an independent implementation of the protocol of arXiv:2509.01349 with 12 other realisations a cell; ' +
    'medians agree within a factor 3, overlaps within 0.06',
  async run() {
    const { rows, last } = await compute(scenario);
    const checks: Check[] = [];
    widths.forEach((width, i) => {
      temperatures.forEach((temperature, j) => {
        const cell = rows.filter(
          (row) =>
            row.axes['model.initialWidth'] === width && row.axes['optimiser.learningRate'] === BATCH * temperature,
        );
        const where = `width ${width}, T ${temperature}`;
        const values = (channel: string) => cell.map((row) => last(row, channel)[0]);
        const compareMedian = (what: string, channel: string, value: number) => {
          const list = values(channel);
          const measured = median(list);
          checks.push({
            what: `${what}, ${where}`,
            expected: value,
            measured,
            error: bootstrap(list, median),
            n: list.length,
            tolerance: 'factor 3',
            possible: NOT_NEGATIVE,
            accepted: [value / 3, 3 * value],
          });
        };
        compareMedian('median loss', 'loss.loss', expected.loss[i][j]);
        compareMedian('median largest level', 'spectrum.levels', expected.level[i][j]);
        const q = values('overlap.q');
        checks.push({
          what: `mean overlap, ${where}`,
          expected: expected.overlap[i][j],
          measured: mean(q),
          error: jackknife(q, mean),
          n: q.length,
          tolerance: '0.06',
          possible: NOT_NEGATIVE,
          accepted: about(expected.overlap[i][j], 0.06),
          // A tolerance as large as the overlap does not tell it from none.
          unit: expected.overlap[i][j] || 0.06,
        });
      });
    });
    return checks;
  },
};
