// Noise model: persistent contrastive divergence. The exact model term of a Gaussian restricted Boltzmann machine is
// replaced by its mean over Gibbs chains that go on from step to step.
import { defineNoiseModel, EigenflowError, type Environment, integer, type NoiseModel, type Vector } from 'eigenflow';
import { type GaussianRbm, isGaussianRbm } from './gaussian-rbm.js';

const params = {
  chains: integer({ doc: 'number of chains, the batch size B in T = learning rate/B', unit: '1', default: 16, min: 1 }),
  sweeps: integer({ doc: 'sweeps over hidden and visible units in one step', unit: '1', default: 3, min: 1 }),
} as const;

function createChains(
  { size, machine }: GaussianRbm,
  { chains, sweeps }: { readonly chains: number; readonly sweeps: number },
  { arena, kernels, random }: Environment,
): Required<Pick<NoiseModel, 'state' | 'perturb'>> {
  const { sites, hidden, visibleMass } = machine;
  const visibleLength = chains * sites;
  const hiddenLength = chains * hidden;
  const shrink = 1 / (visibleMass * visibleMass);
  const deviation = 1 / visibleMass;

  // A step may be asked for more than once, at other weights or by an observer that looks ahead: each time it starts
  // from the chains as the step before left them.
  const before = arena.vector(visibleLength);
  const visible = arena.vector(visibleLength).fill(1);
  /** Step to which `visible` belongs. */
  const stamp = arena.vector(1).fill(-1);

  const units = arena.vector(hiddenLength);
  const normals = arena.vector(sweeps * (hiddenLength + visibleLength));
  const mean = arena.vector(hiddenLength);
  const sampled = arena.vector(size);
  const exact = arena.vector(size);

  const sweep = (theta: Vector, start: number) => {
    kernels.dense(theta, hidden, sites, visible, null, chains, units);
    for (let i = 0; i < hiddenLength; i++) units[i] += normals[start + i];
    kernels.denseTransposed(theta, hidden, sites, units, chains, visible);
    const offset = start + hiddenLength;
    for (let i = 0; i < visibleLength; i++) visible[i] = shrink * visible[i] + deviation * normals[offset + i];
  };

  return {
    state: [before, visible, stamp],
    perturb(gradient, theta, at) {
      if (stamp[0] !== at.step) {
        kernels.copy(visible, visibleLength, before);
        stamp[0] = at.step;
      }
      kernels.copy(before, visibleLength, visible);
      random.normals(at.step, normals);
      for (let k = 0; k < sweeps; k++) sweep(theta, k * (hiddenLength + visibleLength));

      kernels.dense(theta, hidden, sites, visible, null, chains, mean);
      kernels.outer(mean, hidden, visible, sites, null, chains, sampled);
      kernels.dense(machine.covariance(theta), sites, sites, theta, null, hidden, exact);
      kernels.axpy(1 / chains, sampled, size, gradient);
      kernels.axpy(-1, exact, size, gradient);
    },
  };
}

/**
 * Adds (1/B) sum_b (W v_b) v_b^T - W K^-1 to the exact gradient of `gaussian-rbm`, which leaves the published update
 * W <- W + learning rate (W K_phi^-1 - (1/B) sum_b (W v_b) v_b^T). The v_b come from B chains that start at v = 1 and
 * make `sweeps` sweeps of h ~ N(W v, 1), v ~ N(W^T h/mu^2, 1/mu^2) in every step. Source: arXiv:2407.16427.
 *
 * The random numbers are a pure function of the step; the chains are state and survive a checkpoint. Chains at weights
 * without a law run off to infinity: the model reports NaN in that step.
 *
 * Throws EigenflowError `parameter` for any other model.
 */
export const persistentChains = defineNoiseModel({
  name: 'persistent-chains',
  summary: 'Model term of a Gaussian restricted Boltzmann machine sampled by Gibbs chains that persist',
  params,
  cite: ['arXiv:2407.16427', 'doi:10.1145/1390156.1390290'],
  create(params, environment) {
    const { model } = environment;
    if (!isGaussianRbm(model)) {
      throw new EigenflowError(
        'parameter',
        'noise',
        'persistent-chains sample a restricted Boltzmann machine; use it with the model gaussian-rbm',
      );
    }
    return {
      maxBatch: 1,
      samplesPerStep: 1,
      draw(batch, weights) {
        batch[0] = 0;
        weights[0] = 1;
        return 1;
      },
      ...createChains(model, params, environment),
    };
  },
});
