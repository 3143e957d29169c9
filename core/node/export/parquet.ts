// Writes the long table as Parquet, a row group at a time.
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Json } from '../../parameters/check.js';
import { MARKER } from './dataset.js';
import { LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

type ColumnType = 'STRING' | 'DOUBLE' | 'INT32' | 'INT64';
type Cell = string | number | bigint;

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly cell: (frame: LongFrame, element: number) => Cell;
}

/** Large enough for readers, small enough to stay at some 50 MB while a group is encoded. */
const ROWS_PER_GROUP = 100_000;

/** @param path of a file that does not exist yet */
export async function writeParquet(grid: RunGrid, path: string): Promise<void> {
  const columns = longColumns(grid);
  let rows = emptyGroup(columns);
  let count = 0;
  const source = () =>
    columns.map(({ name, type }, i) => ({ name, type, nullable: false, data: group(type, rows[i], count) }));
  const schema = schemaFromColumnData({ columnData: source() });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema,
    kvMetadata: [{ key: MARKER, value: '1' }],
    createdBy: `eigenflow ${grid.manifest.versions.eigenflow}`,
  });
  const flush = async () => {
    // The schema above has the types; naming them again is refused.
    const columnData = source().map(({ name, data }) => ({ name, data }));
    await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    rows = emptyGroup(columns);
    count = 0;
  };
  for (const frame of longFrames(grid)) {
    for (let element = 0; element < frame.values.length; element++) {
      for (let i = 0; i < columns.length; i++) rows[i][count] = columns[i].cell(frame, element);
      count += 1;
      if (count === ROWS_PER_GROUP) await flush();
    }
  }
  if (count > 0) await flush();
  await writer.finish();
}

function longColumns({ manifest }: RunGrid): Column[] {
  const measured: Record<(typeof LONG_COLUMNS)[number], Omit<Column, 'name'>> = {
    seed: { type: 'INT32', cell: ({ run }) => run.seed },
    status: { type: 'STRING', cell: ({ run }) => run.status },
    channel: { type: 'STRING', cell: ({ channel }) => channel },
    frame: { type: 'INT32', cell: ({ frame }) => frame },
    step: { type: 'INT64', cell: ({ step }) => BigInt(step) },
    epoch: { type: 'DOUBLE', cell: ({ epoch }) => epoch },
    time: { type: 'DOUBLE', cell: ({ time }) => time },
    index: { type: 'STRING', cell: ({ indices }, element) => indices[element] },
    value: { type: 'DOUBLE', cell: ({ values }, element) => values[element] },
  };
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value));
  const axes = manifest.axes.map(({ name, values }): Column => {
    if (values.every((value) => typeof value === 'number')) {
      return { name, type: 'DOUBLE', cell: ({ run }) => Number(run.axes[name]) };
    }
    return { name, type: 'STRING', cell: ({ run }) => text(run.axes[name]) };
  });
  return [
    { name: 'run', type: 'STRING', cell: ({ run }) => run.id },
    ...axes,
    ...LONG_COLUMNS.map((name) => ({ name, ...measured[name] })),
  ];
}

function emptyGroup(columns: readonly Column[]): Cell[][] {
  return columns.map(() => []);
}

/** Typed arrays where the format has a type: they encode faster than lists. */
function group(type: ColumnType, cells: readonly Cell[], count: number): Float64Array | Int32Array | Cell[] {
  if (type === 'DOUBLE') return Float64Array.from(cells.slice(0, count) as number[]);
  if (type === 'INT32') return Int32Array.from(cells.slice(0, count) as number[]);
  return cells.slice(0, count);
}
