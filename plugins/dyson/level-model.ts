// What the models of this plugin have in common: one block of levels, one sample, and an energy whose gradient is minus
// the drift, so that losses, optimisers and observers made for networks work on levels too.
import type { LevelProcess, Model, Vector } from 'eigenflow';

export interface LevelModelParts {
  readonly process: LevelProcess;
  /** K levels in ascending order. */
  readonly initial: Vector;
  /** Potential energy of the levels, without their repulsion, into `out[position]`. */
  energy(levels: Vector, out: Vector, position: number): void;
  /** Gradient of `energy`, K numbers each. */
  slope(levels: Vector, out: Vector): void;
}

/**
 * A model with the single block `levels` (K x 1). Its only sample has the energy as its output and 0 as its target. The
 * temperature does not enter: plain gradient descent on it is the motion at T = 0.
 */
export function createLevelModel({ process, initial, energy, slope }: LevelModelParts): Model {
  const { levels } = process;
  return {
    layout: [{ name: 'levels', rows: levels, cols: 1, offset: 0 }],
    size: levels,
    outputs: 1,
    samples: 1,
    initialise(theta) {
      theta.set(initial);
    },
    open: () => ({
      forward(theta, _batch, n, out) {
        for (let s = 0; s < n; s++) energy(theta, out, s);
      },
      targets(_batch, n, out) {
        for (let s = 0; s < n; s++) out[s] = 0;
      },
      backward(theta, _batch, n, dOut, gradient) {
        let factor = 0;
        for (let s = 0; s < n; s++) factor += dOut[s];
        slope(theta, gradient);
        for (let i = 0; i < levels; i++) gradient[i] *= factor;
      },
    }),
    levelProcess: process,
  };
}
