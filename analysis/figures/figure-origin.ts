// What a figure file says of its own origin.

export interface FigureOrigin {
  readonly title: string;
  /** What was summarised, with N. */
  readonly sample: string;
  /** Hash of the ids of the runs that were drawn. */
  readonly data: string;
  /** Draws the figure again from the same results. */
  readonly command: string;
  readonly version: string;
}

/** One line for readers of metadata. */
export function describeOrigin({ sample, data, command }: FigureOrigin): string {
  return [...(sample === '' ? [] : [sample]), `Data ${data}`, `drawn by: ${command}`].join('; ');
}
