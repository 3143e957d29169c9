// What a study has stored, as the page asks for it: maps to draw, runs of a place, and what a replay is held against.
// Results folders, exported maps and plain scenarios each answer in their own way.
import type { RunResult } from '../../core/engine/gather.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { RunRow } from '../../node/results/runs-table.js';
import type { MapTable, MapView, Place, Replay, StoredRun } from '../protocol.js';

export interface StoredRuns {
  readonly maps: readonly MapView[];
  /** Of a results folder. */
  readonly rows: readonly RunRow[];
  /** How many runs are there, and how many of them a replay can be held against. */
  readonly count: { readonly runs: number; readonly provable: number };
  /**
   * @param where values of axes that the map does not show, in place of those that it names
   * @throws EigenflowError where the files of runs are damaged
   */
  draw(view: MapView, where: Place['at']): MapTable;
  /** Runs of a cell, seeds ascending. */
  at(at: Place['at']): readonly StoredRun[];
  /** The run to compute again, or why this page cannot. */
  config(id: string): RunConfig | string;
  /** What is stored as its label by a classifier; undefined where that has judged nothing here. */
  label(id: string, classifier: string): string | undefined;
  /** Holds a run that was computed again against what is stored. @throws EigenflowError where that cannot be read */
  compare(id: string, result: RunResult): Replay;
}

/** `where` of a map, with other values for the axes that it fixes. */
export function fixedAt(view: MapView, where: Place['at']): Place['at'] {
  const { x, y, where: given = {} } = view.declaration;
  const others = Object.entries(where).filter(([name]) => name !== x.axis && name !== y.axis);
  return { ...given, ...Object.fromEntries(others) };
}
