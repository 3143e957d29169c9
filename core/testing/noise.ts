// What a noise model promises: batches within the data set and the space it asked for, as pure functions of the step.
import { Clock } from '../contracts/clock.js';
import type { Component } from '../contracts/component.js';
import type { Environment } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { isEigenflowError } from '../errors.js';
import { largest } from '../statistics/estimate.js';
import { type Check, ensure, type Marked, markedIndices, markedVector, sameBits } from './check.js';
import { checkpointCheck, scheduleChecks } from './continuity.js';
import { promptCheck } from './promptness.js';
import { referenceModel } from './reference.js';
import { type Place, probes, type Subject, simulate, type Wired, wire } from './stage.js';

const SAMPLES = 24;
/** Size of the step that noise such as Langevin noise scales with. */
const STEP_SIZE = 1 / 128;
/** Small ones, the edges of 32 bits, and one far out. */
const STEPS = [0, 1, 5, 6, 1000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 2 ** 40];

interface Opened extends Wired {
  readonly batch: Marked<Indices>;
  readonly weights: Marked<Vector>;
  /** Draws step `step` into `batch` and `weights`; owned copies of what was drawn. */
  draw(step: number): { readonly batch: Indices; readonly weights: Vector };
}

/** Creates the noise model for the model on the stage, as if that had `samples` samples. */
function create({ component, options }: Subject, place: Place, samples: number): Wired {
  const { component: model, params } = options.stage?.model ?? { component: referenceModel };
  const resized = {
    ...model,
    create: (values: never, environment: Environment) =>
      Object.create(model.create(values, environment as never), { samples: { value: samples } }),
  } as Component;
  return wire(
    { component, options: { ...options, stage: { ...options.stage, model: { component: resized, params } } } },
    place,
  );
}

function open(subject: Subject, place: Place = 0, samples = subject.options.samples ?? SAMPLES): Opened {
  const wired = create(subject, place, samples);
  const { noise } = wired.components;
  const { maxBatch, samplesPerStep } = noise;
  ensure(Number.isInteger(maxBatch) && maxBatch > 0, `maxBatch is ${maxBatch}, expected a whole number above 0`);
  ensure(samplesPerStep > 0 && Number.isFinite(samplesPerStep), `samplesPerStep is ${samplesPerStep}, not above 0`);
  const batch = markedIndices(wired.arena, maxBatch);
  const weights = markedVector(wired.arena, maxBatch);
  const clock = new Clock(samplesPerStep / samples);
  clock.stepSize = STEP_SIZE;
  wired.arena.seal();
  return {
    ...wired,
    batch,
    weights,
    draw(step) {
      batch.mark();
      weights.mark();
      clock.step = step;
      const n = noise.draw(batch.values, weights.values, clock);
      ensure(Number.isInteger(n) && n >= 0 && n <= maxBatch, `step ${step}: returns ${n}, maxBatch is ${maxBatch}`);
      ensure(batch.intact() && weights.intact(), `step ${step}: writes beyond maxBatch = ${maxBatch} places`);
      ensure(batch.written() === n && weights.written() === n, `step ${step}: returns ${n} but writes other places`);
      const untouched = clock.step === step && clock.time === 0 && clock.stepSize === STEP_SIZE;
      ensure(untouched, `step ${step}: changes the clock`);
      return { batch: batch.values.slice(0, n), weights: weights.values.slice(0, n) };
    },
  };
}

/** Numbers that samples stand for: of mean 0 and variance 1 over the data set, and nothing else. */
function standardised(samples: number): readonly number[] {
  const raw = Array.from({ length: samples }, (_, i) => ((i * i + 3 * i) % 7) + i / samples);
  const mean = raw.reduce((a, b) => a + b, 0) / samples;
  const variance = raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples;
  return raw.map((x) => (x - mean) / Math.sqrt(variance));
}

/** Where a noise model says how it samples: batch size, distinct samples, and the variance of a batch mean. */
function checkSampling(subject: Subject): void {
  const samples = subject.options.samples ?? SAMPLES;
  const { components, draw } = open(subject);
  const { sampling } = components.noise;
  if (!sampling) return;
  const { batchSize, order } = sampling;
  const values = standardised(samples);
  const steps = 2000;
  const squares = Array.from({ length: steps }, (_, step) => {
    const { batch, weights } = draw(step);
    ensure(batch.length === batchSize, `step ${step}: ${batch.length} samples, sampling.batchSize is ${batchSize}`);
    ensure(
      weights.every((weight) => Math.abs(weight * batchSize - 1) < 1e-12),
      `step ${step}: weights are not all 1/${batchSize}, as sampling says`,
    );
    ensure(order !== 'fresh-subset' || new Set(batch).size === batchSize, `step ${step}: a sample comes twice`);
    return batch.reduce((sum, sample) => sum + values[sample], 0) ** 2 / batchSize;
  });
  if (order === 'cyclic') return;
  const expected = order === 'iid' ? 1 : (samples - batchSize) / Math.max(1, samples - 1);
  const mean = squares.reduce((a, b) => a + b, 0) / steps;
  const error = Math.sqrt(squares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / steps / (steps - 1));
  ensure(
    Math.abs(mean - expected) <= 6 * error + 1e-9,
    `batch means have ${mean} +- ${error} times the variance C/B; sampling.order "${order}" means ${expected}`,
  );
}

function checkDraw({ batch, weights }: ReturnType<Opened['draw']>, step: number, samples: number): void {
  const stray = batch.find((sample) => sample < 0 || sample >= samples);
  ensure(stray === undefined, `step ${step}: sample ${stray} is not in a data set of ${samples}`);
  ensure(weights.every(Number.isFinite), `step ${step}: a weight is not finite`);
}

/** Mean and standard error of independent numbers. */
function estimate(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

/** Weights, share of steps that a sample takes part in, and correlation from one step to the next, sample by sample. */
function checkMasks({ components, draw }: Opened, samples: number): void {
  const { masks } = components.noise;
  if (masks === undefined) return;
  const { fraction } = masks;
  const correlation = masks.correlation(STEP_SIZE);
  ensure(fraction > 0 && fraction <= 1, `masks.fraction is ${fraction}, not a probability above 0`);
  ensure(Math.abs(correlation) <= 1, `masks.correlation(${STEP_SIZE}) is ${correlation}, not between -1 and 1`);
  const steps = 400;
  const weight = 1 / (fraction * samples);
  const isIn = Array.from({ length: samples }, () => new Float64Array(steps));
  for (let step = 0; step < steps; step++) {
    const { batch, weights } = draw(step);
    for (let i = 0; i < batch.length; i++) {
      // A step in which none takes part may give a sample without weight.
      if (weights[i] === 0) continue;
      ensure(Math.abs(weights[i] / weight - 1) < 1e-12, `step ${step}: a weight is ${weights[i]}, not 1/(f N)`);
      isIn[batch[i]][step] = 1;
    }
  }
  const agrees = (what: string, values: readonly number[], expected: number) => {
    const { mean, error } = estimate(values);
    ensure(
      Math.abs(mean - expected) <= 6 * error + 1e-9,
      `${what} is ${mean} +- ${error} over ${samples} samples, and the noise model says ${expected}`,
    );
  };
  agrees(
    'the share of steps in which a sample takes part',
    isIn.map((mask) => mask.reduce((a, b) => a + b, 0) / steps),
    fraction,
  );
  if (fraction === 1) return;
  agrees(
    'the correlation from one step to the next',
    isIn.map((mask) => {
      const product = mask.reduce((sum, now, t) => sum + (t > 0 ? (now - fraction) * (mask[t - 1] - fraction) : 0), 0);
      return product / (steps - 1) / (fraction * (1 - fraction));
    }),
    correlation,
  );
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
      name: 'draws the same batches again after its period',
      run() {
        const { components, draw } = open(subject);
        const { period } = components.noise;
        if (period === undefined) return;
        for (const step of [0, 1, 5]) {
          const [first, again] = [draw(step), draw(step + period)];
          ensure(
            sameBits(first.batch, again.batch) && sameBits(first.weights, again.weights),
            `step ${step + period} has another batch than step ${step}, and the period is ${period}`,
          );
        }
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
      name: 'draws as its sampling says',
      run() {
        checkSampling(subject);
      },
    },
    {
      name: 'draws masks of the law that it says',
      run() {
        checkMasks(open(subject), samples);
      },
    },
    {
      name: 'serves one-pass data or says why not',
      run() {
        try {
          const { draw } = open(subject, 0, Number.POSITIVE_INFINITY);
          for (const step of [0, 1, 5]) checkDraw(draw(step), step, Number.POSITIVE_INFINITY);
        } catch (error) {
          // A mistake in the code of `create` is told as one, too.
          if (!isEigenflowError(error) || error.code === 'contract') throw error;
        }
      },
    },
    {
      name: 'perturbs the gradient additively, as a pure function of step and weights',
      run() {
        checkPerturbation(subject);
      },
    },
    {
      name: 'is the same whether or not somebody looks at the coming step',
      run() {
        const [watched, alone] = [simulate(subject, 0).simulation, simulate(subject, 1).simulation];
        for (const step of [3, 4, 8]) {
          watched.advance(step);
          watched.view.batch();
          watched.view.batch();
          alone.advance(step);
        }
        ensure(
          sameBits(watched.view.theta, alone.view.theta),
          'the run takes another way when an observer asks for the coming batch: asking must not use anything up',
        );
      },
    },
    promptCheck(subject),
    checkpointCheck(subject),
    ...scheduleChecks(subject),
  ];
}

/** One step at which `perturb` is called with two different gradients in turn. */
function perturbTwice(subject: Subject, place: Place): readonly { gradient: Vector; added: Vector }[] {
  const wired = create(subject, place, subject.options.samples ?? SAMPLES);
  const { arena, components } = wired;
  const { noise, model } = components;
  const theta = markedVector(arena, model.size);
  const gradient = markedVector(arena, model.size);
  model.initialise(theta.values);
  const initial = theta.values.slice();
  const clock = new Clock();
  clock.step = 5;
  clock.stepSize = STEP_SIZE;
  noise.draw(arena.indices(noise.maxBatch), arena.vector(noise.maxBatch), clock);
  return [0, 1].map((counter) => {
    probes(wired).normals(counter, gradient.values);
    const before = gradient.values.slice();
    noise.perturb?.(gradient.values, theta.values, clock);
    ensure(gradient.intact() && theta.intact(), 'perturb writes beyond the gradient');
    ensure(sameBits(theta.values, initial), 'perturb changes the weights');
    return { gradient: gradient.values.slice(), added: gradient.values.map((x, i) => x - before[i]) };
  });
}

function checkPerturbation(subject: Subject): void {
  const [first, other] = perturbTwice(subject, 0);
  const [again] = perturbTwice(subject, 1);
  ensure(sameBits(first.gradient, again.gradient), 'a second instance perturbs otherwise');
  const scale = Math.max(1, largest(first.gradient.map(Math.abs)), largest(other.gradient.map(Math.abs)));
  ensure(
    first.added.every((x, i) => Math.abs(x - other.added[i]) <= 1e-12 * scale),
    'what perturb adds depends on the gradient that stands there, or on how often it was called in the step',
  );
}
