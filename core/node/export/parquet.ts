// Writes the long table as Parquet, a row group at a time.
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Json } from '../../parameters/check.js';
import { MARKER } from './dataset.js';
import { LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

type ColumnType = 'STRING' | 'DOUBLE' | 'INT32' | 'INT64';
type DecodedArray = ColumnSource['data'];
type Cell = string | number | bigint;

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly cell: (frame: LongFrame, element: number) => Cell;
}

/** Large enough for readers, small enough to stay at some 50 MB while a group is encoded. */
const ROWS_PER_GROUP = 50_000;

/** @param path of a file that does not exist yet */
export async function writeParquet(grid: RunGrid, path: string): Promise<void> {
  const columns = longColumns(grid);
  const group = columns.map(({ type }) => emptyColumn(type));
  const source = (count: number) => columns.map(({ name }, i) => ({ name, data: group[i].slice(0, count) }));
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, type }) => ({ name, type, nullable: false, data: [] })),
  });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema,
    kvMetadata: [{ key: MARKER, value: '1' }],
    createdBy: `eigenflow ${grid.manifest.versions.eigenflow}`,
  });
  let count = 0;
  for (const frame of longFrames(grid)) {
    for (let element = 0; element < frame.values.length; element++) {
      for (let i = 0; i < columns.length; i++) group[i][count] = columns[i].cell(frame, element);
      count += 1;
      if (count < ROWS_PER_GROUP) continue;
      await writer.write({ columnData: source(count), rowGroupSize: ROWS_PER_GROUP });
      count = 0;
    }
  }
  if (count > 0) await writer.write({ columnData: source(count), rowGroupSize: ROWS_PER_GROUP });
  await writer.finish();
}

/** One row group of a column, filled in place; typed where the format has a type. */
function emptyColumn(type: ColumnType): { [row: number]: Cell; slice(from: number, to: number): DecodedArray } {
  if (type === 'DOUBLE') return new Float64Array(ROWS_PER_GROUP) as never;
  if (type === 'INT32') return new Int32Array(ROWS_PER_GROUP) as never;
  return new Array<Cell>(ROWS_PER_GROUP);
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
