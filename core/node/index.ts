// What programs on Node import from `eigenflow/node`: scenarios from files, sweeps over worker threads, result files.
export { exportDataset } from './export/index.js';
export { drawFigures } from './figures/figures.js';
export { decodeNpz, encodeNpz, readNpz } from './formats/npz.js';
export { writeReport } from './report/report.js';
export { type Manifest, readManifest } from './results/results-folder.js';
export type { RunRow } from './results/runs-table.js';
export { loadPlugins } from './scenario/load-plugins.js';
export { createArrayLoader, loadScenario } from './scenario/load-scenario.js';
export { runStudy, type StudyEvent } from './study/run-study.js';
export { prepareStudy, type Study } from './study/study.js';
