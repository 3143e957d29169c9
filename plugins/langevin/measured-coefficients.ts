// From moments over samples to the coefficients of the level equation.
import type { Descent } from 'eigenflow';
import { type COEFFICIENT_CHANNELS, descentGain } from 'eigenflow/theory';
import type { LevelMoments } from './level-moments.js';

export type CoefficientBuffers = Readonly<Record<(typeof COEFFICIENT_CHANNELS)[number], Float64Array>>;

/** Descent on the loss alone. */
export const PLAIN: Descent = { momentum: 0, nesterov: false, weightDecay: 0 };

/**
 * Formulas and conventions: `dyson-coefficients`. Weight decay pulls W towards 0 with force -weightDecay W: it adds
 * -2 weightDecay x_i to K_ii and changes no variance. Momentum multiplies means by 1/(1 - momentum), variances by its
 * square.
 */
export function writeCoefficients(moments: LevelMoments, out: CoefficientBuffers, descent: Descent): void {
  const { basis, inEigenbasis, gradientRows } = moments;
  const { weightDecay } = descent;
  const gain = descentGain(descent);
  const { levels, meanMatrix, variance, levelCovariance, traceDrift, meanGradientSquares } = out;
  const K = basis.levels.length;
  levels.set(basis.levels);
  inEigenbasis.mean(meanMatrix);
  inEigenbasis.variance(variance);
  inEigenbasis.diagonalCovariance(levelCovariance);
  gradientRows.variance(traceDrift);
  gradientRows.squaredMean(meanGradientSquares);
  // |G_i - weightDecay W_i|^2 in the eigenbasis, where W_i . G_i = K_ii / 2 and |W_i|^2 = x_i.
  for (let i = 0; i < K; i++) {
    const slope = meanMatrix[i * K + i];
    meanGradientSquares[i] += weightDecay * (weightDecay * levels[i] - slope);
    meanMatrix[i * K + i] = slope - 2 * weightDecay * levels[i];
  }
  scale(meanMatrix, gain);
  for (const squares of [variance, levelCovariance, traceDrift, meanGradientSquares]) scale(squares, gain * gain);
}

function scale(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

export function createCoefficientBuffers(levels: number): CoefficientBuffers {
  const vector = () => new Float64Array(levels);
  const matrix = () => new Float64Array(levels * levels);
  return {
    levels: vector(),
    meanMatrix: matrix(),
    variance: matrix(),
    levelCovariance: matrix(),
    traceDrift: vector(),
    meanGradientSquares: vector(),
  };
}
