// Seals: what is stored proves itself. That of an archive is a SHA-256 of all bytes before it, in the comment that a zip archive
// may end with: it has the same bytes on every machine, and numpy opens it as before. That of a text goes by its values, so
// that it holds however a program writes them.
import { createHash } from 'node:crypto';
import { canonical } from '../../core/scenario/identity.js';

const MARK = 'eigenflow sha256:';
const HEX_LENGTH = 64;
const COMMENT_LENGTH = MARK.length + HEX_LENGTH;
/** Length of the record that ends a zip archive; its last two bytes are the length of the comment. */
const END_LENGTH = 22;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Of anything that JSON holds, where the order of keys says nothing. */
export const sealOf = (value: unknown): string => digestOf(Buffer.from(canonical(JSON.parse(JSON.stringify(value)))));

/** @param archive a zip archive without a comment. @returns the same archive with its seal */
export function seal(archive: Uint8Array): Uint8Array {
  const sealed = Buffer.alloc(archive.length + COMMENT_LENGTH);
  sealed.set(archive);
  sealed.writeUInt16LE(COMMENT_LENGTH, archive.length - 2);
  const end = archive.length + MARK.length;
  sealed.write(MARK, archive.length, 'latin1');
  sealed.write(digestOf(sealed.subarray(0, end)), end, 'latin1');
  return sealed;
}

/**
 * @returns 'intact'; 'broken' when any byte is not the one that was sealed; 'unsealed' for an archive without a comment,
 *   as numpy writes it. What is no whole archive is broken.
 */
export function checkSeal(bytes: Uint8Array): 'intact' | 'broken' | 'unsealed' {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const endsPlainly =
    buffer.length >= END_LENGTH &&
    buffer.readUInt32LE(buffer.length - END_LENGTH) === 0x06054b50 &&
    buffer.readUInt16LE(buffer.length - 2) === 0;
  if (endsPlainly) return 'unsealed';
  if (buffer.length < END_LENGTH + COMMENT_LENGTH) return 'broken';
  const end = buffer.length - HEX_LENGTH;
  const isMarked = buffer.toString('latin1', end - MARK.length, end) === MARK;
  const isWhole = buffer.readUInt16LE(buffer.length - COMMENT_LENGTH - 2) === COMMENT_LENGTH;
  return isMarked && isWhole && buffer.toString('latin1', end) === digestOf(buffer.subarray(0, end))
    ? 'intact'
    : 'broken';
}
