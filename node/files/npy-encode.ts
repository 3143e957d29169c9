// Writes one array in NumPy's `.npy` format.
import type { NpyArray } from './npy.js';

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

function descriptor(array: NpyArray, width: number): string {
  if (array.kind === 'float64') return '<f8';
  if (array.kind === 'text') return `<U${width}`;
  return array.data instanceof BigUint64Array ? '<u8' : '<i8';
}

function codePoint(character: string): number {
  return character.codePointAt(0) as number;
}
