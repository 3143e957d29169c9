// The entry `eigenflow/theory`: the laws that results are held against, and the statistics that do it, for plugins and
// scripts. All of it has the same bits in every JavaScript engine.

export {
  CRITICAL_VARIANCE,
  criticalWidth,
  tanhDensity,
  tanhMode,
} from './mean-field/tanh-law.js';
export { fitLevelLaw, type LawFit, type LevelLaw, type Realisation } from './random-matrix/level-law.js';
export {
  findLevelLaw,
  gaussianLaw,
  LEVEL_LAWS,
  semicircleLaw,
  surmiseLaw,
  twoLevelLaw,
} from './random-matrix/level-laws.js';
export * from './random-matrix/marchenko-pastur.js';
export * from './random-matrix/marchenko-pastur-fit.js';
export * from './random-matrix/number-variance.js';
export * from './random-matrix/semicircle.js';
export * from './random-matrix/spacing-test.js';
export * from './random-matrix/special-functions.js';
export * from './random-matrix/two-level-density.js';
export * from './random-matrix/unfolding.js';
export * from './random-matrix/wigner-surmise.js';
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
export * from './statistics/student.js';
