// The header of a `.safetensors` file: JSON that names arrays, their types, shapes and places. Everything in it is
// checked against the length of the file before it is used.
import { EigenflowError } from '../../core/errors.js';
import { isTree } from '../../core/schema/schema.js';
import { foreignContent, HEAD_BYTES } from './foreign-file.js';

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Elements. */
  readonly count: number;
  /** Place in the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** The format's own limit. */
export const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 64;
const PREAMBLE = 8;

/** Bytes of an element of every type that the format knows; only real floats are read. */
const ITEM_BYTES: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1, C64: 8, BOOL: 1 },
  ...{ I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1 },
};

/** Part of a file, of exactly this length. */
export type ReadBytes = (start: number, length: number) => Uint8Array;

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * @param length of the file in bytes
 * @returns entries by name, in the order of their places
 * @throws EigenflowError `arrays` when the header is not sound: arrays must fill the rest of the file without gap or
 *   overlap, as the format demands
 */
export function parseSafetensorsHeader(
  read: ReadBytes,
  length: number,
  source: string,
): ReadonlyMap<string, SafetensorsEntry> {
  // Only where something is wrong: the first bytes of a sound file are a length, and may be any.
  const fault = (what: string) => {
    const foreign = foreignContent(read(0, Math.min(length, HEAD_BYTES)));
    const message = `${what}; the file is damaged or no .safetensors file: save it again`;
    return new EigenflowError('arrays', source, foreign ?? message);
  };
  if (length < PREAMBLE) throw fault(`has ${length} bytes, too few for a header`);
  const preamble = read(0, PREAMBLE);
  const size = Number(new DataView(preamble.buffer, preamble.byteOffset, PREAMBLE).getBigUint64(0, true));
  if (size > MAX_HEADER_BYTES) throw fault(`announces a header of ${size} bytes; the limit is ${MAX_HEADER_BYTES}`);
  if (PREAMBLE + size > length)
    throw fault(`is cut short: its header needs ${size} bytes, ${length - PREAMBLE} follow`);

  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read(PREAMBLE, size)));
  } catch {
    throw fault('has a header that is not JSON');
  }
  if (!isTree(header)) throw fault('has a header that is not a JSON object');

  const dataStart = PREAMBLE + size;
  const dataLength = length - dataStart;
  const entryOf = (name: string, entry: unknown): SafetensorsEntry => {
    const broken = (what: string) => fault(`array ${JSON.stringify(name.slice(0, 80))} ${what}`);
    if (!isTree(entry) || Object.keys(entry).length !== 3)
      throw broken('is not described by dtype, shape, data_offsets');
    const { dtype, shape, data_offsets: offsets } = entry;
    if (typeof dtype !== 'string' || dtype.length > 16) throw broken('has no dtype');
    if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isLength)) throw broken('has no sound shape');
    if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength)) throw broken('has no sound place');
    const [from, to] = offsets as [number, number];
    if (from > to || to > dataLength) throw broken(`lies at ${from} to ${to}, outside the ${dataLength} bytes of data`);
    const count = shape.reduce((product: number, extent: number) => product * extent, 1);
    const itemBytes = Object.hasOwn(ITEM_BYTES, dtype) ? ITEM_BYTES[dtype] : undefined;
    if (itemBytes !== undefined && count * itemBytes !== to - from) {
      throw broken(
        `of dtype ${dtype} and shape (${shape.slice(0, 8).join(', ')}) does not fill its ${to - from} bytes`,
      );
    }
    return { name, dtype, shape, count, start: dataStart + from, end: dataStart + to };
  };
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => entryOf(name, entry))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let place = dataStart;
  for (const { name, start, end } of entries) {
    if (start !== place) throw fault(`has a gap or an overlap before array ${JSON.stringify(name.slice(0, 80))}`);
    place = end;
  }
  if (place !== length) throw fault(`has ${length - place} bytes that belong to no array`);
  return new Map(entries.map((entry) => [entry.name, entry]));
}
