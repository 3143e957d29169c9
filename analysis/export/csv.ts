// Writes the long table as CSV. With pandas, `float_precision='round_trip'` gives back every bit.
import { dirname } from 'node:path';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import { writePartsHeld } from '../../node/files/held-files.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { COPY_OF, hasCopies, LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

const BUFFER_CHARACTERS = 2 ** 20;

/** @param path of a file that does not exist yet */
export const writeCsv = (grid: RunGrid, path: string): Promise<void> =>
  writePartsHeld(dirname(path), path, csvParts(grid));

/** The text in parts: of a long sweep, the whole does not fit into memory. */
function* csvParts(grid: RunGrid): Generator<string> {
  const axes = grid.manifest.axes.map(({ name }) => name);
  const marked = hasCopies(grid);
  let buffer = `${['run', ...axes.map(axisColumn), ...(marked ? [COPY_OF] : []), ...LONG_COLUMNS].map(textCell).join(',')}\n`;
  for (const frame of longFrames(grid)) {
    const prefix = rowPrefix(frame, axes, marked);
    for (let i = 0; i < frame.values.length; i++) {
      buffer += `${prefix}${frame.indices[i]},${numberCell(frame.values[i])}\n`;
      if (buffer.length < BUFFER_CHARACTERS) continue;
      yield buffer;
      buffer = '';
    }
  }
  yield buffer;
}

function rowPrefix(
  { run, channel, frame, step, epoch, time }: LongFrame,
  axes: readonly string[],
  marked: boolean,
): string {
  const values = axes.map((axis) => run.axes[axis]);
  const cells = [
    textCell(run.id),
    ...values.map((value) => {
      if (typeof value === 'number') return numberCell(value);
      return textCell(typeof value === 'string' ? value : JSON.stringify(value));
    }),
    ...(marked ? [String(run.copyOf ?? '')] : []),
    String(run.seed),
    run.status,
    textCell(channel),
    String(frame),
    ...[step, epoch, time].map(numberCell),
  ];
  return `${cells.join(',')},`;
}
