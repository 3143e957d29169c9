// Writes the long table as CSV. With pandas, `float_precision='round_trip'` gives back every bit.
import { type FileHandle, open } from 'node:fs/promises';
import { type Check, checkSize } from '../../node/files/atomic-file.js';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import { axisColumn } from '../../node/results/axis-column.js';
import { COPY_OF, hasCopies, LONG_COLUMNS, type LongFrame, longFrames } from './long-table.js';
import type { RunGrid } from './run-grid.js';

/** @param path of a file that does not exist yet */
export async function writeCsv(grid: RunGrid, path: string): Promise<Check> {
  const axes = grid.manifest.axes.map(({ name }) => name);
  const marked = hasCopies(grid);
  const file = await open(path, 'wx');
  try {
    const lines = new LineWriter(file);
    const header = ['run', ...axes.map(axisColumn), ...(marked ? [COPY_OF] : []), ...LONG_COLUMNS];
    await lines.write(header.slice(0, -2).map(textCell).join(','), [header[header.length - 2]], header.slice(-1));
    for (const frame of longFrames(grid))
      await lines.write(rowPrefix(frame, axes, marked), frame.indices, frame.values);
    await lines.flush();
    return () => checkSize(path, lines.bytes);
  } finally {
    await file.close();
  }
}

const BUFFER_BYTES = 2 ** 22;
const [COMMA, NEWLINE] = [0x2c, 0x0a];

/** Lines that begin alike, put together as bytes: as text, each would be copied several times. */
class LineWriter {
  readonly #file: FileHandle;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  /** Given to the system so far. */
  bytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** One line for each value. @param indices in ASCII */
  async write(beginning: string, indices: readonly string[], values: ArrayLike<number | string>): Promise<void> {
    const start = Buffer.from(`${beginning},`);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const cell = typeof value === 'number' ? numberCell(value) : value;
      const room = start.length + indices[i].length + cell.length + 2;
      if (this.#used + room > this.#buffer.length) await this.flush(room);
      this.#buffer.set(start, this.#used);
      this.#used = this.#ascii(indices[i], this.#used + start.length);
      this.#buffer[this.#used++] = COMMA;
      this.#used = this.#ascii(cell, this.#used);
      this.#buffer[this.#used++] = NEWLINE;
    }
  }

  /** @returns the place after it */
  #ascii(text: string, at: number): number {
    const { length } = text;
    for (let i = 0; i < length; i++) this.#buffer[at + i] = text.charCodeAt(i);
    return at + length;
  }

  /** @param room bytes that are to come next */
  async flush(room = 0): Promise<void> {
    await this.#file.writeFile(this.#buffer.subarray(0, this.#used));
    this.bytes += this.#used;
    this.#used = 0;
    if (room > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(room);
  }
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
  return cells.join(',');
}
