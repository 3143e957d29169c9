// Inputs that are never trained on, and what the order parameters of arXiv:2509.01349 need
// to know about them.
import { type Environment, type HeldOut, networkHeldOut, type TrainedNetwork } from 'eigenflow';
import type { Task, TestInputs } from './task.js';
import { type Teacher, tabulate } from './teacher.js';

/**
 * @param teacher of capacity `TABLE_CHUNK`
 * @param student of capacity `test.samples`; not that of a pass, whose activations must survive until `backward`
 */
export function createHeldOut(
  environment: Environment,
  { samples, input, target, leavesOut }: TestInputs,
  teacher: Teacher,
  { matrices }: Task,
  student: TrainedNetwork,
): HeldOut {
  const { shared, targets } = tabulate(environment, teacher, matrices[0].cols, input, samples);
  const { readOut } = student;
  const { rows: outputs, cols: features } = readOut;
  if (target) for (let s = 0; s < samples; s++) target(s, targets, s * outputs);
  return {
    ...networkHeldOut(environment, student, { samples, shared, targets, leavesOut }),
    localField(theta, out) {
      student.useWeights(theta);
      environment.kernels.denseTransposed(readOut.weights, outputs, features, targets, samples, out);
    },
  };
}
