// The order in which samples are taken: at random, and for classes so that the first of them hold every class in its
// share.
import type { Environment, Stream } from 'eigenflow';

/**
 * A random order of `count` samples in which any number of first ones hold each class in proportion, to within one
 * sample or so.
 *
 * @param classes class of each sample; null where there are none
 */
export function drawOrder(
  stream: Stream,
  count: number,
  classes: Int32Array | null,
  { arena }: Environment,
): readonly number[] {
  const keys = arena.vector(count);
  stream.uniforms(0, keys);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b);
  if (!classes) return order;
  const sizes = new Map<number, number>();
  for (const one of classes) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  const seen = new Map<number, number>();
  const place = new Float64Array(count);
  for (const sample of order) {
    const one = classes[sample];
    const rank = seen.get(one) ?? 0;
    seen.set(one, rank + 1);
    place[sample] = (rank + 0.5) / (sizes.get(one) as number);
  }
  // Sorting keeps the random order of what has the same place.
  return order.sort((a, b) => place[a] - place[b]);
}
