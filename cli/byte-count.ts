// Sizes of files for people.
import { log10, power } from '../core/kernels/elementary.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** With three digits, such as `12.3 MB`. */
export function byteCount(count: number): string {
  const order = Math.min(UNITS.length - 1, Math.floor(log10(Math.max(1, count)) / 3));
  return `${Number((count / power(1000, order)).toPrecision(3))} ${UNITS[order]}`;
}
