// What the loss looks like sample by sample at any weights: gradients and Hessians, for theory near a minimum.
import { type Arena, EigenflowError, type Loss, type Model, type Vector } from 'eigenflow';
import { Matrix } from 'eigenflow/theory';

/** Gradients and Hessians of single samples, those of the decay included, so that their means are those of the loss. */
export interface SampleExpansion {
  /** samples x size */
  readonly gradients: Float64Array;
  /** samples x size x size */
  readonly hessians: Float64Array;
}

export interface Landscape {
  readonly size: number;
  readonly samples: number;
  /** Mean loss with weightDecay/2 |theta|^2. */
  loss(theta: ArrayLike<number>): number;
  expand(theta: ArrayLike<number>): SampleExpansion;
}

/** The most numbers in the Hessians of all samples: 128 MB. */
const MOST_NUMBERS = 2 ** 24;

const refuse = (observer: string, message: string): never => {
  throw new EigenflowError('component', 'observers', `${observer} ${message}`);
};

/**
 * Called while vectors can be carved. Only one sample is evaluated at a time: meant for models of few weights.
 *
 * @param weightDecay of the descent; its ridge is part of the loss
 * @param observer who asks, for messages
 * @throws EigenflowError `component` for one-pass data, models and losses without exact second derivatives, and models
 *   too large
 */
export function openLandscape(
  model: Model,
  loss: Loss,
  weightDecay: number,
  arena: Arena,
  observer: string,
): Landscape {
  const { samples, size, outputs } = model;
  if (!Number.isFinite(samples)) refuse(observer, 'needs a data set; give the model a finite number of samples');
  if (samples * size * size > MOST_NUMBERS) {
    const numbers = `${samples} samples x ${size} x ${size} weights`;
    refuse(observer, `keeps the Hessian of every sample, ${numbers}; at most 2^24 numbers. Take a smaller model`);
  }
  const pass = model.open(1);
  const lossPass = loss.open(1, outputs);
  const { hessianVector } = pass;
  if (!hessianVector || !lossPass.curvature) {
    return refuse(observer, 'needs exact second derivatives, which this model or this loss does not give');
  }
  const curvature = lossPass.curvature.bind(lossPass);
  const batch = arena.indices(1);
  const one = arena.vector(1).fill(1);
  const value = arena.vector(1);
  const [at, direction, gradient] = Array.from({ length: 3 }, () => arena.vector(size));
  const [out, target, dOut, change, dOutChange] = Array.from({ length: 5 }, () => arena.vector(outputs));

  const evaluate = (sample: number) => {
    batch[0] = sample;
    pass.forward(at, batch, 1, out);
    pass.targets(batch, 1, target);
    lossPass.valueAndGradient(out, target, one, 1, dOut, value);
  };
  const product = (result: Vector) => {
    hessianVector.outputs(at, direction, batch, 1, change);
    curvature(out, target, one, 1, change, dOutChange);
    hessianVector.gradient(at, direction, batch, 1, dOut, dOutChange, result);
  };

  return {
    size,
    samples,
    loss(theta) {
      at.set(theta);
      let sum = 0;
      for (let sample = 0; sample < samples; sample++) {
        evaluate(sample);
        sum += value[0];
      }
      return sum / samples + (weightDecay / 2) * at.reduce((squares, weight) => squares + weight * weight, 0);
    },
    expand(theta) {
      at.set(theta);
      const gradients = new Float64Array(samples * size);
      const hessians = new Float64Array(samples * size * size);
      for (let sample = 0; sample < samples; sample++) {
        evaluate(sample);
        pass.backward(at, batch, 1, dOut, gradient);
        for (let i = 0; i < size; i++) gradients[sample * size + i] = gradient[i] + weightDecay * at[i];
        for (let j = 0; j < size; j++) {
          direction.fill(0);
          direction[j] = 1;
          product(gradient);
          gradient[j] += weightDecay;
          hessians.set(gradient, (sample * size + j) * size);
        }
      }
      return { gradients, hessians };
    },
  };
}

/** Mean over samples, as a column. */
export function meanGradient({ gradients }: SampleExpansion, { samples, size }: Landscape): Float64Array {
  const mean = new Float64Array(size);
  for (let k = 0; k < gradients.length; k++) mean[k % size] += gradients[k] / samples;
  return mean;
}

/** Mean over samples, size x size, symmetric to the last bit. */
export function meanHessian({ hessians }: SampleExpansion, { samples, size }: Landscape): Matrix {
  const mean = Matrix.zeros(size, size);
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const at = sample * size * size;
        const both = hessians[at + i * size + j] + hessians[at + j * size + i];
        mean.set(i, j, mean.get(i, j) + both / (2 * samples));
      }
    }
  }
  return mean;
}

/** Covariance of the gradients of single samples (divisor N), size x size. */
export function gradientCovariance(expansion: SampleExpansion, landscape: Landscape): Matrix {
  const { samples, size } = landscape;
  const mean = meanGradient(expansion, landscape);
  const covariance = Matrix.zeros(size, size);
  for (let sample = 0; sample < samples; sample++) {
    const row = expansion.gradients.subarray(sample * size, (sample + 1) * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        covariance.set(i, j, covariance.get(i, j) + ((row[i] - mean[i]) * (row[j] - mean[j])) / samples);
      }
    }
  }
  return covariance;
}
