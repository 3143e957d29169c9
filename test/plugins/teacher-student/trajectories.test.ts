// Reference trajectories of SGD (arXiv:2509.01349, three phases and one chaotic start): two independent programs agree
// on them to 2e-14 in W and 3e-13 in the loss (4e-10 for the chaotic one). Weights, loss and gradient at each stored
// step are those before that step's update; batches are consecutive rows of x, cyclic.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../../node/files/npz.js';
import { build, initialTheta, relativeError } from './build.js';

const CASES = [
  { name: 'ordered', tolerance: 1e-9 },
  { name: 'crossover', tolerance: 1e-9 },
  { name: 'jammed', tolerance: 1e-9 },
  { name: 'paramagnetic-short', tolerance: 1e-6 },
] as const;

describe.each(CASES)('$name', ({ name, tolerance }) => {
  it(`agrees in weights, batch loss and batch gradient to ${tolerance} at every stored step`, () => {
    const file = readNpz(fileURLToPath(new URL(`../../reference/trajectories/${name}.npz`, import.meta.url)));
    const array = (key: string) => file.get(key).data;
    const built = build({}, { arrays: file });
    const { model, zeros, batch: indices, workspace } = built;
    const { kernels } = workspace;
    const [learningRate] = array('learning_rate');
    const [size] = array('batch_size');
    const steps = array('steps');

    const pass = model.open(size);
    const theta = initialTheta(built);
    const batch = indices(new Array(size).fill(0));
    const weights = zeros(size).fill(1 / size);
    const [out, target, dOut] = [1, 2, 3].map(() => zeros(size * model.outputs));
    const loss = zeros(1);
    const gradient = zeros(model.size);

    const compare = (key: string, found: ArrayLike<number>, frame: number) => {
      const expected = array(key).subarray(frame * found.length, (frame + 1) * found.length);
      expect(relativeError(found, expected), `${key} at step ${steps[frame]}`).toBeLessThanOrEqual(tolerance);
    };
    for (let step = 0, frame = 0; frame < steps.length; step++) {
      for (let i = 0; i < size; i++) batch[i] = (step * size + i) % model.samples;
      pass.forward(theta, batch, size, out);
      pass.targets(batch, size, target);
      kernels.halfMeanSquare(out, target, weights, size, model.outputs, dOut, loss);
      pass.backward(theta, batch, size, dOut, gradient);
      if (step === steps[frame]) {
        compare('W', theta, frame);
        compare('loss', loss, frame);
        compare('gradient', gradient, frame);
        frame++;
      }
      kernels.sgdStep(theta, gradient, model.size, learningRate, 0);
    }
  });
});
