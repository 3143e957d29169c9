// `.npz` files: named plain arrays in a zip archive, the form in which NumPy and this project exchange numbers.
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { readNamed } from './named-file.js';
import type { NpyArray } from './npy.js';
import { decodeNpy } from './npy-decode.js';
import { encodeNpy } from './npy-encode.js';
import { isNpy, parseNpyHeader } from './npy-header.js';
import { openZip, type ZipMember } from './zip-archive.js';

/** A file's arrays. The directory is checked at once; each array is decoded, and checked, when it is asked for. */
export interface NpzArrays extends NamedArrays {
  /** The array as stored. @throws EigenflowError `arrays` when it is missing, damaged or of a dtype that is refused. */
  array(name: string): NpyArray;
  /** Shape of an array without decoding its elements. @throws EigenflowError `arrays` as `array` does. */
  shapeOf(name: string): readonly number[];
  /** Type of its elements as stored, in numpy's words, such as `<f2`. @throws EigenflowError `arrays` as `array` does. */
  dtypeOf(name: string): string;
  /** The string in a 0-d text array. @throws EigenflowError `arrays` when it is something else. */
  text(name: string): string;
}

export interface NpzOptions {
  /** For error messages; the path of the file. */
  readonly source?: string;
  /** Limit in bytes on the sum of the uncompressed lengths, and on what one array takes when decoded. Default: 4 and 2 GiB. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 4 * 2 ** 30;
const SUFFIX = '.npy';
/** First moment that zip can store. Zip stores local time, so this gives the same bytes in every time zone. */
export const fixedTime = () => new Date(1980, 0, 1);

/**
 * Reads a file written by `numpy.savez`, `numpy.savez_compressed` or `encodeNpz`.
 *
 * @throws EigenflowError `file` when it cannot be read, `arrays` when it is not a sound `.npz` file.
 */
export function readNpz(path: string, options: Omit<NpzOptions, 'source'> = {}): NpzArrays {
  return decodeNpz(readNamed(path), { ...options, source: path });
}

function isArray(member: ZipMember): boolean {
  try {
    return isNpy(member.read());
  } catch {
    // Damaged, and maybe no array at all: it is not asked for by a name that it does not have.
    return false;
  }
}

/** @throws EigenflowError `arrays` when the bytes are not a sound `.npz` file. */
export function decodeNpz(bytes: Uint8Array, options: NpzOptions = {}): NpzArrays {
  const source = options.source ?? 'npz';
  const members = new Map<string, ZipMember>();
  const all = openZip(bytes, source, options.maxBytes ?? DEFAULT_MAX_BYTES);
  for (const member of all) {
    if (member.name.endsWith(SUFFIX)) members.set(member.name.slice(0, -SUFFIX.length), member);
    // As numpy.load does: what begins like an array is one, whatever its name (ndarray-npy wrote them so until 0.9).
    else if (isArray(member) && !all.some(({ name }) => name === member.name + SUFFIX))
      members.set(member.name, member);
  }
  const names = [...members.keys()];
  let digest: string | undefined;

  function content(name: string): Uint8Array {
    const member = members.get(name);
    if (member === undefined) {
      const held = names.length === 0 ? 'the file holds no arrays' : `the file holds ${names.join(', ')}`;
      throw new EigenflowError('arrays', source, `no array called "${name}"${suggest(name, names)}; ${held}`);
    }
    return member.read();
  }

  function array(name: string): NpyArray {
    return decodeNpy(content(name), { source, name }, options.maxBytes);
  }

  return {
    source,
    names,
    get digest() {
      digest ??= createHash('sha256').update(bytes).digest('hex');
      return digest;
    },
    has: (name) => members.has(name),
    array,
    shapeOf: (name) => parseNpyHeader(content(name), { source, name }).shape,
    dtypeOf: (name) => parseNpyHeader(content(name), { source, name }).descr,
    get: (name) => realNumbers(array(name), name, source),
    text(name) {
      const found = array(name);
      if (found.kind === 'text' && found.shape.length === 0) return found.data[0];
      throw new EigenflowError('arrays', source, `array "${name}" is not one string; save it as numpy.array('text')`);
    },
  };
}

/**
 * The same entries in the same order give the same bytes on every machine, as `numpy.savez` would write them
 * (not compressed: trajectories of doubles hardly shrink, and readers can seek).
 *
 * @param entries arrays by name; the order is kept
 * @throws EigenflowError `arrays` when a name is empty or leaves the archive, RangeError when shape and data disagree.
 */
export function encodeNpz(entries: ReadonlyMap<string, NpyArray>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, array] of entries) {
    // A plain object would move names that look like integers to the front.
    if (!/^[^\d\\/:\0][^\\:\0]*$/.test(name) || name.split('/').includes('..')) {
      throw new EigenflowError('arrays', name, 'not a name for an array; start with a letter, without ":" or ".."');
    }
    files[`${name}${SUFFIX}`] = encodeNpy(array);
  }
  return zipSync(files, { level: 0, mtime: fixedTime() });
}

/** Largest integer below which every integer is exact in a double. */
const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

function realNumbers(array: NpyArray, name: string, source: string): NumberArray {
  if (array.kind === 'float64') return { shape: array.shape, data: array.data };
  if (array.kind === 'text') {
    throw new EigenflowError('arrays', source, `array "${name}" holds text; real numbers are needed here`);
  }
  const data = new Float64Array(array.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = array.data[i];
    if (value > EXACT || value < -EXACT) {
      throw new EigenflowError(
        'arrays',
        source,
        `array "${name}" holds ${value}, an integer that no double represents exactly; ` +
          `save it with numpy.savez(path, ${name}=array.astype('float64')) to round it`,
      );
    }
    data[i] = Number(value);
  }
  return { shape: array.shape, data };
}
