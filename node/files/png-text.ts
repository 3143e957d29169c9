// Text in a PNG file (ISO/IEC 15948, chunks tEXt and iTXt), so that an image says where it comes from. Works in a browser too.
import { crc32 } from './crc32.js';

export const PNG_SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes of the signature, and of the IHDR chunk that must come first. */
const HEADER = PNG_SIGNATURE.length + 25;

/** @param entries by keyword: Latin letters, at most 79 */
export function addPngText(png: Uint8Array, entries: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const chunks = Object.entries(entries).map(([keyword, text]) => textChunk(keyword, text));
  return concatenate([png.subarray(0, HEADER), ...chunks, png.subarray(HEADER)]);
}

/** @param type four letters */
export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const body = concatenate([latin1(type), content]);
  const bytes = new Uint8Array(body.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return bytes;
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

export function concatenate(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function textChunk(keyword: string, text: string): Uint8Array {
  const isLatin = [...text].every((character) => (character.codePointAt(0) as number) < 256);
  if (isLatin) return pngChunk('tEXt', latin1(`${keyword}\0${text}`));
  // Not compressed, no language, no translated keyword.
  return pngChunk('iTXt', concatenate([latin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text)]));
}
