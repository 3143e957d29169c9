// SGD with fresh sampling against its Langevin surrogate, from the same weights on the same data: where they agree, and
// a learning rate at which they must not.
import { ANY, about, above, type Check, NOT_NEGATIVE, type Validation } from './check.js';
import { type Contrast, contrast, iid, percent, replicas } from './langevin-replicas.js';

/** One teacher, one data set, one start. */
const SEED = 11;
const DURATION = 64;
/** Step of the surrogate: times the largest eigenvalue of the Hessian (4.4 at the start) it is below 0.1. */
const STEP = 1 / 64;
const SURROGATES = 96;
const SGD_REPLICAS = 384;

interface Case {
  readonly temperature: number;
  readonly batchSize: number;
  /** Largest relative departure of a mean, beyond two standard errors. */
  readonly shift: number;
  /** Range of the ratio of standard deviations, beyond two standard errors. */
  readonly ratio: readonly [number, number];
}

const AGREE: readonly Case[] = [
  { temperature: 1 / 32, batchSize: 1, shift: 1e-3, ratio: [0.9, 1.3] },
  { temperature: 1 / 32, batchSize: 4, shift: 1e-3, ratio: [0.9, 1.3] },
  { temperature: 1 / 128, batchSize: 4, shift: 5e-4, ratio: [0.8, 1.2] },
];

/** The same T = 1/32 at learning rate 1/2. */
const FAIL = { temperature: 1 / 32, batchSize: 16, shift: 0.04, ratio: 5 };

const surrogate = (temperature: number) =>
  replicas({
    seed: SEED,
    noise: { use: 'langevin', temperature },
    stepSize: STEP,
    duration: DURATION,
    replicas: SURROGATES,
  });

const sgd = (temperature: number, batchSize: number) =>
  replicas({
    seed: SEED,
    noise: iid(batchSize),
    stepSize: temperature * batchSize,
    duration: DURATION,
    replicas: SGD_REPLICAS,
  });

function agreement(
  { temperature, batchSize, shift, ratio: [low, high] }: Case,
  contrasts: readonly Contrast[],
): Check[] {
  const where = `T 1/${1 / temperature}, B ${batchSize}`;
  return contrasts.flatMap((level, i): Check[] => [
    {
      what: `mean of level ${i + 1}, SGD/Langevin - 1, ${where}`,
      expected: 0,
      measured: level.shift,
      error: level.shiftError,
      n: level.n,
      tolerance: `${percent(shift)} and 2 errors; error below 0.1 %`,
      possible: ANY,
      accepted: about(0, shift + 2 * level.shiftError),
      precise: level.shiftError < 1e-3,
      unit: 1,
    },
    {
      what: `spread of level ${i + 1}, SGD/Langevin, ${where}`,
      expected: 1,
      measured: level.ratio,
      error: level.ratioError,
      n: level.n,
      tolerance: `${low} to ${high} and 2 errors`,
      possible: NOT_NEGATIVE,
      accepted: [low - 2 * level.ratioError, high + 2 * level.ratioError],
    },
  ]);
}

function failure(contrasts: readonly Contrast[]): Check[] {
  const where = `T 1/${1 / FAIL.temperature}, B ${FAIL.batchSize}`;
  return contrasts.flatMap((level, i): Check[] => [
    {
      what: `mean of level ${i + 1}, SGD/Langevin - 1, ${where}`,
      expected: Number.NaN,
      measured: level.shift,
      error: level.shiftError,
      n: level.n,
      tolerance: `negative control: above ${percent(FAIL.shift)}`,
      possible: ANY,
      accepted: above(FAIL.shift),
    },
    {
      what: `spread of level ${i + 1}, SGD/Langevin, ${where}`,
      expected: Number.NaN,
      measured: level.ratio,
      error: level.ratioError,
      n: level.n,
      tolerance: `negative control: above ${FAIL.ratio}`,
      possible: NOT_NEGATIVE,
      accepted: above(FAIL.ratio),
    },
  ]);
}

export const langevinEnsembles: Validation = {
  title: 'SGD against its Langevin surrogate, means and spreads of levels',
  source:
    `an independent simulation of the same protocol on another instance: agreement at learning rates 1/32 and 1/8, ` +
    `+4 to +14 % in the means and 7 to 80 times the spread at 1/2. Learning time ${DURATION}, initial width 0.5, one ` +
    `instance, ${SURROGATES} Langevin and ${SGD_REPLICAS} SGD replicas`,
  async run() {
    const temperatures = [...new Set([...AGREE, FAIL].map(({ temperature }) => temperature))];
    const references = new Map<number, Awaited<ReturnType<typeof surrogate>>>();
    for (const temperature of temperatures) references.set(temperature, await surrogate(temperature));
    const against = async ({ temperature, batchSize }: { temperature: number; batchSize: number }) => {
      const reference = references.get(temperature);
      if (!reference) throw new Error(`no surrogate at T = ${temperature}`);
      return contrast(await sgd(temperature, batchSize), reference);
    };
    const checks: Check[] = [];
    for (const setting of AGREE) checks.push(...agreement(setting, await against(setting)));
    checks.push(...failure(await against(FAIL)));
    return checks;
  },
};
