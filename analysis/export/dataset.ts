// A results folder as a labelled dataset in the sense of xarray: named dimensions, coordinates with units, variables.
// Only the description and the small arrays are in memory; the measured values stay in the files until asked for.

import type { Json } from '../../core/contracts/json.js';
import { describeEndings } from '../../node/results/endings.js';
import { describeChannels } from './channels.js';
import { surveyFrames } from './frames.js';
import { COPY_OF, hasCopies } from './long-table.js';
import { type RunGrid, readRunGrid } from './run-grid.js';
import type { Attributes, HeldVariable, MeasuredVariable, VariableDescription } from './variables.js';

export interface Dataset {
  readonly grid: RunGrid;
  readonly attributes: Attributes;
  /** Lengths by name, in the order in which variables use them. */
  readonly dimensions: ReadonlyMap<string, number>;
  readonly held: readonly HeldVariable[];
  readonly measured: readonly MeasuredVariable[];
}

/** Present in every exported file, so that a later export knows what it may replace. */
export const MARKER = 'eigenflow_dataset';

/**
 * Dimensions: one per group of axes, `seed`, `<observer>.frame`, then those of the channels. A run or frame that was
 * not measured is NaN.
 *
 * @param folder a results folder
 * @throws EigenflowError `results`, `file` or `arrays` when the results cannot be read.
 */
export function describeDataset(folder: string): Dataset {
  const grid = readRunGrid(folder);
  const runDimensions = grid.dimensions.map(({ name }) => name);
  const runShape = grid.dimensions.map(({ length }) => length);
  const channels = describeChannels(grid, surveyFrames(grid));
  const held = [...axisCoordinates(grid), ...outcomes(grid), ...channels.held];
  const measured = channels.measured.map(({ dimensions, shape, ...rest }) => ({
    ...rest,
    dimensions: [...runDimensions, ...dimensions],
    shape: [...runShape, ...shape],
    runShape: shape,
  }));
  const dimensions = new Map<string, number>();
  for (const variable of [...held, ...measured]) {
    variable.dimensions.forEach((name, i) => {
      dimensions.set(name, variable.shape[i]);
    });
  }
  const auxiliary = [...held, ...measured].filter(
    ({ isCoordinate, name, dimensions }) => isCoordinate && !(dimensions.length === 1 && dimensions[0] === name),
  );
  return {
    grid,
    attributes: datasetAttributes(grid),
    dimensions,
    held: held.map((variable) => withCoordinates(variable, auxiliary)),
    measured: measured.map((variable) => withCoordinates(variable, auxiliary)),
  };
}

/** The CF convention: a variable names the coordinates that are not dimensions. */
function withCoordinates<V extends VariableDescription>(variable: V, auxiliary: readonly VariableDescription[]): V {
  if (variable.isCoordinate) return variable;
  const used = auxiliary.filter(({ dimensions }) => dimensions.every((name) => variable.dimensions.includes(name)));
  if (used.length === 0) return variable;
  return { ...variable, attributes: { ...variable.attributes, coordinates: used.map(({ name }) => name).join(' ') } };
}

function axisCoordinates({ dimensions }: RunGrid): HeldVariable[] {
  const coordinates = dimensions.flatMap((dimension) =>
    dimension.axes.map(({ name, axis }) => ({
      name,
      dimensions: [dimension.name],
      shape: [dimension.length],
      attributes: { long_name: axis.name, units: axis.unit },
      isCoordinate: true,
      values: axisValues(axis.values),
    })),
  );
  const seeds = dimensions[dimensions.length - 1].length;
  const seed = {
    name: 'seed',
    dimensions: ['seed'],
    shape: [seeds],
    attributes: { long_name: 'realisation', units: '1' },
    isCoordinate: true,
    values: BigInt64Array.from({ length: seeds }, (_, i) => BigInt(i)),
  };
  return [...coordinates, seed];
}

/** Numbers stay numbers; anything else becomes text, which every reader of these formats can index by. */
function axisValues(values: readonly Json[]): Float64Array | readonly string[] {
  if (values.every((value) => typeof value === 'number')) return Float64Array.from(values);
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

/**
 * Text rather than integer codes: neither xarray nor netCDF4 turns `flag_meanings` back into words, so that
 * `ds.status == 'diverged'` works only on text.
 */
function outcomes(grid: RunGrid): HeldVariable[] {
  const { dimensions, runs, manifest } = grid;
  const common = {
    dimensions: dimensions.map(({ name }) => name),
    shape: dimensions.map(({ length }) => length),
    isCoordinate: false,
  };
  const status: HeldVariable = {
    ...common,
    name: 'status',
    attributes: { long_name: 'how the run ended: completed, diverged, saturated, failed; missing: not run' },
    values: Array.from(runs, (run) => run?.status ?? 'missing'),
  };
  const steps: HeldVariable = {
    ...common,
    name: 'steps',
    attributes: { long_name: 'steps made', units: 'steps' },
    values: Float64Array.from(runs, (run) => run?.steps ?? Number.NaN),
  };
  const label: HeldVariable = {
    ...common,
    name: 'label',
    attributes: { long_name: `verdict of the classifier, one of: ${manifest.labels.join(', ')}` },
    values: Array.from(runs, (run) => run?.label ?? ''),
  };
  const message: HeldVariable = {
    ...common,
    name: 'message',
    attributes: { long_name: 'why the run failed; empty otherwise' },
    values: Array.from(runs, (run) => run?.message ?? ''),
  };
  const copyOf: HeldVariable = {
    ...common,
    name: COPY_OF,
    attributes: {
      long_name: 'seed whose run this one repeats to the last bit of the weights, so that it does not count; else NaN',
    },
    values: Float64Array.from(runs, (run) => run?.copyOf ?? Number.NaN),
  };
  const marked = hasCopies(grid) ? [copyOf] : [];
  return [status, steps, ...(manifest.labels.length > 0 ? [label] : []), message, ...marked];
}

/** A function of the results alone: the same folder gives the same attributes, whoever exports it, and when. */
function datasetAttributes({ manifest, runs }: RunGrid): Attributes {
  const { title, versions, citations, kernels, scenario } = manifest;
  const plugins = Object.entries(versions.plugins).map(([name, version]) => `${name} ${version}`);
  return {
    [MARKER]: 1,
    title,
    runs: describeEndings(
      runs.filter((run) => run !== undefined),
      runs.length,
    ),
    eigenflow_version: versions.eigenflow,
    plugins: plugins.join(', '),
    citations: citations.join('; '),
    kernels: `${kernels.name} ${kernels.hash} (${kernels.portable ? 'bits portable' : 'bits not portable'})`,
    scenario: JSON.stringify(scenario),
  };
}
