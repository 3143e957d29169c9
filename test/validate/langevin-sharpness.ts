// At which learning rate SGD leaves its Langevin surrogate: fourteen instances of the network, told apart by the
// largest eigenvalue of their Hessian.
import { above, below, type Check, type Interval, NOT_NEGATIVE, type Validation } from './check.js';
import { contrast, iid, initialSharpness, percent, replicas } from './langevin-replicas.js';

const SEEDS = Array.from({ length: 14 }, (_, i) => i + 1);
const REPLICAS = 24;
const TEMPERATURE = 1 / 32;
const BATCH_SIZE = 16;
const LEARNING_RATE = TEMPERATURE * BATCH_SIZE;
const DURATION = 64;

/** Beyond step x sharpness = 2 gradient descent itself is unstable. */
const UNSTABLE = { from: 2, departure: 0.03 };
const SMALL = { to: 1, departure: 0.003 };

async function departure(seed: number): Promise<Check> {
  const sharpness = await initialSharpness(seed);
  const langevin = await replicas({
    seed,
    // 0.2 % are added to the temperature by the subset.
    noise: { use: 'langevin', temperature: TEMPERATURE, subset: 256 },
    stepSize: 1 / 64,
    duration: DURATION,
    replicas: REPLICAS,
  });
  const sgd = await replicas({
    seed,
    noise: iid(BATCH_SIZE),
    stepSize: LEARNING_RATE,
    duration: DURATION,
    replicas: REPLICAS,
  });
  const worst = contrast(sgd, langevin).reduce((a, b) => (Math.abs(b.shift) > Math.abs(a.shift) ? b : a));
  const measured = Math.abs(worst.shift);
  const product = LEARNING_RATE * sharpness;
  const report = (expected: number, tolerance: string, accepted: Interval | undefined): Check => ({
    what: `largest departure of a mean, step x sharpness ${product.toFixed(2)} (instance ${seed})`,
    expected,
    measured,
    error: worst.shiftError,
    n: REPLICAS,
    tolerance,
    possible: NOT_NEGATIVE,
    accepted,
    unit: 1,
  });
  if (product > UNSTABLE.from) {
    return report(Number.NaN, `above ${percent(UNSTABLE.departure)}`, above(UNSTABLE.departure));
  }
  if (product < SMALL.to) {
    const limit = SMALL.departure + 3 * worst.shiftError;
    return report(0, `${percent(SMALL.departure)} and 3 errors`, below(limit));
  }
  return report(Number.NaN, 'none: in between nothing is claimed', undefined);
}

export const langevinSharpness: Validation = {
  title: 'Sharpness decides where SGD leaves its Langevin surrogate',
  source:
    `linear stability (derived): at T = 1/32 and learning rate 1/2 the surrogate must fail where learning rate x sharpness ` +
    `at the start exceeds 2, and should hold where it is small. Six largest levels, learning time ${DURATION}, initial ` +
    `width 0.5`,
  async run() {
    const checks: Check[] = [];
    for (const seed of SEEDS) checks.push(await departure(seed));
    return checks;
  },
};
