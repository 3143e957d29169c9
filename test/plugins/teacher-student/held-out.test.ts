// Held-out inputs: apart from training, with features and local fields as published; whose they are, and what an error
// over seeds then holds.
import { describe, expect, it } from 'vitest';
import type { NumberArray } from '../../../core/contracts/arrays.js';
import type { HeldOut } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { type Build, build, initialTheta, namedArrays, relativeError } from './build.js';
import { type Matrix, plainForward } from './plain-network.js';
import { arraysOf, normals, randomNetwork } from './random-network.js';

function heldOutOf({ model }: Build): HeldOut {
  if (!model.heldOut) throw new Error('no held-out inputs');
  return model.heldOut;
}

type Whose = 'per-seed' | 'common';

/** The test inputs, drawn here by their documented law: sample n is counter n of the stream `test`. */
function drawnInputs({ environment, zeros }: Build, whose: Whose, samples: number, inputs: number): Matrix {
  const stream = whose === 'common' ? environment.common : environment.random;
  const row = zeros(inputs);
  return Array.from({ length: samples }, (_, n) => {
    stream.child('test').normals(n, row);
    return [...row];
  });
}

const TRAINED = [
  { trained: ['W'], what: 'the middle matrix' },
  { trained: ['Z'], what: 'the read-out' },
  { trained: ['M', 'W', 'Z'], what: 'every matrix' },
];

describe.each(
  TRAINED.flatMap((each) => (['per-seed', 'common'] as const).map((testInputs) => ({ ...each, testInputs }))),
)('held-out inputs, $testInputs, while training $what', ({ trained, testInputs }) => {
  const samples = 300;
  const [inputs, hidden, features, outputs] = [3, 6, 5, 2];
  const network = randomNetwork([inputs, hidden, features, outputs], trained, 4);
  const built = build({ trained, testSamples: samples, testInputs }, { arrays: arraysOf(network) });
  const { model, zeros } = built;
  const heldOut = heldOutOf(built);
  const theta = initialTheta(built);
  const x = drawnInputs(built, testInputs, samples, inputs);
  const teacher = x.map((sample) => plainForward(network.teacher, 'tanh', sample).outputs);
  const student = x.map((sample) => plainForward(network.initial, 'tanh', sample));

  it('have outputs, targets and features of a plain implementation', () => {
    const out = zeros(samples * outputs);
    heldOut.forward(theta, out);
    expect(
      relativeError(
        out,
        student.flatMap((pass) => pass.outputs),
      ),
    ).toBeLessThan(1e-12);
    heldOut.targets(out);
    expect(relativeError(out, teacher.flat())).toBeLessThan(1e-12);
    const at = zeros(samples * features);
    heldOut.featuresAt(theta, at);
    expect(
      relativeError(
        at,
        student.flatMap((pass) => pass.layerInputs[2]),
      ),
    ).toBeLessThan(1e-12);
    expect([heldOut.samples, heldOut.features]).toEqual([samples, features]);
    // Below a trained read-out alone, nothing depends on the weights.
    if (trained.includes('W')) {
      heldOut.preactivationsAt?.(theta, at);
      const z = student.flatMap((pass) => pass.layerInputs[2].map(Math.atanh));
      expect(relativeError(at, z)).toBeLessThan(1e-9);
    } else expect(heldOut.preactivationsAt).toBeUndefined();
  });

  it("have the local field h = Z^T y of the student's read-out", () => {
    const field = zeros(samples * features);
    heldOut.localField?.(theta, field);
    const readOut = network.initial[2];
    const expected = teacher.flatMap((y) =>
      Array.from({ length: features }, (_, i) => y.reduce((sum, target, o) => sum + target * readOut[o][i], 0)),
    );
    expect(relativeError(field, expected)).toBeLessThan(1e-12);
  });

  it('leave the activations of the batch in training alone', () => {
    const { vector, batch } = built;
    const pass = model.open(3);
    const numbers = batch([2, 0, 3]);
    const dOut = vector(normals(3 * outputs));
    const gradient = (between: () => void) => {
      const out = zeros(model.size);
      pass.forward(theta, numbers, 3, zeros(3 * outputs));
      between();
      pass.backward(theta, numbers, 3, dOut, out);
      return [...out];
    };
    const other = vector(normals(model.size));
    const disturbed = gradient(() => {
      heldOut.forward(other, zeros(samples * outputs));
      heldOut.featuresAt(other, zeros(samples * features));
    });
    expect(disturbed).toEqual(gradient(() => {}));
  });
});

// Linear network y = x: the targets show the inputs.
const identity = { shape: [3, 3], data: Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]) };
const linear = { M: identity, W_teacher: identity, W_initial: identity, Z: identity };
const oneSample = { shape: [1, 3], data: new Float64Array(3) };

function targetsOf(built: Build): number[] {
  const { samples } = heldOutOf(built);
  const out = built.zeros(samples * built.model.outputs);
  heldOutOf(built).targets(out);
  return [...out];
}

describe.each(['per-seed', 'common'] as const)('test inputs, %s', (testInputs) => {
  const arrays = namedArrays({ ...linear, x: oneSample });
  const inputsOf = (seed: number, replica: number, testSamples = 128) =>
    targetsOf(build({ activation: 'identity', testSamples, testInputs }, { seed, replica, arrays }));

  it(testInputs === 'common' ? 'are the same in every replica' : 'are other ones in every replica', () => {
    if (testInputs === 'common') expect(inputsOf(1, 0)).toEqual(inputsOf(1, 1));
    else expect(inputsOf(1, 0)).not.toEqual(inputsOf(1, 1));
    expect(inputsOf(1, 0)).not.toEqual(inputsOf(2, 0));
  });

  it('begin with the same inputs when there are more of them', () => {
    expect(inputsOf(1, 0, 400).slice(0, 128 * 3)).toEqual(inputsOf(1, 0));
  });

  it('are independent standard normals', () => {
    const numbers = inputsOf(1, 0, 10000);
    const n = numbers.length;
    const mean = numbers.reduce((sum, value) => sum + value, 0) / n;
    const variance = numbers.reduce((sum, value) => sum + value ** 2, 0) / n;
    // The standard errors are exact: sqrt(1/n) = 0.0058 and sqrt(2/n) = 0.0082.
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / n));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it('carry no label noise', () => {
    const targets = (labelNoise: number) => targetsOf(build({ labelNoise, samples: 5, testInputs }));
    expect(targets(1)).toEqual(targets(0));
  });

  it('say what an error over seeds leaves out', () => {
    const { leavesOut } = heldOutOf(build({ samples: 5, testInputs }));
    if (testInputs === 'common') expect(leavesOut).toBe('the scatter of the 128 test inputs, which all seeds share');
    else expect(leavesOut).toBeUndefined();
  });
});

describe('an error over seeds of q(0)', () => {
  const ROOT_SEEDS = 8;
  const RUNS = 60;
  const workspace = openWorkspace();

  /** q at step 0: the mean square of the features at the initial weights. */
  function initialOverlap(testInputs: Whose, seed: number, replica: number): number {
    workspace.arena.clear();
    const built = build({ samples: 1, testSamples: 16, testInputs }, { seed, replica, workspace });
    const { samples, features, featuresAt } = heldOutOf(built);
    const out = built.zeros(samples * features);
    featuresAt(initialTheta(built), out);
    return out.reduce((sum, phi) => sum + phi * phi, 0) / out.length;
  }

  /** chi2 of the means of several root seeds about their weighted mean, by the errors that the runs of each give. */
  function chiSquare(testInputs: Whose): number {
    const means = Array.from({ length: ROOT_SEEDS }, (_, seed) => {
      const q = Array.from({ length: RUNS }, (_, replica) => initialOverlap(testInputs, seed + 1, replica));
      const mean = q.reduce((sum, value) => sum + value, 0) / RUNS;
      const variance = q.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (RUNS - 1) / RUNS;
      return { mean, weight: 1 / variance };
    });
    const weights = means.reduce((sum, { weight }) => sum + weight, 0);
    const centre = means.reduce((sum, { mean, weight }) => sum + mean * weight, 0) / weights;
    return means.reduce((sum, { mean, weight }) => sum + weight * (mean - centre) ** 2, 0);
  }

  // chi2 with 7 degrees of freedom lies between 0.6 and 24.3 but once in 500 times. The first bound is that on the error
  // itself, which could be too large as well.
  it('accounts for the scatter between root seeds', () => {
    const found = chiSquare('per-seed');
    expect(found).toBeGreaterThan(0.6);
    expect(found).toBeLessThan(24.3);
  });

  it('would be found out if it left the scatter of common inputs out unsaid', () => {
    expect(chiSquare('common')).toBeGreaterThan(24.3);
  });
});

describe('the test part of a file', () => {
  const x_test = { shape: [2, 3], data: Float64Array.from([1, 2, 3, 4, 5, 6]) };
  const y = { shape: [1, 3], data: new Float64Array(3) };
  const y_test = { shape: [2, 3], data: Float64Array.from([7, 8, 9, 10, 11, 12]) };
  const task = (more: Readonly<Record<string, NumberArray>>, params: Readonly<Record<string, unknown>> = {}) =>
    build({ activation: 'identity', ...params }, { arrays: namedArrays({ ...linear, x: oneSample, ...more }) });

  it('gives the test inputs, with the outputs of the teacher as targets', () => {
    const built = task({ x_test });
    expect(targetsOf(built)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heldOutOf(built).samples).toBe(2);
    expect(heldOutOf(built).leavesOut).toBe('the scatter of the 2 test inputs, which all seeds share');
  });

  it('gives the targets too, which the local field is made of', () => {
    const built = task({ x_test, y_test, y });
    expect(targetsOf(built)).toEqual([...y_test.data]);
    const field = built.zeros(6);
    heldOutOf(built).localField?.(initialTheta(built), field);
    expect([...field]).toEqual([...y_test.data]);
  });

  it('is needed where targets are given: neither Gaussian inputs nor the teacher belong to them', () => {
    const { model } = task({ y });
    expect(model.heldOut).toBeUndefined();
    expect(model.withoutHeldOut).toMatch(
      /weights\.npz .*targets y, and no x_test\. Add .*x_test \(samples x 3\) and y_test/,
    );
  });

  it.each<{
    readonly arrays: Readonly<Record<string, NumberArray>>;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly message: string;
  }>([
    { arrays: { x_test, y }, message: 'array y_test is missing' },
    { arrays: { y_test }, message: 'array x_test is missing, though y_test is there' },
    {
      arrays: { x_test: { shape: [3, 2], data: x_test.data } },
      message: 'array x_test has shape (3, 2), expected (3, 3)',
    },
    { arrays: { x_test, y_test: y }, message: 'one row of targets for each row of x_test' },
    { arrays: { x_test }, params: { testSamples: 64 }, message: 'model.testSamples: has no effect' },
    { arrays: { x_test }, params: { testInputs: 'common' }, message: 'model.testInputs: has no effect' },
    { arrays: { y }, params: { testSamples: 64 }, message: 'model.testSamples: has no effect' },
  ])('is refused: $message', ({ arrays, params, message }) => {
    expect(() => task(arrays, params)).toThrow(message);
  });

  it('agrees with the number of its samples', () => {
    expect(heldOutOf(task({ x_test }, { testSamples: 2 })).samples).toBe(2);
  });
});
