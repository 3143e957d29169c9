// Full-batch gradient norms of the published network at its initial weights, 400 seeds a width.
import type { Scenario } from '../../core/scenario/scenario.js';
import { publishedAxes, publishedNetwork } from '../../scenarios/published.js';
import { about, bootstrap, type Check, median, NOT_NEGATIVE, type Validation } from './check.js';
import { compute } from './study.js';

/** Published medians of 100 realisations with their 16th and 84th percentiles, initial width 2^-3 ... 2^8. */
const published = [
  [0.72, 0.336, 1.231],
  [0.73, 0.396, 1.24],
  [0.71, 0.436, 1.236],
  [0.86, 0.416, 1.444],
  [0.7, 0.331, 1.139],
  [0.53, 0.261, 0.915],
  [0.27, 0.148, 0.492],
  [0.144, 0.0783, 0.266],
  [0.089, 0.0481, 0.147],
  [0.044, 0.0246, 0.0808],
  [0.0196, 0.0108, 0.0373],
  [0.0109, 0.0059, 0.0195],
];
const PUBLISHED_SEEDS = 100;
/** Standard error of a median over that of a mean, for a normal law. */
const MEDIAN_FACTOR = Math.sqrt(Math.PI / 2);

const scenario: Scenario = {
  ...publishedNetwork,
  title: 'validation: initial gradients',
  steps: 0,
  observers: { gradient: { use: 'gradient-norm', when: { at: [0] } } },
  sweep: { axes: { 'model.initialWidth': publishedAxes['model.initialWidth'] }, seeds: 400 },
};

export const initialGradient: Validation = {
  title: 'Gradient norm at the initial weights',
  source:
    'arXiv:2509.01349, read from its figure: medians of 100 realisations. Agreement: within 10 %, or within two ' +
    'combined standard errors, because the published medians themselves have errors of about 8 %',
  async run() {
    const { rows, last } = await compute(scenario);
    return published.map(([value, low, high], i): Check => {
      const width = 2 ** (i - 3);
      const norms = rows
        .filter((row) => row.axes['model.initialWidth'] === width)
        .map((row) => last(row, 'gradient.norm')[0]);
      const measured = median(norms);
      const error = bootstrap(norms, median);
      const publishedError = (MEDIAN_FACTOR * (high - low)) / 2 / Math.sqrt(PUBLISHED_SEEDS);
      return {
        what: `median gradient norm, width ${width}`,
        expected: value,
        measured,
        error,
        n: norms.length,
        tolerance: '10 % or 2 errors',
        possible: NOT_NEGATIVE,
        accepted: about(value, Math.max(0.1 * value, 2 * Math.hypot(error, publishedError))),
      };
    });
  },
};
