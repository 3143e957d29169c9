// The modes of a run whose loss is a quadratic form: where its mean comes to rest, how curved and how noisy each mode
// is.
import { EigenflowError, type ObserverEnvironment, type Vector } from 'eigenflow';
import { findQuadraticForm, requireDescent } from 'eigenflow/theory';
import { createModeNoise } from './mode-noise.js';
import type { Mode } from './theory/mode.js';

export interface Modes {
  /** d */
  readonly modes: number;
  readonly copies: number;
  /** Of the Hessian, descending, without weight decay; d. */
  readonly eigenvalues: Vector;
  /** Components of theta along the modes, from where the mean comes to rest; copies x modes. */
  coordinates(theta: Vector, out: Vector): void;
  /** Components of a displacement, copies x modes. */
  project(direction: Vector, out: Vector): void;
  /** Eigenvalue and weight decay, as they are in the coming step. */
  curvature(mode: number): number;
  /** For all of them, as they are in the coming step. The noise is that at rest, NaN where it is not known. */
  describe(): readonly Mode[];
  /** See `ModeNoise.multiplicative`. */
  multiplicative(scatter: Vector, out: Vector): void;
}

/**
 * In `create`. With weight decay the mean rests where the penalty holds the gradient, not at the minimum.
 *
 * @throws EigenflowError `component` where the loss is no quadratic form of the weights, for optimisers that do not say
 * how steps follow from gradients, and for Nesterov's form
 */
export function openModes(environment: ObserverEnvironment, observer: string): Modes {
  const { run, arena, kernels } = environment;
  const { model, loss } = run;
  const descent = requireDescent(run.descent, observer);
  if (descent.nesterov) {
    throw new EigenflowError('component', 'observers', `${observer} has no theory of Nesterov's form; use momentum`);
  }
  const form = findQuadraticForm(model, loss, environment, observer);
  const { modes, copies, eigenvalues, eigenvectors, minimum } = form;
  const size = modes * copies;
  /** Components of the minimum itself, towards which the penalty does not pull. */
  const minimumAlong = arena.vector(size);
  form.project(minimum, minimumAlong);
  const curvature = (mode: number) => eigenvalues[mode] + descent.weightDecay;
  /** From the minimum to rest, along a mode of a copy. */
  const shift = (k: number) => {
    const { weightDecay } = descent;
    return weightDecay === 0 ? 0 : (-weightDecay * minimumAlong[k]) / (eigenvalues[k % modes] + weightDecay);
  };
  const rest = arena.vector(size);
  const shifts = arena.vector(size);
  for (let k = 0; k < size; k++) shifts[k] = shift(k);
  kernels.denseTransposed(eigenvectors, modes, modes, shifts, copies, rest);
  kernels.axpy(1, minimum, size, rest);
  const noise = createModeNoise(run, form, rest, environment);
  const variances = arena.vector(modes);
  return {
    modes,
    copies,
    eigenvalues,
    project: form.project,
    curvature,
    coordinates(theta, out) {
      form.coordinates(theta, out);
      if (descent.weightDecay === 0) return;
      for (let k = 0; k < size; k++) out[k] -= shift(k);
    },
    describe() {
      noise.additive(variances);
      return Array.from(variances, (variance, i) => ({
        learningRate: run.nextStepSize,
        momentum: descent.momentum,
        curvature: curvature(i),
        noise: variance,
      }));
    },
    multiplicative: noise.multiplicative,
  };
}
