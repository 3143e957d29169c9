// Gradient clipping, for optimisers.
import type { Arena } from '../contracts/environment.js';
import type { Model } from '../contracts/model.js';
import type { Objective } from '../contracts/optimiser.js';
import { number } from '../contracts/parameters.js';
import type { Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';

/** Parameter of an optimiser; without it nothing is clipped. */
export const clip = number({
  doc:
    'largest Euclidean norm of the gradient, over all weights together: a longer one is shortened to it before ' +
    'anything else is done with it. Default: none',
  unit: '1',
  above: 0,
  optional: true,
  schedulable: true,
});

/**
 * The gradient that an optimiser works with, once the objective is evaluated: multiplied by min(1, clip / (norm +
 * 1e-6)), as PyTorch's clip_grad_norm_ does (arXiv:1211.5063), so that a gradient whose norm is just `clip` is already
 * shortened a little; the gradient itself where there is no `clip`. One norm over all weights, before weight decay,
 * noise included. An infinite entry becomes NaN, so that the run ends. To be called in `create`: it carves a vector.
 *
 * @param params read at every step
 */
export function clippedGradient(
  params: { readonly clip?: number },
  { arena, kernels, model }: { readonly arena: Arena; readonly kernels: Kernels; readonly model: Model },
): (objective: Objective) => Vector {
  if (params.clip === undefined) return ({ gradient }) => gradient;
  const { size } = model;
  const clipped = arena.vector(size);
  return ({ gradient }) => {
    kernels.clipNorm(gradient, size, params.clip as number, clipped);
    return clipped;
  };
}
