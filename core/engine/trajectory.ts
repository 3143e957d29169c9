// A name for the way that the weights went: equal for two runs only if the second repeats the first bit for bit, and
// then whatever was measured along it.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { SimulationState } from './simulation-state.js';

/** Bytes in the order of little-endian machines, all NaN alike. */
function bytesOf(numbers: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) {
    view.setFloat64(8 * i, Number.isNaN(numbers[i]) ? Number.NaN : numbers[i], true);
  }
  return bytes;
}

/**
 * From the number of steps, the weights and the sum of all batch losses at the end, which a single other sample or weight
 * on the way changes. Observers do not enter: those that draw random numbers differ between runs that are one and the
 * same. Only where the end is not finite, so that nothing can be told from it, the frames enter as well.
 *
 * @param state at the end of the run
 * @param frames all that was measured
 * @returns 80 bits in hexadecimal
 */
export function nameTrajectory(
  { step, time, theta, lossSum, optimiser, noise }: Omit<SimulationState, 'watch' | 'observers'>,
  frames: readonly { readonly data: Float64Array }[],
): string {
  const hash = sha256.create();
  for (const numbers of [[step, time], theta, lossSum, ...Object.values(optimiser), ...noise]) {
    hash.update(bytesOf(numbers));
  }
  if (![...lossSum, ...theta].every(Number.isFinite)) for (const { data } of frames) hash.update(bytesOf(data));
  return bytesToHex(hash.digest()).slice(0, 20);
}
