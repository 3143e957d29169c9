// Writes the long table as CSV. With pandas, `float_precision='round_trip'` gives back every bit.
import { dirname } from 'node:path';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import { writePartsHeld } from '../../node/files/held-files.js';
import { type Check, checkSize } from '../../node/files/output.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { COPY_OF, hasCopies, LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

/** @param path of a file that does not exist yet */
export async function writeCsv(grid: RunGrid, path: string): Promise<Check> {
  const bytes = await writePartsHeld(dirname(path), path, csvParts(grid));
  return () => checkSize(path, bytes);
}

/** In parts: of a long sweep, the whole does not fit into memory. A part is overwritten once the next one is asked for. */
function* csvParts(grid: RunGrid): Generator<Uint8Array> {
  const axes = grid.manifest.axes.map(({ name }) => name);
  const marked = hasCopies(grid);
  const lines = new LineBuffer();
  const header = ['run', ...axes.map(axisColumn), ...(marked ? [COPY_OF] : []), ...LONG_COLUMNS];
  yield* lines.add(header.slice(0, -2).map(textCell).join(','), [header[header.length - 2]], header.slice(-1));
  for (const frame of longFrames(grid)) yield* lines.add(rowPrefix(frame, axes, marked), frame.indices, frame.values);
  yield* lines.flush();
}

const BUFFER_BYTES = 2 ** 22;
const [COMMA, NEWLINE] = [0x2c, 0x0a];

/** Lines that begin alike, put together as bytes: as text, each would be copied several times. */
class LineBuffer {
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;

  /** One line for each value; gives out what is full. @param indices in ASCII */
  *add(beginning: string, indices: readonly string[], values: ArrayLike<number | string>): Generator<Uint8Array> {
    const start = Buffer.from(`${beginning},`);
    for (let i = 0; i < values.length; ) {
      i = this.#fill(start, indices, values, i);
      if (i === values.length) return;
      yield* this.flush();
      const room = start.length + indices[i].length + cellOf(values[i]).length + 2;
      if (room > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(room);
    }
  }

  /** @returns the first line from `i` on for which there is no room */
  #fill(start: Buffer, indices: readonly string[], values: ArrayLike<number | string>, i: number): number {
    for (; i < values.length; i++) {
      const cell = cellOf(values[i]);
      if (this.#used + start.length + indices[i].length + cell.length + 2 > this.#buffer.length) break;
      this.#buffer.set(start, this.#used);
      this.#used = this.#ascii(indices[i], this.#used + start.length);
      this.#buffer[this.#used++] = COMMA;
      this.#used = this.#ascii(cell, this.#used);
      this.#buffer[this.#used++] = NEWLINE;
    }
    return i;
  }

  /** @returns the place after it */
  #ascii(text: string, at: number): number {
    const { length } = text;
    for (let i = 0; i < length; i++) this.#buffer[at + i] = text.charCodeAt(i);
    return at + length;
  }

  *flush(): Generator<Uint8Array> {
    yield this.#buffer.subarray(0, this.#used);
    this.#used = 0;
  }
}

const cellOf = (value: number | string) => (typeof value === 'number' ? numberCell(value) : value);

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
  return cells.join(',');
}
