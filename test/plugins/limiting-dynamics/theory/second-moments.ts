// A second implementation of the stationary state of least squares under minibatches: the recursion of all second
// moments, in the space of the inputs, by loops over the data. It shares nothing with the plugin, knows no modes and no
// closed form, and is exact for batches that are drawn independently, at any learning rate and momentum.
import type { Arena } from '../../../../core/contracts/environment.js';
import type { RunView } from '../../../../core/contracts/observer.js';

type Matrix = readonly (readonly number[])[];

export interface Data {
  /** samples x inputs */
  readonly x: Matrix;
  /** samples x outputs, at the first weights. */
  readonly residuals: Matrix;
}

/** Of a run of a linear map whose first weights are those of least loss. */
export function dataOf({ model, theta }: RunView, arena: Arena): Data {
  const { samples, outputs, size } = model;
  const inputs = size / outputs;
  const pass = model.open(samples);
  const batch = arena.indices(samples);
  for (let n = 0; n < samples; n++) batch[n] = n;
  const [out, target] = [arena.vector(samples * outputs), arena.vector(samples * outputs)];
  const weights = arena.vector(size);
  const x = Array.from({ length: samples }, () => new Array<number>(inputs).fill(0));
  for (let j = 0; j < inputs; j++) {
    weights.fill(0);
    weights[j] = 1;
    pass.forward(weights, batch, samples, out);
    for (let n = 0; n < samples; n++) x[n][j] = out[n * outputs];
  }
  pass.forward(theta, batch, samples, out);
  pass.targets(batch, samples, target);
  const residuals = x.map((_, n) =>
    Array.from({ length: outputs }, (_one, o) => out[n * outputs + o] - target[n * outputs + o]),
  );
  return { x, residuals };
}

export interface Setting {
  readonly learningRate: number;
  readonly momentum: number;
  readonly batchSize: number;
  /** False leaves out what the scatter of the weights adds to the noise. Default true. */
  readonly multiplicative?: boolean;
}

export interface SecondMoments {
  /** <q q^T>, mean over outputs. */
  readonly position: Matrix;
  /** <v v^T>. */
  readonly velocity: Matrix;
  /** Mean of x x^T. */
  readonly hessian: Matrix;
  /** Covariance of one step's gradient at the minimum, mean over outputs. */
  readonly noise: Matrix;
}

const zeros = (rows: number, cols: number) => Array.from({ length: rows }, () => new Array<number>(cols).fill(0));

function product(a: Matrix, b: Matrix): number[][] {
  const out = zeros(a.length, b[0].length);
  for (let i = 0; i < a.length; i++) {
    for (let k = 0; k < b.length; k++) {
      const left = a[i][k];
      if (left === 0) continue;
      for (let j = 0; j < b[0].length; j++) out[i][j] += left * b[k][j];
    }
  }
  return out;
}

const transposed = (a: Matrix) => a[0].map((_, j) => a.map((row) => row[j]));

export const trace = (a: Matrix) => a.reduce((sum, row, i) => sum + row[i], 0);

/** By iteration until nothing changes by more than 1e-10 of itself. */
export function secondMoments({ x, residuals }: Data, setting: Setting): SecondMoments {
  const { learningRate: e, momentum: b, batchSize, multiplicative = true } = setting;
  const samples = x.length;
  const d = x[0].length;
  const outputs = residuals[0].length;
  const hessian = zeros(d, d);
  const noise = zeros(d, d);
  for (let n = 0; n < samples; n++) {
    const square = residuals[n].reduce((sum, value) => sum + value * value, 0) / outputs;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        hessian[i][j] += (x[n][i] * x[n][j]) / samples;
        noise[i][j] += (square * x[n][i] * x[n][j]) / samples / batchSize;
      }
    }
  }
  /** Covariance of a step's gradient where positions scatter by q. */
  const noiseAt = (q: Matrix) => {
    const out = noise.map((row) => [...row]);
    if (!multiplicative) return out;
    const whole = product(product(hessian, q), hessian);
    for (let n = 0; n < samples; n++) {
      let energy = 0;
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) energy += x[n][i] * q[i][j] * x[n][j];
      const weight = energy / samples / batchSize;
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i][j] += weight * x[n][i] * x[n][j];
    }
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i][j] -= whole[i][j] / batchSize;
    return out;
  };
  // (q, v) -> (q + e v', v') with v' = b v - H q - noise.
  const step = zeros(2 * d, 2 * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      step[i][j] = (i === j ? 1 : 0) - e * hessian[i][j];
      step[d + i][j] = -hessian[i][j];
    }
    step[i][d + i] = e * b;
    step[d + i][d + i] = b;
  }
  const back = transposed(step);
  const block = (p: Matrix, at: number) => Array.from({ length: d }, (_, i) => p[at + i].slice(at, at + d));
  let p = zeros(2 * d, 2 * d);
  for (let round = 0; round < 100_000; round++) {
    const drawn = noiseAt(block(p, 0));
    const next = product(product(step, p), back);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        next[i][j] += e * e * drawn[i][j];
        next[i][d + j] += e * drawn[i][j];
        next[d + i][j] += e * drawn[i][j];
        next[d + i][d + j] += drawn[i][j];
      }
    }
    const change = Math.max(...next.flatMap((row, i) => (i < d ? [Math.abs(row[i] - p[i][i]) / row[i]] : [])));
    p = next;
    if (change < 1e-10) return { position: block(p, 0), velocity: block(p, d), hessian, noise };
  }
  throw new Error('no stationary state was found');
}
