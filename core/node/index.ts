// What programs on Node import from `eigenflow/node`: scenarios from files, sweeps over worker threads, result files.
export { exportDataset } from './export/index.js';
export { drawFigures } from './figures.js';
export { loadPlugins } from './load-plugins.js';
export { createArrayLoader, loadScenario } from './load-scenario.js';
export { decodeNpz, encodeNpz, readNpz } from './npz.js';
export { writeReport } from './report/report.js';
export { type Manifest, readManifest } from './results-folder.js';
export { runStudy, type StudyEvent } from './run-study.js';
export type { RunRow } from './runs-table.js';
export { prepareStudy, type Study } from './study.js';
