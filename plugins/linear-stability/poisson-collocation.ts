// Model: a physics-informed model in its simplest form. The solution of -u'' = f is a series of sines, and its residual at
// collocation points is least squares with a Hessian that is diagonal and as stiff as one likes.
import {
  defineModel,
  EigenflowError,
  elementary,
  integer,
  type Model,
  numbers,
  openLinearPass,
  type Vector,
} from 'eigenflow';
import type { KnownModes } from './known-modes.js';

const params = {
  modes: integer({ doc: 'number K of sines in the series', unit: '1', default: 10, min: 1 }),
  points: integer({
    doc: 'number J of collocation points j/J, j = 1 .. J, the samples; more than there are modes',
    unit: 'samples',
    default: 64,
    min: 2,
  }),
  targetModes: numbers({
    doc: 'wave numbers k of the solution, each from 1 to the number of modes',
    unit: '1',
    default: [1, 10],
    min: 1,
  }),
  targetAmplitudes: numbers({ doc: 'amplitude of each of them in the solution', unit: '1', default: [1, 0.1] }),
} as const;

/** @throws EigenflowError `parameter` */
function refuse(parameter: string, message: string): never {
  throw new EigenflowError('parameter', `model.${parameter}`, message);
}

/** @returns amplitudes of modes 1 .. K. @throws EigenflowError `parameter` */
function amplitudesOf(modes: number, wanted: readonly number[], amplitudes: readonly number[]): readonly number[] {
  if (wanted.length !== amplitudes.length) {
    refuse('targetAmplitudes', `${amplitudes.length} amplitudes for ${wanted.length} modes; give one for each`);
  }
  const all = Array.from({ length: modes }, () => 0);
  for (const [i, mode] of wanted.entries()) {
    if (!Number.isInteger(mode) || mode > modes) {
      refuse('targetModes', `${mode} is no whole number from 1 to ${modes}, the number of modes; choose others`);
    }
    all[mode - 1] += amplitudes[i];
  }
  return all;
}

/**
 * -u'' = f on (0, 1) with u = 0 at both ends, u = sum_k c_k sin(k pi x) over k = 1 .. K, the coefficients c the weights.
 * The output of sample j is -u''(x_j) at x_j = j/J, its target f(x_j); for the loss `half-mean-square`
 *
 *     loss = 1/(2J) sum_j (sum_k c_k (k pi)^2 sin(k pi x_j) - f(x_j))^2,
 *
 * whose Hessian is diagonal for K < J: the curvature of mode k is (k pi)^4/2, so that the stiffness is K^4. f is that of
 * sum_k a_k sin(k pi x), and all coefficients start at 0.
 *
 * Source: derived, as a linear stand-in for the physics-informed networks of arXiv:2303.01767.
 *
 * Throws EigenflowError `parameter` where there are not more points than modes, or targets that are no modes.
 */
export const poissonCollocation = defineModel({
  name: 'poisson-collocation',
  summary: "Physics-informed least squares for -u'' = f with a series of sines, as stiff as one likes",
  params,
  cite: ['arXiv:2303.01767'],
  kernelsOnly: true,
  create({ modes, points, targetModes, targetAmplitudes }, { arena, kernels }): Model & KnownModes {
    if (points <= modes) {
      refuse('points', `${points} points cannot tell ${modes} modes apart; take at least ${modes + 1}`);
    }
    const amplitudes = arena.vector(modes);
    amplitudes.set(amplitudesOf(modes, targetModes, targetAmplitudes));
    const values = arena.vector(points * modes);
    for (let j = 1; j <= points; j++) {
      for (let k = 1; k <= modes; k++) {
        // In units of pi/J and within one period, so that the ends are at rounding.
        const phase = (j * k) % (2 * points);
        values[(j - 1) * modes + k - 1] = (k * Math.PI) ** 2 * elementary.sin((phase * Math.PI) / points);
      }
    }
    const targets = arena.vector(points);
    kernels.dense(amplitudes, 1, modes, values, null, points, targets);
    return {
      layout: [{ name: 'c', rows: 1, cols: modes, offset: 0 }],
      size: modes,
      outputs: 1,
      task: 'regression',
      samples: points,
      initialise: (theta: Vector) => theta.fill(0),
      targetWeights: (out: Vector) => kernels.copy(amplitudes, modes, out),
      knownModes: {
        curvatures: Array.from({ length: modes }, (_, k) => ((k + 1) * Math.PI) ** 2 * ((k + 1) * Math.PI) ** 2 * 0.5),
        minimum: amplitudes,
      },
      open: () =>
        openLinearPass(kernels, modes, { values, inOrder: false, prepare() {} }, (batch, n, out) =>
          kernels.gather(targets, 1, batch, n, out),
        ),
    };
  },
});
