// Text of bytes that were compressed when the page was built.
import { inflateSync } from 'fflate';

/** @param small base64 of bytes without a header of zlib. @returns base64 of the bytes as they were */
export function inflated(small: string): string {
  const bytes = inflateSync(Uint8Array.from(atob(small), (letter) => letter.charCodeAt(0)));
  let letters = '';
  for (let i = 0; i < bytes.length; i += 4096) letters += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(letters);
}
