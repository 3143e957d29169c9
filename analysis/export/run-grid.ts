// Where each run of a results folder sits on the grid of its sweep: one dimension per group of axes, and the seeds.
import type { Json } from '../../core/contracts/json.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { type Manifest, readManifest } from '../../node/results/results-folder.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { readNotedRows } from '../../node/results/stored-rows.js';

type ManifestAxis = Manifest['axes'][number];

/** One dimension of the grid. */
export interface GridDimension {
  readonly name: string;
  readonly length: number;
  /** The axes that vary along it, more than one where they are zipped; none for the seeds. */
  readonly axes: readonly { readonly name: string; readonly axis: ManifestAxis }[];
}

export interface RunGrid {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Groups of axes in the order of the sweep, then `seed`. */
  readonly dimensions: readonly GridDimension[];
  /** One entry per point of the grid, last dimension fastest; undefined where no run has ended. */
  readonly runs: readonly (RunRow | undefined)[];
  /** The most seeds of a cell that do not repeat another one: what N can be. */
  readonly realisations: number;
}

/** Names that the dataset needs for itself. */
const RESERVED = new Set(['seed', 'status', 'label', 'steps', 'frame', 'message', 'copy_of']);

/** @throws EigenflowError `results` when the folder holds no results, `file` when they cannot be read. */
export function readRunGrid(folder: string): RunGrid {
  const manifest = readManifest(folder);
  const dimensions = gridDimensions(manifest);
  // Filled: methods of arrays skip the holes of a sparse one, and a point without a run is a point of the grid.
  const points = dimensions.reduce((product, { length }) => product * length, 1);
  const runs = new Array<RunRow | undefined>(points).fill(undefined);
  const locate = locator(dimensions);
  const axes = manifest.axes.map(({ name }) => name);
  for (const row of readNotedRows(folder, axes).values()) {
    const at = locate(row);
    if (at !== undefined) runs[at] = row;
  }
  return { folder, manifest, dimensions, runs, realisations: mostDistinct(runs, manifest.seeds) };
}

function mostDistinct(runs: RunGrid['runs'], seeds: number): number {
  let most = 1;
  for (let cell = 0; cell < runs.length; cell += seeds) {
    const own = runs.slice(cell, cell + seeds).filter((run) => run?.copyOf === undefined);
    most = Math.max(most, own.length);
  }
  return most;
}

function gridDimensions({ axes, seeds }: Manifest): GridDimension[] {
  const lastPart = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const taken = axes.map(({ name }) => lastPart(name));
  const shortName = (path: string) => {
    if (axisColumn(path) !== path) return axisColumn(path);
    const short = lastPart(path);
    return RESERVED.has(short) || taken.filter((other) => other === short).length > 1 ? path : short;
  };
  const groups = new Map<number, ManifestAxis[]>();
  for (const axis of axes) groups.set(axis.group, [...(groups.get(axis.group) ?? []), axis]);
  const dimensions = [...groups.values()].map((members) => ({
    name: shortName(members[0].name),
    length: members[0].values.length,
    axes: members.map((axis) => ({ name: shortName(axis.name), axis })),
  }));
  return [...dimensions, { name: 'seed', length: seeds, axes: [] }];
}

/** runs.csv writes text as it stands and everything else as JSON; both sides are compared in that form. */
const asText = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value));

/** @returns a function from a row to its place in `runs`, or undefined when it belongs to another grid. */
function locator(dimensions: readonly GridDimension[]): (row: RunRow) => number | undefined {
  const seeds = dimensions[dimensions.length - 1].length;
  const places = dimensions.slice(0, -1).map(({ axes, length }) => {
    const byValues = new Map<string, number>();
    for (let i = 0; i < length; i++) byValues.set(JSON.stringify(axes.map(({ axis }) => asText(axis.values[i]))), i);
    return { length, byValues, names: axes.map(({ axis }) => axis.name) };
  });
  return (row) => {
    let at = 0;
    for (const { length, byValues, names } of places) {
      const place = byValues.get(JSON.stringify(names.map((name) => asText(row.axes[name]))));
      if (place === undefined) return undefined;
      at = at * length + place;
    }
    return Number.isInteger(row.seed) && row.seed >= 0 && row.seed < seeds ? at * seeds + row.seed : undefined;
  };
}
