// Gradients sample by sample, as outer products: against `backward` and against finite differences.
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { matrixNames } from '../../../plugins/teacher-student/architecture.js';
import { type Build, build, initialTheta, relativeError } from './build.js';
import type { ActivationName } from './plain-network.js';
import { arraysOf, normals, randomNetwork, subsets } from './random-network.js';

const ACTIVATIONS: readonly ActivationName[] = ['tanh', 'relu', 'identity', 'erf'];
const workspace = openWorkspace();

/** A batch of n samples, out of order, one of them twice. */
function open(built: Build, n: number) {
  const { model, zeros, vector, batch } = built;
  const pass = model.open(n);
  const samples = batch(Array.from({ length: n }, (_, i) => (i === n - 1 ? 3 : (7 * i + 3) % 11)));
  const theta = initialTheta(built);
  const dOut = vector(normals(n * model.outputs));
  const out = zeros(n * model.outputs);
  const factors = (block: Block) => {
    const [left, right] = [zeros(n * block.rows).fill(7), zeros(n * block.cols).fill(7)];
    pass.forward(theta, samples, n, out);
    pass.sampleGradients?.factors(theta, samples, n, dOut, block, left, right);
    return { left, right };
  };
  return { ...built, pass, samples, theta, dOut, out, factors, n };
}

/** sum_s left_s right_s^T of every block, in the order of the layout. */
function summed({ model, factors, n }: ReturnType<typeof open>): number[] {
  return model.layout.flatMap((block) => {
    const { left, right } = factors(block);
    return Array.from({ length: block.rows * block.cols }, (_, k) => {
      const [i, j] = [Math.floor(k / block.cols), k % block.cols];
      let sum = 0;
      for (let s = 0; s < n; s++) sum += left[s * block.rows + i] * right[s * block.cols + j];
      return sum;
    });
  });
}

function backward({ model, pass, zeros, theta, samples, n, dOut, out }: ReturnType<typeof open>): Float64Array {
  const gradient = zeros(model.size);
  pass.forward(theta, samples, n, out);
  pass.backward(theta, samples, n, dOut, gradient);
  return gradient;
}

describe.each(ACTIVATIONS)('%s', (activation) => {
  it.each([0, 1, 2])('sums to the gradient of the batch, every choice of trained matrices, depth %i', (depth) => {
    subsets(matrixNames(depth)).forEach((trained, turn) => {
      workspace.arena.clear();
      const network = randomNetwork([3, ...[5, 4].slice(0, depth), 4, 1 + (turn % 3)], trained, 11);
      const built = build({ activation, trained, testSamples: 1 }, { workspace, arrays: arraysOf(network) });
      const opened = open(built, 1 + (turn % 9));
      expect(relativeError(summed(opened), backward(opened)), `trained ${trained}`).toBeLessThan(1e-13);
    });
  });
});

it('is the derivative of each single sample by finite differences', () => {
  workspace.arena.clear();
  const given = { hidden: [5], features: 4, outputs: 2, samples: 11, trained: ['M', 'W', 'Z'], testSamples: 1 };
  const { model, pass, theta, samples, dOut, out, factors, n } = open(build(given, { workspace }), 6);
  const outputsOf = (s: number) => {
    pass.forward(theta, samples, n, out);
    return out.subarray(s * model.outputs, (s + 1) * model.outputs).reduce((sum, o, j) => {
      return sum + o * dOut[s * model.outputs + j];
    }, 0);
  };
  const h = 1e-5;
  for (const block of model.layout) {
    const { rows, cols, offset } = block;
    const { left, right } = factors(block);
    for (let s = 0; s < n; s++) {
      const analytic = Array.from({ length: rows * cols }, (_, k) => {
        return left[s * rows + Math.floor(k / cols)] * right[s * cols + (k % cols)];
      });
      const numeric = analytic.map((_, k) => {
        const kept = theta[offset + k];
        theta[offset + k] = kept + h;
        const up = outputsOf(s);
        theta[offset + k] = kept - h;
        const down = outputsOf(s);
        theta[offset + k] = kept;
        return (up - down) / (2 * h);
      });
      expect(relativeError(numeric, analytic), `${block.name}, sample ${s}`).toBeLessThan(1e-8);
    }
  }
});

it('serves one-pass data', () => {
  workspace.arena.clear();
  const given = { samples: 'endless', trained: ['W', 'Z'], testSamples: 1 };
  const opened = open(build(given, { workspace }), 9);
  expect(relativeError(summed(opened), backward(opened))).toBeLessThan(1e-13);
});

it('says which blocks it does not have', () => {
  workspace.arena.clear();
  const { model, factors } = open(build({ samples: 20 }, { workspace }), 4);
  expect(() => factors({ ...model.layout[0], name: 'Z' })).toThrow(
    'model: sample gradients of Z, which is not a trained',
  );
});
