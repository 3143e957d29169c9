// Text in a PNG file (ISO/IEC 15948, chunks tEXt and iTXt), so that an image says where it comes from.
import { crc32 } from 'node:zlib';

/** Bytes of the signature, and of the IHDR chunk that must come first. */
const HEADER = 8 + 25;

/** @param entries by keyword: Latin letters, at most 79 */
export function addPngText(png: Uint8Array, entries: Readonly<Record<string, string>>): Uint8Array {
  const chunks = Object.entries(entries).map(([keyword, text]) => textChunk(keyword, text));
  return Buffer.concat([png.subarray(0, HEADER), ...chunks, png.subarray(HEADER)]);
}

function textChunk(keyword: string, text: string): Buffer {
  const isLatin = [...text].every((character) => (character.codePointAt(0) as number) < 256);
  if (isLatin) return chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
  // Not compressed, no language, no translated keyword.
  return chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]));
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(content.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}
