// The linear scaling rule: SGD at the same temperature and learning time, learning rate and batch size rescaled together.
import { ANY, about, type Check, NOT_NEGATIVE, type Validation } from './check.js';
import { contrast, iid, initialSharpness, percent, replicas } from './langevin-replicas.js';

const SEED = 11;
const TEMPERATURE = 1 / 128;
const DURATION = 64;
const REPLICAS = 384;
/** Factors of learning rate and batch size. */
const SMALL = [2, 4];
const LARGE = [16, 32];

const ensemble = (factor: number) =>
  replicas({
    seed: SEED,
    noise: iid(factor),
    stepSize: TEMPERATURE * factor,
    duration: DURATION,
    replicas: REPLICAS,
    // Ensembles share no noise.
    first: REPLICAS * Math.log2(factor),
  });

export const langevinScaling: Validation = {
  title: 'Linear scaling rule: only T = learning rate / batch size matters',
  source:
    `the continuous limit (derived; arXiv:2407.16427): equal spectra within statistics while learning rate x sharpness ` +
    `<= 0.2, beyond that a departure of first order in it. Reference: batch size 1; T = 1/128, learning time ${DURATION}, ` +
    `initial width 0.5, one instance`,
  async run() {
    const sharpness = await initialSharpness(SEED);
    const reference = await ensemble(1);
    const checks: Check[] = [];
    for (const factor of SMALL) {
      const product = TEMPERATURE * factor * sharpness;
      const where = `batch size ${factor}, step x sharpness ${product.toFixed(2)}`;
      contrast(await ensemble(factor), reference).forEach(({ shift, shiftError, ratio, ratioError, n }, i) => {
        checks.push({
          what: `mean of level ${i + 1} - 1, ${where}`,
          expected: 0,
          measured: shift,
          error: shiftError,
          n,
          tolerance: '3 errors; error below 0.05 %',
          possible: ANY,
          accepted: about(0, 3 * shiftError),
          precise: product < 0.2 && shiftError < 5e-4,
          unit: 1,
        });
        checks.push({
          what: `spread of level ${i + 1}, ${where}`,
          expected: 1,
          measured: ratio,
          error: ratioError,
          n,
          tolerance: '3 errors; error below 6 %',
          possible: NOT_NEGATIVE,
          accepted: about(1, 3 * ratioError),
          precise: ratioError < 0.06,
        });
      });
    }
    for (const factor of LARGE) {
      const product = TEMPERATURE * factor * sharpness;
      const contrasts = contrast(await ensemble(factor), reference);
      const mean = contrasts.reduce((sum, { shift }) => sum + shift, 0) / contrasts.length;
      // Levels fluctuate together at worst: the errors add up.
      const error = contrasts.reduce((sum, { shiftError }) => sum + shiftError, 0) / contrasts.length;
      const most = product * 1e-3;
      checks.push({
        what: `mean departure of ${contrasts.length} levels, batch size ${factor}, step x sharpness ${product.toFixed(2)}`,
        expected: Number.NaN,
        measured: mean,
        error,
        n: REPLICAS,
        tolerance: `positive by 1.5 errors, at most ${percent(most)}`,
        possible: ANY,
        accepted: [1.5 * error, most + 2 * error],
      });
    }
    return checks;
  },
};
