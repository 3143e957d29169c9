// One step of SGD with batch size 1 on the published network, enumerated over all samples: exact moments to hold the
// level equation against.
import type { LevelCoefficients } from '../../../core/theory/level-equation/coefficients.js';
import { noiseShift, shiftVariance } from '../../../core/theory/level-equation/one-step.js';
import { levelMeter, measure, open, published } from './published-network.js';

export interface Enumeration {
  readonly coefficients: LevelCoefficients;
  /** tr C from the gradients themselves. */
  readonly traceOfCovariance: number;
  /** Shift of every level in one step of gradient descent. */
  descend(learningRate: number): number[];
  /** Mean shift of every level beyond that of gradient descent, and its variance, at a learning rate. */
  enumerate(learningRate: number): { readonly shift: number[]; readonly variance: number[] };
}

/** The first weights of one realisation of teacher, data and student. */
export function openInstance(seed: number, initialWidth: number): Enumeration {
  const run = open({
    ...published,
    seed,
    model: { use: 'teacher-student', initialWidth },
    observers: { coefficients: { use: 'dyson-coefficients', block: 'W' } },
  });
  const { model, view, workspace } = run;
  const { arena } = workspace;
  const { theta } = view;
  const { samples, size } = model;
  const [{ rows, cols }] = model.layout;
  const coefficients = measure(run, 'coefficients') as unknown as LevelCoefficients;
  const levelsOf = levelMeter(rows, cols, workspace);

  // Gradients one at a time through `backward`, which the observer does not use.
  const batch = arena.indices(1);
  const [out, target, dOut, value] = Array.from({ length: 4 }, () => arena.vector(1));
  const ones = arena.vector(1).fill(1);
  const modelPass = model.open(1);
  const lossPass = view.loss.open(1, 1);
  const gradient = arena.vector(size);
  const moved = arena.vector(size);
  const gradientOf = (sample: number) => {
    batch[0] = sample;
    modelPass.forward(theta, batch, 1, out);
    modelPass.targets(batch, 1, target);
    lossPass.valueAndGradient(out, target, ones, 1, dOut, value);
    modelPass.backward(theta, batch, 1, dOut, gradient);
  };
  const levelsAfter = (learningRate: number, direction: Float64Array) => {
    for (let k = 0; k < size; k++) moved[k] = theta[k] - learningRate * direction[k];
    return levelsOf(moved);
  };

  const mean = arena.vector(size);
  let squares = 0;
  for (let n = 0; n < samples; n++) {
    gradientOf(n);
    for (let k = 0; k < size; k++) {
      mean[k] += gradient[k] / samples;
      squares += gradient[k] ** 2 / samples;
    }
  }
  const traceOfCovariance = squares - mean.reduce((sum, g) => sum + g * g, 0);

  return {
    coefficients,
    traceOfCovariance,
    descend: (learningRate) => levelsAfter(learningRate, mean).map((level, i) => level - coefficients.levels[i]),
    enumerate(learningRate) {
      const descent = levelsAfter(learningRate, mean);
      const first = new Float64Array(rows);
      const second = new Float64Array(rows);
      for (let n = 0; n < samples; n++) {
        gradientOf(n);
        const levels = levelsAfter(learningRate, gradient);
        for (let i = 0; i < rows; i++) {
          const shift = levels[i] - descent[i];
          first[i] += shift / samples;
          second[i] += shift ** 2 / samples;
        }
      }
      return { shift: [...first], variance: Array.from(second, (square, i) => square - first[i] ** 2) };
    },
  };
}

const norm = (x: ArrayLike<number>) => Math.sqrt(Array.from(x).reduce((sum, v) => sum + v * v, 0));
export const relativeError = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  norm(Array.from(found, (v, i) => v - expected[i])) / norm(found);

/** How far one step at a learning rate is from the prediction; relative errors of vectors over levels. */
export interface OneStepErrors {
  /** Sum of the mean shifts over learning rate^2 tr C, less 1. */
  readonly sumRule: number;
  /** Of the mean shift that noise causes. */
  readonly shift: number;
  /** Of the variance of the shift. */
  readonly variance: number;
}

export function oneStepErrors(instance: Enumeration, learningRate: number): OneStepErrors {
  const { coefficients, traceOfCovariance } = instance;
  const { shift, variance } = instance.enumerate(learningRate);
  // Batch size 1: the temperature is the learning rate.
  const step = { stepSize: learningRate, temperature: learningRate };
  return {
    sumRule: shift.reduce((a, b) => a + b, 0) / (learningRate ** 2 * traceOfCovariance) - 1,
    shift: relativeError(shift, noiseShift(coefficients, step)),
    variance: relativeError(variance, shiftVariance(coefficients, step)),
  };
}
