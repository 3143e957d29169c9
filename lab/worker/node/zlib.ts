// In a tab, in place of `node:zlib`: what zip archives and compressed arrays need.
import { gunzipSync as gunzip, inflateSync } from 'fflate';

/** @param options the length that the archive announces: more than that is not unpacked */
export function inflateRawSync(data: Uint8Array, { maxOutputLength }: { maxOutputLength?: number } = {}): Uint8Array {
  const out = maxOutputLength === undefined ? undefined : new Uint8Array(maxOutputLength);
  return inflateSync(data, out && { out });
}

export const gunzipSync = (data: Uint8Array): Uint8Array => gunzip(data);

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(data: Uint8Array): number {
  let value = 0xffffffff;
  for (let i = 0; i < data.length; i++) value = TABLE[(value ^ data[i]) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
