// The public interface, name by name: what plugins and scripts can rely on. A name that comes or goes shows here, and in
// CHANGELOG.md.
import { expect, test } from 'vitest';
import { wrapText } from '../../analysis/figures/draw/format.js';
import * as main from '../../core/index.js';
import * as testing from '../../core/testing.js';
import * as theory from '../../core/theory.js';

/** In lines that can be read. */
const names = (entry: object) => wrapText(Object.keys(entry).sort().join(' '), 100).join('\n');

test('eigenflow', () => {
  expect(names(main)).toMatchInlineSnapshot(`
    "CONTRACT_VERSION Clock EigenflowError FULL_BATCH_CHUNK PHASES activationCode addressOf arrays
    batchParameters batchPeriod blockParameter blocksParameter choice clip clippedGradient
    createFreshSubset createHiddenPass createLayer createNetwork createRegistry createStream
    createTrainedNetwork defineClassifier defineLoss defineModel defineNoiseModel defineObserver
    defineOptimiser definePlugin defineScenario elementary findBlock flag flags gather integer integers
    isEigenflowError mapPhases networkHeldOut number numbers observeBlocks observer onHeldOut
    openBatches openLinearPass openMemory openNetworkPass openWorkspace outputLossCode parseScenario
    partsByRate power rememberAddress replica replicaStream requireFiniteData requireHeldOut
    resolveScenario run scalar singularValuesWork suggest symmetricEigenWork symmetricEigenvaluesWork
    text texts vector weightsOf"
  `);
});

test('eigenflow/theory', () => {
  expect(names(theory)).toMatchInlineSnapshot(`
    "BETAS COEFFICIENT_CHANNELS CRITICAL_VARIANCE CholeskyDecomposition EigenvalueDecomposition
    LEVEL_LAWS LuDecomposition Matrix QrDecomposition SingularValueDecomposition TWO_LEVEL_MEAN_SPACING
    TWO_LEVEL_VARIANCE betaCdf betaQuantile bootstrap centres clusterRadius coulombSum createHessian
    createLanczos createRandomSource criticalWidth density descentGain determinant distinctSides erf
    erfc estimateNumberVariance estimateSemicircle estimateTwoLevelLaw evenEdges extrapolate
    extrapolatePairs findLevelLaw findQuadraticForm fisherExactPValue fitLevelLaw fitMarchenkoPastur
    fitProportionality fitSemicircle fitStraightLine fitTwoLevelLaw freedmanDiaconisEdges gaussianLaw
    histogram histogramMean inverse jackknife jackknifeAll kolmogorovSmirnovDistance
    kolmogorovSmirnovPValue kolmogorovTail largest logGamma marchenkoPasturCdf marchenkoPasturDensity
    marchenkoPasturEdges marchenkoPasturQuantile mean meanEstimate noiseShift noiseWeight normalCdf
    numberVarianceTheory numericalRank pseudoInverse quantile requireDescent semicircleCdf
    semicircleDensity semicircleLaw shiftVariance sineCosineIntegrals smallest solve sorted
    spacingTestPValue stableLimit studentTwoSided studentTwoSidedQuantile surmiseCdf surmiseDensity
    surmiseLaw surmiseSecondMoment tanhDensity tanhMode testSpacings twoLevelCdf twoLevelDensity
    twoLevelLaw twoSampleDistance twoSamplePValue unfoldByEnsemble unfoldByLaw unfoldLocally variance"
  `);
});

test('eigenflow/testing', () => {
  expect(names(testing)).toMatchInlineSnapshot(`"conformance testComponent"`);
});

test('elementary functions of single numbers', () => {
  expect(names(main.elementary)).toMatchInlineSnapshot(
    `"asin atanh cbrt cos exp expm1 hypot log log10 log1p log2 power sin tanh"`,
  );
});
