// Model: linear regression on random inputs, a data set or one-pass data. Its errors are known exactly at any weights,
// and their laws for many inputs.
import { defineModel, integer, type Model, number, openLinearPass, type Vector } from 'eigenflow';
import { marchenkoPasturCdf } from 'eigenflow/theory';
import type { KnownErrors } from './known-errors.js';
import type { KnownRates } from './known-rates.js';
import { marchenkoPasturQuadrature, regressionErrors } from './marchenko-pastur-means.js';
import { createRows } from './sample-rows.js';

const params = {
  inputs: integer({ doc: 'number N of inputs', unit: '1', default: 400, min: 1 }),
  samples: integer({
    doc: 'size P of the training set; "endless" for one-pass data, where every sample number is a fresh sample',
    unit: 'samples',
    words: ['endless'],
    default: 600,
    min: 1,
  }),
  labelNoise: number({
    doc: 'standard deviation of the noise on each target, drawn once per sample',
    unit: 'output',
    default: 0.5,
    min: 0,
  }),
  teacherNorm: number({ doc: 'length of the weights of the teacher', unit: '1', default: 1, above: 0 }),
  initialNorm: number({ doc: 'length of the first weights, in a random direction', unit: '1', default: 0, min: 0 }),
} as const;

/** Regression on data that come once: the mean squared distance from the teacher is known step by step. */
export interface OnePassRegression extends Model {
  readonly onePass: {
    readonly inputs: number;
    readonly noiseVariance: number;
    /** |theta - teacher|^2 */
    distance(theta: Vector): number;
  };
}

export const isOnePassRegression = (model: Model): model is OnePassRegression => 'onePass' in model;

/**
 * Outputs theta . x, targets teacher . x + labelNoise e, with x of N independent standard normals, for the loss
 * `half-mean-square`. In the notation of arXiv:2601.01010 theta is w/sqrt(N) and the teacher beta/sqrt(N): its length is
 * 1 where |beta|^2 = N. Learning time is the time t of the paper.
 *
 * The mean square error on a fresh sample is |theta - teacher|^2 + labelNoise^2, which is twice the loss. For a data set
 * its law along gradient flow is that of `regressionErrors`, in the limit of many inputs at a given P/N.
 */
export const randomDesignRegression = defineModel({
  name: 'random-design-regression',
  summary: 'Linear regression on random inputs, whose test and training error are known',
  params,
  cite: ['arXiv:2601.01010'],
  kernelsOnly: ({ samples }) => samples !== 'endless',
  create(params, { arena, kernels, random }): (KnownErrors & KnownRates) | OnePassRegression {
    const { inputs: size, labelNoise, teacherNorm, initialNorm } = params;
    const slot = arena.vector(1);
    const square = (x: Vector) => {
      kernels.sumSquares(x, x.length, slot);
      return slot[0];
    };
    const drawDirection = (name: string, norm: number, out: Vector) => {
      random.child(name).normals(0, out);
      kernels.scale(norm / Math.sqrt(square(out)), out, size);
    };
    const teacher = arena.vector(size);
    drawDirection('teacher', teacherNorm, teacher);
    const difference = arena.vector(size);
    const distance = (theta: Vector) => {
      kernels.copy(theta, size, difference);
      kernels.axpy(-1, teacher, size, difference);
      return square(difference);
    };
    const noiseVariance = labelNoise * labelNoise;
    const samples = params.samples === 'endless' ? Number.POSITIVE_INFINITY : params.samples;
    const openInputs = createRows(samples, size, random.child('inputs'), arena);
    const openNoise = createRows(samples, 1, random.child('label-noise'), arena);
    const common = {
      layout: [{ name: 'w', rows: 1, cols: size, offset: 0 }],
      size,
      outputs: 1,
      task: 'regression',
      samples,
      initialise: (theta: Vector) => drawDirection('initial', initialNorm, theta),
      targetWeights: (out: Vector) => kernels.copy(teacher, size, out),
      withoutHeldOut: 'has none because its test error is known exactly; take `regression-error`',
    } as const;
    if (params.samples === 'endless') {
      return {
        ...common,
        withoutHeldOut: 'has none because its error is known exactly; take `one-pass-error`',
        onePass: { inputs: size, noiseVariance, distance },
        open(capacity) {
          const rows = openInputs(capacity);
          const noise = openNoise(capacity);
          return openLinearPass(kernels, size, rows, (batch, n, out) => {
            kernels.dense(teacher, 1, size, rows.values, null, n, out);
            noise.prepare(batch, n);
            kernels.axpy(labelNoise, noise.values, n, out);
          });
        },
      };
    }
    const count = params.samples;
    const inputs = openInputs(count);
    // With the noise of each sample once and for all.
    const targets = arena.vector(count);
    kernels.dense(teacher, 1, size, inputs.values, null, count, targets);
    kernels.axpy(labelNoise, openNoise(count).values, count, targets);
    const residual = arena.vector(count);
    return {
      ...common,
      errors: {
        test: (theta) => distance(theta) + noiseVariance,
        train(theta) {
          kernels.dense(theta, 1, size, inputs.values, null, count, residual);
          kernels.axpy(-1, targets, count, residual);
          return square(residual) / count;
        },
        law(start) {
          const setting = { ratio: size / count, noiseVariance, distance: distance(start) };
          const quadrature = marchenkoPasturQuadrature(setting.ratio);
          return (time) => regressionErrors(time, quadrature, setting);
        },
      },
      rates: {
        matrix() {
          const covariance = arena.vector(size * size);
          // Rows of inputs as upstream and as inputs: their second moment.
          kernels.outer(inputs.values, size, inputs.values, size, null, count, covariance);
          kernels.scale(1 / count, covariance, size * size);
          return covariance;
        },
        cdf(rate) {
          const law = { rows: size, cols: count, entryVariance: 1 / count };
          const zero = Math.max(0, 1 - count / size);
          return rate < 0 ? 0 : zero + (1 - zero) * marchenkoPasturCdf(law, rate);
        },
      },
      open: () => openLinearPass(kernels, size, inputs, (batch, n, out) => kernels.gather(targets, 1, batch, n, out)),
    };
  },
});
