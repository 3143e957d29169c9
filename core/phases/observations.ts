// Runs as the surface sees them: where, of which instance, with which label.

export interface Observation {
  /** Coordinates of the setting, such as log2 of width and temperature. */
  readonly at: readonly number[];
  /** Number of the instance: runs of the same number share teacher, data and initial draw. */
  readonly instance: number;
  /** Probability of every label in this run; they sum to 1. */
  readonly labels: readonly number[];
}

/** Observations sorted into cells (equal coordinates) and instances. */
export interface Observed {
  readonly labels: number;
  readonly cells: readonly (readonly number[])[];
  readonly instances: number;
  readonly runs: readonly { readonly cell: number; readonly instance: number; readonly labels: readonly number[] }[];
}

/** Cells in the order in which they first come. */
export function sortObservations(observations: readonly Observation[], labels: number): Observed {
  const cellOf = new Map<string, number>();
  const cells: (readonly number[])[] = [];
  const instanceOf = new Map<number, number>();
  const runs = observations.map(({ at, instance, labels: weights }) => {
    const key = at.join(' ');
    let cell = cellOf.get(key);
    if (cell === undefined) {
      cell = cells.length;
      cellOf.set(key, cell);
      cells.push(at);
    }
    if (!instanceOf.has(instance)) instanceOf.set(instance, instanceOf.size);
    return { cell, instance: instanceOf.get(instance) as number, labels: weights };
  });
  return { labels, cells, instances: instanceOf.size, runs };
}
