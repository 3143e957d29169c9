// The identity of a run: a hash of everything that its numbers depend on. The same run is never computed twice.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Raise when the meaning of a stored run changes; old results then have other names and are never mistaken. */
export const RESULTS_SCHEMA = 1;

/** Texts of parts that many values share, by the part itself. */
export type KnownTexts = WeakMap<object, string>;

/**
 * JSON with sorted keys. Numbers are written in the shortest form that reads back to the same bits.
 *
 * @param known of parts that do not change any more
 */
export function canonical(value: unknown, known?: KnownTexts): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, known)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const text = known?.get(value);
    if (text !== undefined) return text;
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry, known)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** 80 bits in hexadecimal: a collision among a million runs has probability 4e-13. */
export function digest(value: unknown, known?: KnownTexts): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value, known)))).slice(0, 20);
}
