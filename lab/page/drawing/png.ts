// An image as a PNG file (ISO/IEC 15948), not compressed: small ones inside an SVG.
import { concatenate, PNG_SIGNATURE, pngChunk } from '../../../node/files/png-text.js';

/** RFC 1950: the sum at the end of a zlib stream. */
function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

const bigEndian = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** A zlib stream of stored blocks (RFC 1951, section 3.2.4). */
function storedStream(data: Uint8Array): Uint8Array {
  const most = 65535;
  const blocks: ArrayLike<number>[] = [];
  for (let at = 0; at === 0 || at < data.length; at += most) {
    const block = data.subarray(at, at + most);
    const isLast = at + most >= data.length ? 1 : 0;
    const low = [block.length & 255, block.length >> 8];
    blocks.push([isLast, ...low, low[0] ^ 255, low[1] ^ 255], block);
  }
  return concatenate([[0x78, 0x01], ...blocks, bigEndian(adler32(data))]);
}

/** @param rgba row by row, 4 bytes a pixel */
export function encodePng(columns: number, rows: number, rgba: ArrayLike<number>): Uint8Array {
  const lines = new Uint8Array(rows * (1 + 4 * columns));
  for (let row = 0; row < rows; row++) {
    const start = row * (1 + 4 * columns) + 1;
    for (let i = 0; i < 4 * columns; i++) lines[start + i] = rgba[row * 4 * columns + i];
  }
  // 8 bits a channel, colour with opacity.
  const header = Uint8Array.from([...bigEndian(columns), ...bigEndian(rows), 8, 6, 0, 0, 0]);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', storedStream(lines)), pngChunk('IEND', new Uint8Array(0))];
  return concatenate([PNG_SIGNATURE, ...chunks]);
}
