// The coefficients of the level equation as `dyson-coefficients` measures them, and as stored runs hold them.
import type { Series } from '../../contracts/classifier.js';

/** Coefficients at one state, as `dyson-coefficients` measures them. K levels; matrices are K x K, row-major. */
export interface LevelCoefficients {
  /** x_i, in any order that the others share. */
  readonly levels: ArrayLike<number>;
  /** K_ij. */
  readonly meanMatrix: ArrayLike<number>;
  /** V_ij. */
  readonly variance: ArrayLike<number>;
  /** Q_ij. */
  readonly levelCovariance: ArrayLike<number>;
  /** D_i. */
  readonly traceDrift: ArrayLike<number>;
  /** Squared norm of row i of the mean gradient in the eigenbasis. */
  readonly meanGradientSquares: ArrayLike<number>;
}

/** Channels that hold them. */
export const COEFFICIENT_CHANNELS = [
  'levels',
  'meanMatrix',
  'variance',
  'levelCovariance',
  'traceDrift',
  'meanGradientSquares',
] as const satisfies readonly (keyof LevelCoefficients)[];

/** The frames of a stored run and the learning time of each. `series` finds a channel of the observer by name. */
export function coefficientFrames(series: (channel: keyof LevelCoefficients) => Series): {
  readonly time: readonly number[];
  readonly frames: readonly LevelCoefficients[];
} {
  const { time } = series('levels');
  const frame = (channel: keyof LevelCoefficients, i: number) => {
    const { data, step } = series(channel);
    const size = data.length / step.length;
    return data.subarray(i * size, (i + 1) * size);
  };
  const frames = Array.from(time, (_, i) => {
    const entries = COEFFICIENT_CHANNELS.map((channel) => [channel, frame(channel, i)] as const);
    return Object.fromEntries(entries) as unknown as LevelCoefficients;
  });
  return { time: [...time], frames };
}
