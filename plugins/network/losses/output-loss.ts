// What the losses share that are a function of one output and its target, averaged over outputs and samples.
import { type Environment, type Loss, type OutputLossCode, outputLossCode } from 'eigenflow';

export { outputLossCode };

/** @param parameter of the function, read at every step; 0 where it has none */
export function createOutputLoss(
  kind: OutputLossCode,
  { kernels }: Pick<Environment, 'kernels'>,
  parameter: () => number = () => 0,
): Loss {
  return {
    open: (_capacity, outputs) => ({
      valueAndGradient(out, target, weights, n, dOut, value) {
        kernels.outputLoss(kind, parameter(), out, target, weights, n, outputs, dOut, value);
      },
      curvature(out, target, weights, n, change, dOutChange) {
        kernels.outputLossCurvature(kind, parameter(), out, target, weights, n, outputs, change, dOutChange);
      },
    }),
  };
}
