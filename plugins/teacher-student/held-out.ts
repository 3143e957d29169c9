// Inputs that are never trained on, and what the order parameters of arXiv:2509.01349 need
// to know about them.
import type { Environment, HeldOut, Vector } from 'eigenflow';
import type { Student } from './student.js';
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
  student: Student,
): HeldOut {
  const { kernels } = environment;
  const { shared, targets } = tabulate(environment, teacher, matrices[0].cols, input, samples);
  const { readOut, preactivations } = student;
  const { rows: outputs, cols: features } = readOut;
  if (target) for (let s = 0; s < samples; s++) target(s, targets, s * outputs);
  return {
    samples,
    ...(leavesOut !== undefined && { leavesOut }),
    features,
    forward(theta, out) {
      student.useWeights(theta);
      student.forward(shared, null, samples, out);
    },
    targets(out) {
      kernels.copy(targets, samples * outputs, out);
    },
    featuresAt(theta, out) {
      student.useWeights(theta);
      kernels.copy(student.features(shared, null, samples), samples * features, out);
    },
    ...(preactivations && {
      preactivationsAt(theta: Vector, out: Vector) {
        student.useWeights(theta);
        student.features(shared, null, samples);
        kernels.copy(preactivations, samples * features, out);
      },
    }),
    localField(theta, out) {
      student.useWeights(theta);
      kernels.denseTransposed(readOut.weights, outputs, features, targets, samples, out);
    },
    factors(theta, dOut, block, left, right) {
      student.useWeights(theta);
      // The student of these inputs serves all of the above: its activations may be those of other weights.
      student.features(shared, null, samples);
      student.factors(student.layerOf(block), shared, null, samples, dOut, left, right);
    },
  };
}
