// A file of arrays of any of the kinds that scenarios may name, told apart by its first bytes, or by how its name ends.
import { gunzipSync } from 'node:zlib';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import { EigenflowError, messageOf } from '../../core/errors.js';
import { decodeCsv } from './csv-columns.js';
import { isIdx, readIdx } from './idx.js';
import { readNamed } from './named-file.js';
import { decodeNpz } from './npz.js';
import { readSafetensors } from './safetensors.js';
import { MAX_RATIO, mostUnpacked } from './zip-archive.js';

const GZIP = [0x1f, 0x8b];
/** 2 GiB: what is read at all once it is unpacked. */
const MOST_BYTES = 2 ** 31;

/** The content of a file, unpacked where it was compressed with gzip. @throws EigenflowError `file` */
export function readUnpacked(path: string): Uint8Array {
  const bytes = readNamed(path);
  if (!GZIP.every((byte, i) => bytes[i] === byte)) return bytes;
  // The last four bytes announce the size: a look at them takes no memory. Where they lie, or the file was cut off, unpacking
  // ends at the same limit.
  const most = mostUnpacked(bytes.length, MOST_BYTES);
  const announced = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  if (announced > most && announced <= MAX_RATIO * bytes.length) {
    const message = `would take ${announced} bytes when unpacked, at most ${most} are read of a file of this size; unpack it by hand if you trust it`;
    throw new EigenflowError('file', path, message);
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    const message = `cannot be unpacked (${messageOf(cause)}): it is damaged or too large; download it again`;
    throw new EigenflowError('file', path, message, { cause });
  }
}

/**
 * `.npz`, `.safetensors`, a table `.csv` with a header, or IDX as MNIST comes, the last two also compressed with gzip.
 *
 * @throws EigenflowError `file` when it cannot be read, `arrays` when it is none of these or not sound
 */
export function readArrayFile(path: string): NamedArrays {
  if (/\.safetensors$/i.test(path)) return readSafetensors(path);
  if (/\.csv(\.gz)?$/i.test(path)) return decodeCsv(readUnpacked(path), path);
  if (/\.npz$/i.test(path)) return decodeNpz(readNamed(path), { source: path });
  if (/\.gz$/i.test(path) || isIdx(readUnpacked(path))) return readIdx(path, readUnpacked);
  return decodeNpz(readNamed(path), { source: path });
}
