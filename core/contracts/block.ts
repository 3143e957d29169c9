// A weight matrix among the parameters of a model.

/** A named weight matrix (rows x cols, row-major) inside the flat parameter vector. */
export interface Block {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Position of element (0, 0) in the parameter vector. */
  readonly offset: number;
}
