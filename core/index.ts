// What plugin authors and scenario files import from `eigenflow`.

export { createRegistry, type Registry } from './container.js';
export type { NamedArrays, NumberArray } from './contracts/arrays.js';
export type * from './contracts/classifier.js';
export { PHASES } from './contracts/classifier.js';
export { Clock } from './contracts/clock.js';
export type * from './contracts/committee.js';
export {
  CONTRACT_VERSION,
  type Component,
  type ComponentKind,
  type ComponentKinds,
  defineClassifier,
  defineLoss,
  defineModel,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
  type Plugin,
} from './contracts/component.js';
export type * from './contracts/environment.js';
export type * from './contracts/figure.js';
export type * from './contracts/level-process.js';
export type * from './contracts/loss.js';
export type * from './contracts/model.js';
export type * from './contracts/noise-model.js';
export type * from './contracts/observer.js';
export { observer, scalar, vector } from './contracts/observer.js';
export type * from './contracts/optimiser.js';
export * from './contracts/parameters.js';
export type * from './contracts/services.js';
export type * from './contracts/shadow-trajectory.js';
export type * from './contracts/vector.js';
export {
  type BlockNames,
  blockParameter,
  blocksParameter,
  findBlock,
  observeBlocks,
  weightsOf,
} from './engine/blocks.js';
export type { Checkpoint } from './engine/checkpoint.js';
export { clip, clippedGradient } from './engine/clipped-gradient.js';
export { CHUNK as FULL_BATCH_CHUNK, requireFiniteData } from './engine/full-batch.js';
export { gather, type RunResult } from './engine/gather.js';
export { onHeldOut, requireHeldOut } from './engine/held-out.js';
export { partsByRate, type RatePart } from './engine/parts-by-rate.js';
export { type ChannelRecord, type RunContext, type RunEvent, type RunManifest, run } from './engine/run.js';
export { EigenflowError, isEigenflowError, suggest } from './errors.js';
export { type Memory, openMemory, openWorkspace, type Workspace } from './kernels/arena.js';
export * as elementary from './kernels/elementary.js';
export { power } from './kernels/elementary.js';
export {
  type ActivationName,
  activationCode,
  addressOf,
  type Kernels,
  type OutputLossCode,
  outputLossCode,
  rememberAddress,
  singularValuesWork,
  symmetricEigenvaluesWork,
  symmetricEigenWork,
} from './kernels/kernels.js';
export * from './networks/index.js';
export { type MapOptions, mapPhases } from './phases/phase-map.js';
export { batchParameters, batchPeriod, openBatches } from './random/batches.js';
export { createFreshSubset, type DrawSubset } from './random/fresh-subset.js';
export { replica, replicaStream } from './random/replica.js';
export type { SampleOrder } from './random/sample-orders.js';
export { createStream } from './random/stream.js';
export { parseScenario } from './scenario/parse.js';
export { type ResolvedSweep, type RunConfig, resolveScenario } from './scenario/resolve.js';
export { defineScenario, type Scenario } from './scenario/scenario.js';
