// Targets of classification: labels as one-hot rows, or as 0 and 1 for a single output.
import { EigenflowError } from 'eigenflow';
import type { RawData, RawPart, Refusal } from './task-data.js';

export interface ClassTargets {
  readonly outputs: number;
  /** rows x outputs */
  readonly train: Float64Array;
  readonly test: Float64Array | undefined;
}

/** How far the sum of a row of probabilities may be from 1: that of single precision. */
const ROUNDING = 1e-5;

const refuseClasses = (message: string): never => {
  throw new EigenflowError('parameter', 'model.classes', message);
};

/** Labels in one column. -1 and +1 are the classes 0 and 1. */
function fromLabels(data: RawData, wanted: number | undefined, refuse: Refusal): ClassTargets {
  const parts = [data.train, ...(data.test ? [data.test] : [])].map(({ y }) => y.values);
  const found = new Set(parts.flatMap((labels) => [...labels]));
  const areSigns = found.size === 2 && found.has(-1) && found.has(1);
  for (const labels of parts) {
    const at = labels.findIndex((label) => !Number.isInteger(label) || (label < 0 && !areSigns));
    if (at < 0) continue;
    const remedy =
      'labels are whole numbers from 0 on, or -1 and 1; for numbers to predict, set model.targets to "regression"';
    refuse(`the target ${labels[at]} at row ${at} (counted from 0) is no class label: ${remedy}`);
  }
  const number = (label: number) => (areSigns ? (label + 1) / 2 : label);
  const highest = [...found].reduce((most, label) => Math.max(most, number(label)), 0);
  const classes = wanted === 1 ? 2 : (wanted ?? highest + 1);
  if (highest >= classes) {
    refuseClasses(
      `is ${wanted}, but ${data.source} has the label ${highest}; set it to ${highest + 1} or leave it out`,
    );
  }
  if (wanted === undefined) {
    const missing = Array.from({ length: Math.min(classes, found.size + 1) }, (_, i) => i).find(
      (label) => !areSigns && !found.has(label),
    );
    if (missing !== undefined) {
      const remedy = 'number the labels from 0 without a gap, or set model.classes to how many there are';
      refuse(`no sample has the label ${missing}, though there is a label ${highest}: ${remedy}`);
    }
    if (classes === 1) refuse('all samples have the label 0: there is nothing to tell apart');
  }
  const rowsOf = (labels: Float64Array) => {
    if (wanted === 1) return labels.map(number);
    const rows = new Float64Array(labels.length * classes);
    labels.forEach((label, i) => {
      rows[i * classes + number(label)] = 1;
    });
    return rows;
  };
  const [train, test] = parts.map(rowsOf);
  return { outputs: wanted === 1 ? 1 : classes, train, test };
}

/** One row of probabilities for each sample. */
function fromRows({ train, test, source }: RawData, wanted: number | undefined, refuse: Refusal): ClassTargets {
  const { columns } = train.y;
  if (wanted !== undefined && wanted !== columns) {
    refuseClasses(`is ${wanted}, but the targets of ${source} are rows of ${columns} numbers; leave it out`);
  }
  for (const { y, rows } of [train, ...(test ? [test] : [])] as RawPart[]) {
    for (let row = 0; row < rows; row++) {
      const entries = y.values.subarray(row * columns, (row + 1) * columns);
      const sum = entries.reduce((total, entry) => total + entry, 0);
      if (entries.every((entry) => entry >= 0) && Math.abs(sum - 1) <= ROUNDING) continue;
      const what = `row ${row} of the targets (counted from 0), ${[...entries].slice(0, 8).join(', ')},`;
      refuse(`${what} is neither one-hot nor a row of probabilities; give one label for each sample, or rows of sum 1`);
    }
  }
  return { outputs: columns, train: train.y.values, test: test?.y.values };
}

/**
 * @param wanted number of outputs that the scenario asks for; 1 for a single output of two classes
 * @throws EigenflowError `arrays` or `parameter` for what is no label, or does not fit
 */
export function classTargets(data: RawData, wanted: number | undefined, refuse: Refusal): ClassTargets {
  return data.train.y.columns === 1 ? fromLabels(data, wanted, refuse) : fromRows(data, wanted, refuse);
}

/** The class of each sample: the largest entry of its row, or what a single output is nearest to. */
export function classOf(y: Float64Array, outputs: number): Int32Array {
  return Int32Array.from({ length: y.length / outputs }, (_, row) => {
    if (outputs === 1) return y[row] > 0.5 ? 1 : 0;
    let best = 0;
    for (let o = 1; o < outputs; o++) if (y[row * outputs + o] > y[row * outputs + best]) best = o;
    return best;
  });
}
