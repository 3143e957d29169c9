// runs.csv beside the files of the runs, from which it is made: where they differ it is wrong. What the files do not say, the
// axes, every row seals.
import type { RunStatus } from '../../core/contracts/classifier.js';
import { isHeld, readHeld, writeHeldNow } from '../files/held-files.js';
import type { NpzArrays } from '../files/npz.js';
import { attempt, damaged, type Fault, type Finding, unread } from './finding.js';
import { countLines, formatRunsTable, parseRunsTable, type RunRow } from './runs-table.js';
import { readRows, tablePath } from './stored-rows.js';

/** What a run file says of its run. */
export type Ending = Pick<RunRow, 'status' | 'steps' | 'seed' | 'trajectory'>;

export function endingOf(arrays: NpzArrays): Ending {
  const number = (name: string) => (arrays.has(name) ? arrays.get(name).data[0] : Number.NaN);
  return {
    status: arrays.text('run.status') as RunStatus,
    steps: number('run.steps'),
    seed: number('run.seed'),
    ...(arrays.has('run.trajectory') ? { trajectory: arrays.text('run.trajectory') } : {}),
  };
}

const sayEnding = ({ status, steps, seed }: Ending) => `${status} after ${steps} steps, seed ${seed}`;

/** Said where it alone differs; older tables and files have none. */
const sayTrajectory = ({ trajectory }: Ending) => `trajectory ${trajectory}`;

export interface Table {
  readonly rows: readonly RunRow[];
  readonly fault?: Fault;
}

export function readTable(folder: string, axes: readonly string[]): Table {
  if (!isHeld(folder, tablePath(folder))) return { rows: [] };
  const read = attempt(() => readHeld(folder, tablePath(folder)).toString());
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
  writeHeldNow(folder, tablePath(folder), formatRunsTable(axes, rows));
}

/** The scenario knows the right values, and no plugin of the folder is loaded here. */
const alteredAxes = (folder: string, id: string): Finding => ({
  path: 'runs.csv',
  kind: 'damaged',
  reason:
    `says of the run ${id} other axes than were written there; ` +
    `"eigenflow run ${folder}" writes them again from the scenario, and computes no stored run`,
});

interface WrongEnding {
  readonly id: string;
  /** By the table, and by the file. */
  readonly said: string;
  readonly held: string;
  readonly ending: Ending;
}

/** In a table of which more is wrong nothing is corrected: what is written again is sealed again. */
const leftWrong = ({ id, said, held }: WrongEnding): Finding => ({
  path: 'runs.csv',
  kind: 'damaged',
  reason: `says of the run ${id}: ${said}; its file says: ${held}`,
});

/** Corrects the rows that say something else than the files. @param mayWrite false: only tells */
export function compareTable(
  folder: string,
  axes: readonly string[],
  { rows }: Table,
  endings: ReadonlyMap<string, Ending>,
  mayWrite: boolean,
): Finding[] {
  const wrong = rows.flatMap((row): WrongEnding[] => {
    const ending = endings.get(row.id);
    if (ending === undefined || row.status === 'failed') return [];
    const told = [sayEnding, ...(row.trajectory && ending.trajectory ? [sayTrajectory] : [])];
    const other = told.find((say) => say(row) !== say(ending));
    return other ? [{ id: row.id, said: other(row), held: other(ending), ending }] : [];
  });
  const altered = rows.filter(({ axesAre }) => axesAre === 'altered');
  if (altered.length > 0) return [...altered.map(({ id }) => alteredAxes(folder, id)), ...wrong.map(leftWrong)];
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
  return wrong.map(({ id, said, held }) => ({
    path: 'runs.csv',
    kind: 'damaged',
    reason: `says of the run ${id}: ${said}; its file says: ${held}${remedy}`,
    corrected: written !== undefined && 'done' in written,
  }));
}
