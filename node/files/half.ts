// Sixteen-bit floats as doubles; DataView has no reader for them in Node 20.

/** IEEE 754 binary16. */
export function halfToDouble(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a binary32. */
export function bfloatToDouble(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
