// A network, its losses and their gradients in plain loops, to test optimisers with: nested arrays, one sample at a
// time.
import type { Block, Model } from '../../../core/contracts/model.js';
import type { Vector } from '../../../core/contracts/vector.js';
import type { NpzArrays } from '../../../node/files/npz.js';

type Row = readonly number[];

/** erf by the series of positive terms (Abramowitz and Stegun 7.1.6). */
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

const normal = (z: number) => 0.5 * (1 + erf(z / Math.SQRT2));
const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
const sigmoid = (z: number) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

const ACTIVATIONS: Readonly<Record<string, readonly [(z: number) => number, (z: number) => number]>> = {
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  gelu: [(z) => z * normal(z), (z) => normal(z) + z * density(z)],
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
  softplus: [(z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid],
};

/** Value of the loss of one sample, and its gradient with respect to the outputs. */
type SampleLoss = (out: Row, target: Row) => readonly [number, Row];

const perOutput =
  (f: (error: number) => readonly [number, number], mean: boolean): SampleLoss =>
  (out, target) => {
    const both = out.map((o, k) => f(o - target[k]));
    const share = mean ? 1 / out.length : 1;
    return [share * both.reduce((sum, [value]) => sum + value, 0), both.map(([, slope]) => share * slope)];
  };

const lossOf = (name: string, delta: number): SampleLoss => {
  if (name === 'half-mean-square') return perOutput((e) => [(e * e) / 2, e], false);
  if (name === 'mean-square') return perOutput((e) => [e * e, 2 * e], true);
  if (name === 'huber') {
    const outside = (e: number) => [delta * (Math.abs(e) - delta / 2), delta * Math.sign(e)] as const;
    return perOutput((e) => (Math.abs(e) < delta ? [(e * e) / 2, e] : outside(e)), true);
  }
  if (name === 'cross-entropy') {
    return (out, target) => {
      const top = Math.max(...out);
      const exps = out.map((o) => Math.exp(o - top));
      const sum = exps.reduce((a, b) => a + b, 0);
      const total = target.reduce((a, b) => a + b, 0);
      const value = total * (top + Math.log(sum)) - target.reduce((a, t, k) => a + t * out[k], 0);
      return [value, exps.map((e, k) => (total * e) / sum - target[k])];
    };
  }
  throw new Error(`no loss ${name} here`);
};

export interface PlainTask {
  readonly layout: readonly Block[];
  readonly size: number;
  readonly samples: number;
  readonly batchSize: number;
  /** As the model of an optimiser's environment. */
  readonly model: Model;
  /** First weights. */
  readonly start: Float64Array;
  /** Mean loss over these samples, and its gradient. */
  evaluate(theta: Vector | Float64Array, batch: readonly number[], gradient: Vector): number;
  /** The samples of a step, in cyclic order. */
  batchOf(step: number): number[];
}

/** The network and the task of a file of reference trajectories. */
export function plainTask(file: NpzArrays): PlainTask {
  const number = (name: string, fallback: number) => (file.has(name) ? file.get(name).data[0] : fallback);
  const dims = [...file.get('dims').data];
  const [f, slope] = ACTIVATIONS[file.text('activation')];
  const loss = lossOf(file.text('loss'), number('loss_args_delta', 1));
  const residual = number('residual', 0) !== 0;
  const branch = number('branch', 1);
  const layers = dims.slice(1).map((rows, l) => ({ rows, cols: dims[l] }));
  const layout: Block[] = [];
  let size = 0;
  const start: number[] = [];
  layers.forEach(({ rows, cols }, l) => {
    for (const [name, width] of [
      [`W${l + 1}`, cols],
      [`b${l + 1}`, 1],
    ] as const) {
      layout.push({ name, rows, cols: width, offset: size });
      size += rows * width;
      start.push(...file.get(name).data);
    }
  });
  const [x, y] = [file.get('x'), file.get('y')];
  const [samples] = x.shape;
  const rowOf = ({ shape, data }: typeof x, s: number): Row => [...data.subarray(s * shape[1], (s + 1) * shape[1])];
  const batchSize = number('batch', samples);

  const addSample = (theta: ArrayLike<number>, s: number, share: number, gradient: Float64Array): number => {
    const inputs: Row[] = [rowOf(x, s)];
    const preactivations: Row[] = [];
    const skipped: boolean[] = [];
    layers.forEach(({ rows, cols }, l) => {
      const h = inputs[l];
      const [w, b] = [layout[2 * l].offset, layout[2 * l + 1].offset];
      const z = Array.from({ length: rows }, (_, k) => {
        let sum = 0;
        for (let i = 0; i < cols; i++) sum += theta[w + k * cols + i] * h[i];
        return sum + theta[b + k];
      });
      preactivations.push(z);
      const skips = residual && l > 0 && l < layers.length - 1 && rows === cols;
      skipped.push(skips);
      const last = l === layers.length - 1;
      inputs.push(last ? z : z.map((value, k) => (skips ? h[k] + branch * f(value) : f(value))));
    });
    const [value, dOut] = loss(inputs[layers.length], rowOf(y, s));
    let upstream = dOut.map((d) => share * d);
    for (let l = layers.length - 1; l >= 0; l--) {
      const { rows, cols } = layers[l];
      const [w, b] = [layout[2 * l].offset, layout[2 * l + 1].offset];
      const factor = skipped[l] ? branch : 1;
      const last = l === layers.length - 1;
      const d = upstream.map((u, k) => (last ? u : factor * u * slope(preactivations[l][k])));
      const below: number[] = Array(cols).fill(0);
      for (let k = 0; k < rows; k++) {
        gradient[b + k] += d[k];
        for (let i = 0; i < cols; i++) {
          gradient[w + k * cols + i] += d[k] * inputs[l][i];
          below[i] += theta[w + k * cols + i] * d[k];
        }
      }
      upstream = skipped[l] ? below.map((v, i) => v + upstream[i]) : below;
    }
    return value;
  };

  return {
    layout,
    size,
    samples,
    batchSize,
    model: { layout, size, outputs: dims[dims.length - 1], samples } as unknown as Model,
    start: Float64Array.from(start),
    evaluate(theta, batch, gradient) {
      const sum = new Float64Array(size);
      let value = 0;
      for (const s of batch) value += addSample(theta, s, 1 / batch.length, sum);
      gradient.set(sum);
      return value / batch.length;
    },
    batchOf: (step) => Array.from({ length: batchSize }, (_, i) => (step * batchSize + i) % samples),
  };
}
