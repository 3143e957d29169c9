// Reads one array in NumPy's `.npy` format. Nothing here can run code that a file brings along.
import { EigenflowError } from '../../core/errors.js';
import { halfToDouble } from './half.js';
import type { NpyArray } from './npy.js';
import { type NpyOrigin, parseNpyHeader } from './npy-header.js';

/** Bytes of memory that an element takes: a double or an integer of 64 bits, and its place where columns come first. */
const NUMBER_BYTES = 8;
/** The least that a string takes. */
const TEXT_BYTES = 32;

/** 2 GiB: what an uncompressed file of doubles may hold that is read at all. */
const MOST_BYTES = 2 ** 31;

/**
 * Reads booleans, integers, floats of 16 to 64 bits in either byte order, and unicode text, in C or Fortran order.
 *
 * @throws EigenflowError `arrays` for pickled objects, complex numbers, structured and other dtypes, and for files
 *   that are cut short or damaged.
 * @param maxBytes limit on the memory that the array takes when decoded: one of booleans takes eight times its bytes.
 *   Default: 2 GiB
 */
export function decodeNpy(bytes: Uint8Array, origin: NpyOrigin, maxBytes = MOST_BYTES): NpyArray {
  const header = parseNpyHeader(bytes, origin);
  const reader = readerOf(header.descr, origin);
  const count = header.shape.reduce((product, length) => product * length, 1);
  const held = bytes.length - header.dataOffset;
  if (count * reader.itemBytes !== held) {
    throw new EigenflowError(
      'arrays',
      origin.source,
      `array "${origin.name}" of dtype ${header.descr} and shape (${header.shape.join(', ')}) needs ` +
        `${count * reader.itemBytes} bytes, but the file holds ${held}: it is damaged or was cut short; save it again`,
    );
  }
  const isTurned = header.fortranOrder && header.shape.length > 1;
  const needed = count * ((isTurned ? NUMBER_BYTES : 0) + (reader.isText ? TEXT_BYTES : NUMBER_BYTES));
  if (needed > maxBytes) {
    throw new EigenflowError(
      'arrays',
      origin.source,
      `array "${origin.name}" of dtype ${header.descr} and shape (${header.shape.join(', ')}) would take ${needed} bytes of ` +
        `memory; at most ${maxBytes} are given to one array: save it in several`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataOffset, held);
  const source = isTurned ? fortranPositions(header.shape) : undefined;
  return reader.read(view, header.shape, count, source);
}

interface ItemReader {
  readonly itemBytes: number;
  readonly isText?: boolean;
  /** @param source position in the file of each element in row-major order; absent when the file is row-major. */
  read(view: DataView, shape: readonly number[], count: number, source: Float64Array | undefined): NpyArray;
}

function floats(itemBytes: number, item: (view: DataView, at: number) => number): ItemReader {
  return {
    itemBytes,
    read(view, shape, count, source) {
      const data = new Float64Array(count);
      for (let i = 0; i < count; i++) data[i] = item(view, itemBytes * (source === undefined ? i : source[i]));
      return { kind: 'float64', shape, data };
    },
  };
}

function integers(signed: boolean, little: boolean): ItemReader {
  return {
    itemBytes: 8,
    read(view, shape, count, source) {
      const data = signed ? new BigInt64Array(count) : new BigUint64Array(count);
      for (let i = 0; i < count; i++) {
        const at = 8 * (source === undefined ? i : source[i]);
        data[i] = signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
      }
      return { kind: 'int64', shape, data };
    },
  };
}

function characters(width: number, little: boolean, origin: NpyOrigin): ItemReader {
  return {
    itemBytes: 4 * width,
    isText: true,
    read(view, shape, count, source) {
      const data: string[] = [];
      for (let i = 0; i < count; i++) {
        const at = 4 * width * (source === undefined ? i : source[i]);
        let value = '';
        for (let j = 0; j < width; j++) {
          const point = view.getUint32(at + 4 * j, little);
          if (point > 0x10ffff) {
            throw new EigenflowError(
              'arrays',
              origin.source,
              `array "${origin.name}" holds ${point}, which is not a Unicode character: the file is damaged; save it again`,
            );
          }
          value += String.fromCodePoint(point);
        }
        // NumPy pads text with NUL and drops trailing ones when it reads.
        data.push(value.replace(/\0+$/, ''));
      }
      return { kind: 'text', shape, data };
    },
  };
}

/** Chooses the reader by dtype. */
function readerOf(descr: string, origin: NpyOrigin): ItemReader {
  const match = /^([<>|=])([a-zA-Z])(\d{0,9})$/.exec(descr);
  if (match === null) throw unsupported(descr, origin);
  const little = match[1] !== '>';
  const width = Number(match[3]);
  switch (match[2] + match[3]) {
    case 'b1':
      return floats(1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1));
    case 'i1':
      return floats(1, (view, at) => view.getInt8(at));
    case 'u1':
      return floats(1, (view, at) => view.getUint8(at));
    case 'i2':
      return floats(2, (view, at) => view.getInt16(at, little));
    case 'u2':
      return floats(2, (view, at) => view.getUint16(at, little));
    case 'i4':
      return floats(4, (view, at) => view.getInt32(at, little));
    case 'u4':
      return floats(4, (view, at) => view.getUint32(at, little));
    case 'f2':
      return floats(2, (view, at) => halfToDouble(view.getUint16(at, little)));
    case 'f4':
      return floats(4, (view, at) => view.getFloat32(at, little));
    case 'f8':
      return floats(8, (view, at) => view.getFloat64(at, little));
    case 'i8':
      return integers(true, little);
    case 'u8':
      return integers(false, little);
  }
  // 64 Ki characters: far above any label, and a bound on what a damaged header can ask for.
  if (match[2] === 'U' && width <= 65536) return characters(width, little, origin);
  throw unsupported(descr, origin);
}

function unsupported(descr: string, origin: NpyOrigin): EigenflowError {
  const name = origin.name;
  let what = `has dtype ${descr}, which does not hold real numbers`;
  let remedy = `save it with numpy.savez(path, ${name}=array.astype('float64'))`;
  if (descr.includes('O')) {
    what = `is pickled (dtype ${descr}); pickles can run code and are never opened`;
  } else if (/c\d+$/.test(descr)) {
    what = `holds complex numbers (dtype ${descr})`;
    remedy = `save its parts with numpy.savez(path, ${name}_real=array.real, ${name}_imag=array.imag)`;
  } else if (/f\d+$/.test(descr)) {
    what = `has dtype ${descr}, whose layout depends on the machine`;
  }
  return new EigenflowError('arrays', origin.source, `array "${name}" ${what}; ${remedy}`);
}

/** Position in a column-major file of each element in row-major order. Float64Array holds any position exactly. */
function fortranPositions(shape: readonly number[]): Float64Array {
  const rank = shape.length;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const positions = new Float64Array(shape.reduce((product, length) => product * length, 1));
  const index = new Array<number>(rank).fill(0);
  let position = 0;
  for (let i = 0; i < positions.length; i++) {
    positions[i] = position;
    for (let axis = rank - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < shape[axis]) break;
      position -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return positions;
}
