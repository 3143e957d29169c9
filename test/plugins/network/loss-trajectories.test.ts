// Trajectories of PyTorch in float64 under each loss (test/reference/optimisers): weights after 1, 2, 10, 100 and 1000 steps
// within the rounding of PyTorch itself, and the loss of all data and of the coming batch.
import { expect, test } from 'vitest';
import { losses } from '../../../plugins/network/losses/index.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { create } from '../workbench.js';
import { blocksOf, build, largestDifference, networkOf, range, reference, setting, TOLERANCES } from './build.js';

const CASES = [
  ['loss-cross-entropy', 'cross-entropy'],
  ['loss-cross-entropy-soft', 'cross-entropy'],
  ['loss-cross-entropy-smoothed', 'cross-entropy'],
  ['loss-logistic', 'logistic'],
  ['loss-hinge', 'hinge'],
  ['loss-squared-hinge', 'squared-hinge'],
  ['loss-huber', 'huber'],
  ['loss-mean-square', 'mean-square'],
] as const;

test.each(CASES)('%s', (file, name) => {
  const arrays = reference(file);
  const built = build(networkOf(arrays), { files: { file: arrays } });
  const { model, zeros, batch: indices } = built;
  const definition = losses.find((loss) => loss.name === name);
  if (!definition) throw new Error(name);
  const params = Object.fromEntries(
    ['smoothing', 'delta'].flatMap((key) =>
      arrays.has(`loss_args_${key}`) ? [[key, setting(arrays, `loss_args_${key}`, 0)]] : [],
    ),
  );
  const loss = create(definition, params, { workspace: built }).component;
  const size = setting(arrays, 'batch', 1);
  /** A place to evaluate n samples at. */
  const place = (n: number) => ({
    n,
    pass: model.open(n),
    lossPass: loss.open(n, model.outputs),
    batch: indices(range(n)),
    weights: zeros(n).fill(1 / n),
    out: zeros(n * model.outputs),
    target: zeros(n * model.outputs),
    dOut: zeros(n * model.outputs),
  });
  const [some, all] = [place(size), place(model.samples)];
  const [value, gradient] = [zeros(1), zeros(model.size)];
  const theta = built.theta();
  const evaluate = ({ n, pass, lossPass, batch, weights, out, target, dOut }: ReturnType<typeof place>) => {
    pass.forward(theta, batch, n, out);
    pass.targets(batch, n, target);
    lossPass.valueAndGradient(out, target, weights, n, dOut, value);
    pass.backward(theta, batch, n, dOut, gradient);
    return value[0];
  };
  const optimiser = create(
    momentum,
    { learningRate: setting(arrays, 'optimiser_lr', Number.NaN), momentum: setting(arrays, 'optimiser_momentum', 0) },
    { model, workspace: built },
  ).component;
  const velocity = zeros(model.size);
  const steps = arrays.get('steps').data;
  for (let step = 0, frame = 0; frame < steps.length; step++) {
    for (let i = 0; i < size; i++) some.batch[i] = (step * size + i) % model.samples;
    if (step === steps[frame]) {
      for (const [block, values] of blocksOf(model, theta)) {
        const stored = arrays.get(`${block}_at_steps`).data;
        const expected = stored.subarray(frame * values.length, (frame + 1) * values.length);
        const tolerance = TOLERANCES[step];
        expect(largestDifference(values, expected), `${block} at step ${step}`).toBeLessThanOrEqual(tolerance);
      }
      expect(Math.abs(evaluate(all) - arrays.get('loss_full').data[frame])).toBeLessThan(1e-12);
      expect(Math.abs(evaluate(some) - arrays.get('loss_batch').data[frame])).toBeLessThan(1e-12);
      frame++;
    }
    optimiser.step(theta, { gradient, value, evaluate: () => void evaluate(some) }, [velocity], {} as never);
  }
});
