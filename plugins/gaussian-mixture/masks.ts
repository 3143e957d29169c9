// Masks that persist: a sample is drawn anew, in or out, in a fraction of the steps only.
import type { Vector } from 'eigenflow';

/**
 * One step of all masks: with probability `renewal` a sample is drawn anew, in with probability `fraction`; else it stays
 * as it is. That is the chain 0 -> 1 with probability fraction x renewal, 1 -> 0 with (1 - fraction) x renewal: in a
 * fraction `fraction` of the steps a sample is in, and its correlation over k steps is (1 - renewal)^k.
 *
 * @param inside 1 or 0 for each sample, n, overwritten
 * @param uniforms on (0, 1), n
 */
export function renewMasks(
  inside: Float64Array | Vector,
  uniforms: Vector,
  n: number,
  fraction: number,
  renewal: number,
): void {
  const entering = fraction * renewal;
  for (let i = 0; i < n; i++) {
    if (uniforms[i] >= renewal) continue;
    inside[i] = uniforms[i] < entering ? 1 : 0;
  }
}
