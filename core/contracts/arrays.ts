// Named n-dimensional arrays: what a file of arrays holds, independent of where it came from.

/** One array, row-major. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Arrays by name, with the place they came from for error messages. */
export interface NamedArrays {
  readonly source: string;
  /** SHA-256 of the file's bytes: content, not path, identifies a run. */
  readonly digest: string;
  readonly names: readonly string[];
  /** @throws EigenflowError `arrays` when there is none of that name or it does not hold real numbers. */
  get(name: string): NumberArray;
  has(name: string): boolean;
  /** True for the columns of a table: all are vectors of the same length, one entry for each row. */
  readonly isTable?: boolean;
  /**
   * Of a table: the cells of a column as they were written.
   *
   * @throws EigenflowError `arrays` when there is none of that name
   */
  cells?(name: string): readonly string[];
}
