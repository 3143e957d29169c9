// Optimiser: Adam with decoupled weight decay.
import { defineOptimiser } from 'eigenflow';
import { adaptiveMoments, decayOf, momentsWithClip } from './adaptive-moments.js';
import { decoupledDecay } from './parameters.js';

/**
 * As `adam` with the plain gradient, after theta <- (1 - learningRate weightDecay) theta. Decay follows a schedule of
 * the learning rate, and acts on all weights, biases included, as in PyTorch. The default of weightDecay is 0 here,
 * 0.01 in PyTorch and 1e-4 in optax.
 *
 * Preconditioner as that of `adam`; the limit of stability is (2 - learningRate weightDecay) (1 + beta1)/(1 - beta1)
 * (derived). A weight without gradient still shrinks.
 */
export const adamw = defineOptimiser({
  name: 'adamw',
  summary: 'Adam with decoupled weight decay',
  params: { ...momentsWithClip, weightDecay: decoupledDecay },
  cite: ['arXiv:1711.05101', 'https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html'],
  kernelsOnly: true,
  create: (params, environment) => adaptiveMoments(params, decayOf(params, true), false, environment),
});
