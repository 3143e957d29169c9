// How much a step of finite size shifts the levels under Langevin noise, on the network itself: runs at five step sizes
// along the same Brownian paths, and whether extrapolation to step size zero pays.
import { meanEstimate } from '../../core/statistics/estimate.js';
import { extrapolatePairs } from '../../core/statistics/extrapolation.js';
import { fitStraightLine } from '../../core/statistics/linear-fit.js';
import { publishedNetwork } from '../../scenarios/published.js';
import { ANY, about, above, below, type Check, NOT_NEGATIVE, type Validation } from './check.js';
import { initialSharpness } from './langevin-replicas.js';
import { compute } from './study.js';

const SEED = 11;
const TEMPERATURE = 1 / 32;
const DURATION = 8;
const REPLICAS = 384;
const SAMPLES = 500;
/** Finest first; each is twice the one before. */
const STEPS = [1 / 128, 1 / 64, 1 / 32, 1 / 16, 1 / 8];

/** Sum of all levels of every replica at the end: its motion depends on the whole of drift and noise. */
async function sums(stepSize: number): Promise<number[]> {
  const { rows, last } = await compute({
    ...publishedNetwork,
    plugins: [...publishedNetwork.plugins, 'langevin'],
    title: 'validation: step size of Langevin noise',
    seed: SEED,
    steps: Math.round(DURATION / stepSize),
    model: { ...publishedNetwork.model, initialWidth: 0.5, samples: SAMPLES },
    noise: { use: 'langevin', temperature: TEMPERATURE, increments: Math.round(stepSize / STEPS[0]) },
    optimiser: { use: 'sgd', learningRate: stepSize },
    observers: { spectrum: { use: 'gram-spectrum', block: 'W', when: { at: 'end' } } },
    sweep: { axes: { 'noise.replica': { linear: [0, REPLICAS - 1], count: REPLICAS } } },
  });
  return rows.map((row) => last(row, 'spectrum.levels').reduce((sum, level) => sum + level, 0));
}

export const langevinWeakOrder: Validation = {
  title: 'Weak order of Euler-Maruyama for Langevin noise, on the network',
  source:
    `the error of a mean is c h + O(h^2) (Talay and Tubaro 1990), so that its change from step h to 2 h doubles with h; ` +
    `the extrapolation 2 fine - coarse has no term in h. Sum of levels at learning time ${DURATION}, T = 1/32, ` +
    `${SAMPLES} samples, initial width 0.5, one instance; all step sizes on the same ${REPLICAS} Brownian paths`,
  async run() {
    const sharpness = await initialSharpness(SEED);
    const runs: number[][] = [];
    for (const step of STEPS) runs.push(await sums(step));
    const pairs = STEPS.slice(1).map((coarse, i) => {
      const difference = meanEstimate(runs[i + 1].map((value, replica) => value - runs[i][replica]));
      return { coarse, ...difference };
    });
    const finest = meanEstimate(runs[0]);
    const { slope } = fitStraightLine(
      pairs.map(({ coarse, value, error }) => ({
        x: Math.log(coarse),
        y: Math.log(Math.abs(value)),
        error: error / Math.abs(value),
      })),
    );
    const checks: Check[] = pairs.map(({ coarse, value, error }, i) => ({
      what:
        `mean at h = 1/${1 / coarse} less that at h/2, over the mean; h x sharpness at the start ` +
        `${(coarse * sharpness).toFixed(2)}`,
      expected: Number.NaN,
      measured: value / finest.value,
      error: error / finest.value,
      n: REPLICAS,
      tolerance: i === 0 ? 'none: the others have its sign' : 'the sign of the first',
      // The sign of the first is free: only the others can differ from it.
      possible: ANY,
      accepted: i === 0 ? undefined : pairs[0].value > 0 ? above(0) : below(0),
    }));
    checks.push({
      what: 'weak order, slope of log(difference) against log(h)',
      expected: 1,
      measured: slope.value,
      error: slope.error,
      n: pairs.length,
      tolerance: '0.15 and 3 errors; error below 0.15',
      possible: ANY,
      accepted: about(1, 0.15 + 3 * slope.error),
      precise: slope.error < 0.15,
    });
    // Against the finest step, with a remainder of its own bias.
    const rest = meanEstimate(
      runs[2].map((coarse, replica) => 2 * runs[1][replica] - coarse - (2 * runs[0][replica] - runs[1][replica])),
    );
    const plain = pairs[1];
    checks.push({
      what: 'the same for the extrapolation, from h = 1/32 and 1/64 to 1/64 and 1/128, over the mean',
      expected: 0,
      measured: rest.value / finest.value,
      error: rest.error / finest.value,
      n: REPLICAS,
      tolerance: 'below half of that without extrapolation, and 3 errors',
      possible: ANY,
      accepted: about(0, (Math.abs(plain.value) / 2 + 3 * rest.error) / finest.value),
      // What it must be well below: the difference without extrapolation.
      unit: Math.abs(plain.value) / finest.value,
    });
    const bias = Math.abs(pairs[1].value);
    checks.push({
      what: 'bias at h = 1/32 over the standard error of the mean of 96 replicas: below 1, extrapolation does not pay',
      expected: Number.NaN,
      measured: (2 * bias) / (finest.error * Math.sqrt(REPLICAS / 96)),
      error: (2 * pairs[1].error) / (finest.error * Math.sqrt(REPLICAS / 96)),
      n: REPLICAS,
      tolerance: 'none: for the reader',
      possible: NOT_NEGATIVE,
      accepted: undefined,
    });
    checks.push({
      what: 'error bar of the extrapolated mean on the same paths over that of the plain one',
      expected: Number.NaN,
      measured: extrapolatePairs(runs[1], runs[2]).error / meanEstimate(runs[1]).error,
      error: Number.NaN,
      n: REPLICAS,
      tolerance: 'below 1.5, where independent runs give 2.24',
      possible: NOT_NEGATIVE,
      accepted: below(1.5),
    });
    return checks;
  },
};
