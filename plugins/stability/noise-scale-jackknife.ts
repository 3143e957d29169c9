// The noise scale of the gradient with its error, from what each sample adds to the two means that it is a ratio of.

export interface NoiseScale {
  readonly noiseScale: number;
  /** Standard error; NaN below two samples. */
  readonly error: number;
}

/**
 * Leaving sample i out of N, the mean gradient becomes (N G - g_i)/(N - 1), so that its square follows from |G|^2, G
 * . g_i and |g_i|^2 alone: no gradient is computed again (derived).
 *
 * @param squares |g_n|^2
 * @param products g_n . G
 * @param meanSquare mean of the squares
 * @param gradientSquare |G|^2
 */
export function jackknifeOfMeans(
  squares: Float64Array,
  products: Float64Array,
  meanSquare: number,
  gradientSquare: number,
): NoiseScale {
  const n = squares.length;
  const others = squares.map((square, i) => {
    const left = (n * n * gradientSquare - 2 * n * products[i] + square) / ((n - 1) * (n - 1));
    return (n * meanSquare - square) / (n - 1) / left - 1;
  });
  const mean = others.reduce((sum, value) => sum + value, 0) / n;
  const scatter = others.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { noiseScale: meanSquare / gradientSquare - 1, error: Math.sqrt(((n - 1) / n) * scatter) };
}
