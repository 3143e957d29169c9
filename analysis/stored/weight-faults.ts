// Weights that are no numbers, told with the place where they stand: a spectrum of such a matrix is not defined.

export interface WeightFault {
  readonly path: string;
  readonly layer: string;
  /** Index of the first of them. */
  readonly at: readonly number[];
  readonly what: 'NaN' | 'an infinite number';
  readonly count: number;
  /** Numbers in the layer. */
  readonly of: number;
}

/** @returns undefined where all numbers are finite */
export function findFault(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float64Array },
  layer: string,
  path: string,
): WeightFault | undefined {
  const first = data.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return undefined;
  let rest = first;
  const at = shape.map((_, axis) => {
    const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    const index = Math.floor(rest / stride);
    rest -= index * stride;
    return index;
  });
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  return { path, layer, at, what: Number.isNaN(data[first]) ? 'NaN' : 'an infinite number', count, of: data.length };
}

export const faultText = ({ path, layer, at, what, count, of }: WeightFault) =>
  `${path}: ${layer} holds ${what} at [${at.join(', ')}] (${count} of ${of} numbers are not finite): no spectrum there`;
