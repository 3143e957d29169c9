// What a noise model promises: batches within the data set and the space it asked for, as pure functions of the step.
import { Clock } from '../contracts/clock.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { isEigenflowError } from '../errors.js';
import { type Check, ensure, type Marked, markedIndices, markedVector, sameBits } from './check.js';
import { scheduleChecks } from './schedule.js';
import { type Place, probes, type Subject, type Wired, wire } from './stage.js';

const SAMPLES = 24;
/** Small ones, the edges of 32 bits, and one far out. */
const STEPS = [0, 1, 5, 6, 1000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 2 ** 40];

interface Opened extends Wired {
  readonly noise: NoiseModel;
  readonly batch: Marked<Indices>;
  readonly weights: Marked<Vector>;
  /** Draws step `step` into `batch` and `weights`; owned copies of what was drawn. */
  draw(step: number): { readonly batch: Indices; readonly weights: Vector };
}

function open(subject: Subject, place: Place = 0, samples = subject.options.samples ?? SAMPLES): Opened {
  const wired = wire(subject, place);
  const noise = wired.wiring.get('noise', 'noise');
  const { maxBatch, samplesPerStep } = noise;
  ensure(Number.isInteger(maxBatch) && maxBatch > 0, `maxBatch is ${maxBatch}, expected a whole number above 0`);
  ensure(samplesPerStep > 0 && Number.isFinite(samplesPerStep), `samplesPerStep is ${samplesPerStep}, not above 0`);
  const batch = markedIndices(wired.arena, maxBatch);
  const weights = markedVector(wired.arena, maxBatch);
  const clock = new Clock(samplesPerStep / samples);
  wired.arena.seal();
  return {
    ...wired,
    noise,
    batch,
    weights,
    draw(step) {
      batch.mark();
      weights.mark();
      clock.step = step;
      const n = noise.draw(batch.values, weights.values, samples, clock);
      ensure(Number.isInteger(n) && n >= 0 && n <= maxBatch, `step ${step}: returns ${n}, maxBatch is ${maxBatch}`);
      ensure(batch.intact() && weights.intact(), `step ${step}: writes beyond maxBatch = ${maxBatch} places`);
      ensure(batch.written() === n && weights.written() === n, `step ${step}: returns ${n} but writes other places`);
      ensure(clock.step === step && clock.time === 0, `step ${step}: changes the clock`);
      return { batch: batch.values.slice(0, n), weights: weights.values.slice(0, n) };
    },
  };
}

function checkDraw({ batch, weights }: ReturnType<Opened['draw']>, step: number, samples: number): void {
  const stray = batch.find((sample) => sample < 0 || sample >= samples);
  ensure(stray === undefined, `step ${step}: sample ${stray} is not in a data set of ${samples}`);
  ensure(weights.every(Number.isFinite), `step ${step}: a weight is not finite`);
}

export function noiseChecks(subject: Subject): readonly Check[] {
  const samples = subject.options.samples ?? SAMPLES;
  return [
    {
      name: 'draws samples of the data set, with finite weights, at any step',
      run() {
        const { draw } = open(subject);
        for (const step of STEPS) checkDraw(draw(step), step, samples);
      },
    },
    {
      name: 'draws as a pure function of the step',
      run() {
        const { draw } = open(subject);
        const first = draw(5);
        draw(3);
        draw(1000);
        const again = draw(5);
        ensure(
          sameBits(first.batch, again.batch) && sameBits(first.weights, again.weights),
          'step 5 gives another batch after other steps were asked for',
        );
      },
    },
    {
      name: 'gives the same bits again',
      run() {
        const [first, second] = [open(subject, 0), open(subject, 1)];
        for (let step = 0; step < 20; step++) {
          const [a, b] = [first.draw(step), second.draw(step)];
          ensure(
            sameBits(a.batch, b.batch) && sameBits(a.weights, b.weights),
            `a second instance draws another batch in step ${step}`,
          );
        }
      },
    },
    {
      name: 'has weights that sum to one on average',
      run() {
        const { draw } = open(subject);
        const steps = 400;
        const sums = Array.from({ length: steps }, (_, step) => draw(step).weights.reduce((a, b) => a + b, 0));
        const mean = sums.reduce((a, b) => a + b, 0) / steps;
        const variance = sums.reduce((a, b) => a + (b - mean) ** 2, 0) / (steps - 1);
        const standardError = Math.sqrt(variance / steps);
        ensure(standardError < 0.2, `the sum of the weights has standard error ${standardError} over ${steps} steps`);
        ensure(
          Math.abs(mean - 1) <= 6 * standardError + 1e-9,
          `the weights sum to ${mean} +- ${standardError} on average, so the gradient is not an unbiased mean`,
        );
      },
    },
    {
      name: 'serves one-pass data or says why not',
      run() {
        const { draw } = open(subject, 0, Number.POSITIVE_INFINITY);
        try {
          for (const step of [0, 1, 5]) checkDraw(draw(step), step, Number.POSITIVE_INFINITY);
        } catch (error) {
          if (!isEigenflowError(error)) throw error;
        }
      },
    },
    {
      name: 'perturbs the gradient additively, as a pure function of step and weights',
      run() {
        const opened = open(subject);
        const { noise } = opened;
        if (!noise.perturb) return;
        checkPerturbation(subject);
      },
    },
    ...scheduleChecks(subject),
  ];
}

function checkPerturbation(subject: Subject): void {
  const perturbed = (place: Place, step: number, counter: number) => {
    const wired = wire(subject, place);
    const model = wired.wiring.get('model', 'model');
    const noise = wired.wiring.get('noise', 'noise');
    const theta = markedVector(wired.arena, model.size);
    const gradient = markedVector(wired.arena, model.size);
    model.initialise(theta.values);
    probes(wired).normals(counter, gradient.values);
    const before = { theta: theta.values.slice(), gradient: gradient.values.slice() };
    const clock = new Clock();
    clock.step = step;
    noise.perturb?.(gradient.values, theta.values, clock);
    ensure(gradient.intact() && theta.intact(), 'perturb writes beyond the gradient');
    ensure(sameBits(theta.values, before.theta), 'perturb changes the weights');
    return { gradient: gradient.values.slice(), added: gradient.values.map((x, i) => x - before.gradient[i]) };
  };
  const first = perturbed(0, 5, 0);
  ensure(sameBits(first.gradient, perturbed(1, 5, 0).gradient), 'a second instance perturbs otherwise');
  const other = perturbed(0, 5, 1);
  const scale = Math.max(1, ...first.gradient.map(Math.abs), ...other.gradient.map(Math.abs));
  ensure(
    first.added.every((x, i) => Math.abs(x - other.added[i]) <= 1e-12 * scale),
    'what perturb adds depends on the gradient that stands there',
  );
}
