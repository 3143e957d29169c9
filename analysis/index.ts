// What programs on Node import from `eigenflow/analysis`: datasets, figures and reports of stored results.
export { exportDataset } from './export/index.js';
export { drawFigures } from './figures/figures.js';
export { writeReport } from './report/report.js';
