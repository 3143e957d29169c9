// Loss: quadratic near the target, linear far from it.
import { defineLoss, number } from 'eigenflow';
import { createOutputLoss, outputLossCode } from './output-loss.js';

/**
 * With e = out - target, averaged over outputs and samples,
 *
 *     e^2 / 2                     |e| < delta
 *     delta (|e| - delta/2)       else
 *
 * (Huber 1964, doi:10.1214/aoms/1177703732). Targets are numbers. Averaged over outputs as HuberLoss of PyTorch;
 * SmoothL1Loss(beta) there is this loss over delta = beta. The second derivative is 0 at |e| = delta and beyond.
 */
export const huber = defineLoss({
  name: 'huber',
  summary: 'Quadratic near the target and linear far from it, averaged over outputs and samples (HuberLoss)',
  params: {
    delta: number({
      doc: 'distance at which it becomes linear',
      unit: '1',
      default: 1,
      above: 0,
      schedulable: true,
    }),
  },
  cite: ['doi:10.1214/aoms/1177703732'],
  kernelsOnly: true,
  create: (params, environment) => createOutputLoss(outputLossCode.huber, environment, () => params.delta),
});
