// Writes the long table as Parquet, a row group at a time.
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type Check, checkSize } from '../../node/files/atomic-file.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { MARKER } from './dataset.js';
import { COPY_OF, hasCopies, LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

/** Large enough for readers, small enough to stay at some 50 MB while a group is encoded. */
const ROWS_PER_GROUP = 50_000;

/** A column with the storage of one row group, filled in place. */
interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'DOUBLE' | 'INT32' | 'INT64';
  readonly rows: ColumnSource['data'];
  put(row: number, frame: LongFrame, element: number): void;
}

/** @param path of a file that does not exist yet */
export async function writeParquet(grid: RunGrid, path: string): Promise<Check> {
  const columns = longColumns(grid);
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, type }) => ({ name, type, nullable: false, data: [] })),
  });
  const file = fileWriter(path);
  const writer = new ParquetWriter({
    writer: file,
    schema,
    kvMetadata: [{ key: MARKER, value: '1' }],
    createdBy: `eigenflow ${grid.manifest.versions.eigenflow}`,
  });
  const writeGroup = (count: number) =>
    writer.write({
      columnData: columns.map(({ name, rows }) => ({ name, data: rows.slice(0, count) })),
      rowGroupSize: ROWS_PER_GROUP,
    });
  let count = 0;
  for (const frame of longFrames(grid)) {
    for (let element = 0; element < frame.values.length; element++) {
      for (const column of columns) column.put(count, frame, element);
      count += 1;
      if (count < ROWS_PER_GROUP) continue;
      await writeGroup(count);
      count = 0;
    }
  }
  if (count > 0) await writeGroup(count);
  await writer.finish();
  return () => checkSize(path, file.offset);
}

function longColumns(grid: RunGrid): Column[] {
  const { axes } = grid.manifest;
  const measured: Record<(typeof LONG_COLUMNS)[number], (name: string) => Column> = {
    seed: (name) => integers(name, ({ run }) => run.seed),
    status: (name) => texts(name, ({ run }) => run.status),
    channel: (name) => texts(name, ({ channel }) => channel),
    frame: (name) => integers(name, ({ frame }) => frame),
    step: (name) => longIntegers(name, ({ step }) => step),
    epoch: (name) => doubles(name, ({ epoch }) => epoch),
    time: (name) => doubles(name, ({ time }) => time),
    index: (name) => texts(name, ({ indices }, element) => indices[element]),
    value: (name) => doubles(name, ({ values }, element) => values[element]),
  };
  return [
    texts('run', ({ run }) => run.id),
    ...axes.map(({ name, values }) => {
      const title = axisColumn(name);
      if (values.every((value) => typeof value === 'number'))
        return doubles(title, ({ run }) => Number(run.axes[name]));
      return texts(title, ({ run }) => {
        const value = run.axes[name];
        return typeof value === 'string' ? value : JSON.stringify(value);
      });
    }),
    ...(hasCopies(grid) ? [doubles(COPY_OF, ({ run }) => run.copyOf ?? Number.NaN)] : []),
    ...LONG_COLUMNS.map((name) => measured[name](name)),
  ];
}

type CellOf<T> = (frame: LongFrame, element: number) => T;

const doubles = (name: string, cell: CellOf<number>) => column(name, 'DOUBLE', new Float64Array(ROWS_PER_GROUP), cell);
const integers = (name: string, cell: CellOf<number>) => column(name, 'INT32', new Int32Array(ROWS_PER_GROUP), cell);
const texts = (name: string, cell: CellOf<string>) => column(name, 'STRING', new Array<string>(ROWS_PER_GROUP), cell);
const longIntegers = (name: string, cell: CellOf<number>) =>
  column(name, 'INT64', new BigInt64Array(ROWS_PER_GROUP), (frame, element) => BigInt(cell(frame, element)));

function column<T>(
  name: string,
  type: Column['type'],
  rows: Column['rows'] & { [row: number]: T },
  cell: CellOf<T>,
): Column {
  return {
    name,
    type,
    rows,
    put(row, frame, element) {
      rows[row] = cell(frame, element);
    },
  };
}
