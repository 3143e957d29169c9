// One array in NumPy's `.npy` format. Plain numbers and text only: nothing here can run code that a file brings along.
import { EigenflowError } from '../errors.js';
import { parseNpyHeader } from './npy-header.js';

/** Real numbers, row-major. Every dtype whose values are exact in a double arrives here. */
export interface FloatArray {
  readonly kind: 'float64';
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** 64-bit integers, row-major. */
export interface IntegerArray {
  readonly kind: 'int64';
  readonly shape: readonly number[];
  readonly data: BigInt64Array | BigUint64Array;
}

/** Unicode strings, row-major. */
export interface TextArray {
  readonly kind: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

export type NpyArray = FloatArray | IntegerArray | TextArray;

/** Doubles (`<f8`); a vector unless `shape` says otherwise. */
export function float64(data: ArrayLike<number>, shape: readonly number[] = [data.length]): FloatArray {
  return { kind: 'float64', shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** Integers (`<i8`); a vector unless `shape` says otherwise. @throws RangeError when a value is not an integer. */
export function int64(data: ArrayLike<number> | BigInt64Array, shape: readonly number[] = [data.length]): IntegerArray {
  if (data instanceof BigInt64Array) return { kind: 'int64', shape, data };
  return { kind: 'int64', shape, data: BigInt64Array.from(Array.from(data), BigInt) };
}

/** One string (`<U..`) as a 0-d array. */
export function text(value: string): TextArray {
  return { kind: 'text', shape: [], data: [value] };
}

/** Where an array comes from, for error messages. */
export interface NpyOrigin {
  readonly source: string;
  readonly name: string;
}

const HEADER_ALIGNMENT = 64;
/** Magic, version 1.0, and two bytes for the length of the header. */
const PREAMBLE = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);

/** @returns the bytes of a version 1.0 `.npy` file. @throws RangeError when shape and data disagree. */
export function encodeNpy(array: NpyArray): Uint8Array {
  const count = array.shape.reduce((product, length) => product * length, 1);
  if (count !== array.data.length) {
    throw new RangeError(`shape (${array.shape.join(', ')}) needs ${count} elements, got ${array.data.length}`);
  }
  const codePoints = array.kind === 'text' ? array.data.map((value) => Array.from(value, codePoint)) : [];
  const width = Math.max(1, ...codePoints.map((points) => points.length));
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const literal = `{'descr': '${descriptor(array, width)}', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = Math.ceil((PREAMBLE.length + 2 + literal.length + 1) / HEADER_ALIGNMENT) * HEADER_ALIGNMENT;

  const bytes = new Uint8Array(start + count * (array.kind === 'text' ? 4 * width : 8));
  const view = new DataView(bytes.buffer);
  bytes.set(PREAMBLE);
  view.setUint16(PREAMBLE.length, start - PREAMBLE.length - 2, true);
  bytes.fill(0x20, PREAMBLE.length + 2, start - 1);
  for (let i = 0; i < literal.length; i++) bytes[PREAMBLE.length + 2 + i] = literal.charCodeAt(i);
  bytes[start - 1] = 0x0a;

  if (array.kind === 'float64') {
    for (let i = 0; i < count; i++) view.setFloat64(start + 8 * i, array.data[i], true);
  } else if (array.kind === 'int64') {
    for (let i = 0; i < count; i++) view.setBigInt64(start + 8 * i, array.data[i], true);
  } else {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < codePoints[i].length; j++) {
        view.setUint32(start + 4 * (i * width + j), codePoints[i][j], true);
      }
    }
  }
  return bytes;
}

/**
 * Reads booleans, integers, floats of 16 to 64 bits in either byte order, and unicode text, in C or Fortran order.
 *
 * @throws EigenflowError `arrays` for pickled objects, complex numbers, structured and other dtypes, and for files
 *   that are cut short or damaged.
 */
export function decodeNpy(bytes: Uint8Array, origin: NpyOrigin): NpyArray {
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
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataOffset, held);
  const source = header.fortranOrder && header.shape.length > 1 ? fortranPositions(header.shape) : undefined;
  return reader.read(view, header.shape, count, source);
}

function descriptor(array: NpyArray, width: number): string {
  if (array.kind === 'float64') return '<f8';
  if (array.kind === 'text') return `<U${width}`;
  return array.data instanceof BigUint64Array ? '<u8' : '<i8';
}

function codePoint(character: string): number {
  return character.codePointAt(0) as number;
}

interface ItemReader {
  readonly itemBytes: number;
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

/** IEEE 754 binary16; DataView has no reader for it in Node 20. */
function halfToDouble(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
