// The columns of a row group of Parquet, encoded from frames. Source of the format: github.com/apache/parquet-format
// (Encodings.md: PLAIN, RLE_DICTIONARY; parquet.thrift: data page 2).
import type { ParquetWriter } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { LongFrame } from './long-table.js';

type Value = string | number | bigint;
type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];
type Encoding = 'PLAIN' | 'RLE_DICTIONARY';

/** A column whose cells are the same over a frame. */
export interface RunColumn {
  readonly name: string;
  readonly type: 'STRING' | 'DOUBLE' | 'INT32' | 'INT64';
  cell(frame: LongFrame): Value;
}

/** Large enough for readers, small enough to stay at some megabytes while a group is encoded. */
const ROWS_PER_GROUP = 50_000;

/** Distinct values, in the order in which they come. */
class Dictionary {
  readonly #places = new Map<Value, number>();

  /** 0 and -0 are two values, whose bits differ. */
  placeOf(value: Value): number {
    const key = Object.is(value, -0) ? 'minus zero' : value;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(key, place);
    }
    return place;
  }

  values = (): Value[] => [...this.#places.keys()].map((key) => (key === 'minus zero' ? -0 : key));

  get bitWidth(): number {
    let width = 0;
    for (let held = 1; held < this.#places.size; held *= 2) width += 1;
    return width;
  }
}

/** Places in a dictionary as runs of equal ones. */
class Runs {
  readonly dictionary = new Dictionary();
  readonly #places: number[] = [];
  readonly #counts: number[] = [];

  add(value: Value, count: number): void {
    const place = this.dictionary.placeOf(value);
    if (this.#places.at(-1) === place) this.#counts[this.#counts.length - 1] += count;
    else {
      this.#places.push(place);
      this.#counts.push(count);
    }
  }

  write(page: ByteWriter): void {
    const { bitWidth } = this.dictionary;
    page.appendUint8(bitWidth);
    this.#places.forEach((place, i) => {
      page.appendVarInt(2 * this.#counts[i]);
      for (let bits = 0; bits < bitWidth; bits += 8) page.appendUint8((place >> bits) & 0xff);
    });
  }
}

/** Rows that wait for their group to be written. */
export class ParquetColumns {
  readonly described: readonly Pick<RunColumn, 'name' | 'type'>[];
  readonly #columns: readonly RunColumn[];
  readonly #values = new Float64Array(ROWS_PER_GROUP);
  readonly #places = new Int32Array(ROWS_PER_GROUP);
  #runs: Runs[] = [];
  #indices = new Dictionary();
  #rows = 0;

  constructor(columns: readonly RunColumn[]) {
    this.#columns = columns;
    this.described = [...columns, { name: 'index', type: 'STRING' }, { name: 'value', type: 'DOUBLE' }];
    this.#clear();
  }

  #clear(): void {
    this.#runs = this.#columns.map(() => new Runs());
    this.#indices = new Dictionary();
    this.#rows = 0;
  }

  get isFull(): boolean {
    return this.#rows === ROWS_PER_GROUP;
  }

  /** Takes elements of a frame until the group is full. @returns how many */
  add(frame: LongFrame, from: number): number {
    const count = Math.min(ROWS_PER_GROUP - this.#rows, frame.values.length - from);
    this.#columns.forEach((column, i) => {
      this.#runs[i].add(column.cell(frame), count);
    });
    this.#values.set(frame.values.subarray(from, from + count), this.#rows);
    for (let i = 0; i < count; i++) this.#places[this.#rows + i] = this.#indices.placeOf(frame.indices[from + i]);
    this.#rows += count;
    return count;
  }

  /** @param schema of the columns */
  writeGroup(to: ParquetWriter, schema: Schema): void {
    if (this.#rows === 0) return;
    const start = to.writer.offset;
    const values = this.#values.subarray(0, this.#rows);
    const columns = [
      ...this.#runs.map((runs, i) =>
        writeChunk(to, schema[i], this.#rows, runs.dictionary.values(), (page) => runs.write(page)),
      ),
      writeChunk(to, schema[schema.length - 2], this.#rows, this.#indices.values(), (page) => {
        page.appendUint8(this.#indices.bitWidth);
        writeRleBitPackedHybrid(page, this.#places.subarray(0, this.#rows), this.#indices.bitWidth);
      }),
      writeChunk(to, schema[schema.length - 1], this.#rows, undefined, (page) =>
        page.appendBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
      ),
    ];
    to.row_groups.push({
      columns,
      total_byte_size: columns.reduce((sum, { meta_data }) => sum + meta_data.total_uncompressed_size, 0n),
      num_rows: BigInt(this.#rows),
      total_compressed_size: BigInt(to.writer.offset - start),
    });
    to.num_rows += BigInt(this.#rows);
    this.#clear();
  }
}

/** @param dictionary undefined for a page of plain values */
function writeChunk(
  { writer }: ParquetWriter,
  { name, type }: Schema[number],
  rows: number,
  dictionary: Value[] | undefined,
  write: (page: ByteWriter) => void,
) {
  if (type === undefined) throw new TypeError(`column ${name} has no type`);
  const start = writer.offset;
  let unpacked = 0;
  /** @returns where the page begins */
  const addPage = (fill: (page: ByteWriter) => void, header: (sizes: PageSizes) => Header): bigint => {
    const page = new ByteWriter();
    fill(page);
    const bytes = page.getBytes();
    const packed = snappyCompress(bytes);
    const begin = writer.offset;
    writePageHeader(writer, header({ uncompressed_page_size: bytes.length, compressed_page_size: packed.length }));
    unpacked += writer.offset - begin + bytes.length;
    writer.appendBytes(packed);
    return BigInt(begin);
  };
  const encoding: Encoding = dictionary ? 'RLE_DICTIONARY' : 'PLAIN';
  const dictionaryAt =
    dictionary &&
    addPage(
      (page) => writePlain(page, dictionary, type, undefined),
      (sizes) => ({
        type: 'DICTIONARY_PAGE',
        ...sizes,
        dictionary_page_header: { num_values: dictionary.length, encoding: 'PLAIN' },
      }),
    );
  const dataAt = addPage(write, (sizes) => ({
    type: 'DATA_PAGE_V2',
    ...sizes,
    data_page_header_v2: {
      ...{ num_values: rows, num_nulls: 0, num_rows: rows, encoding },
      // Every cell has a value: there are no levels.
      ...{ definition_levels_byte_length: 0, repetition_levels_byte_length: 0, is_compressed: true },
    },
  }));
  return {
    file_offset: BigInt(start),
    meta_data: {
      type,
      encodings: dictionary ? ['PLAIN' as const, encoding] : [encoding],
      path_in_schema: [name],
      codec: 'SNAPPY' as const,
      num_values: BigInt(rows),
      total_compressed_size: BigInt(writer.offset - start),
      total_uncompressed_size: BigInt(unpacked),
      data_page_offset: dataAt,
      dictionary_page_offset: dictionaryAt,
      ...(dictionary && { statistics: extremes(dictionary) }),
    },
  };
}

type Header = Parameters<typeof writePageHeader>[1];
type PageSizes = Pick<Header, 'uncompressed_page_size' | 'compressed_page_size'>;

/** By which readers leave groups out; NaN has no place in an order. */
function extremes(values: readonly Value[]) {
  const compare = (a: Value, b: Value) =>
    typeof a === 'string' && typeof b === 'string'
      ? Buffer.compare(Buffer.from(a), Buffer.from(b))
      : a < b
        ? -1
        : +(a > b);
  const ordered = values.filter((value) => !Number.isNaN(value)).sort(compare);
  if (ordered.length === 0) return { null_count: 0n };
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  // The format asks for -0 as the least and 0 as the largest.
  return { min_value: least === 0 ? -0 : least, max_value: most === 0 ? 0 : most, null_count: 0n };
}
