// The committee: overlaps that it is given, its step against plain loops, what it refuses.
import { describe, expect, test } from 'vitest';
import { softCommittee } from '../../../plugins/online-learning/soft-committee.js';
import { create } from '../workbench.js';

type Params = Readonly<Record<string, unknown>>;

/** Q, R, T in the convention of the theory, from what the model says of itself. */
function overlapsOf(params: Params) {
  const { component: model, arena } = create(softCommittee, params);
  const theta = arena.vector(model.size);
  model.initialise(theta);
  const { committee } = model;
  if (!committee) throw new Error('no committee');
  const { inputs: N, students: K, teachers: M, teacher, firstLayer } = committee;
  const square = committee.activation === 'erf' ? 2 : 1;
  const rows = firstLayer.block ? theta : (firstLayer.weights as Float64Array);
  const product = (a: Float64Array, i: number, b: Float64Array, k: number) => {
    let sum = 0;
    for (let j = 0; j < N; j++) sum += a[i * N + j] * b[k * N + j];
    return square * sum;
  };
  const { scale } = firstLayer;
  const table = (n: number, m: number, value: (i: number, k: number) => number) =>
    Array.from({ length: n * m }, (_, p) => value(Math.floor(p / m), p % m));
  return {
    Q: table(K, K, (i, k) => scale * scale * product(rows, i, rows, k)),
    R: table(K, M, (i, m) => scale * product(rows, i, teacher, m)),
    T: table(M, M, (m, n) => product(teacher, m, teacher, n)),
    teacher: teacher.slice(),
  };
}

const close = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
};

describe('overlaps of the start', () => {
  const given = {
    students: 3,
    teachers: 2,
    inputs: 40,
    studentOverlaps: [0.5, 0.1, 0, 0.1, 0.4, 0.05, 0, 0.05, 0.3],
    mixedOverlaps: [0.2, 0.05, 0.1, 0.15, -0.05, 0.02],
  };

  test.each(['erf', 'relu', 'identity'])('are those that are given, exactly (%s)', (activation) => {
    const { Q, R, T } = overlapsOf({ ...given, activation, teacherOverlaps: [1, 0.2, 0.2, 1.5] });
    close(Q, given.studentOverlaps);
    close(R, given.mixedOverlaps);
    close(T, [1, 0.2, 0.2, 1.5]);
  });

  test('a student that is its teacher, and a unit of length 0', () => {
    const { Q, R } = overlapsOf({ ...given, studentOverlaps: [1, 1, 0], mixedOverlaps: [1, 0, 0, 1, 0, 0] });
    close(Q, [1, 0, 0, 0, 1, 0, 0, 0, 0]);
    close(R, [1, 0, 0, 1, 0, 0]);
  });

  test('the teacher stays the same whatever the student starts from', () => {
    const { students: _, studentOverlaps: _Q, mixedOverlaps: _R, ...alone } = given;
    expect(overlapsOf({ ...alone, students: 5 }).teacher).toEqual(overlapsOf(given).teacher);
  });

  test('of random weights are of order 1/sqrt(N)', () => {
    const { Q, R, T } = overlapsOf({
      inputs: 4000,
      testSamples: 4,
      teacher: 'random',
      teacherWidth: 2,
      initialWidth: 0.5,
    });
    const scatter = 5 / Math.sqrt(4000);
    expect(Math.abs(Q[0] - 0.25)).toBeLessThan(0.25 * Math.SQRT2 * scatter);
    expect(Math.abs(T[3] - 4)).toBeLessThan(4 * Math.SQRT2 * scatter);
    expect(Math.abs(R[0])).toBeLessThan(scatter);
    expect(R[0]).not.toBe(0);
  });
});

describe('a step', () => {
  test('is that of the theory, for both layers', () => {
    const [N, eta, ratio] = [6, 0.7, 0.5];
    const params = {
      inputs: N,
      trained: ['W', 'V'],
      readOutRate: ratio,
      studentReadOut: [0.8, 1.2],
      activation: 'relu',
    };
    const { component: model, arena, kernels } = create(softCommittee, params);
    const pass = model.open(1);
    const theta = arena.vector(model.size);
    model.initialise(theta);
    const batch = arena.indices(1);
    batch[0] = 17;
    const [out, target, dOut, gradient] = [1, 1, 1, model.size].map((n) => arena.vector(n));
    pass.forward(theta, batch, 1, out);
    pass.targets(batch, 1, target);
    dOut[0] = out[0] - target[0];
    const [left, x] = [arena.vector(2), arena.vector(N)];
    pass.sampleGradients?.factors(theta, batch, 1, dOut, model.layout[0], left, x);
    pass.backward(theta, batch, 1, dOut, gradient);
    const before = theta.slice();
    kernels.sgdStep(theta, gradient, model.size, eta, 0);

    const unit = Math.sqrt(ratio / N);
    const delta = out[0] - target[0];
    for (let i = 0; i < 2; i++) {
      let field = 0;
      for (let j = 0; j < N; j++) field += (before[i * N + j] * x[j]) / Math.sqrt(N);
      const v = unit * before[2 * N + i];
      expect(v).toBeCloseTo([0.8, 1.2][i], 12);
      // v <- v - (eta_v / N) delta g
      const moved = unit * theta[2 * N + i] - v;
      expect(moved).toBeCloseTo(-((ratio * eta) / N) * delta * Math.max(0, field), 12);
      for (let j = 0; j < N; j++) {
        const expected = -(eta / Math.sqrt(N)) * v * delta * Number(field > 0) * x[j];
        expect(theta[i * N + j] - before[i * N + j]).toBeCloseTo(expected, 12);
      }
    }
  });

  test('sees other samples in another replica, of the same task', () => {
    const targetOf = (replica: number) => {
      const { component: model, arena } = create(softCommittee, { inputs: 5, replica });
      const [batch, target, theta] = [arena.indices(1), arena.vector(1), arena.vector(model.size)];
      model.initialise(theta);
      model.open(1).targets(batch, 1, target);
      return { target: target[0], theta: theta.slice(), teacher: model.committee?.teacher.slice() };
    };
    const [first, second] = [0, 1].map(targetOf);
    expect(second.target).not.toBe(first.target);
    expect(second.theta).toEqual(first.theta);
    expect(second.teacher).toEqual(first.teacher);
  });
});

describe('refuses', () => {
  const cases: [Params, string][] = [
    [{ studentOverlaps: [1], mixedOverlaps: [1.2, 0, 0, 1] }, 'no weights have these overlaps'],
    [{ teacherOverlaps: [1, 2, 2, 1] }, 'no weights have these overlaps'],
    [{ studentOverlaps: [1, 0.1, 0.2, 1] }, 'not symmetric'],
    [{ studentOverlaps: [1, 2, 3] }, 'has 3 numbers'],
    [{ mixedOverlaps: [0.1] }, 'needs studentOverlaps'],
    [{ studentOverlaps: [1], mixedOverlaps: [0.1, 0.2] }, 'has 2 numbers; give 4'],
    [{ teacher: 'random', teacherOverlaps: [1] }, 'overlaps of its own'],
    [{ inputs: 3, studentOverlaps: [1] }, 'take 4 inputs or more'],
    [{ trained: ['Z'] }, 'no layer called "Z"'],
    [{ trained: ['W', 'W'] }, 'twice'],
    [{ readOutRate: 0.5 }, 'has no effect'],
    [{ studentReadOut: [1, 2, 3] }, 'give 2, or one for all'],
  ];
  test.each(cases)('%j', (params, message) => {
    expect(() => create(softCommittee, params)).toThrow(message);
  });
});
