// Model: a Gaussian restricted Boltzmann machine that learns a free scalar field on a ring. Data and model are normal
// laws, so likelihood, gradient and levels are exact; only the noise of the sampled model term is random.
import { defineModel, integer, type Model, number, type Vector } from 'eigenflow';
import { createCholesky } from './cholesky.js';

const params = {
  sites: integer({ doc: 'sites of the lattice, the visible units', unit: '1', default: 10, min: 3 }),
  hidden: integer({ doc: 'hidden units', unit: '1', default: 10, min: 1 }),
  visibleMass: number({
    doc: 'mass mu of the visible units, fixed; mu^2 must exceed every level of the target that is to be learned',
    unit: '1',
    default: 3,
    above: 0,
  }),
  latticeMass: number({ doc: 'mass m of the target field', unit: '1', default: 2, above: 0 }),
  initialWidth: number({ doc: 'standard deviation of an initial weight', unit: '1', default: 0.1, min: 0 }),
} as const;

/** What the noise model `persistent-chains` needs to know of the machine. */
export interface GaussianRbm extends Model {
  readonly machine: {
    readonly sites: number;
    readonly hidden: number;
    readonly visibleMass: number;
    /** Covariance K^-1 of the visible units at `theta`, sites x sites; NaN without a law. Valid until the next call. */
    covariance(theta: Vector): Vector;
  };
}

export function isGaussianRbm(model: Model): model is GaussianRbm {
  return 'machine' in model;
}

/** Precision matrix of the scalar field on a ring: m^2 + 2 on the diagonal, -1 between neighbours. n x n. */
function latticePrecision(n: number, mass: number, out: Vector): void {
  out.fill(0);
  for (let i = 0; i < n; i++) {
    out[i * n + i] = mass * mass + 2;
    out[i * n + ((i + 1) % n)] = -1;
    out[((i + 1) % n) * n + i] = -1;
  }
}

/**
 * Action mu^2/2 v^T v + 1/2 h^T h - h^T W v with W hidden x sites, so that p(h|v) = N(W v, 1), p(v|h) =
 * N(W^T h/mu^2, 1/mu^2) and the visible units are N(0, K^-1) with K = mu^2 - W^T W. The target is N(0, K_phi^-1), whose
 * precision K_phi has the levels m^2 + 2 - 2 cos(2 pi k/sites).
 *
 * The one output of the one sample is the Kullback-Leibler divergence of the model from the target,
 *
 *     1/2 (tr(K K_phi^-1) - sites - log det K + log det K_phi),
 *
 * for the loss `mean-output`: its gradient W K^-1 - W K_phi^-1 is exact. The noise model `persistent-chains` turns it
 * into the published update. W for which K is not positive definite belong to no law: the divergence is NaN there and
 * the run ends as diverged. Degenerate levels split by repulsion (theory/rbm-levels.ts).
 *
 * Source: arXiv:2407.16427, whose setting the defaults are.
 */
export const gaussianRbm = defineModel({
  name: 'gaussian-rbm',
  summary: 'Gaussian restricted Boltzmann machine that learns a scalar field on a ring, with its exact likelihood',
  params,
  cite: ['arXiv:2407.16427'],
  create({ sites, hidden, visibleMass, latticeMass, initialWidth }, { arena, kernels, random }): GaussianRbm {
    const size = hidden * sites;
    const massSquared = visibleMass * visibleMass;
    const cholesky = createCholesky(sites, arena);

    // A double returned by a call that is not inlined would be boxed.
    const logDeterminant = arena.vector(1);
    /** log det from the pivots of a factorisation, which it overwrites. */
    const takeLogDeterminant = (pivots: Vector) => {
      kernels.log(pivots, sites, pivots);
      let sum = 0;
      for (let i = 0; i < sites; i++) sum += pivots[i];
      logDeterminant[0] = 2 * sum;
    };

    /** Precision, covariance and pivots of a law, with memory of their own. */
    const openLaw = () => {
      const precision = arena.vector(sites * sites);
      const covariance = arena.vector(sites * sites);
      const pivots = arena.vector(sites);
      return {
        precision,
        covariance,
        pivots,
        /** Those of the model at `theta`. */
        solve(theta: Vector) {
          kernels.outer(theta, sites, theta, sites, null, hidden, precision);
          for (let k = 0; k < sites * sites; k++) precision[k] = -precision[k];
          for (let i = 0; i < sites; i++) precision[i * sites + i] += massSquared;
          cholesky.invert(precision, covariance, pivots);
        },
      };
    };

    const target = openLaw();
    latticePrecision(sites, latticeMass, target.precision);
    cholesky.invert(target.precision, target.covariance, target.pivots);
    takeLogDeterminant(target.pivots);
    const targetLogDeterminant = logDeterminant[0];
    const targetCovariance = target.covariance;

    const dataTerm = arena.vector(size);
    const asked = openLaw();

    return {
      layout: [{ name: 'W', rows: hidden, cols: sites, offset: 0 }],
      size,
      outputs: 1,
      samples: 1,
      initialise(theta) {
        random.child('initial').normals(0, theta, size);
        for (let i = 0; i < size; i++) theta[i] *= initialWidth;
      },
      open() {
        const { precision, covariance, pivots, solve } = openLaw();
        return {
          forward(theta, _batch, n, out) {
            solve(theta);
            let trace = 0;
            for (let k = 0; k < sites * sites; k++) trace += precision[k] * targetCovariance[k];
            takeLogDeterminant(pivots);
            const divergence = (trace - sites - logDeterminant[0] + targetLogDeterminant) / 2;
            for (let s = 0; s < n; s++) out[s] = divergence;
          },
          targets(_batch, n, out) {
            for (let s = 0; s < n; s++) out[s] = 0;
          },
          backward(theta, _batch, n, dOut, gradient) {
            let weight = 0;
            for (let s = 0; s < n; s++) weight += dOut[s];
            kernels.dense(covariance, sites, sites, theta, null, hidden, gradient);
            kernels.dense(targetCovariance, sites, sites, theta, null, hidden, dataTerm);
            kernels.axpy(-1, dataTerm, size, gradient);
            kernels.scale(weight, gradient, size);
          },
        };
      },
      machine: {
        sites,
        hidden,
        visibleMass,
        covariance(theta) {
          asked.solve(theta);
          return asked.covariance;
        },
      },
    };
  },
});
