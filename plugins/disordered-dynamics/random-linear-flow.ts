// Model: a linear flow with a random matrix, the smallest system of dynamical mean-field theory. Its response function
// is known for every degree of symmetry of the matrix.
import { defineModel, integer, type Model, number, type Vector } from 'eigenflow';
import { semicircleCdf } from 'eigenflow/theory';
import type { KnownRates } from './known-rates.js';
import { responseLaw } from './response-law.js';

const params = {
  size: integer({ doc: 'number N of degrees of freedom', unit: '1', default: 400, min: 2 }),
  symmetry: number({
    doc: 'correlation of M_ij with M_ji: 1 for the Gaussian orthogonal ensemble, 0 for independent entries, -1 antisymmetric',
    unit: '1',
    default: 1,
    min: -1,
    max: 1,
  }),
  shift: number({
    doc: 'rate z at which everything decays on top of M; a symmetric M has levels from -2 to 2',
    unit: '1',
    default: 2,
  }),
  initialWidth: number({ doc: 'standard deviation of an initial component', unit: '1', default: 1, min: 0 }),
} as const;

/** A model whose response to a kick is known in the limit of many degrees of freedom. */
export interface KnownResponse extends Model {
  /** R(time), the mean over components of the response of each to a kick of its own. */
  responseLaw(time: number): number;
}

export const hasKnownResponse = (model: Model): model is KnownResponse => 'responseLaw' in model;

/**
 * dh/dt = -(M + z) h for h of N components, M = sqrt((1 + c)/2) S + sqrt((1 - c)/2) A with S = (G + G^T)/sqrt(2N), A =
 * (G - G^T)/sqrt(2N), G of independent standard normals and c the symmetry. Entries of M have the variance 1/N and the
 * covariance <M_ij M_ji> = c/N off the diagonal: the elliptic ensemble (Sommers et al. 1988,
 * doi:10.1103/PhysRevLett.60.1895), the Gaussian orthogonal ensemble with levels in [-2, 2] at c = 1.
 *
 * The one output of the one sample is the energy h^T (z + S') h/2, S' the symmetric part of M, for the loss
 * `mean-output`. What is antisymmetric belongs to no energy: it is the `subtractForce` of the model. An energy may be
 * negative; where S' has a level below -z it has no minimum. Learning time is the time t.
 *
 * Source: the random linear system of arXiv:2601.01010; the family in c is derived.
 */
export const randomLinearFlow = defineModel({
  name: 'random-linear-flow',
  summary: 'Linear flow with a random matrix, symmetric, antisymmetric or between the two',
  params,
  cite: ['arXiv:2601.01010', 'doi:10.1103/PhysRevLett.60.1895'],
  kernelsOnly: true,
  create({ size, symmetry, shift, initialWidth }, { arena, kernels, random }): KnownResponse & KnownRates {
    const normals = arena.vector(size * size);
    random.child('matrix').normals(0, normals);
    const [even, odd] = [Math.sqrt((1 + symmetry) / size) / 2, Math.sqrt((1 - symmetry) / size) / 2];
    const symmetric = arena.vector(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) symmetric[i * size + j] = even * (normals[i * size + j] + normals[j * size + i]);
      symmetric[i * size + i] += shift;
    }
    const subtractForce = () => {
      const antisymmetric = arena.vector(size * size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          antisymmetric[i * size + j] = odd * (normals[i * size + j] - normals[j * size + i]);
        }
      }
      const product = arena.vector(size);
      return (theta: Vector, gradient: Vector) => {
        kernels.dense(antisymmetric, size, size, theta, null, 1, product);
        kernels.axpy(1, product, size, gradient);
      };
    };
    return {
      layout: [{ name: 'h', rows: 1, cols: size, offset: 0 }],
      size,
      outputs: 1,
      samples: 1,
      responseLaw: (time) => responseLaw(time, symmetry, shift),
      rates: {
        matrix() {
          const copy = arena.vector(size * size);
          copy.set(symmetric);
          return copy;
        },
        cdf(rate) {
          const radius = 2 * Math.sqrt((1 + symmetry) / 2);
          return radius === 0 ? Number(rate >= shift) : semicircleCdf({ centre: shift, radius }, rate);
        },
      },
      initialise(theta) {
        random.child('initial').normals(0, theta);
        for (let i = 0; i < size; i++) theta[i] *= initialWidth;
      },
      ...(symmetry < 1 && { subtractForce: subtractForce() }),
      open(capacity) {
        const zeros = arena.vector(capacity);
        const [slope, slopeChange, term] = [arena.vector(size), arena.vector(size), arena.vector(size)];
        // There is one sample, so that a batch is a list of zeros: rows of whatever stands once.
        return {
          forward(theta, batch, n, out) {
            kernels.dense(symmetric, size, size, theta, null, 1, slope);
            kernels.dense(theta, 1, size, slope, batch, n, out);
            kernels.scale(0.5, out, n);
          },
          targets(_batch, n, out) {
            kernels.copy(zeros, n, out);
          },
          backward(_theta, batch, n, dOut, gradient) {
            kernels.outer(dOut, 1, slope, size, batch, n, gradient);
          },
          hessianVector: {
            outputs(_theta, direction, batch, n, out) {
              kernels.dense(direction, 1, size, slope, batch, n, out);
            },
            gradient(_theta, direction, batch, n, dOut, dOutChange, out) {
              kernels.dense(symmetric, size, size, direction, null, 1, slopeChange);
              kernels.outer(dOut, 1, slopeChange, size, batch, n, out);
              kernels.outer(dOutChange, 1, slope, size, batch, n, term);
              kernels.axpy(1, term, size, out);
            },
          },
        };
      },
    };
  },
});
