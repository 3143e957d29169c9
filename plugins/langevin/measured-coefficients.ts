// From moments over samples to the coefficients of the level equation.
import type { COEFFICIENT_CHANNELS } from '../../core/level-equation/coefficients.js';
import type { LevelMoments } from './level-moments.js';

export type CoefficientBuffers = Readonly<Record<(typeof COEFFICIENT_CHANNELS)[number], Float64Array>>;

/** Formulas and conventions: `dyson-coefficients`. */
export function writeCoefficients(moments: LevelMoments, out: CoefficientBuffers): void {
  const { basis, inEigenbasis, gradientRows } = moments;
  out.levels.set(basis.levels);
  inEigenbasis.mean(out.meanMatrix);
  inEigenbasis.variance(out.variance);
  inEigenbasis.diagonalCovariance(out.levelCovariance);
  gradientRows.variance(out.traceDrift);
  gradientRows.squaredMean(out.meanGradientSquares);
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
