// Writes the long table as Parquet, a row group at a time. All columns but two change from frame to frame at most: they are
// written as runs of equal values, so that a row costs its number and its place in the frame.
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type Check, checkSize } from '../../node/files/output.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { MARKER } from './dataset.js';
import { COPY_OF, hasCopies, LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import { ParquetColumns, type RunColumn } from './parquet-columns.js';
import type { RunGrid } from './run-grid.js';

/** @param path of a file that does not exist yet */
export async function writeParquet(grid: RunGrid, path: string): Promise<Check> {
  const columns = new ParquetColumns(columnsBeforeIndex(grid));
  const columnData: ColumnSource[] = columns.described.map(({ name, type }) => ({
    name,
    type,
    nullable: false,
    data: [],
  }));
  const schema = schemaFromColumnData({ columnData });
  const file = fileWriter(path);
  const writer = new ParquetWriter({
    writer: file,
    schema,
    kvMetadata: [{ key: MARKER, value: '1' }],
    createdBy: `eigenflow ${grid.manifest.versions.eigenflow}`,
  });
  for (const frame of longFrames(grid)) {
    for (let done = 0; done < frame.values.length; ) {
      done += columns.add(frame, done);
      if (columns.isFull) columns.writeGroup(writer, schema.slice(1));
    }
  }
  columns.writeGroup(writer, schema.slice(1));
  await writer.finish();
  return () => checkSize(path, file.offset);
}

type Cell = (frame: LongFrame) => string | number | bigint;

/** The last two columns are `index` and `value`, whose cells differ within a frame. */
function columnsBeforeIndex(grid: RunGrid): RunColumn[] {
  const text = (name: string, cell: Cell): RunColumn => ({ name, type: 'STRING', cell });
  const double = (name: string, cell: Cell): RunColumn => ({ name, type: 'DOUBLE', cell });
  const integer = (name: string, cell: Cell): RunColumn => ({ name, type: 'INT32', cell });
  const measured: Record<Exclude<(typeof LONG_COLUMNS)[number], 'index' | 'value'>, (name: string) => RunColumn> = {
    seed: (name) => integer(name, ({ run }) => run.seed),
    status: (name) => text(name, ({ run }) => run.status),
    channel: (name) => text(name, ({ channel }) => channel),
    frame: (name) => integer(name, ({ frame }) => frame),
    step: (name) => ({ name, type: 'INT64', cell: ({ step }) => BigInt(step) }),
    epoch: (name) => double(name, ({ epoch }) => epoch),
    time: (name) => double(name, ({ time }) => time),
  };
  return [
    text('run', ({ run }) => run.id),
    ...grid.manifest.axes.map(({ name, values }) => {
      const title = axisColumn(name);
      if (values.every((value) => typeof value === 'number')) return double(title, ({ run }) => Number(run.axes[name]));
      return text(title, ({ run }) => {
        const value = run.axes[name];
        return typeof value === 'string' ? value : JSON.stringify(value);
      });
    }),
    ...(hasCopies(grid) ? [double(COPY_OF, ({ run }) => run.copyOf ?? Number.NaN)] : []),
    ...LONG_COLUMNS.flatMap((name) => (name === 'index' || name === 'value' ? [] : [measured[name](name)])),
  ];
}
