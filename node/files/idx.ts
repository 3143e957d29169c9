// IDX files, the form in which MNIST and its relatives come: images in one file, labels in another beside it, each a
// magic number, big-endian sizes and the elements. Source of the format: Y. LeCun, C. Cortes, C. Burges, "The MNIST
// database".
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { isNamed } from './named-file.js';

type Item = (view: DataView, at: number) => number;

/** By the third byte of the magic number. */
const TYPES: Readonly<Record<number, { readonly bytes: number; readonly item: Item }>> = {
  8: { bytes: 1, item: (view, at) => view.getUint8(at) },
  9: { bytes: 1, item: (view, at) => view.getInt8(at) },
  11: { bytes: 2, item: (view, at) => view.getInt16(at) },
  12: { bytes: 4, item: (view, at) => view.getInt32(at) },
  13: { bytes: 4, item: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, item: (view, at) => view.getFloat64(at) },
};

/** Whether the first bytes can be those of an IDX file. */
export const isIdx = (bytes: Uint8Array) =>
  bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && Object.hasOwn(TYPES, bytes[2]) && bytes[3] > 0;

/** @throws EigenflowError `arrays` when the bytes are no IDX file, or too few or too many */
export function decodeIdx(bytes: Uint8Array, source: string): NumberArray {
  const refuse = (message: string): never => {
    throw new EigenflowError('arrays', source, message);
  };
  if (!isIdx(bytes)) refuse('is no IDX file (wrong first bytes): expected 0, 0, a type and a number of dimensions');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bytes: width, item } = TYPES[bytes[2]];
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) refuse('is cut short inside its header; download it again');
  const shape = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, length) => product * length, 1);
  if (start + count * width !== bytes.length) {
    const held = bytes.length - start;
    refuse(`of shape (${shape.join(', ')}) needs ${count * width} bytes, but holds ${held}; download it again`);
  }
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = item(view, start + width * i);
  return { shape, data };
}

/** The name of the file of labels that belongs to one of images: `images` becomes `labels`, `idx3` becomes `idx1`. */
const labelsBeside = (name: string) => name.replace(/images/i, 'labels').replace(/idx\d/i, 'idx1');

const isImages = (name: string) => /images/i.test(name);

/** The name of the images of the test part, as MNIST has them: `train` becomes `t10k`, or `test`. */
const testsBeside = (name: string) => ['t10k', 'test'].map((word) => name.replace(/^train/i, word));

/** With and without `.gz`. */
const packedOrNot = (name: string) => (/\.gz$/i.test(name) ? [name, name.slice(0, -3)] : [name, `${name}.gz`]);

/**
 * Images as `x` (samples x pixels) and the labels beside them as `y`; where the name begins with `train` and the test
 * part is in the same folder, that as `x_test` and `y_test`.
 *
 * @param read the content of a file, unpacked
 * @throws EigenflowError `arrays` when the file is not sound, or there are no labels beside it
 */
export function readIdx(path: string, read: (path: string) => Uint8Array): NamedArrays {
  const folder = dirname(path);
  const images = basename(path);
  const beside = (names: readonly string[]) => names.flatMap(packedOrNot).find((name) => isNamed(join(folder, name)));
  const labelsOf = (name: string): string => {
    const wanted = labelsBeside(name);
    const found = isImages(name) ? beside([wanted]) : undefined;
    if (found !== undefined) return found;
    const rule = isImages(name)
      ? `the labels are looked for in ${wanted}, in the same folder`
      : 'a file of images has "images" in its name, and that of the labels "labels" in its place';
    throw new EigenflowError('arrays', path, `has no labels beside it: ${rule}`);
  };
  const test = /^train/i.test(images) ? beside(testsBeside(images)) : undefined;
  const parts = { '': images, ...(test !== undefined && { _test: test }) };
  const hash = createHash('sha256');
  const arrays = new Map<string, NumberArray>();
  for (const [suffix, name] of Object.entries(parts)) {
    for (const letter of ['x', 'y']) {
      const file = letter === 'x' ? name : labelsOf(name);
      const bytes = read(join(folder, file));
      hash.update(bytes);
      const { shape, data } = decodeIdx(bytes, join(folder, file));
      const width = shape.slice(1).reduce((product, length) => product * length, 1);
      arrays.set(letter + suffix, { shape: letter === 'x' ? [shape[0], width] : shape, data });
    }
  }
  const names = [...arrays.keys()];
  return {
    source: path,
    digest: hash.digest('hex'),
    names,
    has: (name) => arrays.has(name),
    get(name) {
      const found = arrays.get(name);
      if (found) return found;
      throw new EigenflowError(
        'arrays',
        path,
        `no array called "${name}"${suggest(name, names)}; there are ${names.join(', ')}`,
      );
    },
  };
}
