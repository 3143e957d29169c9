// Gradients, sample gradients, Hessian-vector and Gauss-Newton products against automatic differentiation of PyTorch in
// float64 (test/reference/optimisers/derivatives-*), six activations, biases, residual layers, five losses.
import { expect, test } from 'vitest';
import { losses } from '../../../plugins/network/losses/index.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { create } from '../workbench.js';
import { blocksOf, build, largestDifference, networkOf, range, reference } from './build.js';

const FILES = [
  'erf-half-mean-square',
  'gelu-cross-entropy',
  'sigmoid-mean-square',
  'sine-huber',
  'softplus-logistic',
  'tanh-half-mean-square',
];

/** Relative to the largest entry; what PyTorch and an independent program differ by is 8e-16. */
const TOLERANCE = 4e-15;

test.each(FILES)('%s', (name) => {
  const file = reference(`derivatives-${name}`);
  const array = (key: string) => file.get(key).data;
  const built = build(networkOf(file), { files: { file } });
  const { model, zeros, vector } = built;
  const n = model.samples;
  const { outputs } = model;
  const pass = model.open(n);
  const batch = built.batch(range(n));
  const theta = built.theta();
  const lossName = file.text('loss');
  const component = [halfMeanSquare, ...losses].find((loss) => loss.name === lossName);
  if (!component) throw new Error(`no loss ${lossName}`);
  const params = file.has('loss_args_delta') ? { delta: array('loss_args_delta')[0] } : {};
  const loss = create(component, params, { workspace: built }).component.open(n, outputs);

  const close = (what: string, found: ArrayLike<number>, expected: ArrayLike<number>) => {
    const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largestDifference(found, expected) / scale, what).toBeLessThan(TOLERANCE);
  };
  const [out, target, dOut, change, dOutChange] = range(5).map(() => zeros(n * outputs));
  const weights = zeros(n).fill(1 / n);
  const value = zeros(1);
  pass.forward(theta, batch, n, out);
  close('outputs', out, array('outputs'));
  pass.targets(batch, n, target);
  loss.valueAndGradient(out, target, weights, n, dOut, value);
  close('loss', value, array('loss_value'));
  close('output gradient', dOut, array('output_gradient'));

  const gradient = zeros(model.size);
  pass.backward(theta, batch, n, dOut, gradient);
  const direction = vector(model.layout.flatMap(({ name: block }) => [...array(`${block}_direction`)]));
  const { hessianVector, sampleGradients } = pass;
  if (!hessianVector || !sampleGradients || !loss.curvature) throw new Error('derivatives are missing');
  hessianVector.outputs(theta, direction, batch, n, change);
  close('J v', change, array('outputs_along_direction'));
  loss.curvature(out, target, weights, n, change, dOutChange);
  close('output gradient along the direction', dOutChange, array('output_gradient_along_direction'));
  const product = zeros(model.size);
  hessianVector.gradient(theta, direction, batch, n, dOut, dOutChange, product);
  const gaussNewton = zeros(model.size);
  pass.backward(theta, batch, n, dOutChange, gaussNewton);
  for (const [what, vectors] of [
    ['gradient', gradient],
    ['hessian_direction', product],
    ['gauss_newton_direction', gaussNewton],
  ] as const) {
    for (const [block, values] of blocksOf(model, vectors))
      close(`${block} ${what}`, values, array(`${block}_${what}`));
  }

  // The file has the gradient of each sample's own loss, not over n.
  for (let i = 0; i < dOut.length; i++) dOut[i] *= n;
  for (const block of model.layout) {
    const [left, right] = [zeros(n * block.rows), zeros(n * block.cols)];
    sampleGradients.factors(theta, batch, n, dOut, block, left, right);
    const each = range(n).flatMap((s) =>
      range(block.rows).flatMap((k) =>
        range(block.cols).map((l) => left[s * block.rows + k] * right[s * block.cols + l]),
      ),
    );
    close(`${block.name} sample gradients`, each, array(`${block.name}_sample_gradients`));
  }
});
