// The largest Lyapunov exponent about the onset of chaos, where realisations differ: ensembles of eigenflow against those of
// a program in C that shares nothing with it.
import { twoSampleDistance, twoSamplePValue } from '../../core/statistics/kolmogorov-smirnov.js';
import lyapunovMap from '../../scenarios/lyapunov-map.js';
import {
  ANY,
  about,
  above,
  bootstrap,
  type Check,
  detectableDistance,
  FRACTION,
  median,
  type Validation,
} from './check.js';
import { withIndependentProgram } from './independent-program.js';
import { compute } from './study.js';

const SEEDS = 48;
const BATCH = 4;
const WIDTH = 1;
const temperatures = [1 / 4, 1 / 2, 1, 2, 4];
/** Epochs of training, and of measurement. */
const [TRAINING, MEASURED] = [500, 500];
/** Exponents per epoch above this count as chaotic. */
const CHAOTIC = 0.02;
/** Of the tests of distributions. */
const SIGNIFICANCE = 0.001;

async function ours(): Promise<readonly (readonly number[])[]> {
  const { rows, last } = await compute({
    ...lyapunovMap,
    title: 'validation: exponents about the onset',
    epochs: TRAINING,
    observers: { exponent: { use: 'lyapunov-exponent', transient: 100, length: MEASURED, blocks: 20, when: 'end' } },
    figures: [],
    sweep: {
      axes: { 'model.initialWidth': [WIDTH], 'optimiser.learningRate': temperatures.map((t) => BATCH * t) },
      seeds: SEEDS,
    },
  });
  return temperatures.map((temperature) =>
    rows
      .filter(({ axes }) => axes['optimiser.learningRate'] === temperature * BATCH)
      .map((row) => last(row, 'exponent.perEpoch')[0]),
  );
}

const fraction = (values: readonly number[]) => values.filter((value) => value > CHAOTIC).length / values.length;
const variance = (p: number, n: number) => (p * (1 - p)) / n;

export const lyapunovEnsemble: Validation = {
  title: 'Largest Lyapunov exponent about the onset of chaos',
  source:
    'a program in C that shares nothing with eigenflow (test/validate/c/published-protocol.c), as many realisations of ' +
    `its own; initial width ${WIDTH}, ${TRAINING} epochs of training, ${MEASURED} of measurement`,
  async run() {
    const theirs = await withIndependentProgram((run) =>
      Promise.all(
        temperatures.map(async (temperature) => {
          const rows = await run([WIDTH, temperature * BATCH, TRAINING], SEEDS, MEASURED);
          return rows.map((row) => row[3]);
        }),
      ),
    );
    const measured = await ours();
    return temperatures.flatMap((temperature, i): Check[] => {
      const [a, b] = [theirs[i], measured[i]];
      const [p, q] = [fraction(a), fraction(b)];
      // Off 0 and 1, so that a fraction of all or none has an error.
      const pooled = ((p + q) * SEEDS + 1) / (2 * SEEDS + 2);
      const medianError = Math.hypot(bootstrap(a, median), bootstrap(b, median));
      const same = twoSamplePValue(twoSampleDistance(a, b), a.length, b.length);
      return [
        {
          what: `fraction above ${CHAOTIC} per epoch, T ${temperature}`,
          expected: p,
          measured: q,
          error: Math.sqrt(2 * variance(pooled, SEEDS)),
          n: SEEDS,
          tolerance: '3 errors of the difference',
          possible: FRACTION,
          accepted: about(p, 3 * Math.sqrt(2 * variance(pooled, SEEDS))),
        },
        {
          what: `median exponent per epoch, T ${temperature}`,
          expected: median(a),
          measured: median(b),
          error: medianError,
          n: SEEDS,
          tolerance: '3 errors of the difference and 0.0005; error at most 4',
          possible: ANY,
          accepted: about(median(a), 3 * medianError + 5e-4),
          precise: medianError <= 4,
          // Zero is told from chaos, where there is chaos the value from others.
          unit: Math.max(CHAOTIC, Math.abs(median(a))),
        },
        {
          what: `distribution of the exponent, T ${temperature}: Kolmogorov-Smirnov p`,
          expected: 0.5,
          measured: same,
          error: Number.NaN,
          n: SEEDS,
          tolerance: 'above 0.001',
          possible: FRACTION,
          accepted: above(SIGNIFICANCE),
          finds: detectableDistance(a.length, b.length, SIGNIFICANCE),
        },
      ];
    });
  },
};
