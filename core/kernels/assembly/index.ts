/** Everything that the host may call. Pointers are byte offsets, sizes are counts of elements; see ../kernels.ts. */
export { activate, activationCurvature, activationGradient, erfAll } from './activations';
export { adamStep } from './adam';
export { denseTransposed, outer, outerDescend } from './backward';
export { crossEntropy, crossEntropyCurvature } from './cross-entropy';
export { dense } from './dense';
export { symmetricEigen } from './eigen';
export { halfMeanSquare } from './loss';
export { ascend, clipNorm, normalise } from './norms';
export { momentumStep, nesterovStep, sgdStep } from './optimisers';
export { outputLoss, outputLossCurvature } from './output-loss';
export { philox } from './philox';
export { play } from './play';
export { integers, normals, uniforms } from './random';
export { adagradStep, rmspropStep } from './rmsprop';
export { signStep } from './sign-step';
export { singularValues } from './singular';
export { symmetricEigenvalues } from './symmetric-eigenvalues';
export { tanhAll } from './tanh';
export { addRow, axpy, copy, cosAll, dotInto, expAll, gather, logAll, scale, sinAll } from './vector';

/** First byte after the static data that is written here; scripts/constant-pool.mjs puts constants behind it. */
export function heapBase(): usize {
  return __heap_base;
}
