// Model: linear least squares with inputs of a given spectrum, the smallest system with real minibatch noise whose
// stationary state is known.
import {
  choice,
  defineModel,
  EigenflowError,
  integer,
  type Model,
  number,
  numbers,
  power,
  type Vector,
} from 'eigenflow';
import { Matrix, solve } from 'eigenflow/theory';

const params = {
  eigenvalues: numbers({
    doc: 'second moments h_j of the inputs; left out, they are a power law of `modes`, `largest` and `decay`',
    unit: 'input^2',
    above: 0,
    optional: true,
  }),
  modes: integer({ doc: 'inputs, by the power law', unit: '1', default: 20, min: 1 }),
  largest: number({ doc: 'largest second moment of the power law', unit: 'input^2', default: 1, above: 0 }),
  decay: number({ doc: 'a of the power law: h_j = largest j^-a, j = 1 .. modes', unit: '1', default: 1.5 }),
  moments: choice({
    doc:
      'exact: the mean of x x^T over the samples is diag(h) to rounding; drawn: inputs are independent normals of ' +
      'variance h_j, whose mean of x x^T scatters',
    values: ['exact', 'drawn'],
    default: 'exact',
  }),
  outputs: integer({ doc: 'outputs, rows of W', unit: '1', default: 1, min: 1 }),
  samples: integer({ doc: 'size of the training set', unit: 'samples', default: 1000, min: 1 }),
  teacherWidth: number({
    doc: 'standard deviation of a weight of the teacher',
    unit: 'output/input',
    default: 1,
    min: 0,
  }),
  labelNoise: number({
    doc: 'standard deviation of the normal noise on each target, drawn once per sample',
    unit: 'output',
    default: 0.5,
    min: 0,
  }),
  misfit: number({
    doc:
      'root mean square of what no linear map can fit: misfit (t^2 - 1)/sqrt 2 is added to each target, t a direction ' +
      'of the inputs with unit variance, another one for each output',
    unit: 'output',
    default: 0,
    min: 0,
  }),
  initial: choice({
    doc: 'first weights: those of least training loss, or zero',
    values: ['minimum', 'zero'],
    default: 'minimum',
  }),
  initialWidth: number({
    doc: 'standard deviation of the normal number that is added to every first weight',
    unit: 'output/input',
    default: 0,
    min: 0,
  }),
  data: choice({
    doc: 'per-seed: every seed draws inputs, teacher and targets; shared: all seeds have the same',
    values: ['per-seed', 'shared'],
    default: 'per-seed',
  }),
} as const;

/** Columns of x (rows x cols) made orthogonal, with the mean squares `squares`. Gram-Schmidt, twice for rounding. */
function setMoments(x: Vector, rows: number, squares: readonly number[]): void {
  const cols = squares.length;
  for (let j = 0; j < cols; j++) {
    for (let round = 0; round < 2; round++) {
      for (let k = 0; k < j; k++) {
        let overlap = 0;
        for (let s = 0; s < rows; s++) overlap += x[s * cols + k] * x[s * cols + j];
        const share = overlap / (rows * squares[k]);
        for (let s = 0; s < rows; s++) x[s * cols + j] -= share * x[s * cols + k];
      }
    }
    let square = 0;
    for (let s = 0; s < rows; s++) square += x[s * cols + j] * x[s * cols + j];
    const factor = Math.sqrt((rows * squares[j]) / square);
    for (let s = 0; s < rows; s++) x[s * cols + j] *= factor;
  }
}

/** W of least squares, outputs x inputs, by the normal equations. */
function leastSquares(
  x: Vector,
  y: Vector,
  rows: number,
  cols: number,
  outputs: number,
): readonly (readonly number[])[] {
  const moments = Array.from({ length: cols }, () => new Array<number>(cols).fill(0));
  const products = Array.from({ length: cols }, () => new Array<number>(outputs).fill(0));
  for (let s = 0; s < rows; s++) {
    for (let j = 0; j < cols; j++) {
      for (let k = 0; k < cols; k++) moments[j][k] += x[s * cols + j] * x[s * cols + k];
      for (let o = 0; o < outputs; o++) products[j][o] += x[s * cols + j] * y[s * outputs + o];
    }
  }
  const solution = solve(new Matrix(moments), new Matrix(products));
  return Array.from({ length: outputs }, (_, o) => Array.from({ length: cols }, (_, j) => solution.get(j, o)));
}

/**
 * y_n = W x_n with targets W_t x_n + labelNoise e_n + misfit (t_n^2 - 1)/sqrt 2, for the loss `half-mean-square`: the
 * Hessian is the mean of x x^T for every row of W. With label noise alone the gradients of single samples have, at the
 * minimum, a covariance proportional to it (arXiv:2107.09133); the misfit, larger where |t| is, breaks that.
 *
 * The defaults are 20 inputs of a power law with residuals of variance 1/4, started at the minimum. Derived; no
 * published data are meant.
 *
 * Throws EigenflowError `parameter` for fewer samples than inputs, where no minimum is the only one.
 */
export const linearRegression = defineModel({
  name: 'linear-regression',
  summary: 'Linear least squares with inputs of a given spectrum, label noise and a misfit',
  params,
  cite: ['arXiv:2107.09133', 'arXiv:2106.02220'],
  kernelsOnly: true,
  create(params, { arena, kernels, random, common }): Model {
    const { outputs, samples, labelNoise, misfit, teacherWidth, initialWidth } = params;
    const moments =
      params.eigenvalues ??
      Array.from({ length: params.modes }, (_, j) => params.largest * power(j + 1, -params.decay));
    const inputs = moments.length;
    if (samples < inputs) {
      throw new EigenflowError(
        'parameter',
        'model.samples',
        `${samples} samples leave directions of ${inputs} inputs without curvature; take ${inputs} or more`,
      );
    }
    const task = params.data === 'shared' ? common : random;
    const size = outputs * inputs;

    const x = arena.vector(samples * inputs);
    task.child('inputs').normals(0, x);
    for (let k = 0; k < x.length; k++) x[k] *= Math.sqrt(moments[k % inputs]);
    if (params.moments === 'exact') setMoments(x, samples, moments);

    const teacher = arena.vector(size);
    task.child('teacher').normals(0, teacher);
    for (let k = 0; k < size; k++) teacher[k] *= teacherWidth;
    const y = arena.vector(samples * outputs);
    const noise = arena.vector(samples * outputs);
    kernels.dense(teacher, outputs, inputs, x, null, samples, y);
    task.child('label-noise').normals(0, noise);
    kernels.axpy(labelNoise, noise, y.length, y);

    // Directions of unit variance: unit vectors in the space of x_j/sqrt(h_j).
    const directions = arena.vector(size);
    task.child('misfit').normals(0, directions);
    for (let o = 0; o < outputs; o++) {
      let square = 0;
      for (let k = o * inputs; k < (o + 1) * inputs; k++) square += directions[k] * directions[k];
      for (let j = 0; j < inputs; j++) directions[o * inputs + j] /= Math.sqrt(square * moments[j]);
    }
    kernels.dense(directions, outputs, inputs, x, null, samples, noise);
    for (let k = 0; k < y.length; k++) y[k] += (misfit * (noise[k] * noise[k] - 1)) / Math.SQRT2;

    const start = arena.vector(size);
    if (params.initial === 'minimum') start.set(leastSquares(x, y, samples, inputs, outputs).flat());

    return {
      layout: [{ name: 'W', rows: outputs, cols: inputs, offset: 0 }],
      size,
      outputs,
      samples,
      task: 'regression',
      withoutHeldOut: 'linear-regression has none; use the model network with data of your own',
      initialise(theta) {
        random.child('initial').normals(0, theta, size);
        for (let k = 0; k < size; k++) theta[k] = start[k] + initialWidth * theta[k];
      },
      ...(misfit === 0 && {
        targetWeights(out: Vector) {
          out.set(teacher);
        },
      }),
      open: () => ({
        forward: (theta, batch, n, out) => kernels.dense(theta, outputs, inputs, x, batch, n, out),
        targets: (batch, n, out) => kernels.gather(y, outputs, batch, n, out),
        backward: (_theta, batch, n, dOut, gradient) => kernels.outer(dOut, outputs, x, inputs, batch, n, gradient),
        sampleGradients: {
          factors(_theta, batch, n, dOut, _block, left, right) {
            kernels.copy(dOut, n * outputs, left);
            kernels.gather(x, inputs, batch, n, right);
          },
        },
        hessianVector: {
          outputs: (_theta, direction, batch, n, out) => kernels.dense(direction, outputs, inputs, x, batch, n, out),
          gradient: (_theta, _direction, batch, n, _dOut, dOutChange, out) =>
            kernels.outer(dOutChange, outputs, x, inputs, batch, n, out),
        },
      }),
    };
  },
});
