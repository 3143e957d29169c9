// The observers of committees: one theory behind two models, and what they refuse.
import { describe, expect, test } from 'vitest';
import { committeeOverlaps } from '../../../plugins/online-learning/committee-overlaps.js';
import { onlineTheory } from '../../../plugins/online-learning/online-theory.js';
import { softCommittee } from '../../../plugins/online-learning/soft-committee.js';
import { criticalRate } from '../../../plugins/online-learning/theory/critical-rate.js';
import { createOnlineDynamics } from '../../../plugins/online-learning/theory/dynamics.js';
import { adam } from '../../../plugins/optimisers/adam.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';
import { REFERENCE } from '../../validate/online-reference.js';
import { equalUnits, follow, stateOf } from '../../validate/online-theory.js';
import { watch } from '../watch.js';

type Params = Readonly<Record<string, unknown>>;

const stage = (params: Params, { learningRate = 0.5, batchSize = 1 } = {}) => ({
  model: { component: softCommittee, params },
  loss: { component: halfMeanSquare },
  noise: { component: minibatch, params: { batchSize, order: 'iid' } },
  optimiser: { component: sgd, params: { learningRate } },
});

describe('online-theory', () => {
  test('follows the reference trajectory of a committee with two layers trained', () => {
    const { Q0, R0, v, A, eta, etav = 0, sigma, alpha, eg } = REFERENCE.trajectories.E3;
    const params = {
      inputs: 8,
      trained: ['W', 'V'],
      readOutRate: etav / eta,
      studentReadOut: v,
      teacherReadOut: A,
      studentOverlaps: Q0.flat(),
      mixedOverlaps: R0.flat(),
      labelNoise: sigma,
    };
    const steps = alpha.filter((one) => one <= 20).map((one) => 8 * one);
    const frames = watch(onlineTheory, {}, stage(params, { learningRate: eta })).frames(steps);
    for (const [i, step] of steps.entries()) {
      expect(Math.abs((frames.get(step)?.generalisationError[0] ?? Number.NaN) - eg[i])).toBeLessThan(1e-9);
    }
    const start = frames.get(0);
    expect(start?.generalisationErrors[0]).toBe(start?.generalisationErrors[1]);
    expect(start?.rmsDifference[0]).toBe(0);
  });

  test('puts momentum, weight decay and batches into the equations', () => {
    const [N, steps] = [10, 20];
    const Q = [0.5, 0, 0, 0.5];
    const R = [0.2, 0, 0, 0.1];
    const params = { inputs: N, studentOverlaps: Q, mixedOverlaps: R };
    const at = (optimiser: object, batchSize = 1) => {
      const { frames } = watch(onlineTheory, {}, { ...stage(params, { batchSize }), optimiser } as never);
      return frames([steps]).get(steps)?.generalisationError[0] ?? Number.NaN;
    };
    const expected = (alpha: number, rest: object) => {
      const dynamics = createOnlineDynamics(equalUnits(2, 0.5, { inputs: N, ...rest }));
      return follow(dynamics, stateOf(Q, R, [1, 1]), [alpha]).errors[0];
    };
    // Geometric sums of what has not been carried out yet.
    const lag = Array.from({ length: steps }, (_, k) => 0.9 ** (k + 1)).reduce((sum, one) => sum + one, 0);
    const heavy = { learningRate: 0.05, momentum: 0.9 };
    expect(at({ component: momentum, params: heavy })).toBeCloseTo(expected((steps - lag) / N, {}), 9);
    expect(at({ component: nesterov, params: heavy })).toBeCloseTo(expected((steps - 0.9 * lag) / N, {}), 9);
    const decaying = { component: sgd, params: { learningRate: 0.5, weightDecay: 0.1 } };
    expect(at(decaying)).toBeCloseTo(expected(steps / N, { decay: N * 0.5 * 0.1 }), 9);
    expect(at({ component: sgd, params: { learningRate: 0.5 } }, 4)).toBeCloseTo(
      expected(steps / N, { batchSize: 4 }),
      9,
    );
  });

  test('knows the critical rate where the perfect solution is the known one', () => {
    const ratio = (params: Params) =>
      watch(onlineTheory, {}, stage({ inputs: 9, ...params })).observe().rateOverCritical[0];
    expect(ratio({})).toBeCloseTo(0.5 / criticalRate('erf', 2), 12);
    expect(ratio({ activation: 'relu' })).toBeCloseTo(0.5 / criticalRate('relu', 2), 12);
    for (const params of [{ students: 3 }, { readOut: 'mean' }, { teacher: 'random' }, { trained: ['W', 'V'] }]) {
      expect(ratio(params)).toBeNaN();
    }
  });

  test('is NaN once the learning rate has changed', () => {
    const changing = {
      ...stage({ inputs: 9 }),
      optimiser: { component: sgd, params: { learningRate: { ramp: [0.5, 0.1], over: 10 } } },
    };
    const frames = watch(onlineTheory, {}, changing).frames([0, 5]);
    expect(frames.get(0)?.generalisationError[0]).toBeGreaterThan(0);
    expect(frames.get(5)?.generalisationError[0]).toBeNaN();
    expect(frames.get(5)?.generalisationErrors[0]).toBeGreaterThan(0);
  });

  test.each([
    ['tanh', { ...stage({ inputs: 9, activation: 'tanh' }) }, 'four-dimensional integral'],
    [
      'another optimiser',
      { ...stage({ inputs: 9 }), optimiser: { component: adam, params: { learningRate: 0.1 } } },
      'descent',
    ],
    ['another loss', { ...stage({ inputs: 9 }), loss: { component: meanOutput } }, 'use half-mean-square'],
    ['a network of another shape', {}, 'needs a committee'],
    [
      'data that come again',
      {
        ...stage({}),
        model: { component: teacherStudent, params: { samples: 50, hidden: [], trained: ['M'], activation: 'erf' } },
      },
      'needs a committee',
    ],
  ])('refuses %s', (_what, other, message) => {
    expect(() => watch(onlineTheory, {}, other as never)).toThrow(message);
  });
});

describe('committee-overlaps', () => {
  test('translates the weights of teacher-student: w = sqrt(2 N) M for erf, sqrt(N) M for relu', () => {
    for (const [activation, square] of [
      ['erf', 2],
      ['relu', 1],
    ] as const) {
      const model = {
        component: teacherStudent,
        params: { samples: 'endless', inputs: 7, hidden: [], features: 3, trained: ['M'], activation },
      };
      const { observe, run } = watch(committeeOverlaps, {}, { ...stage({}), model });
      const frame = observe();
      const row = (i: number) => run.theta.subarray(7 * i, 7 * i + 7);
      const product = (i: number, k: number) => row(i).reduce((sum, w, j) => sum + w * row(k)[j], 0);
      for (let i = 0; i < 3; i++) {
        for (let k = 0; k < 3; k++) expect(frame.studentOverlaps[3 * i + k]).toBeCloseTo(square * product(i, k), 12);
      }
    }
  });

  test('the error is the average over many inputs', () => {
    for (const activation of ['erf', 'relu', 'identity']) {
      const samples = 20000;
      const params = { inputs: 6, students: 3, activation, testSamples: samples };
      const { observe, run, arena } = watch(committeeOverlaps, {}, stage(params));
      const [out, target] = [arena.vector(samples), arena.vector(samples)];
      run.model.heldOut?.forward(run.theta, out);
      run.model.heldOut?.targets(target);
      const halves = out.map((value, s) => (value - target[s]) ** 2 / 2);
      const mean = halves.reduce((sum, half) => sum + half, 0) / samples;
      const square = halves.reduce((sum, half) => sum + (half - mean) ** 2, 0) / samples;
      expect(Math.abs(observe().generalisationError[0] - mean)).toBeLessThan(4 * Math.sqrt(square / samples));
      expect(Math.sqrt(square / samples)).toBeLessThan(0.05 * mean);
    }
  });

  test('has no error for tanh', () => {
    const frame = watch(committeeOverlaps, {}, stage({ inputs: 9, activation: 'tanh' })).observe();
    expect(Object.keys(frame)).toEqual([
      'studentOverlaps',
      'mixedOverlaps',
      'teacherOverlaps',
      'readOut',
      'orderParameters',
    ]);
  });
});
