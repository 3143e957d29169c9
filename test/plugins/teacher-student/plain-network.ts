// An independent implementation to test against: nested arrays, one sample at a time, Math functions, no caching.

export type Matrix = readonly (readonly number[])[];
export type ActivationName = 'tanh' | 'relu' | 'identity' | 'erf';

/** erf by the series of positive terms exp(-z^2) sum z (2 z^2)^k / (2 k + 1)!! (Abramowitz and Stegun 7.1.6). */
function erf(z: number): number {
  if (Math.abs(z) > 6) return Math.sign(z);
  let term = z;
  let sum = z;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= (2 * z * z) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

const functions: Record<ActivationName, (z: number) => number> = {
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  identity: (z) => z,
  erf,
};

const derivatives: Record<ActivationName, (z: number) => number> = {
  tanh: (z) => 1 / Math.cosh(z) ** 2,
  relu: (z) => (z > 0 ? 1 : 0),
  identity: () => 1,
  erf: (z) => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
};

const apply = (matrix: Matrix, x: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, weight, l) => sum + weight * x[l], 0));

export interface PlainPass {
  /** Input of each matrix, from the network's inputs on. */
  readonly layerInputs: readonly (readonly number[])[];
  readonly preactivations: readonly (readonly number[])[];
  readonly outputs: readonly number[];
}

export function plainForward(weights: readonly Matrix[], activation: ActivationName, x: readonly number[]): PlainPass {
  const layerInputs: (readonly number[])[] = [];
  const preactivations: (readonly number[])[] = [];
  let values = x;
  weights.forEach((matrix, layer) => {
    layerInputs.push(values);
    const z = apply(matrix, values);
    preactivations.push(z);
    values = layer < weights.length - 1 ? z.map(functions[activation]) : z;
  });
  return { layerInputs, preactivations, outputs: values };
}

/** Gradient of sum_s dOut_s . out_s with respect to every matrix. */
export function plainGradient(
  weights: readonly Matrix[],
  activation: ActivationName,
  x: Matrix,
  dOut: Matrix,
): readonly Matrix[] {
  const gradient = weights.map((matrix) => matrix.map((row) => row.map(() => 0)));
  x.forEach((sample, s) => {
    const { layerInputs, preactivations } = plainForward(weights, activation, sample);
    let upstream: readonly number[] = dOut[s];
    for (let layer = weights.length - 1; layer >= 0; layer--) {
      upstream.forEach((u, k) => {
        layerInputs[layer].forEach((value, l) => {
          gradient[layer][k][l] += u * value;
        });
      });
      if (layer === 0) break;
      upstream = layerInputs[layer].map((_, l) => {
        const sum = upstream.reduce((total, u, k) => total + u * weights[layer][k][l], 0);
        return sum * derivatives[activation](preactivations[layer - 1][l]);
      });
    }
  });
  return gradient;
}

/** Rows of a flat row-major array. */
export function rowsOf(flat: ArrayLike<number>, rows: number, cols: number, offset = 0): number[][] {
  return Array.from({ length: rows }, (_, k) => Array.from({ length: cols }, (_, l) => flat[offset + k * cols + l]));
}
