// Whether subnormal numbers still work in this thread. A library that was linked with -ffast-math switches them off
// for the whole thread that loads it, and results are then no longer those of other machines.

/** Read from memory, so that no compiler works the product out beforehand. */
const numbers = Float64Array.of(1e-310, 0.5, 5e-311);

export const subnormalNumbersWork = (): boolean => numbers[0] * numbers[1] === numbers[2] && numbers[2] > 0;

/** Libraries of this process that are neither Node's nor the system's: one of them has done it. */
export function foreignLibraries(): string[] {
  const { sharedObjects } = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] };
  return sharedObjects.filter(
    (path) => path.startsWith('/') && path !== process.execPath && !/^(\/usr)?\/lib/.test(path),
  );
}
