// In a tab, in place of `node:zlib`: what zip archives and compressed arrays need.
import { gunzipSync as gunzip, inflateSync } from 'fflate';

export { crc32 } from '../../../node/files/crc32.js';

/** @param options the length that the archive announces: more than that is not unpacked */
export function inflateRawSync(data: Uint8Array, { maxOutputLength }: { maxOutputLength?: number } = {}): Uint8Array {
  const out = maxOutputLength === undefined ? undefined : new Uint8Array(maxOutputLength);
  return inflateSync(data, out && { out });
}

export const gunzipSync = (data: Uint8Array): Uint8Array => gunzip(data);
