// What programs on Node import from `eigenflow/node`: scenarios from files, sweeps over worker threads, result files.
// What reads stored results is in `eigenflow/analysis`.
// The plugins that come with eigenflow are in `eigenflow/builtin`.
export { decodeNpz, encodeNpz, readNpz } from './files/npz.js';
export type { HostBindings, HostServices } from './host.js';
export type { PlayerChoice } from './native/choose-player.js';
export type { ResultsFolder } from './results/open-results.js';
export { type Manifest, readManifest } from './results/results-folder.js';
export type { CheckpointStore, ResultsStore } from './results/results-store.js';
export { readRun, readSeries } from './results/run-file.js';
export type { RunRow } from './results/runs-table.js';
export { type BuiltinPlugins, loadPlugins } from './scenario/load-plugins.js';
export { createArrayLoader, type LoadedScenario, loadScenario } from './scenario/load-scenario.js';
export { runAdaptive } from './study/run-adaptive.js';
export { type RunOptions, runStudy, type StudyEvent } from './study/run-study.js';
export { prepareStudy, type Study } from './study/study.js';
