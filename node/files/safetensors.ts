// `.safetensors` files, the form in which PyTorch users store weights without pickle. Data, never code: a header of
// numbers and names, and plain arrays, of which only those asked for are read.
import { createHash } from 'node:crypto';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { bfloatToDouble, halfToDouble } from './half.js';
import { withNamedFile } from './named-file.js';
import { readFully } from './plain-file.js';
import { parseSafetensorsHeader, type ReadBytes } from './safetensors-header.js';

/** Elements of an array that is read: 4 GiB of doubles. */
const MOST_ELEMENTS = 2 ** 29;
const DIGEST_CHUNK = 2 ** 24;

type Item = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, { readonly bytes: number; readonly item: Item }>> = {
  F64: { bytes: 8, item: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, item: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, item: (view, at) => halfToDouble(view.getUint16(at, true)) },
  BF16: { bytes: 2, item: (view, at) => bfloatToDouble(view.getUint16(at, true)) },
};

export interface SafetensorsArrays extends NamedArrays {
  /** Shape of an array, without reading its elements. @throws EigenflowError `arrays` when there is none of that name. */
  shapeOf(name: string): readonly number[];
  /** Type of its elements as stored, such as `F16`. @throws EigenflowError `arrays` when there is none of that name. */
  dtypeOf(name: string): string;
}

function arraysOf(read: ReadBytes, length: number, source: string): SafetensorsArrays {
  const entries = parseSafetensorsHeader(read, length, source);
  const names = [...entries.keys()];
  let digest: string | undefined;
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (entry) return entry;
    const held = names.length === 0 ? 'the file holds no arrays' : `the file holds ${names.slice(0, 40).join(', ')}`;
    throw new EigenflowError('arrays', source, `no array called "${name}"${suggest(name, names)}; ${held}`);
  };
  return {
    source,
    names,
    has: (name) => entries.has(name),
    shapeOf: (name) => entryOf(name).shape,
    dtypeOf: (name) => entryOf(name).dtype,
    get digest() {
      if (digest === undefined) {
        const hash = createHash('sha256');
        for (let at = 0; at < length; at += DIGEST_CHUNK) hash.update(read(at, Math.min(DIGEST_CHUNK, length - at)));
        digest = hash.digest('hex');
      }
      return digest;
    },
    get(name): NumberArray {
      const { dtype, shape, count, start, end } = entryOf(name);
      const reader = Object.hasOwn(READERS, dtype) ? READERS[dtype] : undefined;
      if (!reader) {
        const message = `array "${name}" has dtype ${dtype}; weights of F64, F32, F16 or BF16 are read: convert it`;
        throw new EigenflowError('arrays', source, message);
      }
      if (count > MOST_ELEMENTS) {
        throw new EigenflowError(
          'arrays',
          source,
          `array "${name}" has ${count} elements; at most ${MOST_ELEMENTS} are read`,
        );
      }
      const bytes = read(start, end - start);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const data = new Float64Array(count);
      for (let i = 0; i < count; i++) data[i] = reader.item(view, reader.bytes * i);
      return { shape, data };
    },
  };
}

/** @throws EigenflowError `arrays` when the bytes are not a sound `.safetensors` file. */
export function decodeSafetensors(bytes: Uint8Array, source = 'safetensors'): SafetensorsArrays {
  return arraysOf((start, length) => bytes.subarray(start, start + length), bytes.length, source);
}

/**
 * The header is read and checked at once, each array when it is asked for.
 *
 * @throws EigenflowError `file` when it cannot be read, `arrays` when it is not a sound `.safetensors` file.
 */
export function readSafetensors(path: string): SafetensorsArrays {
  const read: ReadBytes = (start, length) =>
    withNamedFile(path, (file) => {
      const bytes = new Uint8Array(length);
      if (readFully(file, bytes, start) < length) {
        throw new EigenflowError('arrays', path, 'is cut short: it has changed while it was read');
      }
      return bytes;
    });
  const length = withNamedFile(path, (_file, bytes) => bytes);
  return arraysOf(read, length, path);
}
