// A name for the way that the weights went: equal for two runs only if the second repeats the first bit for bit, and
// then whatever was measured along it.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Snapshot } from '../contracts/observer.js';
import type { SimulationState } from './checkpoint.js';

/** Bytes in the order of little-endian machines, all NaN alike. */
function bytesOf(numbers: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) {
    view.setFloat64(8 * i, Number.isNaN(numbers[i]) ? Number.NaN : numbers[i], true);
  }
  return bytes;
}

/** A frame from under way that no other trajectory would give by chance: integers are counts, shares of none or of all. */
const isTelling = ({ step, data }: Pick<Snapshot, 'step' | 'data'>) =>
  step > 0 && data.some((value) => Number.isFinite(value) && !Number.isInteger(value));

function tell(frames: Iterable<Pick<Snapshot, 'step' | 'data'>>): boolean {
  for (const frame of frames) if (isTelling(frame)) return true;
  return false;
}

/**
 * From the number of steps, the weights and the sum of all batch losses at the end, which a single other sample or weight
 * on the way changes, and from the first batches: a run that diverges at its first step may have drawn the same sample as
 * another one by chance. Observers do not enter: those that draw random numbers differ between runs that are one and the
 * same. Only where the end is not finite, so that nothing can be told from it, the frames enter as well.
 *
 * @param state at the end of the run
 * @param batches of `Simulation.firstBatches`
 * @param frames all that was measured; asked for where it is needed, once or twice
 * @returns 80 bits in hexadecimal; undefined where the end is not finite and no frame tells of the way there
 */
export function nameTrajectory(
  { step, time, theta, lossSum, optimiser, noise }: Omit<SimulationState, 'divergence' | 'observers'>,
  batches: readonly number[],
  frames: () => Iterable<Pick<Snapshot, 'step' | 'data'>>,
): string | undefined {
  const isKnown = [...lossSum, ...theta].every(Number.isFinite);
  if (!isKnown && !tell(frames())) return undefined;
  const hash = sha256.create();
  for (const numbers of [[step, time], theta, lossSum, batches, ...Object.values(optimiser), ...noise]) {
    hash.update(bytesOf(numbers));
  }
  if (!isKnown) for (const { data } of frames()) hash.update(bytesOf(data));
  return bytesToHex(hash.digest()).slice(0, 20);
}
