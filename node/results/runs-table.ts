// runs.csv: one row per run that has ended (RFC 4180). Read by pandas and spreadsheets as it stands. The files of runs do not
// say at which values of the axes they were made, so every row seals what it says of that.
import type { RunStatus } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { parseOwnCsv, textCell } from '../files/csv-cell.js';
import { axisColumn } from './axis-column.js';
import { sealOf } from './seal.js';

export interface RunRow {
  readonly id: string;
  /** Value of each sweep axis. */
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly status: RunStatus;
  /** Steps made. */
  readonly steps: number;
  /** Name of the way that the weights went, see `nameTrajectory`; absent where none was noted. */
  readonly trajectory?: string;
  /** Seed of the run of the same cell that went the same way: see `markCopies`. Not in the table, but told from it. */
  readonly copyOf?: number;
  /** Time of computation; NaN where it was not recorded. */
  readonly seconds: number;
  /** Verdict of the classifier; empty without one. */
  readonly label: string;
  /** Why a run failed; empty otherwise. */
  readonly message: string;
  /** The axes of a row that was read: not those that it was written with, or without a seal, as earlier versions wrote it. */
  readonly axesAre?: 'altered' | 'unsealed';
  /** Where a bug came up, from the process that saw it: kept with the record of the failure, not in the table. */
  readonly stack?: string;
}

/** A value of an axis as `axisText` wrote it. */
export function axisValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Axis values keep their JSON form; text stands as it is, unless it would read back as something else. */
export const axisText = (value: Json) =>
  typeof value === 'string' && axisValue(value) === value ? value : JSON.stringify(value);

const SEAL_LENGTH = 16;

/** Of the values of the axes: those of two runs cannot change places. */
const sealOfAxes = (id: string, axes: readonly string[], values: RunRow['axes']) =>
  sealOf([id, ...axes.map((axis) => [axis, axisText(values[axis])])]).slice(0, SEAL_LENGTH);

export function runsTableHeader(axes: readonly string[]): string {
  const measured = ['seed', 'status', 'steps', 'trajectory', 'seconds', 'label', 'message', 'seal'];
  const names = ['id', ...axes.map(axisColumn), ...measured];
  return `${names.map(textCell).join(',')}\n`;
}

export function runsTableRow(axes: readonly string[], row: RunRow): string {
  const seconds = Number.isFinite(row.seconds) ? row.seconds.toFixed(3) : '';
  const cells = [
    row.id,
    ...axes.map((axis) => axisText(row.axes[axis])),
    String(row.seed),
    row.status,
    String(row.steps),
    row.trajectory ?? '',
    seconds,
    row.label,
    row.message,
    sealOfAxes(row.id, axes, row.axes),
  ];
  return `${cells.map(textCell).join(',')}\n`;
}

export function formatRunsTable(axes: readonly string[], rows: readonly RunRow[]): string {
  return runsTableHeader(axes) + rows.map((row) => runsTableRow(axes, row)).join('');
}

/** How a run may have ended, as a table says it. */
const STATUSES: ReadonlySet<string> = new Set<RunStatus>(['completed', 'diverged', 'saturated', 'failed']);

/** Lines below the header, whether or not they can be read. */
export const countLines = (text: string) => Math.max(0, parseOwnCsv(text).length - 1);

/**
 * Rows that can be read; a line cut off by a killed process, of another set of axes, or with a status that no run ends
 * with, is left out: what it is about is then found in the file of its run.
 */
export const parseRunsTable = (text: string, axes: readonly string[]): RunRow[] => findRunsTable(text, axes) ?? [];

/** As `parseRunsTable`, but undefined where the text has no header of a table over these axes. */
export function findRunsTable(text: string, axes: readonly string[]): RunRow[] | undefined {
  const [header = [], ...body] = parseOwnCsv(text);
  const column = new Map(header.map((name, i) => [name, i]));
  // Older tables name every axis by its path, before a column of their own that may have the same name.
  const places = axes.map((axis) => column.get(axisColumn(axis)) ?? header.indexOf(axis));
  if (places.includes(-1) || !['id', 'seed', 'status', 'steps'].every((name) => column.has(name))) return undefined;
  return body
    .filter((cells) => cells.length === header.length)
    .map((cells) => {
      const at = (name: string) => cells[column.get(name) ?? -1] ?? '';
      const values = Object.fromEntries(axes.map((axis, i) => [axis, axisValue(cells[places[i]])]));
      const axesAre: RunRow['axesAre'] = !column.has('seal')
        ? 'unsealed'
        : at('seal') === sealOfAxes(at('id'), axes, values)
          ? undefined
          : 'altered';
      return {
        id: at('id'),
        axes: values,
        seed: Number(at('seed')),
        status: at('status') as RunStatus,
        steps: Number(at('steps')),
        ...(at('trajectory') === '' ? {} : { trajectory: at('trajectory') }),
        seconds: at('seconds') === '' ? Number.NaN : Number(at('seconds')),
        label: at('label'),
        message: at('message'),
        ...(axesAre && { axesAre }),
      };
    })
    .filter(({ status }) => STATUSES.has(status));
}
