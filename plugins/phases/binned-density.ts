// Densities over fixed bins: measured from numbers, and compared.
import type { Vector } from 'eigenflow';

export interface BinnedDensity {
  /** Density of all values over the bins; those outside count in the norm only. NaN when a value is not a number. */
  measure(values: Vector, out: Float64Array): void;
  /** Largest difference of the distribution functions of two densities at the edges of the bins. */
  distance(a: Float64Array, b: Float64Array): number;
}

/** @param edges bins + 1, ascending and evenly spaced */
export function createBinnedDensity(edges: Float64Array): BinnedDensity {
  const bins = edges.length - 1;
  const low = edges[0];
  const high = edges[bins];
  const width = (high - low) / bins;
  return {
    measure(values, out) {
      const n = values.length;
      out.fill(0);
      for (let i = 0; i < n; i++) {
        const value = values[i];
        if (Number.isNaN(value)) {
          out.fill(Number.NaN);
          return;
        }
        // The last bin is closed on both sides.
        if (value >= low && value <= high)
          out[Math.min(bins - 1, Math.floor((value - low) / width))] += 1 / (n * width);
      }
    },
    distance(a, b) {
      let largest = 0;
      let difference = 0;
      for (let i = 0; i < bins; i++) {
        difference += (a[i] - b[i]) * width;
        // Math.max keeps NaN.
        largest = Math.max(largest, Math.abs(difference));
      }
      return largest;
    },
  };
}
