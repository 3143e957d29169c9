// The entry `eigenflow/theory`: the laws that results are held against, the statistics that do it, and matrices, for
// plugins and scripts. All of it has the same bits in every JavaScript engine, but for the methods of `Matrix` that are
// named after functions of single numbers (`exp`, `log`, `sin`, ..., `pow`) and for `Matrix.rand` and `Matrix.randInt`.

export {
  CholeskyDecomposition,
  determinant,
  EigenvalueDecomposition,
  inverse,
  LuDecomposition,
  Matrix,
  pseudoInverse,
  QrDecomposition,
  SingularValueDecomposition,
  solve,
} from 'ml-matrix';
export * from './statistics/beta.js';
export * from './statistics/bootstrap.js';
export * from './statistics/estimate.js';
export * from './statistics/extrapolation.js';
export * from './statistics/fisher-exact.js';
export * from './statistics/histogram.js';
export * from './statistics/jackknife.js';
export * from './statistics/kolmogorov-smirnov.js';
export * from './statistics/linear-fit.js';
export * from './statistics/random-source.js';
export * from './statistics/special-functions.js';
export * from './statistics/student.js';
export { descentGain, noiseWeight, requireDescent, stableLimit } from './theory/curvature/descent.js';
export { type Curvature, createHessian } from './theory/curvature/hessian.js';
export { createLanczos } from './theory/curvature/lanczos.js';
export { findQuadraticForm, type QuadraticForm } from './theory/curvature/quadratic-form.js';
export { COEFFICIENT_CHANNELS } from './theory/level-equation/coefficients.js';
export { coulombSum, noiseShift, shiftVariance } from './theory/level-equation/one-step.js';
export { fitLevelLaw, type LawFit, type LevelLaw, type Realisation } from './theory/random-matrix/level-law.js';
export {
  findLevelLaw,
  gaussianLaw,
  LEVEL_LAWS,
  semicircleLaw,
  surmiseLaw,
  twoLevelLaw,
} from './theory/random-matrix/level-laws.js';
export * from './theory/random-matrix/marchenko-pastur.js';
export * from './theory/random-matrix/marchenko-pastur-fit.js';
export * from './theory/random-matrix/number-variance.js';
export { distinctSides, type NumericalRank, numericalRank } from './theory/random-matrix/numerical-rank.js';
export * from './theory/random-matrix/semicircle.js';
export * from './theory/random-matrix/spacing-test.js';
export * from './theory/random-matrix/two-level-density.js';
export * from './theory/random-matrix/unfolding.js';
export * from './theory/random-matrix/wigner-surmise.js';
export {
  CRITICAL_VARIANCE,
  criticalWidth,
  tanhDensity,
  tanhMode,
} from './theory/tanh-law.js';
