// runs.csv beside the files of the runs: it is made from them and carries no checksum, so where they differ it is wrong.
import { existsSync } from 'node:fs';
import type { RunStatus } from '../../core/contracts/classifier.js';
import { writeFileAtomicSync } from '../files/atomic-file.js';
import type { NpzArrays } from '../files/npz.js';
import { readPlainFile } from '../files/plain-file.js';
import { attempt, damaged, type Fault, type Finding, unread } from './finding.js';
import { countLines, formatRunsTable, parseRunsTable, type RunRow } from './runs-table.js';
import { readRows, tablePath } from './stored-rows.js';

/** What a run file says of its run. */
export type Ending = Pick<RunRow, 'status' | 'steps' | 'seed'>;

export function endingOf(arrays: NpzArrays): Ending {
  const number = (name: string) => (arrays.has(name) ? arrays.get(name).data[0] : Number.NaN);
  return {
    status: arrays.text('run.status') as RunStatus,
    steps: number('run.steps'),
    seed: number('run.seed'),
  };
}

const sayEnding = ({ status, steps, seed }: Ending) => `${status} after ${steps} steps, seed ${seed}`;

export interface Table {
  readonly rows: readonly RunRow[];
  readonly fault?: Fault;
}

export function readTable(folder: string, axes: readonly string[]): Table {
  if (!existsSync(tablePath(folder))) return { rows: [] };
  const read = attempt(() => readPlainFile(tablePath(folder)).toString());
  if ('failed' in read) return { rows: [], fault: unread(read.failed) };
  const rows = parseRunsTable(read.done, axes);
  const lines = countLines(read.done) - rows.length;
  if (lines === 0) return { rows };
  return { rows, fault: damaged(`${lines} of its lines cannot be read; the same run command writes them again`) };
}

/** Runs that somebody has noted as part of the sweep, or undefined when nobody has noted any. */
export function notedRuns(
  folder: string,
  axes: readonly string[],
  rows: readonly RunRow[],
): ReadonlySet<string> | undefined {
  const noted = attempt(() => [...readRows(folder, axes).keys()]);
  const ids = [...rows.map(({ id }) => id), ...('done' in noted ? noted.done : [])];
  return ids.length === 0 ? undefined : new Set(ids);
}

function replaceTable(folder: string, axes: readonly string[], rows: readonly RunRow[]): void {
  writeFileAtomicSync(tablePath(folder), formatRunsTable(axes, rows));
}

/** Corrects the rows that say something else than the files. @param mayWrite false: only tells */
export function compareTable(
  folder: string,
  axes: readonly string[],
  { rows }: Table,
  endings: ReadonlyMap<string, Ending>,
  mayWrite: boolean,
): Finding[] {
  const wrong = rows.flatMap((row) => {
    const ending = endings.get(row.id);
    if (ending === undefined || row.status === 'failed') return [];
    const { status, steps, seed } = row;
    const said = sayEnding({ status, steps, seed });
    return said === sayEnding(ending) ? [] : [{ id: row.id, said, ending }];
  });
  if (wrong.length === 0) return [];
  const right = new Map(wrong.map(({ id, ending }) => [id, ending]));
  const written = mayWrite
    ? attempt(() =>
        replaceTable(
          folder,
          axes,
          rows.map((row) => ({ ...row, ...right.get(row.id) })),
        ),
      )
    : undefined;
  const remedy =
    written === undefined
      ? '; "eigenflow verify" without --dry-run, while no process computes here, corrects it'
      : 'failed' in written
        ? `; it cannot be corrected: ${written.failed}`
        : '';
  return wrong.map(({ id, said, ending }) => ({
    path: 'runs.csv',
    kind: 'damaged',
    reason: `says of the run ${id}: ${said}; its file says: ${sayEnding(ending)}${remedy}`,
    corrected: written !== undefined && 'done' in written,
  }));
}
