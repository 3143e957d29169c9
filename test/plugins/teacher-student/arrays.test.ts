// Tasks read from arrays: what is deduced, and the message for every mistake.
import { describe, expect, it } from 'vitest';
import type { NumberArray } from '../../../core/contracts/arrays.js';
import { EigenflowError } from '../../../core/errors.js';
import { build, initialTheta, namedArrays, range, targetsOf } from './build.js';
import { plainForward } from './plain-network.js';
import { arraysOf, randomNetwork } from './random-network.js';

const array = (...shape: number[]): NumberArray => ({
  shape,
  data: new Float64Array(shape.reduce((length, size) => length * size, 1)).fill(0.5),
});

/** M 4 x 3, W 5 x 4, Z 1 x 5, six samples. */
const published = randomNetwork([3, 4, 5, 1], ['W'], 6);

function failure(make: () => unknown): EigenflowError {
  try {
    make();
  } catch (error) {
    if (error instanceof EigenflowError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a task from arrays', () => {
  it('takes sizes, weights and data from the file and leaves other arrays alone', () => {
    const arrays = arraysOf(published, { W: array(7, 5, 4), loss: array(7), learning_rate: array() });
    const built = build({}, { arrays });
    expect(built.model.layout).toEqual([{ name: 'W', rows: 5, cols: 4, offset: 0 }]);
    expect(built.model.samples).toBe(6);
    expect([...initialTheta(built)]).toEqual(published.initial[1].flat());
    const expected = published.x.flatMap((x) => plainForward(published.teacher, 'tanh', x).outputs);
    targetsOf(built, range(6)).forEach((target, i) => {
      expect(target).toBeCloseTo(expected[i], 13);
    });
  });

  it.each([
    { widths: [2, 3, 1], trained: ['M'], names: ['M'] },
    { widths: [2, 3, 4, 2], trained: ['Z', 'W'], names: ['W', 'Z'] },
    { widths: [2, 3, 4, 5, 6, 2], trained: ['W2'], names: ['W2'] },
  ])('deduces the depth from the matrices: widths $widths', ({ widths, trained, names }) => {
    const { model } = build({ trained }, { arrays: arraysOf(randomNetwork(widths, trained, 2)) });
    expect(model.layout.map(({ name }) => name)).toEqual(names);
    expect(model.outputs).toBe(widths[widths.length - 1]);
  });

  it('takes a plain vector Z as a read-out with one output', () => {
    const Z = { shape: [5], data: published.arrays['Z'].data };
    const targets = targetsOf(build({}, { arrays: arraysOf(published, { Z }) }), range(6));
    expect(targets).toEqual(targetsOf(build({}, { arrays: arraysOf(published) }), range(6)));
  });

  it('takes y as the training targets', () => {
    const y = { shape: [6], data: Float64Array.from(range(6)) };
    expect(targetsOf(build({}, { arrays: arraysOf(published, { y }) }), [5, 0, 2])).toEqual([5, 0, 2]);
  });

  it('draws endless data when the file has no inputs', () => {
    const built = build({ samples: 'endless' }, { arrays: arraysOf(published, { x: undefined }) });
    expect(built.model.samples).toBe(Number.POSITIVE_INFINITY);
    expect(targetsOf(built, [3, 4])).toHaveLength(2);
  });

  it('adds label noise to the teacher of the file', () => {
    const arrays = arraysOf(published);
    const clean = targetsOf(build({}, { arrays }), range(6));
    expect(targetsOf(build({ labelNoise: 0.1 }, { arrays }), range(6))).not.toEqual(clean);
  });
});

describe('a mistake in the arrays', () => {
  const withNaN = { shape: [5, 4], data: new Float64Array(20).fill(1).with(7, Number.NaN) };
  it.each([
    [
      'a shared matrix is missing',
      { M: undefined },
      /array M is missing\. It holds W_teacher, W_initial, Z, x\. M is shared by teacher and student because/,
    ],
    [
      'the initial weights are missing',
      { W_initial: undefined, W_init: array(5, 4) },
      /W_initial is missing; did you mean "W_init"\?.*W is trained, which takes W_teacher and W_initial/,
    ],
    ['the teacher is missing', { W_teacher: undefined }, /array W_teacher is missing/],
    ['the inputs are missing', { x: undefined }, /array x is missing.*samples x inputs.*"endless"/],
    ['layers do not fit', { M: array(6, 3) }, /W_teacher has shape \(5, 4\), expected \(5, 6\): .*the 6 rows of M/],
    [
      'the inputs do not fit',
      { x: array(6, 2) },
      /x has shape \(6, 2\), expected \(6, 3\): its columns are the inputs of M/,
    ],
    [
      'teacher and student differ in shape',
      { W_initial: array(4, 5) },
      /W_initial has shape \(4, 5\), expected \(5, 4\)/,
    ],
    ['a matrix has three dimensions', { M: array(2, 4, 3) }, /M has shape \(2, 4, 3\), expected two dimensions/],
    ['a matrix is a plain vector', { M: array(12) }, /M has shape \(12,\), expected two dimensions/],
    ['there is no sample', { x: array(0, 3) }, /x has shape \(0, 3\): it is empty/],
    ['an entry is not a number', { W_initial: withNaN }, /W_initial holds NaN at flat index 7/],
    ['an entry is infinite', { Z: { shape: [1, 5], data: new Float64Array(5).fill(1 / 0) } }, /Z holds Infinity/],
    ['the targets do not fit', { y: array(5, 1) }, /y has shape \(5, 1\), expected \(6, 1\)/],
    ['a target is not a number', { y: { shape: [6], data: new Float64Array(6).fill(0 / 0) } }, /y holds NaN/],
    ['a single middle matrix is numbered', { W1: array(5, 4) }, /W1 is the only middle matrix; .* call it W/],
    ['a middle matrix is left out', { W1: array(4, 4), W3: array(4, 4) }, /W2 is missing, though W3 is there/],
  ])('is named where %s', (_, changes, message) => {
    const error = failure(() => build({}, { arrays: arraysOf(published, changes) }));
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^model\.arrays: weights\.npz: /);
    expect([error.code, error.path]).toEqual(['arrays', 'model.arrays']);
  });
});

describe('a parameter that contradicts the arrays', () => {
  it.each([
    ['inputs', { inputs: 4 }, /model\.inputs: is 4, but the file in model\.arrays has 3/],
    ['hidden', { hidden: [4, 4] }, /model\.hidden: is \[4,4\], but the file in model\.arrays has \[4\]/],
    ['features', { features: 6 }, /model\.features: is 6, but .* has 5/],
    ['outputs', { outputs: 2 }, /model\.outputs: is 2, but .* has 1/],
    ['samples', { samples: 100 }, /model\.samples: is 100, but .* has 6/],
    ['initialWidth', { initialWidth: 2 }, /model\.initialWidth: has no effect: the first weights come from the file/],
    ['teacherWidth', { teacherWidth: 2 }, /model\.teacherWidth: has no effect/],
  ])('is refused: %s', (name, given, message) => {
    const error = failure(() => build(given, { arrays: arraysOf(published) }));
    expect(error.message).toMatch(message);
    expect([error.code, error.path]).toEqual(['parameter', `model.${name}`]);
  });

  it('is refused: label noise on targets that are given', () => {
    const arrays = arraysOf(published, { y: array(6, 1) });
    expect(failure(() => build({ labelNoise: 1 }, { arrays })).message).toMatch(/labelNoise: has no effect.*array y/);
  });

  it('is refused: endless samples next to inputs', () => {
    const error = failure(() => build({ samples: 'endless' }, { arrays: arraysOf(published) }));
    expect(error.message).toMatch(/x would be ignored, because model\.samples is "endless"/);
  });

  it('is welcome when it agrees', () => {
    const given = { inputs: 3, hidden: 4, features: 5, outputs: 1, samples: 6 };
    expect(build(given, { arrays: arraysOf(published) }).model.size).toBe(20);
  });
});

describe('trained', () => {
  it.each([
    [{ hidden: [] }, /^model\.trained: no matrix called "W".*has M, Z; write for example trained: \["M"\]/],
    [{ hidden: [8, 8] }, /no matrix called "W"\. .*has M, W1, W2, Z; .*trained: \["W1","W2"\]/],
    [{ trained: ['Y'] }, /no matrix called "Y"/],
    [{ trained: [] }, /names no matrix, so nothing would be trained\. This network has M, W, Z/],
    [{ trained: ['W', 'W'] }, /names a matrix twice: W, W/],
  ])('names what exists when it is wrong: %j', (given, message) => {
    const error = failure(() => build({ samples: 1, ...given }));
    expect(error.message).toMatch(message);
    expect([error.code, error.path]).toEqual(['parameter', 'model.trained']);
  });

  it('is checked against the matrices of a file', () => {
    const arrays = namedArrays({ M: array(4, 3), Z: array(1, 4), x: array(6, 3) });
    expect(failure(() => build({}, { arrays })).message).toMatch(/no matrix called "W".*has M, Z/);
  });
});
