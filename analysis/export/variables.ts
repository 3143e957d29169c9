// A variable of a dataset: what is said of it, and where its values are.

export type Attributes = Readonly<Record<string, string | number>>;

export interface VariableDescription {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Attributes;
  /** Describes other variables, as an axis does. */
  readonly isCoordinate: boolean;
}

/** Values that are small enough to hold: axes, seeds, the outcome of every run. */
export interface HeldVariable extends VariableDescription {
  readonly values: Float64Array | BigInt64Array | readonly string[];
}

/** Doubles read from the files of the runs; its leading dimensions are those of the grid. */
export interface MeasuredVariable extends VariableDescription {
  /** Name of the array in the files of the runs. */
  readonly array: string;
  /** Shape of what one run contributes: frames, then the shape of a frame. */
  readonly runShape: readonly number[];
}
