// One array as NumPy's `.npy` format holds it: plain numbers and text only.

/** Real numbers, row-major. Every dtype whose values are exact in a double arrives here. */
export interface FloatArray {
  readonly kind: 'float64';
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** 64-bit integers, row-major. */
export interface IntegerArray {
  readonly kind: 'int64';
  readonly shape: readonly number[];
  readonly data: BigInt64Array | BigUint64Array;
}

/** Unicode strings, row-major. */
export interface TextArray {
  readonly kind: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

export type NpyArray = FloatArray | IntegerArray | TextArray;

/** Doubles (`<f8`); a vector unless `shape` says otherwise. */
export function float64(data: ArrayLike<number>, shape: readonly number[] = [data.length]): FloatArray {
  return { kind: 'float64', shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** Integers (`<i8`); a vector unless `shape` says otherwise. @throws RangeError when a value is not an integer. */
export function int64(data: ArrayLike<number> | BigInt64Array, shape: readonly number[] = [data.length]): IntegerArray {
  if (data instanceof BigInt64Array) return { kind: 'int64', shape, data };
  return { kind: 'int64', shape, data: BigInt64Array.from(Array.from(data), BigInt) };
}

/** One string (`<U..`) as a 0-d array. */
export function text(value: string): TextArray {
  return { kind: 'text', shape: [], data: [value] };
}
