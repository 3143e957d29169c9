// Reads a zip archive in memory, strictly: everything the directory claims is checked before anything is inflated.
import { crc32, inflateRawSync } from 'node:zlib';
import { EigenflowError } from '../../core/errors.js';
import { foreignContent } from './foreign-file.js';

export interface ZipMember {
  readonly name: string;
  /** Uncompressed length in bytes, as declared. */
  readonly size: number;
  /** Inflates the member. @throws EigenflowError `arrays` when its length or checksum is not the declared one. */
  read(): Uint8Array;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;
/** Deflate cannot do better than 1032 to 1, so a member that claims more is damaged or hostile. */
export const MAX_RATIO = 1032;
/**
 * What an honest file needs: up to half a gigabyte whatever its own size, and above that a hundred times what it has. A file
 * of a few megabytes that unpacks to several gigabytes was made to.
 */
const HARMLESS_BYTES = 2 ** 29;
const MOST_EXPANSION = 100;

/** The most that a packed file of this size may unpack to. */
export const mostUnpacked = (packedBytes: number, maxBytes: number) =>
  Math.min(maxBytes, Math.max(HARMLESS_BYTES, MOST_EXPANSION * packedBytes));
const ENCRYPTED_FLAG = 1;
const ZIP64_MARK = 0xffffffff;

/**
 * @param maxBytes limit on the sum of the uncompressed lengths, also where the archive is large enough for more
 * @throws EigenflowError `arrays` when this is no zip archive, or one that is damaged, encrypted, too large, or has a
 *   member twice.
 */
export function openZip(bytes: Uint8Array, source: string, maxBytes: number): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view, bytes, source);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === ZIP64_MARK) throw fault(source, 'is in the ZIP64 format, for files above 4 GiB');

  const most = mostUnpacked(bytes.length, maxBytes);
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let total = 0;
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_LENGTH > end || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw fault(source, `has a damaged directory (entry ${i + 1} of ${count})`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const next = at + ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw fault(source, `has a damaged directory (entry ${i + 1} of ${count})`);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength));
    checkName(name, names, source);
    const member = describe(bytes, view, at, name, start, source);
    total += member.size;
    if (total > most) {
      throw new EigenflowError(
        'arrays',
        source,
        `would take more than ${formatBytes(most)} of memory when unpacked ("${name}" alone: ` +
          `${formatBytes(member.size)}); save fewer arrays to one file, or without compression`,
      );
    }
    members.push(member);
    at = next;
  }
  return members;
}

function describe(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  name: string,
  directory: number,
  source: string,
): ZipMember {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const checksum = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (flags & ENCRYPTED_FLAG) throw fault(source, `is encrypted (member "${name}")`);
  if (packed === ZIP64_MARK || size === ZIP64_MARK || local === ZIP64_MARK) {
    throw fault(source, `is in the ZIP64 format, for files above 4 GiB (member "${name}")`);
  }
  if (method !== STORED && method !== DEFLATED) throw fault(source, `uses zip compression ${method} in "${name}"`);
  if ((method === STORED && packed !== size) || size > packed * MAX_RATIO + 64) {
    throw fault(source, `claims impossible sizes for "${name}" (${packed} bytes packed, ${size} unpacked)`);
  }
  if (local + LOCAL_LENGTH > directory || view.getUint32(local, true) !== LOCAL_HEADER) {
    throw fault(source, `has no data for "${name}" where its directory points`);
  }
  // The local header repeats the name, and its extra field may have another length than the directory's.
  const begin = local + LOCAL_LENGTH + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (begin + packed > directory) throw fault(source, `is cut short inside "${name}"`);
  return {
    name,
    size,
    read() {
      const content = method === STORED ? bytes.subarray(begin, begin + packed) : inflate(bytes, begin, packed, size);
      if (content === undefined || content.length !== size || crc32(content) !== checksum) {
        throw fault(source, `is damaged inside "${name}" (length or checksum is wrong)`);
      }
      return content;
    },
  };
}

/** @returns undefined when the stream is damaged or longer than `size`. */
function inflate(bytes: Uint8Array, begin: number, packed: number, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes.subarray(begin, begin + packed), { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

/** The end record is followed by a comment of at most 64 KiB, so it is searched for from the end. */
function endOfDirectory(view: DataView, bytes: Uint8Array, source: string): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) !== END_OF_DIRECTORY) continue;
    if (at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  // A zip archive without its end is one that was cut short.
  const foreign = bytes[0] === 0x50 ? undefined : foreignContent(bytes);
  if (foreign !== undefined) throw new EigenflowError('arrays', source, foreign);
  const empty =
    view.byteLength === 0 ? 'is empty' : 'is not a .npz file, or was cut short (no zip directory at its end)';
  throw fault(source, empty);
}

/**
 * Names are keys of arrays: nothing is ever unpacked to the disk, so one like `/params/kernel` or `a/../b`, which numpy
 * writes and reads, leads nowhere.
 */
function checkName(name: string, names: Set<string>, source: string): void {
  if (names.has(name)) throw fault(source, `holds "${name}" twice`);
  names.add(name);
}

function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${+(bytes / 2 ** 30).toFixed(1)} GiB`;
  return bytes >= 2 ** 20 ? `${+(bytes / 2 ** 20).toFixed(1)} MiB` : `${bytes} bytes`;
}

function fault(source: string, what: string): EigenflowError {
  return new EigenflowError('arrays', source, `the file ${what}; save it again with numpy.savez(path, name=array)`);
}
