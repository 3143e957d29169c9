// Outputs and gradients of every activation, depth and choice of trained matrices, against finite differences and
// against a plain implementation.
import { describe, expect, it } from 'vitest';
import type { ModelPass } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { matrixNames } from '../../../plugins/teacher-student/architecture.js';
import { type Build, build, initialTheta, relativeError } from './build.js';
import { type ActivationName, plainForward, plainGradient } from './plain-network.js';
import { arraysOf, normals, type RandomNetwork, randomNetwork, subsets } from './random-network.js';

const ACTIVATIONS: readonly ActivationName[] = ['tanh', 'relu', 'identity', 'erf'];
const HIDDEN = [5, 4, 6, 3];
const SAMPLES = 11;
const workspace = openWorkspace();

interface Case {
  readonly network: RandomNetwork;
  readonly built: Build;
  /** For batches of n. */
  readonly pass: ModelPass;
  readonly trained: readonly string[];
  readonly batch: Int32Array;
  readonly n: number;
}

/** A network of some depth with batch and outputs that vary from case to case. */
function makeCase(activation: ActivationName, depth: number, trained: readonly string[], turn: number): Case {
  workspace.arena.clear();
  const widths = [3, ...HIDDEN.slice(0, depth), 4, 1 + (turn % 3)];
  const network = randomNetwork(widths, trained, SAMPLES);
  const built = build({ activation, trained, testSamples: 1 }, { workspace, arrays: arraysOf(network) });
  const n = 1 + (turn % 9);
  // 7 i mod 11 visits the samples out of order; the last one repeats the first.
  const numbers = Array.from({ length: n }, (_, i) => (i > 0 && i === n - 1 ? turn % 11 : (turn + 7 * i) % 11));
  return { network, built, pass: built.model.open(n), trained, batch: built.batch(numbers), n };
}

/** Gradient of the model as a plain array. */
function modelGradient({ built, pass, batch, n }: Case, theta: Float64Array, dOut: Float64Array): number[] {
  const { model, zeros } = built;
  const gradient = zeros(model.size).fill(7);
  pass.forward(theta, batch, n, zeros(n * model.outputs));
  pass.backward(theta, batch, n, dOut, gradient);
  return [...gradient];
}

function plainGradientOf(made: Case, activation: ActivationName, dOut: Float64Array): number[] {
  const { network, trained, batch, n, built } = made;
  const { outputs } = built.model;
  const x = Array.from(batch.subarray(0, n), (sample) => network.x[sample]);
  const rows = Array.from({ length: n }, (_, s) => [...dOut.subarray(s * outputs, (s + 1) * outputs)]);
  const gradients = plainGradient(network.initial, activation, x, rows);
  return gradients.filter((_, layer) => trained.includes(network.names[layer])).flat(2);
}

/** Central differences of sum_s dOut_s . out_s. */
function differences({ built, pass, batch, n }: Case, theta: Float64Array, dOut: Float64Array, h: number): number[] {
  const { model, zeros } = built;
  const out = zeros(n * model.outputs);
  const at = (i: number, value: number) => {
    const kept = theta[i];
    theta[i] = value;
    pass.forward(theta, batch, n, out);
    theta[i] = kept;
    return out.reduce((sum, o, j) => sum + o * dOut[j], 0);
  };
  return Array.from(theta, (value, i) => (at(i, value + h) - at(i, value - h)) / (2 * h));
}

describe.each(ACTIVATIONS)('%s', (activation) => {
  it.each([0, 1, 2, 3, 4])('agrees with finite differences and a plain implementation at depth %i', (depth) => {
    const middle = matrixNames(depth);
    subsets(middle).forEach((trained, turn) => {
      const made = makeCase(activation, depth, trained, turn);
      const { built, pass, n, network, batch } = made;
      const { model, zeros, vector } = built;
      const theta = initialTheta(built);
      const label = `trained ${trained}, batch of ${n}`;

      const out = zeros(n * model.outputs);
      pass.forward(theta, batch, n, out);
      const expected = Array.from(
        batch.subarray(0, n),
        (s) => plainForward(network.initial, activation, network.x[s]).outputs,
      );
      expect(relativeError(out, expected.flat()), `outputs, ${label}`).toBeLessThan(1e-12);

      const dOut = vector(normals(n * model.outputs));
      const gradient = modelGradient(made, theta, dOut);
      expect(relativeError(gradient, plainGradientOf(made, activation, dOut)), label).toBeLessThan(1e-12);
      // In a single entry relu networks are piecewise linear: a short step avoids the kinks and costs no accuracy.
      const h = activation === 'relu' ? 1e-7 : 1e-5;
      expect(relativeError(differences(made, theta, dOut, h), gradient), label).toBeLessThan(1e-6);
    });
  });
});

describe('weighted samples', () => {
  it('enter through the gradient of the loss, negative weights included', () => {
    const made = makeCase('tanh', 2, ['W1', 'Z'], 8);
    const { built, pass, n, batch } = made;
    const { model, zeros, vector } = built;
    const theta = initialTheta(built);
    const [out, target, dOut] = [1, 2, 3].map(() => zeros(n * model.outputs));
    const weights = vector(normals(n));
    pass.forward(theta, batch, n, out);
    pass.targets(batch, n, target);
    workspace.kernels.halfMeanSquare(out, target, weights, n, model.outputs, dOut, zeros(1));
    expect(Math.min(...weights)).toBeLessThan(0);
    const gradient = modelGradient(made, theta, dOut);
    expect(relativeError(gradient, plainGradientOf(made, 'tanh', dOut))).toBeLessThan(1e-12);

    // The weighted loss itself, by central differences.
    const weightedLoss = () => {
      pass.forward(theta, batch, n, out);
      let loss = 0;
      for (let j = 0; j < out.length; j++) {
        loss += 0.5 * weights[Math.floor(j / model.outputs)] * (out[j] - target[j]) ** 2;
      }
      return loss;
    };
    const h = 1e-5;
    const slopes = Array.from(theta, (value, i) => {
      theta[i] = value + h;
      const up = weightedLoss();
      theta[i] = value - h;
      const down = weightedLoss();
      theta[i] = value;
      return (up - down) / (2 * h);
    });
    expect(relativeError(slopes, gradient)).toBeLessThan(1e-6);
  });
});

describe('several vectors', () => {
  it('theta and gradient may be different vectors at every call', () => {
    const made = makeCase('tanh', 1, ['M', 'W', 'Z'], 5);
    const { built, pass, n, batch } = made;
    const { model, zeros, vector } = built;
    const first = initialTheta(built);
    const second = vector(normals(model.size));
    const dOut = vector(normals(n * model.outputs));
    const alone = [modelGradient(made, first, dOut), modelGradient(made, second, dOut)];
    expect(alone[0]).not.toEqual(alone[1]);
    const gradients = [zeros(model.size), zeros(model.size)];
    for (let turn = 0; turn < 4; turn++) {
      const theta = [first, second][turn % 2];
      pass.forward(theta, batch, n, zeros(n * model.outputs));
      pass.backward(theta, batch, n, dOut, gradients[turn % 2]);
    }
    expect(gradients.map((gradient) => [...gradient])).toEqual(alone);
  });
});

describe('weights that are not finite', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%d gives numbers that are not finite, and no exception', (value) => {
    for (const activation of ACTIVATIONS) {
      const made = makeCase(activation, 1, ['W'], 3);
      const { built, pass, n, batch } = made;
      const { model, zeros, vector } = built;
      const theta = zeros(model.size).fill(value);
      const out = zeros(n * model.outputs);
      pass.forward(theta, batch, n, out);
      if (Number.isNaN(value)) expect([...out].every(Number.isNaN)).toBe(true);
      expect(modelGradient(made, theta, vector(normals(n * model.outputs)))).toHaveLength(model.size);
    }
  });
});
