// Rows of standard normals by sample number: a table for a data set, or drawn batch by batch for one-pass data.
import type { Arena, LinearRows, Stream } from 'eigenflow';

/**
 * @param samples Infinity for one-pass data
 * @param width numbers in a row
 * @returns opens the rows for batches of up to a capacity
 */
export function createRows(
  samples: number,
  width: number,
  stream: Stream,
  arena: Arena,
): (capacity: number) => LinearRows {
  if (Number.isFinite(samples)) {
    const values = arena.vector(samples * width);
    stream.normals(0, values);
    return () => ({ values, inOrder: false, prepare() {} });
  }
  return (capacity) => {
    const values = arena.vector(capacity * width);
    // Cut once: a view is an allocation, and steps may not allocate.
    const rows = Array.from({ length: capacity }, (_, s) => values.subarray(s * width, (s + 1) * width));
    return {
      values,
      inOrder: true,
      prepare(batch, n) {
        for (let s = 0; s < n; s++) stream.normals(batch[s], rows[s]);
      },
    };
  };
}
