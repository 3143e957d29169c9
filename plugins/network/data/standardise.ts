// Standardisation: mean 0 and variance 1 in the training part, and the same map in the test part.

/**
 * Maps the columns of both tables in place so that those of the first have mean 0 and variance 1. A column that is the
 * same in all samples becomes 0.
 *
 * @param train samples x width
 * @param others mapped as `train` is
 */
export function standardise(train: Float64Array, width: number, others: readonly Float64Array[]): void {
  const rows = train.length / width;
  for (let c = 0; c < width; c++) {
    let sum = 0;
    for (let i = c; i < train.length; i += width) sum += train[i];
    const mean = sum / rows;
    let squares = 0;
    for (let i = c; i < train.length; i += width) squares += (train[i] - mean) * (train[i] - mean);
    const deviation = Math.sqrt(squares / rows);
    // Rounding of the mean is no scatter.
    const isConstant = deviation <= 1e-14 * Math.abs(mean);
    for (const table of [train, ...others]) {
      for (let i = c; i < table.length; i += width) {
        table[i] = isConstant ? table[i] - mean : (table[i] - mean) / deviation;
      }
    }
  }
}
