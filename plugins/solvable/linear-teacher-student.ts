// Model: a linear student W learns a linear teacher under additive noise, the smallest system in which a degenerate level
// splits by repulsion. Near the teacher W is an Ornstein-Uhlenbeck process, so everything about it is known.
import { defineModel, type Environment, type Model, number, type Stream } from 'eigenflow';
import { symmetricMatrix } from './orthogonal.js';
import { data, initialWidth, samples, teacherBasis, teacherLevels } from './parameters.js';
import { BLOCK, createSampleRows, normalBlock, type WriteBlock } from './sample-rows.js';

const params = {
  teacherLevels,
  teacherBasis,
  initialWidth,
  noiseWidth: number({
    doc:
      'standard deviation of the off-diagonal elements of the noise matrix a_n of a sample; those on the diagonal have ' +
      'sqrt(2) times as much',
    unit: '1',
    default: 0.1,
    min: 0,
  }),
  samples,
  data,
} as const;

/** Symmetric n x n matrices, row-major, with variance width^2 off the diagonal and 2 width^2 on it. */
function symmetricNoise(stream: Stream, n: number, width: number, { arena }: Environment): WriteBlock {
  const independent = (n * (n + 1)) / 2;
  const normals = arena.vector(BLOCK * independent);
  const draw = normalBlock(stream, independent);
  const diagonal = Math.SQRT2 * width;
  return (first, out) => {
    draw(first, normals);
    let next = 0;
    for (let start = 0; start < BLOCK * n * n; start += n * n) {
      for (let i = 0; i < n; i++) {
        out[start + i * n + i] = diagonal * normals[next++];
        for (let j = i + 1; j < n; j++) {
          const value = width * normals[next++];
          out[start + i * n + j] = value;
          out[start + j * n + i] = value;
        }
      }
    }
  };
}

/**
 * Student W and teacher W_t are N x N, inputs x_n ~ N(0, 1_N), and every sample has a symmetric noise matrix a_n of its
 * own. The output of a sample is its energy,
 *
 *     E_n = 1/2 |(W - W_t) x_n|^2 - tr(a_n^T W),
 *
 * to be used with the loss `mean-output`, so that the gradient of a sample, (W - W_t) x_n x_n^T - a_n, holds the noise: a
 * minibatch averages it and Langevin noise sees its covariance, without knowing of it. There are no targets (they are
 * zero), and an energy may be negative. Near W_t, with A = noiseWidth^2 and T = learning rate/batch size, the symmetric
 * part of W - W_t is a Gaussian matrix of variance T A/(2 - learning rate) off the diagonal and twice that on it
 * (theory/pair-spacing.ts).
 *
 * Source: arXiv:2407.16427, whose setting the defaults are: 2 x 2, both levels 2, 500 batches of 16. There the inputs
 * are `shared` by all seeds; the noise is drawn for every seed.
 */
export const linearTeacherStudent = defineModel({
  name: 'linear-teacher-student',
  summary: 'Linear student of a linear teacher with additive symmetric gradient noise',
  params,
  cite: ['arXiv:2407.16427'],
  create(params, environment): Model {
    const { kernels, arena, random, common } = environment;
    const n = params.teacherLevels.length;
    const size = n * n;
    const count = params.samples === 'endless' ? Number.POSITIVE_INFINITY : params.samples;
    const task = params.data === 'shared' ? common : random;
    const teacher = symmetricMatrix(
      params.teacherLevels,
      params.teacherBasis === 'identity' ? 'identity' : task.child('teacher'),
      environment,
    );
    const inputRows = createSampleRows(count, n, normalBlock(task.child('inputs'), n), environment);
    const noiseRows = createSampleRows(
      count,
      size,
      symmetricNoise(random.child('gradient-noise'), n, params.noiseWidth, environment),
      environment,
    );

    const difference = arena.vector(size);
    const noiseGradient = arena.vector(size);
    return {
      layout: [{ name: 'W', rows: n, cols: n, offset: 0 }],
      size,
      outputs: 1,
      samples: count,
      initialise(theta) {
        random.child('initial').normals(0, theta, size);
        for (let i = 0; i < size; i++) theta[i] *= params.initialWidth;
      },
      open(capacity) {
        const inputs = inputRows.open(capacity);
        const noise = noiseRows.open(capacity);
        const residual = arena.vector(capacity * n);
        const upstream = arena.vector(capacity * n);
        const residualChange = arena.vector(capacity * n);
        return {
          forward(theta, batch, drawn, out) {
            inputs.prepare(batch, drawn);
            noise.prepare(batch, drawn);
            for (let i = 0; i < size; i++) difference[i] = theta[i] - teacher[i];
            kernels.dense(difference, n, n, inputs.values, inputs.index, drawn, residual);
            // tr(a_n^T W) is the inner product of two rows of size numbers.
            kernels.dense(theta, 1, size, noise.values, noise.index, drawn, out);
            for (let s = 0; s < drawn; s++) {
              let square = 0;
              for (let i = s * n; i < (s + 1) * n; i++) square += residual[i] * residual[i];
              out[s] = square / 2 - out[s];
            }
          },
          targets(_batch, drawn, out) {
            for (let s = 0; s < drawn; s++) out[s] = 0;
          },
          backward(_theta, _batch, drawn, dOut, gradient) {
            for (let s = 0; s < drawn; s++) {
              for (let i = s * n; i < (s + 1) * n; i++) upstream[i] = dOut[s] * residual[i];
            }
            kernels.outer(upstream, n, inputs.values, n, inputs.index, drawn, gradient);
            kernels.outer(dOut, 1, noise.values, size, noise.index, drawn, noiseGradient);
            kernels.axpy(-1, noiseGradient, size, gradient);
          },
          hessianVector: {
            outputs(_theta, direction, batch, drawn, out) {
              inputs.prepare(batch, drawn);
              noise.prepare(batch, drawn);
              kernels.dense(direction, n, n, inputs.values, inputs.index, drawn, residualChange);
              kernels.dense(direction, 1, size, noise.values, noise.index, drawn, out);
              for (let s = 0; s < drawn; s++) {
                let product = 0;
                for (let i = s * n; i < (s + 1) * n; i++) product += residual[i] * residualChange[i];
                out[s] = product - out[s];
              }
            },
            gradient(_theta, _direction, batch, drawn, dOut, dOutChange, out) {
              inputs.prepare(batch, drawn);
              noise.prepare(batch, drawn);
              for (let s = 0; s < drawn; s++) {
                for (let i = s * n; i < (s + 1) * n; i++) {
                  upstream[i] = dOutChange[s] * residual[i] + dOut[s] * residualChange[i];
                }
              }
              kernels.outer(upstream, n, inputs.values, n, inputs.index, drawn, out);
              kernels.outer(dOutChange, 1, noise.values, size, noise.index, drawn, noiseGradient);
              kernels.axpy(-1, noiseGradient, size, out);
            },
          },
        };
      },
    };
  },
});
