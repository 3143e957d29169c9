// Whether the best learning rate moves with the width, from 64 to 1024, in the standard parametrisation and in mup.
import { seriesColors } from '../../analysis/figures/draw/palette.js';
import { plotPanel } from '../../analysis/figures/draw/plot-panel.js';
import { INK } from '../../analysis/figures/draw/style.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { leastAt } from '../../core/statistics/least.js';
import widthTransfer, { layersOf, PARAMETRISATIONS } from '../../scenarios/width-transfer.js';
import { ANY, about, type Check, likeThreeErrors, mean, type Validation } from './check.js';
import { draw } from './draw.js';
import { compute } from './study.js';

const WIDTHS = [64, 128, 256, 512, 1024];
const SEEDS = 12;
/** Octaves between two rates. */
const STEP = 0.5;
/** At width 64; in the standard form the rates go down as 1/width, so that all grids hold the best one. */
const RATES = Array.from({ length: 9 }, (_, i) => 2 ** (STEP * i - 4));
const BASE_WIDTH = 64;

type Parametrisation = 'standard' | 'mup';

const scaleOf = (parametrisation: Parametrisation, width: number) =>
  parametrisation === 'standard' ? BASE_WIDTH / width : 1;

function scenarioOf(parametrisation: Parametrisation, width: number): Scenario {
  const rates = RATES.map((rate) => rate * scaleOf(parametrisation, width));
  return {
    ...widthTransfer,
    title: `Width transfer ${parametrisation} ${width}`,
    model: { ...widthTransfer.model, parametrisation, hidden: layersOf(width) },
    sweep: { axes: { 'optimiser.learningRate': rates }, seeds: SEEDS },
    figures: undefined,
  };
}

/** log2 of the rate with the least loss, by the logarithms of both, as figures have it (`leastAlong`). */
function bestRate(losses: readonly number[], rates: readonly number[]): number {
  const best = leastAt(rates.map(Math.log2), losses.map(Math.log));
  if (Number.isNaN(best)) throw new Error(`the best rate is at the end of the grid, ${rates[0]} to ${rates.at(-1)}`);
  return best;
}

/** log2 of the best rates: [width][seed]. */
async function bestRates(parametrisation: Parametrisation): Promise<number[][]> {
  const best: number[][] = [];
  for (const width of WIDTHS) {
    const scenario = scenarioOf(parametrisation, width);
    const { rows, last } = await compute(scenario);
    const rates = RATES.map((rate) => rate * scaleOf(parametrisation, width));
    best.push(
      Array.from({ length: SEEDS }, (_, seed) => {
        const losses = rates.map((rate) => {
          const row = rows.find((one) => one.seed === seed && one.axes['optimiser.learningRate'] === rate);
          if (!row) throw new Error(`no run of width ${width}, rate ${rate}, seed ${seed}`);
          return row.status === 'completed' ? last(row, 'loss.loss')[0] : Number.NaN;
        });
        return bestRate(losses, rates);
      }),
    );
  }
  return best;
}

const octaves = WIDTHS.map((width) => Math.log2(width));

/** By least squares over the widths. */
function slopeOf(values: readonly number[]): number {
  const centre = mean(octaves);
  const products = octaves.map((x, i) => (x - centre) * values[i]);
  return mean(products) / mean(octaves.map((x) => (x - centre) ** 2));
}

function estimate(values: readonly number[]): { value: number; error: number } {
  const value = mean(values);
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

const found = new Map<string, number[][]>();

/** What moves by one step of the grid from the first to the last width. */
const ONE_STEP = STEP / (octaves[octaves.length - 1] - octaves[0]);

export const widthTransfer1024: Validation = {
  title: 'The best learning rate against the width',
  source:
    'SGD in the standard parametrisation: the tangent kernel, and with it the largest stable step, grows like the width, ' +
    'so that the best rate goes down as 1/width (arXiv:1806.07572; table 3 of arXiv:2203.03466); mup: exponent 0 ' +
    '(arXiv:2011.14522)',
  async run() {
    const checks: Check[] = [];
    for (const parametrisation of PARAMETRISATIONS) {
      const best = await bestRates(parametrisation as Parametrisation);
      found.set(parametrisation, best);
      const exponent = parametrisation === 'standard' ? -1 : 0;
      const slopes = Array.from({ length: SEEDS }, (_, seed) => slopeOf(best.map((seeds) => seeds[seed])));
      const { value, error } = estimate(slopes);
      const allowed = Math.max(likeThreeErrors(SEEDS) * error, parametrisation === 'standard' ? 0 : ONE_STEP);
      checks.push({
        what: `${parametrisation}: exponent of the best rate over widths ${WIDTHS[0]} to ${WIDTHS[WIDTHS.length - 1]}`,
        expected: exponent,
        measured: value,
        error,
        n: SEEDS,
        tolerance:
          parametrisation === 'standard'
            ? `${likeThreeErrors(SEEDS).toFixed(1)} errors, which are to be below ${ONE_STEP / 2}`
            : `${ONE_STEP}, one step of the grid over all widths, or ${likeThreeErrors(SEEDS).toFixed(1)} errors`,
        possible: ANY,
        accepted: about(exponent, allowed),
        precise: error < ONE_STEP / 2,
        unit: 1,
      });
      WIDTHS.slice(1).forEach((width, i) => {
        const shift = estimate(best[i + 1].map((rate, seed) => rate - best[0][seed]));
        const expected = exponent * Math.log2(width / WIDTHS[0]);
        checks.push({
          what: `${parametrisation}: octaves from the best rate at width ${WIDTHS[0]} to that at ${width}`,
          expected,
          measured: shift.value,
          error: shift.error,
          n: SEEDS,
          tolerance: `less than one step of the grid, ${STEP}`,
          possible: ANY,
          accepted: about(expected, STEP),
          unit: Math.log2(width / WIDTHS[0]),
        });
      });
    }
    return checks;
  },
  async illustrate() {
    const names = [...found.keys()];
    const colors = seriesColors(names.length);
    const widest = WIDTHS[WIDTHS.length - 1];
    const curves = names.map((name, i) => ({
      label: name,
      color: colors[i],
      style: 'points' as const,
      errors: 'bars' as const,
      points: WIDTHS.map((width, w) => {
        const { value, error } = estimate((found.get(name) as number[][])[w]);
        return { x: width, y: 2 ** value, low: 2 ** (value - error), high: 2 ** (value + error) };
      }),
    }));
    const [first] = curves.map(({ points }) => points[0].y);
    const table = {
      title: 'Best learning rate against width',
      sample: `mean over N = ${SEEDS} seeds; bars: one standard error`,
      notes: [],
      x: { label: 'width of both hidden layers', scale: 'log' as const, domain: [56, 1170] as const },
      y: { label: 'best learning rate', scale: 'log' as const, domain: [first / 40, first * 2.5] as const },
      curves: [
        ...curves,
        {
          label: '1/width',
          color: INK,
          dash: [4, 3],
          style: 'line' as const,
          points: [BASE_WIDTH, widest].map((width) => ({ x: width, y: (first * BASE_WIDTH) / width })),
        },
      ],
      guides: [],
      regions: [],
    };
    const panels = [(width: number) => plotPanel(table, width)];
    return draw('width-transfer-1024', { title: table.title, panels, columns: 1, width: 'column' }, 'width-transfer');
  },
};
