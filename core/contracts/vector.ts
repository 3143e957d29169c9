// The one array type of the dynamics: 64-bit floats on the arena's memory, shared by TypeScript and the kernels.

/** A flat vector of doubles, row-major where it holds a matrix. */
export type Vector = Float64Array;

/** Sample numbers of a batch. */
export type Indices = Int32Array;
