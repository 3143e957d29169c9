// Held-out inputs: shared by all replicas, apart from training, with features and local fields as published.
import { describe, expect, it } from 'vitest';
import type { HeldOut } from '../../../core/contracts/model.js';
import { type Build, build, initialTheta, namedArrays, relativeError } from './build.js';
import { type Matrix, plainForward } from './plain-network.js';
import { arraysOf, normals, randomNetwork } from './random-network.js';

function heldOutOf({ model }: Build): HeldOut {
  if (!model.heldOut) throw new Error('no held-out inputs');
  return model.heldOut;
}

/** The test inputs, drawn here by their documented law: sample n is counter n of the common stream `test`. */
function testInputs({ environment, zeros }: Build, samples: number, inputs: number): Matrix {
  const row = zeros(inputs);
  return Array.from({ length: samples }, (_, n) => {
    environment.common.child('test').normals(n, row);
    return [...row];
  });
}

describe.each([
  { trained: ['W'], what: 'the middle matrix' },
  { trained: ['Z'], what: 'the read-out' },
  { trained: ['M', 'W', 'Z'], what: 'every matrix' },
])('held-out inputs while training $what', ({ trained }) => {
  const samples = 300;
  const [inputs, hidden, features, outputs] = [3, 6, 5, 2];
  const network = randomNetwork([inputs, hidden, features, outputs], trained, 4);
  const built = build({ trained, testSamples: samples }, { arrays: arraysOf(network) });
  const { model, zeros } = built;
  const heldOut = heldOutOf(built);
  const theta = initialTheta(built);
  const x = testInputs(built, samples, inputs);
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
    heldOut.localField(theta, field);
    const readOut = network.initial[2];
    const expected = teacher.flatMap((y) =>
      Array.from({ length: features }, (_, i) => y.reduce((sum, target, o) => sum + target * readOut[o][i], 0)),
    );
    expect(relativeError(field, expected)).toBeLessThan(1e-12);
  });

  it('leave the activations of the batch in training alone', () => {
    const { vector, batch } = built;
    model.reserve(3);
    const numbers = batch([2, 0, 3]);
    const dOut = vector(normals(3 * outputs));
    const gradient = (between: () => void) => {
      const out = zeros(model.size);
      model.forward(theta, numbers, 3, zeros(3 * outputs));
      between();
      model.backward(theta, numbers, 3, dOut, out);
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

describe('test inputs', () => {
  // Linear network y = x: the targets show the inputs.
  const identity = { shape: [3, 3], data: Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]) };
  const x = { shape: [1, 3], data: new Float64Array(3) };
  const arrays = namedArrays({ M: identity, W_teacher: identity, W_initial: identity, Z: identity, x });
  const inputsOf = (seed: number, replica: number, testSamples = 128) => {
    const built = build({ activation: 'identity', testSamples }, { seed, replica, arrays });
    const out = built.zeros(testSamples * 3);
    heldOutOf(built).targets(out);
    return [...out];
  };

  it('are the same in every replica', () => {
    expect(inputsOf(1, 0)).toEqual(inputsOf(1, 1));
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
    const targets = (labelNoise: number) => {
      const built = build({ labelNoise, samples: 5 });
      const out = built.zeros(128);
      heldOutOf(built).targets(out);
      return [...out];
    };
    expect(targets(1)).toEqual(targets(0));
  });
});
