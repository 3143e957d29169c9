// What plugin authors and scenario files import from `eigenflow`.

export { openWorkbench, openWorkspace, type Workbench, type Workspace } from './arena.js';
export type { NamedArrays, NumberArray } from './arrays.js';
export { createRegistry, type Registry } from './container.js';
export type * from './contracts/classifier.js';
export { PHASES } from './contracts/classifier.js';
export { Clock } from './contracts/clock.js';
export type * from './contracts/companion.js';
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
export type * from './contracts/level-process.js';
export type * from './contracts/loss.js';
export type * from './contracts/model.js';
export type * from './contracts/noise-model.js';
export type * from './contracts/observer.js';
export type * from './contracts/optimiser.js';
export type * from './contracts/vector.js';
export * as elementary from './elementary.js';
export { gather, type RunResult } from './engine/result.js';
export {
  type ChannelRecord,
  type Checkpoint,
  type RunContext,
  type RunEvent,
  type RunManifest,
  run,
} from './engine/run.js';
export { EigenflowError, isEigenflowError, suggest } from './errors.js';
export {
  activationCode,
  type Kernels,
  singularValuesWork,
  symmetricEigenvaluesWork,
  symmetricEigenWork,
} from './kernels/kernels.js';
export * from './parameters/schema.js';
export { type MapOptions, mapPhases } from './phase-map/phase-map.js';
export { createStream } from './random/stream.js';
export { parseScenario } from './scenario/parse.js';
export { type ResolvedSweep, type RunConfig, resolveScenario } from './scenario/run-config.js';
export { defineScenario, type Scenario } from './scenario/scenario.js';
