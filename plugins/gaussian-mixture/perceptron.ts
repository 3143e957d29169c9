// A perceptron on given inputs: what the models of this plugin share.
import type { Environment, Vector } from 'eigenflow';
import type { Perceptron, PerceptronLaw } from './law.js';

/**
 * The weights are theta = w/sqrt(n) with n the number of samples, and inputs are x/sqrt(d): the field is
 * h = sqrt(n) theta.(x/sqrt(d)) = w.x/sqrt(d). Why theta: theory writes the objective as the sum over samples plus
 * lambda/2 |w|^2, eigenflow as the mean over samples plus weightDecay/2 |theta|^2. The two are the same up to a factor n,
 * and a step of size eta in theta on the second is one of size eta in w on the first (derived). So learning rate, weight
 * decay and learning time are those of theory, whatever the number of samples.
 *
 * @param inputs x/sqrt(d), samples x dimension
 * @param targets one for each sample
 */
export function createPerceptron(
  law: PerceptronLaw,
  inputs: Vector,
  targets: Vector,
  { arena, kernels, random }: Pick<Environment, 'arena' | 'kernels' | 'random'>,
): Perceptron {
  const { dimension, activation, activationName, initialOverlap, initialVariance } = law;
  const samples = targets.length;
  const scale = Math.sqrt(samples);
  const isLinear = activationName === 'linear';
  return {
    perceptron: law,
    layout: [{ name: 'W', rows: 1, cols: dimension, offset: 0 }],
    size: dimension,
    outputs: 1,
    task: law.targets === 'labels' ? 'classes' : 'regression',
    samples,
    withoutHeldOut: 'errors on fresh data of this model are known in closed form: observe perceptron-errors',
    initialise(theta) {
      random.child('initial').normals(0, theta);
      const deviation = Math.sqrt(initialVariance);
      for (let i = 0; i < dimension; i++) theta[i] = (initialOverlap + deviation * theta[i]) / scale;
    },
    ...(law.targets === 'teacher' && {
      targetWeights(out: Vector) {
        out.fill(1 / scale);
      },
    }),
    open(capacity) {
      const field = arena.vector(capacity);
      const value = arena.vector(capacity);
      const first = arena.vector(capacity);
      const second = arena.vector(capacity);
      const change = arena.vector(capacity);
      const upstream = arena.vector(capacity);
      const times = (dOut: Vector, n: number) => {
        kernels.copy(dOut, n, upstream);
        if (!isLinear) for (let s = 0; s < n; s++) upstream[s] *= first[s];
        kernels.scale(scale, upstream, n);
      };
      return {
        forward(theta, batch, n, out) {
          if (isLinear) {
            kernels.dense(theta, 1, dimension, inputs, batch, n, out);
            kernels.scale(scale, out, n);
            return;
          }
          kernels.dense(theta, 1, dimension, inputs, batch, n, field);
          kernels.scale(scale, field, n);
          activation.evaluate(field, n, value, first, second);
          kernels.copy(value, n, out);
        },
        targets: (batch, n, out) => kernels.gather(targets, 1, batch, n, out),
        backward(_theta, batch, n, dOut, gradient) {
          times(dOut, n);
          kernels.outer(upstream, 1, inputs, dimension, batch, n, gradient);
        },
        sampleGradients: {
          factors(_theta, batch, n, dOut, _block, left, right) {
            times(dOut, n);
            kernels.copy(upstream, n, left);
            kernels.gather(inputs, dimension, batch, n, right);
          },
        },
        hessianVector: {
          outputs(_theta, direction, batch, n, out) {
            kernels.dense(direction, 1, dimension, inputs, batch, n, change);
            kernels.scale(scale, change, n);
            for (let s = 0; s < n; s++) out[s] = isLinear ? change[s] : first[s] * change[s];
          },
          gradient(_theta, _direction, batch, n, dOut, dOutChange, out) {
            times(dOutChange, n);
            if (!isLinear) for (let s = 0; s < n; s++) upstream[s] += scale * dOut[s] * second[s] * change[s];
            kernels.outer(upstream, 1, inputs, dimension, batch, n, out);
          },
        },
      };
    },
  };
}

/**
 * Overlap m = w.v/d with v = (1, ..., 1), and squared norm q = |w|^2/d, at theta = w/sqrt(samples).
 *
 * @param out m and q, overwritten
 */
export function measureOrder(theta: Vector, samples: number, out: Vector): void {
  const d = theta.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < d; i++) {
    sum += theta[i];
    squares += theta[i] * theta[i];
  }
  out[0] = (Math.sqrt(samples) * sum) / d;
  out[1] = (samples * squares) / d;
}
