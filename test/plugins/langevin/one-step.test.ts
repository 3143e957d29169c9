// The one-step observer against an enumeration that knows neither eigenbases nor outer products, and on batches.
import { describe, expect, it } from 'vitest';
import { type Enumeration, openInstance } from '../../physics/langevin/enumeration.js';
import { measure, open, published } from '../../physics/langevin/published-network.js';

const STEP = 1 / 64;
const WIDTH = 1;
const SAMPLES = 4000;

const oneStep = (params: Readonly<Record<string, number>>) =>
  measure(
    open({
      ...published,
      seed: 1,
      model: { use: 'teacher-student', initialWidth: WIDTH },
      observers: { step: { use: 'one-step', block: 'W', stepSize: STEP, ...params } },
    }),
    'step',
  );

const closeTo = (found: ArrayLike<number>, expected: ArrayLike<number>, relative: number) => {
  const size = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(relative * size);
};

describe('batches of one sample, enumerated', () => {
  let enumeration: ReturnType<Enumeration['enumerate']>;
  const frame = oneStep({});

  it('give the shifts and variances of a step through backward and singular values', () => {
    enumeration = openInstance(1, WIDTH).enumerate(STEP);
    closeTo(frame.shift, enumeration.shift, 1e-7);
    closeTo(frame.variance, enumeration.variance, 1e-9);
    expect([...frame.shiftStandardError].every((error) => error === 0)).toBe(true);
  });

  it('are predicted by the level equation, with errors of first order in the step', () => {
    const half = oneStep({ stepSize: STEP / 2 });
    for (const channel of ['shiftError', 'varianceError']) {
      expect(frame[channel][0]).toBeLessThan(0.25);
      expect(half[channel][0] / frame[channel][0]).toBeGreaterThan(0.4);
      expect(half[channel][0] / frame[channel][0]).toBeLessThan(0.6);
    }
  });
});

describe('random batches', () => {
  it('of one sample agree with the enumeration within their errors, in spite of the noise of first order', () => {
    const exact = oneStep({});
    const sampled = oneStep({ draws: SAMPLES });
    let worst = 0;
    for (let i = 0; i < exact.shift.length; i++) {
      const error = sampled.shiftStandardError[i];
      expect(error).toBeGreaterThan(0);
      worst = Math.max(worst, Math.abs(sampled.shift[i] - exact.shift[i]) / error);
      // Without the first order taken off, the error would be the root of the variance over the number of batches.
      expect(error).toBeLessThan(0.6 * Math.sqrt(exact.variance[i] / SAMPLES));
    }
    // The worst of 16 levels, whose law has heavy tails.
    expect(worst).toBeLessThan(5);
  });

  it('of B samples have mean shift and variance smaller by B', () => {
    const batchSize = 8;
    const [one, many] = [oneStep({}), oneStep({ batchSize, draws: 2000 })];
    closeTo(
      many.predictedShift.map((x) => x * batchSize),
      one.predictedShift,
      1e-12,
    );
    expect(many.shiftError[0]).toBeLessThan(0.2);
    // 2000 draws know a variance to some 5 %.
    expect(many.varianceError[0]).toBeLessThan(0.15);
  });
});

it('takes the size of the coming step unless it is told another', () => {
  const run = open({ ...published, observers: { step: { use: 'one-step', block: 'W', draws: 10 } } });
  const coming = measure(run, 'step');
  const given = open({
    ...published,
    observers: { step: { use: 'one-step', block: 'W', draws: 10, stepSize: 1 / 256 } },
  });
  expect(coming.predictedShift).toEqual(measure(given, 'step').predictedShift);
});
