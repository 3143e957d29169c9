// The name of an axis in runs.csv and in datasets, which say of every run how many steps it made and of every frame at
// which time it was measured: a swept length of the run needs a name of its own there.

/** Paths without a dot; `seed` is no axis any more, but stored results may have it. */
const TAKEN = new Set(['steps', 'epochs', 'time', 'seed']);

/** `sweep.steps` for a swept `steps`; every other axis by its path. */
export const axisColumn = (axis: string) => (TAKEN.has(axis) ? `sweep.${axis}` : axis);
